"""What a person sees and does, in the system's Chromium."""
