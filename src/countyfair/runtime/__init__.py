"""Starts and stops what a machine needs: PostgreSQL, web server, job worker, sandbox provider.

Owns no tables. Promises that one command brings the whole house up, that Ctrl-C takes all of
it down again, and that a process that dies is brought back.
"""
