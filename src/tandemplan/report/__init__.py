"""What is said about a run: figures, summaries, pages."""
