"""The very plan, run many times under everything that may vary: a probability for every promise."""
