"""What a command has to say, and how it is printed: lines or JSON, and an exit code for whatever went wrong."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import typer

from tandemplan.problems import ProgrammeFaultsError, summary

DONE, FAULTS, WRONG_USE, NO_ANSWER, STOPPED, MACHINE = range(6)


@dataclass(frozen=True)
class Outcome:
    """What a command has to say: exit code, lines for people, data for `--json`, lines for standard error."""

    code: int = DONE
    lines: tuple[str, ...] = ()
    data: Mapping[str, Any] = field(default_factory=dict)
    faults: tuple[str, ...] = ()


class UseError(Exception):
    """Raised when a command is called in a way that has no meaning."""


def finish(work: Callable[[], Outcome], *, as_json: bool, faulty: str = "nothing was done") -> None:
    """Do the work of a command, print what it says, and leave with its exit code.

    `faulty` says what follows when the programme has faults.
    """
    from tandemplan.cli.given import NoPlanGivenError
    from tandemplan.problems import CellLimitError, SolverDiedError
    from tandemplan.results.store import RunError

    try:
        outcome = work()
    except NoPlanGivenError as error:
        outcome = error.outcome
    except ProgrammeFaultsError as error:
        closing = summary(error.problems, faulty)
        data = {"problems": [p.as_dict() for p in error.problems], "summary": closing}
        outcome = Outcome(FAULTS, (), data, (*map(str, error.problems), closing))
    except (UseError, RunError, CellLimitError) as error:
        outcome = refused(WRONG_USE, str(error).strip())
    except KeyboardInterrupt:
        outcome = refused(STOPPED, "Stopped before any answer.")
    except OSError as error:
        outcome = refused(MACHINE, machine_said(error))
    except SolverDiedError as error:
        outcome = refused(MACHINE, str(error))
    raise typer.Exit(say(outcome, as_json=as_json))


def day_given(option: str, text: str) -> date | None:
    """Return the day that an option gives (None: blank); raises UseError where it is none that a run could tell of."""
    from tandemplan.results.sound import FIRST_DAY, LAST_DAY

    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise UseError(f"{option} is '{text}'; a day is written as 2027-07-19.") from None
    if not FIRST_DAY.item() <= day <= LAST_DAY.item():
        raise UseError(f"{option} is '{text}'; it must be a day from {FIRST_DAY} to {LAST_DAY}.")
    return day


def refused(code: int, message: str) -> Outcome:
    """Return an outcome that only says why there is none."""
    return Outcome(code, (), {"error": message}, (f"tandemplan: {message}",))


def machine_said(error: OSError) -> str:
    """Return why the machine refused something, in words."""
    place = f" ({error.filename})" if error.filename else ""
    return f"The machine refused: {error.strerror or error}{place}."


def say(outcome: Outcome, *, as_json: bool) -> int:
    """Print an outcome and return the exit code; a closed pipe or full disk gives one line and its own code."""
    try:
        if outcome.faults:
            print("\n".join(outcome.faults), file=sys.stderr, flush=True)
        text = json.dumps(outcome.data, ensure_ascii=False, indent=2) if as_json else "\n".join(outcome.lines)
        if text:
            print(text, flush=True)
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        print(f"tandemplan: {machine_said(error)}", file=sys.stderr)
        return MACHINE
    return outcome.code
