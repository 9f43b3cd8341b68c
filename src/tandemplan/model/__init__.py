"""What a programme is: its language, files, checks and overlays."""
