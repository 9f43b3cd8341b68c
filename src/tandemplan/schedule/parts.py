"""How the many small functions of the board are compiled: for compiled functions alone, without a way in from Python."""

from __future__ import annotations

from tandemplan import compiled
from tandemplan.compiled import Kernel


def part(function: Kernel) -> Kernel:
    """Compile a function as `kernel` does, to be called by compiled functions alone; that takes half the time."""
    return compiled._compiled(function, nogil=True, no_cpython_wrapper=True, no_cfunc_wrapper=True)  # noqa: SLF001
