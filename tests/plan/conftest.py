"""Fixtures of the plan's tests: plans of docstring models, each looked at by the audit."""

import pytest

from .solved import audited


@pytest.fixture
def planned(tmp_path):
    """A function from the text of a model to its audited plan; `programme_of` says how the text is read."""
    return lambda text: audited(text, tmp_path)


@pytest.fixture
def run(request, planned):
    """The audited plan of the model in the docstring of the test that asks."""
    return planned(request.function.__doc__)
