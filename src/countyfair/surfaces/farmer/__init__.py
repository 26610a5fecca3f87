"""A household's own pages: offer a harvest, pack, see what was paid and why, for who may not read.

Promises: a picture before a word, a sentence to hear for each thing (made here, spoken by the browser),
and that nobody sees a household but its own people and whoever may act for it; nothing is done for a
household that has not agreed.
"""
