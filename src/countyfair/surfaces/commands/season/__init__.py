"""A season of a sample county, played through the very verbs that the pages call.

`agenda` keeps what happens when; `cast` are the people who act; `growing`, `selling`, `buying`, `paying`,
`claiming`, `promoting`, `ahead`, `hosting` and `recalling` are what they do; `provider` is the sandbox's
provider with its bad habits, in the season's time.
"""
