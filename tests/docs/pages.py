"""The pages of the documentation, cut into blocks, and how a block is run.

A block of `console` holds commands after `$ `, each on one line and followed by what it prints; a block of `python` is a
session with `>>> `, or a script. What is shown is compared word by word, whatever the spaces; `...` stands for any text. A page's blocks share one
folder, with the examples in it, and one Python session.
"""

from __future__ import annotations

import doctest
import os
import re
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
FENCE = re.compile(r"^( *)```(\w*)\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)
NOT_RUN = ("make ", "git ")  # a reader sets up a clone with these; everything else is run
FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


@dataclass(frozen=True)
class Block:
    """One fenced block of a page; `line` is that of its first line."""

    language: str
    text: str
    line: int


@dataclass(frozen=True)
class Command:
    """One command of a console block, and what the page says that it prints."""

    words: str
    shown: str


def blocks(text: str) -> list[Block]:
    """Return the fenced blocks of a page."""
    return [Block(m[2], m[3], text[: m.start()].count("\n") + 2) for m in FENCE.finditer(text)]


def commands(text: str) -> list[Command]:
    """Return the commands of a console block."""
    found: list[Command] = []
    for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        words, _, shown = part.partition("\n")
        found.append(Command(words, shown.rstrip("\n")))
    return found


class Reader:
    """Somebody who does what a page says, in a folder of his own with the examples."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.names = folder, {}
        shutil.copytree(ROOT / "examples", folder / "examples")
        shim = folder / ".venv" / "bin" / "tandemplan"
        shim.parent.mkdir(parents=True)
        shim.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m tandemplan "$@"\n')
        shim.chmod(0o755)
        self.environment = {**os.environ, "PATH": f"{shim.parent}{os.pathsep}{os.environ['PATH']}"}

    def follow(self, page: Path) -> list[str]:
        """Run every block of a page in order and return what did not come as shown."""
        said = []
        for block in blocks(page.read_text(encoding="utf-8")):
            place = f"{page.relative_to(ROOT)}:{block.line}"
            if block.language == "console":
                said += [f"{place}: {s}" for c in commands(block.text) if (s := self.type(c))]
            if block.language == "python":
                said += [f"{place}: {s}" for s in self.session(block, place)]
        return said

    def type(self, command: Command) -> str:
        """Run a command and return what is wrong with what it says; the empty text when nothing is."""
        if command.words.startswith(NOT_RUN):
            return ""
        done = subprocess.run(
            ["bash", "-c", command.words], cwd=self.folder, env=self.environment, capture_output=True, text=True,
            check=False, timeout=1800,
        )  # fmt: skip
        if not command.shown:
            return f"{command.words!r} ends with {done.returncode}: {done.stderr}" if done.returncode else ""
        got = done.stdout if done.returncode == 0 else done.stdout + done.stderr
        return difference(command.words, command.shown, got)

    def session(self, block: Block, place: str) -> list[str]:
        """Run a block of Python and return what did not come as shown."""
        if ">>> " not in block.text:
            exec(compile(block.text, place, "exec"), self.names)
            return []
        test = doctest.DocTestParser().get_doctest(block.text, self.names, place, place, 0)
        said: list[str] = []
        doctest.DocTestRunner(optionflags=FLAGS).run(test, out=said.append, clear_globs=False)
        self.names.update(test.globs)
        return said


def difference(words: str, shown: str, got: str) -> str:
    """Return what differs between what is shown and what came; the empty text when nothing does."""
    want, got = shown.strip("\n") + "\n", got.strip("\n") + "\n"
    if doctest.OutputChecker().check_output(want, got, FLAGS):
        return ""
    return f"{words!r} prints\n{got}\nand not\n{want}"
