"""The child process: reads a job from standard input, solves it, writes reports and the outcome to standard output.

A byte on standard input cancels the work, and ends the child where that takes long; its end says that the parent is gone, and ends it at once. Work that goes
on long after its time ends the child too. Messages are pickles between two processes of one installation.
"""

from __future__ import annotations

import os
import pickle
import signal
import sys
import threading
import time
import traceback
from typing import IO, Any

from tandemplan.problems import SolverDiedError

PATIENCE = 10.0  # seconds in which work that was cancelled must have told its best plan
GRACE = 60.0  # seconds (or the time of the work, if that is more) in which work whose time is over must have told it
LONGEST = 1e9  # seconds that an alarm can be set to


def main() -> None:
    """Serve one job."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints goes to standard error
    job = pickle.load(sys.stdin.buffer)  # noqa: S301
    stop = threading.Event()
    threading.Thread(target=_listen, args=(sys.stdin.buffer, stop), daemon=True).start()
    limit_time(job["work"].seconds)
    limit_memory(job["work"].memory_mb)
    code = 0
    try:
        send(answers, ("outcome", _solve(job, answers, stop)))
    except MemoryError:
        send(answers, ("memory", None))
    except SolverDiedError as error:
        sys.stderr.write(f"{error}\n")
        code = 1
    except BaseException:  # noqa: BLE001  # its words go to the parent, which raises them
        traceback.print_exc()
        code = 1
    sys.stderr.flush()
    os._exit(code)  # an orderly exit would wait for the thread that listens on standard input


def limit_time(seconds: float | None) -> None:
    """Have an alarm end this process long after its time: HiGHS does not look at the clock everywhere, as in fixing columns by reduced costs."""
    if seconds is not None:
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_REAL, min(seconds + max(GRACE, seconds), LONGEST))


def limit_memory(megabytes: int | None) -> None:
    """Refuse this process more memory than it is allowed."""
    if megabytes is not None:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (megabytes * 2**20, megabytes * 2**20))


def send(stream: IO[bytes], message: tuple[str, Any]) -> None:
    """Write one message and flush it."""
    pickle.dump(message, stream, protocol=pickle.HIGHEST_PROTOCOL)
    stream.flush()


def _solve(job: dict[str, Any], answers: IO[bytes], stop: threading.Event) -> Any:
    from tandemplan.solver import conflicting, crossed, highs, interior, whole

    said: dict[str, Any] = {"on_report": lambda report: send(answers, ("report", report)), "cancelled": stop.is_set}
    if "soft" in job:
        return conflicting.solve(job["lp"], job["soft"], job["work"], **said)
    if "goal" in job:
        return crossed.solve(job["lp"], job["goal"], job["work"], **said)
    if job["interior"]:
        return interior.solve(job["lp"], job["stages"][-1], job["work"], **said)
    said |= {name: job[name] for name in ("fallback", "together")}
    if job["lp"].whole.any():
        return whole.solve(job["lp"], job["stages"], job["work"], **said)
    said |= {name: job[name] for name in ("basis", "limits", "eased", "folding")}
    return highs.solve(job["lp"], job["stages"], job["work"], **said)


def _listen(stream: IO[bytes], stop: threading.Event) -> None:
    if stream.read(1):
        stop.set()
        time.sleep(PATIENCE)  # presolve and some methods hear nothing
    os._exit(1)  # nobody waits for an answer any more


if __name__ == "__main__":
    main()
