"""Write the page of the formulation from the docstrings of the objectives and constraint families.

Their form: a sentence; an indented paragraph of formulas, each `family: formula` on one line, continued on lines further in; what the
names in it are; and, last, where it comes from, beginning with the section of `docs/semantics.md`. Formulas are plain text:
`name[index]`, `sum[index] of what follows`, `*`, `<=`. A test fails while the page is stale.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from tandemplan.plan import model, objective
from tandemplan.plan.curves import add_learning
from tandemplan.plan.money_columns import MoneyColumns
from tandemplan.plan.sharing import add_sharing, sharing_stages
from tandemplan.plan.variables import Variables

ROOT = Path(__file__).parents[1]
GOLDEN = "tests/plan/golden"
OBJECTIVES: tuple[Callable[..., Any], ...] = (
    objective.stages_of,
    objective.lateness,
    sharing_stages,
    objective.off_targets,
    objective.present_cost,
)
FAMILIES: tuple[Callable[..., Any], ...] = (*model.FAMILIES, add_learning, add_sharing)
ADDED = "in "  # what a formula's name begins with where it adds to the left side of another family
SEMANTICS = re.compile(r"^`docs/semantics\.md`, ([^;]+?)(?:; (.+))?\.$", re.DOTALL)
TOKEN = re.compile(r"\s*(sum(?=\[)|[A-Za-z_][\w'-]*|\d[\d.]*|<=|>=|\[|\]|\S)")
SIGNS = {"<=": r"\le ", ">=": r"\ge ", "*": r"\, ", "max": r"\max ", "min": r"\min ", "sum": r"\sum"}
WORDS = {"of", "on", "in", "up", "from", "at", "with", "where", "the", "is", "all", "it"}


@dataclass(frozen=True)
class Formula:
    """One formula and the family that it belongs to."""

    family: str
    lines: tuple[str, ...]

    @property
    def names(self) -> set[str]:
        """Return the names in it, without indices."""
        return {w.strip() for w in re.findall(r"[A-Za-z_][\w' -]*(?=\[)", " ".join(self.lines))} - {"sum"}

    @property
    def added(self) -> bool:
        """Return whether it adds to the rows of another family."""
        return self.family.startswith(ADDED)


@dataclass(frozen=True)
class Told:
    """What the docstring of a family says: what it adds, its formulas, what the names are, and where it comes from."""

    sentence: str
    formulas: tuple[Formula, ...]
    meaning: tuple[str, ...]
    sections: tuple[str, ...]
    source: str


def told(function: Callable[..., Any]) -> Told:
    """Return what the docstring of a family or objective says. Raises ValueError where it has another form."""
    paragraphs = (inspect.getdoc(function) or "").split("\n\n")
    found = SEMANTICS.match(paragraphs[-1])
    if not found:
        raise ValueError(f"the docstring of {function.__name__} does not end with its section of `docs/semantics.md`")
    indented = [p for p in paragraphs if p.startswith("    ")]
    plain = [" ".join(p.split()) for p in paragraphs[1:-1] if not p.startswith("    ")]
    sentence = re.sub(r"^(Add|Return) (the )?", "", " ".join(paragraphs[0].split()))
    return Told(
        sentence[0].upper() + sentence[1:],
        tuple(f for p in indented for f in formulas(p)),
        tuple(plain),
        tuple(_sections(" ".join(found[1].split()))),
        " ".join((found[2] or "").split()),
    )


def formulas(paragraph: str) -> Iterator[Formula]:
    """Yield the formulas of an indented paragraph."""
    for whole in re.split(r"\n {4}(?! )", paragraph.removeprefix("    ")):
        family, _, text = whole.partition(": ")
        yield Formula(family, tuple(line.strip() for line in text.splitlines()))


def typeset(text: str) -> str:
    r"""Return a formula as mathematics.

    >>> typeset("sum[s <= t] make[r,s] - units[g] * done[g,t] >= 0")
    '\\sum_{s \\le t} \\textit{make}_{r,s} - \\textit{units}_{g}\\, \\textit{done}_{g,t} \\ge 0'
    """
    formula, comma, remark = text.partition(", with ")
    said = _typeset(TOKEN.findall(formula))
    if not comma:
        return said
    more = _typeset(TOKEN.findall(remark)) if "[" in remark else rf"\text{{{remark}}}"
    return rf"{said}, \quad {more}"


def _typeset(tokens: Sequence[str]) -> str:
    """Return tokens as mathematics: words in a row are one name, brackets after it its indices."""
    parts: list[str] = []
    depth = 0
    for word, run in groupby(tokens, lambda t: bool(re.match(r"[A-Za-z_]", t)) and t not in SIGNS):
        if word:
            parts.append(_name(list(run), inside=depth > 0))
            continue
        for token in run:
            depth += (token == "[") - (token == "]")
            parts.append({"[": "_{", "]": "} "}.get(token) or SIGNS.get(token) or _spaced(token, inside=depth > 0))
    return re.sub(r" +", " ", "".join(parts)).replace(" _{", "_{").replace("} \\,", "}\\,").strip()


def _name(words: list[str], *, inside: bool) -> str:
    if len(words) == 1 and len(words[0].rstrip("'")) == 1:
        return words[0]
    if inside:
        return "".join(rf"\text{{ {w} }}" if w in WORDS else w for w in words)
    return r"\textit{" + " ".join(words).replace("_", r"\_") + "}"


def _spaced(token: str, *, inside: bool) -> str:
    return f" {token} " if token in "=-+/" and not inside else token


def page() -> str:
    """Return the page."""
    parts = [
        "# Formulation",
        "",
        "The linear and mixed-integer model of a plan, as the code states it: this page is made from the docstrings of the functions that build it.",
        "What the words mean is in [What a plan means](../semantics.md), how a plan is found in [the layout of the code](../../ARCHITECTURE.md). Each",
        "family of constraints links to its rows in a small model reviewed by hand (*golden rows*), in which columns and rows read `name[who,period]`.",
        "",
        "## 1 Sets and indices",
        "",
        *_listed(model.__doc__ or ""),
        "",
        "Constants carry the names of the columns of the [tables](tables.md) where they stand there.",
        "",
        "## 2 Columns",
        "",
        "What a plan decides. All are at least 0; where something is closed there is no column. Families that bring columns of their own say so.",
        "",
        *_listed(inspect.getdoc(Variables) or ""),
        *_listed(inspect.getdoc(MoneyColumns) or ""),
        "",
        "## 3 Objectives",
        "",
        *_objectives(),
        "## 4 Constraints",
        "",
        *_constraints(),
    ]
    return "\n".join(parts).rstrip() + "\n"


def _listed(text: str) -> list[str]:
    return [_inline(line, set()) for line in inspect.cleandoc(text).splitlines() if line.startswith("- ")]


def _inline(text: str, names: set[str]) -> str:
    """Return prose with what stands in formulas as mathematics: a name with indices, and one of `names` in backticks."""
    text = re.sub(r"`(\w+\[[^`]+\])`", r"\1", text)
    text = re.sub(
        r" \((entries|pairs|choices|multiples|one per|skills that)[^)]*\)", "", text
    )  # of no meaning outside the code
    text = re.sub(r"\b[A-Za-z_][\w']*\[[\w,+-]+\]", lambda m: f"${typeset(m[0])}$", text)
    return re.sub(r"`([^`]+)`", lambda m: f"${_name([m[1]], inside=False)}$" if m[1] in names else m[0], text)


def _objectives() -> Iterator[str]:
    for function in OBJECTIVES:
        said = told(function)
        name = said.formulas[0].family if said.formulas else ""
        yield from ([f"### {name[0].upper()}{name[1:]}", ""] if name else [])
        yield from _body(function, r"\min \quad ")


def _constraints() -> Iterator[str]:
    for number, (home, run) in enumerate(groupby(FAMILIES, inspect.getmodule), start=1):
        found = list(run)
        names = dict.fromkeys(f.family for function in found for f in told(function).formulas if not f.added)
        yield from (f"### 4.{number} {', '.join(names).capitalize() or home}", "")
        for function in found:
            yield from _body(function)


def _body(function: Callable[..., Any], before: str = "") -> Iterator[str]:
    said = told(function)
    names = {n for f in said.formulas for n in f.names}
    yield from (_inline(said.sentence, names), "")
    for formula in said.formulas:
        yield from ("```math", before + _tagged(formula), "```", "")
    for paragraph in said.meaning:
        yield from (_inline(paragraph, names), "")
    home = (inspect.getmodule(function) or model).__name__.replace(".", "/")
    code = f"Code: [{function.__name__}](../../src/{home}.py)."
    golden = [f"[{f.family}](../../{GOLDEN}/{file})" for f in said.formulas if (file := golden_file(f.family))]
    links = ", ".join(f"[{s}](../semantics.md#{_anchor(s)})" for s in said.sections)
    rows = f" Golden rows: {', '.join(golden)}." if golden else ""
    source = f" Source: {said.source}." if said.source else ""
    yield from (f"Meaning: {links}.{rows} {code}{source}", "")


def _tagged(formula: Formula) -> str:
    lines = [typeset(line) for line in formula.lines]
    last = rf" \qquad \text{{({formula.family})}}"
    if len(lines) == 1:
        return lines[0] + last
    inner = "\n".join([rf"& {lines[0]} \\", *(rf"& \quad {line} \\" for line in lines[1:-1]), rf"& \quad {lines[-1]}"])
    return rf"\begin{{aligned}}{chr(10)}{inner}{chr(10)}\end{{aligned}}{last}"


def golden_file(family: str) -> str:
    """Return the name of the file of golden rows of a family, or nothing where there is none."""
    name = f"{family.replace(' ', '_')}.lp.txt"
    return name if (ROOT / GOLDEN / name).exists() else ""


def _sections(text: str) -> list[str]:
    """Return the headings of `docs/semantics.md` in a list of them; a heading may have commas of its own."""
    headings = re.findall(r"^## (.+)$", (ROOT / "docs" / "semantics.md").read_text(encoding="utf-8"), re.MULTILINE)
    found: list[str] = []
    while text:
        heading = next(
            (h for h in sorted(headings, key=len, reverse=True) if re.match(re.escape(h) + r"(, |$)", text)), ""
        )
        if not heading:
            raise ValueError(f"no section of `docs/semantics.md` is called as {text!r} begins")
        found.append(heading)
        text = text[len(heading) :].removeprefix(", ")
    return found


def _anchor(heading: str) -> str:
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


if __name__ == "__main__":
    (ROOT / "docs" / "reference" / "formulation.md").write_text(page(), encoding="utf-8", newline="\n")
