"""The shell: parse, call one function, print. Heavy imports stand inside the commands, so that help comes at once."""

from tandemplan.cli.shell import app, main

__all__ = ["app", "main"]
