"""Published texts of shops and projects, read as activities.

Job shops and flexible job shops come as in ScheduleOpt/benchmarks; projects as Patterson's files, as those of several projects
(MPLIB: successors are `project:activity`) and as PSPLIB's `.mm` and `.sm` (Kolisch and Sprecher 1996, EJOR 96).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from tandemplan.interop.numbers import Faults
from tandemplan.problems import ProgrammeFaultsError
from tandemplan.solver.activities import Activities, activities_of

Modes = list[list[tuple[int, list[tuple[int, int]]]]]
Arcs = list[tuple[int, int, int]]
LARGE = 10_000_000  # no duration, amount or count of these texts is larger


@dataclass
class Words:
    """The words of a text in their order, with their lines; the one value here that changes, while a file is read."""

    words: list[tuple[int, str]]
    faults: Faults
    at: int = 0
    broken: bool = field(default=False)

    def take(self, what: str, least: int = 0) -> int:
        """Return the next word as a whole number; after the first fault all are `least`, so that reading ends."""
        if self.broken:
            return least
        if self.at >= len(self.words):
            self.broken = True
            self.faults.shape(self.words[-1][0] if self.words else 1, f"the file ends where {what} should stand.")
            return least
        line, word = self.words[self.at]
        self.at += 1
        if not re.fullmatch(r"[+-]?\d{1,9}", word) or not least <= int(word) <= LARGE:
            self.broken = True
            message = f"{what} is '{word}'; it must be a whole number from {least} to {LARGE}."
            self.faults.add(line, "not-whole", message)
            return least
        return int(word)

    def end(self) -> None:
        """Keep a problem where words are left."""
        if not self.broken and self.at < len(self.words):
            line, word = self.words[self.at]
            self.faults.shape(line, f"'{word}' stands after the end of what the first line announces.")


def read_activities(path: Path, form: str) -> Activities:
    """Return the activities of a text; `form` is `jobshop`, `flexible-jobshop`, `project`, `projects` or `psplib`.

    Raises ProgrammeFaultsError with what is wrong with the file.
    """
    faults = Faults(path.name)
    text = path.read_text(encoding="utf-8", errors="replace")
    if form == "psplib":
        text = _bare(text)
    words = [(k, word) for k, line in enumerate(text.splitlines(), 1) for word in line.split()]
    source = Words(words, faults)
    found = READERS[form](source)
    source.end()
    if faults.found:
        raise ProgrammeFaultsError(tuple(faults.found))
    return found


def _job_shop(words: Words) -> Activities:
    """Read jobs and machines, then each job's operations: machine (from 0) and duration."""
    jobs, machines = words.take("the number of jobs", 1), words.take("the number of machines", 1)
    modes: Modes = []
    arcs: Arcs = []
    for job in range(1, jobs + 1):
        for step in range(1, machines + 1):
            machine = _below(words, f"the machine of step {step} of job {job}", machines)
            modes.append([(words.take(f"the duration of step {step} of job {job}"), [(machine, 1)])])
            _follow(arcs, modes, step)
    return activities_of(modes, arcs, [1] * machines)


def _flexible(words: Words) -> Activities:
    """Read jobs and machines (and the machines of an operation on average), then each job: the operations, each with its machines.

    Machines count from 1.
    """
    first = [w for line, w in words.words if words.words and line == words.words[0][0]]
    jobs, machines = words.take("the number of jobs", 1), words.take("the number of machines", 1)
    words.at = max(words.at, len(first))
    modes: Modes = []
    arcs: Arcs = []
    for job in range(1, jobs + 1):
        for step in range(1, words.take(f"the number of operations of job {job}", 1) + 1):
            name = f"operation {step} of job {job}"
            ways = words.take(f"the number of machines of {name}", 1)
            modes.append([])
            for _ in range(ways if not words.broken else 0):
                machine = _below(words, f"a machine of {name}", machines, 1)
                modes[-1].append((words.take(f"a duration of {name}"), [(machine, 1)]))
            _follow(arcs, modes, step)
    return activities_of([m or [(0, [])] for m in modes], arcs, [1] * machines)


def _below(words: Words, what: str, count: int, first: int = 0) -> int:
    """Return a number from `first` on of one of `count` things, counted from 0."""
    line = words.words[min(words.at, len(words.words) - 1)][0] if words.words else 1
    number = words.take(what, first) - first
    if number >= count and not words.broken:
        words.broken = True
        words.faults.add(line, "unknown-name", f"{what} is {number + first}; the last one is {count - 1 + first}.")
    return min(number, count - 1)


def _follow(arcs: Arcs, modes: Modes, step: int) -> None:
    """Let the last activity follow the one before it, unless it is the first of its job."""
    if step > 1:
        arcs.append((len(modes) - 2, len(modes) - 1, 0))


def _project(words: Words) -> Activities:
    """Read Patterson's form: activities and resources, capacities, then each activity: duration, needs, successors (from 1)."""
    count, resources = words.take("the number of activities", 1), words.take("the number of resources")
    capacity = [words.take(f"the capacity of resource {r}") for r in range(1, resources + 1)]
    modes: Modes = []
    arcs: Arcs = []
    for i in range(1, count + 1):
        duration = words.take(f"the duration of activity {i}")
        modes.append([(duration, _needs(words, resources, f"activity {i}"))])
        for _ in range(words.take(f"the number of successors of activity {i}")):
            arcs.append((i - 1, _below(words, f"a successor of activity {i}", count, 1), 0))
    return activities_of(modes, arcs, capacity)


def _needs(words: Words, resources: int, who: str) -> list[tuple[int, int]]:
    """Read the need of each resource."""
    return [(r, words.take(f"what {who} needs of resource {r + 1}")) for r in range(resources)]


def _projects(words: Words) -> Activities:
    """Read MPLIB's form: projects, resources, capacities, then each project: size, release, resources used, its activities."""
    projects, resources = words.take("the number of projects", 1), words.take("the number of resources")
    capacity = [words.take(f"the capacity of resource {r}") for r in range(1, resources + 1)]
    words.words = [(line, w) for line, word in words.words for w in word.split(":")]
    modes: Modes = []
    arcs: list[tuple[int, int, int]] = []  # activity, project, activity of that project
    first: list[int] = []
    for p in range(1, projects + 1):
        size = words.take(f"the number of activities of project {p}", 1)
        if words.take(f"the release of project {p}"):
            line = words.words[words.at - 1][0]
            words.faults.shape(line, f"project {p} has a release after 0; such texts are not read yet.")
        for r in range(1, resources + 1):
            words.take(f"whether project {p} uses resource {r}")
        first.append(len(modes))
        for i in range(1, size + 1):
            who = f"activity {i} of project {p}"
            duration = words.take(f"the duration of {who}")
            modes.append([(duration, _needs(words, resources, who))])
            for _ in range(words.take(f"the number of successors of {who}")):
                project = _below(words, f"the project of a successor of {who}", projects, 1)
                arcs.append((len(modes) - 1, project, words.take(f"a successor of {who}", 1) - 1))
    joined = [(i, first[p] + k, 0) for i, p, k in arcs if p < len(first)]
    return activities_of(modes, [(i, min(k, len(modes) - 1), lag) for i, k, lag in joined], capacity)


def _bare(text: str) -> str:
    """Return the numbers of PSPLIB's form alone, on their lines: resources of each kind, then the tables in their order."""
    kept = []
    text = re.sub(r"PROJECT INFORMATION[^*]*", lambda block: "\n" * block[0].count("\n"), text)
    for line in text.splitlines():
        named = re.match(r"\s*(?:jobs|- renewable|- nonrenewable)[^:]*:\s*(\d+)", line)
        kept.append(named[1] if named else line if re.match(r"[\s\d]*\d[\s\d]*$", line) else "")
    return "\n".join(kept)


def _psplib(words: Words) -> Activities:
    """Read PSPLIB's form: activities, renewable and other resources, successors of each, modes of each, capacities."""
    count = words.take("the number of jobs", 1)
    renewable, other = words.take("the number of renewable resources"), words.take("that of nonrenewable ones")
    resources = renewable + other
    ways = []
    arcs: Arcs = []
    for i in range(1, count + 1):
        _same(words, i, f"job {i}")
        ways.append(words.take(f"the number of modes of job {i}", 1))
        for _ in range(words.take(f"the number of successors of job {i}")):
            arcs.append((i - 1, _below(words, f"a successor of job {i}", count, 1), 0))
    modes: Modes = []
    for i, of in enumerate(ways, 1):
        _same(words, i, f"job {i}, again")
        modes.append([])
        for k in range(1, (of if not words.broken else 1) + 1):
            _same(words, k, f"mode {k} of job {i}")
            duration = words.take(f"the duration of mode {k} of job {i}")
            modes[-1].append((duration, _needs(words, resources, f"mode {k} of job {i}")))
    capacity = [words.take(f"the capacity of resource {r}") for r in range(1, resources + 1)]
    return activities_of(modes, arcs, capacity, [r < renewable for r in range(resources)])


def _same(words: Words, number: int, what: str) -> None:
    """Take a number that is known; another one is a fault of form."""
    line = words.words[min(words.at, len(words.words) - 1)][0] if words.words else 1
    found = words.take(f"the number of {what}", 1)
    if found != number and not words.broken:
        words.broken = True
        words.faults.shape(line, f"{found} stands where the number of {what} should be.")


READERS: dict[str, Callable[[Words], Activities]] = {
    "jobshop": _job_shop,
    "flexible-jobshop": _flexible,
    "project": _project,
    "projects": _projects,
    "psplib": _psplib,
}
