"""What is the same in every factory: the kinds of its processes, and what is later or more than everything."""

MAKE, BUY, MOVE, DELIVER = range(4)
FOREVER = 1 << 52  # seconds: later than everything; its negative is earlier than everything
UNLIMITED = 1e18  # units: more than anybody asks for
