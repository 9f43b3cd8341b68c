"""A second engine, of processes of SimPy, that shares no code with the first: docs/simulation.md, done the plain way."""
