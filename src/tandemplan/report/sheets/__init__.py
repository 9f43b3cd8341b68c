"""The sheets of a run's workbook: summary, charts and their numbers, result tables."""
