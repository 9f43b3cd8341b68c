"""The shell: parse, call one function, print. Heavy imports stand inside the commands, so that help comes at once."""

import sys

try:
    from tandemplan.cli.shell import app, main
except KeyboardInterrupt:
    sys.exit(4)  # as any other interrupt before an answer (`saying.STOPPED`, which is not there yet)

__all__ = ["app", "main"]
