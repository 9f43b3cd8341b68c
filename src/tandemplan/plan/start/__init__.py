"""A quick start for large plans: bottlenecks planned exactly, everything else laid out backwards from what is delivered."""
