"""Administrative divisions of China, to the village in the 832 former national poverty counties.

Owns divisions (by codebook and edition), who succeeded whom, the list of the 832, and the
journal of loads. Promises that a code never stands alone: its codebook and year go with it;
that a load happens whole or not at all, with its counts proved; that a subtree and a search
are read by index.
"""
