"""What every outcome of a check is held to."""

from tandemplan.model.reading import check
from tandemplan.problems import Problem


def held(path, scenarios=(), sets=()):
    """Check a path: a programme or problems, each of which says where, what and by which rule, on one line that can be printed."""
    reading = check(path, scenarios, sets)
    assert (reading.programme is None) == bool(reading.problems)
    for problem in reading.problems:
        assert isinstance(problem, Problem)
        assert problem.source
        assert problem.code
        assert problem.message
        assert problem.line is None or problem.line >= 1
        assert str(problem).isprintable(), str(problem)
        str(problem).encode()
    return reading
