"""Print the page of all problems (docs/reference/problems.md)."""

import sys

from tandemplan.model.checks import CHECKS
from tandemplan.model.checks.reference import problems_page

sys.stdout.write(problems_page(CHECKS))
