"""Linear models as named blocks of arrays, and the only importers of solvers."""
