"""Views of the fair: each asks one query or calls one verb, and shows what came."""
