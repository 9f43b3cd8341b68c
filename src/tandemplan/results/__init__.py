"""The shape of every answer, and runs on disk."""
