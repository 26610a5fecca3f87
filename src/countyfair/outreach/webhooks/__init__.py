"""Webhooks: a county's events sent to programs that asked for them, signed, until they answer.

Owns who asked for what, what is to be sent, and a journal of every try. Promises: what is sent holds ids and
frozen values and nobody's data, and no more than its owner may read in that county at that moment; each event
at least once under one id, or put down as failed; never to an address inside somebody's network.
"""
