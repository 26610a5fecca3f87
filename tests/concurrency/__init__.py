"""Many at once, through real servers: nothing is sold twice, nothing is done twice."""
