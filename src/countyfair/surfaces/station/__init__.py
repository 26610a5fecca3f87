"""The station agent's pages: weigh in, pack, hand over, hand out, take cash, count the till.

Owns: what an agent sees on a cheap phone, one thing a page, and how what they type reaches a verb.

Promises: each page works without scripts and costs at most six statements; a form pressed twice,
from two tabs or after going back does its work once; a refusal keeps what was typed; who has
nothing to do at a station is told so, and another station's things are not there.
"""
