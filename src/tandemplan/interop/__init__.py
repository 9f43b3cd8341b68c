"""Other formats: one file for each, from foreign files to a programme or from a run to foreign files."""
