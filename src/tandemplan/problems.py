"""Located problems: every fault of a model as a value, printed alike by shell, Python and web."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

ALIKE = 0.6  # the least share of letters in common at which a name is suggested
_ALIKE = str.maketrans(  # letters of other scripts that cannot be told from Latin ones
    "АВЕЅІЈКМНОРСТУХаеорсухіјѕһΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABESIJKMHOPCTYXaeopcyxijshABEZHIKMNOPTYX"
)


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
        return printable(f"{place}: {self.message}{' ' + self.hint if self.hint else ''} [{self.code}]")

    def as_dict(self) -> dict[str, str | int | None]:
        """Return the problem as JSON-ready values; `text` is the line that the shell prints.

        >>> Problem("items.csv", 2, "too-small", "weight_kg is -1; it must be at least 0.").as_dict()["code"]
        'too-small'
        """
        return {
            "source": printable(self.source),
            "line": self.line,
            "code": self.code,
            "message": printable(self.message),
            "hint": printable(self.hint),
            "text": str(self),
        }


class ProgrammeFaultsError(ValueError):
    """Raised by the Python API when a programme has faults; `problems` holds all of them in order.

    >>> import tandemplan as tp
    >>> try:
    ...     tp.programme(start="2026-06-01", items=[{"item": "A", "weight_kg": "heavy"}])
    ... except tp.ProgrammeFaultsError as error:
    ...     print(error.problems[0])
    items:1: weight_kg is 'heavy'; it must be a number (kg). [not-a-number]
    """

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join([*map(str, problems), summary(problems)]))
        self.problems = problems

    def __repr__(self) -> str:
        return f"{type(self).__name__}({summary(self.problems)})"

    def __reduce__(self) -> tuple[type[ProgrammeFaultsError], tuple[tuple[Problem, ...]]]:
        return type(self), (self.problems,)

    def _repr_html_(self) -> str:
        cells = ((p.source, p.line or "", p.message, p.hint, p.code) for p in self.problems)
        rows = "".join(f"<tr>{''.join(f'<td>{escape(str(c))}</td>' for c in row)}</tr>" for row in cells)
        head = "".join(f"<th>{word}</th>" for word in ("where", "line", "problem", "remedy", "code"))
        return f"<p>{escape(summary(self.problems))}</p><table><tr>{head}</tr>{rows}</table>"

    def _render_traceback_(self) -> list[str]:
        """Return what a notebook shows: the problems, since no line of Python is to blame."""
        return str(self).splitlines()


class CellLimitError(ValueError):
    """Raised when no workbook can hold what is to be written: a table or a text is too long."""


class SolverDiedError(RuntimeError):
    """Raised when the solver's process ends without an answer; the message holds its last words.

    >>> raise SolverDiedError("The solver ended with code 1: Segmentation fault")
    Traceback (most recent call last):
    tandemplan.problems.SolverDiedError: The solver ended with code 1: Segmentation fault
    """


class SolverStoppedError(RuntimeError):
    """Raised when the solver does not answer a question, as when its time is over; the message says why.

    >>> raise SolverStoppedError("stopped by the time limit")
    Traceback (most recent call last):
    tandemplan.problems.SolverStoppedError: stopped by the time limit
    """


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
    r"""Return a remedy that names the known word closest to `word`, or the empty text when none is close.

    Where the two look alike, it says which character is another one.

    >>> did_you_mean("Turn", ["Turin", "Lyon"])
    "Did you mean 'Turin'?"
    >>> did_you_mean("quantity", ["colour"])
    ''
    >>> did_you_mean("\u0420O", ["RO", "PO"])
    "Did you mean 'PO'? One character is U+0420 (CYRILLIC CAPITAL LETTER ER)."
    """
    names = sorted(set(known))
    folded = {n.casefold(): n for n in reversed(names)}
    if not word.isascii() or not all(map(str.isascii, names)):
        same = next((n for n in names if n != word and appearance(n) == appearance(word)), None)
        if same is not None:
            return f"Did you mean '{same}'?{_strange(word, same)}"
    close = closest(word.casefold(), folded)
    return f"Did you mean '{folded[close]}'?" if close is not None else ""


def closest(word: str, known: Iterable[str]) -> str | None:
    """Return the known word that is most like `word`, as `difflib.get_close_matches` finds it, only sooner.

    The likest by their letters alone are compared first, and no more once none of the others can be closer.

    >>> closest("turn", ["turin", "lyon", "burn"]), closest("turn", ["oslo"])
    ('turin', None)
    """
    matcher = difflib.SequenceMatcher()
    matcher.set_seq2(word)
    promising: list[tuple[float, str]] = []
    for name in known:
        matcher.set_seq1(name)
        if matcher.real_quick_ratio() >= ALIKE and (most := matcher.quick_ratio()) >= ALIKE:
            promising.append((most, name))
    best = (ALIKE, "")
    for most, name in sorted(promising, reverse=True):
        if most < best[0]:
            break
        matcher.set_seq1(name)
        best = max(best, (matcher.ratio(), name))
    return best[1] or None


def suggested(hint: str) -> str | None:
    """Return the word that a remedy suggests, or None.

    >>> suggested("Did you mean 'Turin'?")
    'Turin'
    """
    _, _, after = hint.partition("Did you mean '")
    return after.rpartition("'?")[0] or None


def appearance(word: str) -> str:
    r"""Return what a reader sees of a word: without capitals, invisible characters, doubled spaces and foreign letters.

    >>> appearance("Bolt\u200b  \u041c8") == appearance("bolt M8")
    True
    """
    if word.isascii():
        return " ".join(word.casefold().split())
    visible = "".join(c for c in unicodedata.normalize("NFC", word) if unicodedata.category(c) != "Cf")
    return " ".join(visible.translate(_ALIKE).casefold().split())


def printable(text: str) -> str:
    r"""Return a text on one line, with characters that cannot be seen, printed or encoded written as escapes.

    >>> print(printable("a\tb\u202ec"))
    a\tb\u202ec
    """
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def named(character: str) -> str:
    r"""Return the number and name of a character.

    >>> named("\u200b")
    'U+200B (ZERO WIDTH SPACE)'
    """
    name = unicodedata.name(character, "")
    return f"U+{ord(character):04X}{f' ({name})' if name else ''}"


def _strange(word: str, than: str) -> str:
    odd = next((c for c in word if not c.isascii() and c not in than), None)
    return f" One character is {named(odd)}." if odd else ""
