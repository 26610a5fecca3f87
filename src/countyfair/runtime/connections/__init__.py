"""Django's PostgreSQL backend, with kept connections looked at before each request.

Each thread keeps its connection: lending one from a pool and taking it back costs a twentieth of a page.
Of a kept connection Django either sees nothing, so that after a restart of the server each thread
fails a request first, or asks the server each time, which is one statement more. An idle
connection whose server is gone has its end of file waiting in the socket: looking there costs
no round trip, and only a connection with something to say is asked.
"""
