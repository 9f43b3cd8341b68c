"""Why, what if, and what now: what a run says beyond its tables."""
