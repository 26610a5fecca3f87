"""What a house must survive: broken books, killed processes, full disks, hostile words and files."""
