"""The shell itself: its commands in the order of its help, its version, and what wrong use says."""

from __future__ import annotations

import json
import signal
import sys
from typing import Annotated, Any

import typer

from tandemplan import __version__
from tandemplan.cli.comparisons import compare
from tandemplan.cli.depending import dependence
from tandemplan.cli.explanations import explain
from tandemplan.cli.foreign import import_
from tandemplan.cli.programmes import check, new
from tandemplan.cli.promising import promise
from tandemplan.cli.replans import replan
from tandemplan.cli.runs import audit, plan, report
from tandemplan.cli.saying import DONE, STOPPED, WRONG_USE, refused, say
from tandemplan.cli.schedules import schedule
from tandemplan.cli.simulations import simulate
from tandemplan.cli.todo import actions

INTERRUPTED = 130  # what the library that parses makes of an interrupt
COMMANDS = (
    new,
    check,
    plan,
    audit,
    replan,
    schedule,
    explain,
    actions,
    dependence,
    promise,
    simulate,
    compare,
    report,
    import_,
)

app = typer.Typer(
    name="tandemplan",
    help="Plan joint production programmes: optimal plans with proven bounds, audited, and a probability for every promise.",
    epilog=(
        "Exit codes: 0 done; 1 the model has faults, or the audit found one; 2 wrong use; 3 no feasible answer; "
        "4 stopped before any answer; 5 the machine refused (disk full, no permission, closed pipe)."
    ),
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
)


@app.callback(invoke_without_command=True)
def _tandemplan(
    version: Annotated[bool, typer.Option("--version", help="Print the version and leave.")] = False,
) -> None:
    if version:
        typer.echo(f"tandemplan {__version__}")
        raise typer.Exit(DONE)


for command in COMMANDS:
    app.command(command.__name__.rstrip("_"))(command)


def main() -> None:
    """Run the shell on the arguments of this process.

    Wrong use leaves with 2 and, with `--json`, one JSON object on standard output; an interrupt at any time with 4.
    """
    command: Any = typer.main.get_command(app)
    try:
        code = command.main(standalone_mode=False)
    except typer.Exit as error:
        code = error.exit_code
    except (KeyboardInterrupt, typer.Abort):
        code = INTERRUPTED
    except Exception as error:
        if not hasattr(error, "format_message"):
            raise
        code = _misused(error)
    if code == INTERRUPTED:
        code = say(refused(STOPPED, "Stopped before any answer."), as_json="--json" in sys.argv)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # what was answered is the answer
    sys.exit(code if isinstance(code, int) else DONE)


def _misused(error: Any) -> int:
    """Say why the command cannot be understood."""
    if "--json" in sys.argv:
        print(json.dumps({"error": error.format_message()}, ensure_ascii=False, indent=2))
    error.show()
    return WRONG_USE
