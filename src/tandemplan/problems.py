"""Located problems: every fault of a model as a value, printed alike by shell, Python and web."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """Say what is wrong with one place of a model, and what to do about it.

    `source` is the file (or `workbook:sheet`) that the user wrote, `line` its line (or sheet row, 1 = header;
    None when the whole file is meant), `code` a stable kebab-case name of the rule, `message` the value and the rule
    in the user's words, `hint` the remedy (may be empty).

    >>> print(Problem("lines.csv", 14, "unknown-name", "site 'Turn' is not in sites.", "Did you mean 'Turin'?"))
    lines.csv:14: site 'Turn' is not in sites. Did you mean 'Turin'? [unknown-name]
    """

    source: str
    line: int | None
    code: str
    message: str
    hint: str = ""

    def __str__(self) -> str:
        place = self.source if self.line is None else f"{self.source}:{self.line}"
        return f"{place}: {self.message}{' ' + self.hint if self.hint else ''} [{self.code}]"

    def as_dict(self) -> dict[str, str | int | None]:
        """Return the problem as JSON-ready values; `text` is the line that the shell prints."""
        return {
            "source": self.source,
            "line": self.line,
            "code": self.code,
            "message": self.message,
            "hint": self.hint,
            "text": str(self),
        }


class ProgrammeFaultsError(ValueError):
    """Raised by the Python API when a programme has faults; `problems` holds all of them in order."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join([*map(str, problems), summary(problems)]))
        self.problems = problems


class SolverDiedError(RuntimeError):
    """Raised when the solver's process ends without an answer; the message holds its last words."""


def in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Return the problems without repeats, by file, line and code."""
    unique = set(problems)
    return tuple(sorted(unique, key=lambda p: (p.source, p.line or 0, p.code, p.message)))


def summary(problems: tuple[Problem, ...], consequence: str = "nothing was planned") -> str:
    """Return the closing line of a list of problems.

    >>> summary((Problem("a.csv", 2, "too-small", "rate is -4."), Problem("b.csv", 2, "too-small", "rate is -4.")))
    '2 problems in 2 files; nothing was planned.'
    """
    files = len({p.source for p in problems})
    plural = "problem" if len(problems) == 1 else "problems"
    return f"{len(problems)} {plural} in {files} file{'' if files == 1 else 's'}; {consequence}."


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return a remedy that names the known word closest to `word`, or the empty text when none is close.

    >>> did_you_mean("Turn", ["Turin", "Lyon"])
    "Did you mean 'Turin'?"
    >>> did_you_mean("quantity", ["colour"])
    ''
    """
    names = sorted(set(known))
    folded = {n.casefold(): n for n in reversed(names)}
    close = difflib.get_close_matches(word.casefold(), folded, n=1, cutoff=0.6)
    return f"Did you mean '{folded[close[0]]}'?" if close else ""
