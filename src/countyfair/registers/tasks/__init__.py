"""Tasks: long work that somebody asked for, done by the worker beside the pages.

Owns what was asked, how far it is and the file that came out of it, sealed, for two days. A task belongs
to who asked: nobody else sees, stops or downloads it, and it is done with the rights they have at that
moment. What a dead worker left is begun again, and given up after some tries. What a kind of task does is
no matter of this room: the deployment's wiring says who does it.
"""
