"""What people do from end to end, through the real pages."""
