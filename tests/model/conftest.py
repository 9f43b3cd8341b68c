"""Fixtures of the model's tests."""

import pytest

from tandemplan.testing.models import reading_of


@pytest.fixture
def found(request):
    """The problems, as the shell prints them, of the model in the docstring of the test that asks."""
    return [str(problem) for problem in reading_of(request.function.__doc__).problems]
