"""The near horizon of a plan as a shop: what it makes, moves, receives and delivers becomes orders and targets to the second."""
