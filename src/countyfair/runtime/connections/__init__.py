"""Django's PostgreSQL backend, with pooled connections looked at before they are lent.

Django either lends a pooled connection unseen, so that after a restart of the server each one
fails a request first, or asks the server each time, which is one statement more. An idle
connection whose server is gone has its end of file waiting in the socket: looking there costs
no round trip, and only a connection with something to say is asked.
"""
