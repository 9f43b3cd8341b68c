"""How functions are compiled: once for all processes, and again when any of their package changes.

Numba keeps what it compiled beside the source, and compiles a function again when its own file changes. It does not when
a function that it calls changes in another file, and would go on with the old one. So what is compiled is kept in a folder
that is named by the content of all files with kernels, of those that say how they are compiled, and of those whose constants
they hold; one folder for each package of Tandemplan.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import Any, TypeVar

from numba import config, njit

Kernel = TypeVar("Kernel", bound=Callable[..., object])

_HERE = Path(__file__).parent
_SETTINGS: Any = config
_IMPORTED = re.compile(rb"^from tandemplan\.\w+(?:\.| import )(\w+)", re.MULTILINE)


def kernel(function: Kernel) -> Kernel:
    """Compile a function of numbers and arrays when it is first called; dividing by 0 gives infinity, as in numpy.

    Other threads go on while it runs.
    """
    return _compiled(function, nogil=True)


def inlined(function: Kernel) -> Kernel:
    """Compile a function as `kernel` does, as part of those that call it: for small ones, and for what they call in turn.

    Numba inlines others too when it compiles all at once, but not what it finds compiled. A call that is left costs little
    by itself; but code with calls also counts references to every array that it is handed, some 10 ns for each.
    """
    return _compiled(function, forceinline=True)


def _compiled(function: Kernel, **options: bool) -> Kernel:
    """Compile into the folder of this version; Numba takes it from its settings when a function is decorated."""
    folder, before = kept_in(f"{function.__module__}..".split(".")[1]), _SETTINGS.CACHE_DIR
    compiler: Callable[..., Any] = njit
    _SETTINGS.CACHE_DIR = str(folder or "")
    try:
        made: Kernel = compiler(cache=folder is not None, error_model="numpy", **options)(function)
    finally:
        _SETTINGS.CACHE_DIR = before
    return made


@lru_cache
def kept_in(package: str) -> Path | None:
    """Return the folder that keeps what was compiled for a package, or None where no folder can be written.

    It is in `NUMBA_CACHE_DIR` where that is set, or else beside the source, or among the user's caches.
    """
    folders = [
        _HERE / package / "__pycache__",
        Path(os.environ.get("XDG_CACHE_HOME", "~/.cache")).expanduser() / "tandemplan",
    ]
    for parent in [Path(_SETTINGS.CACHE_DIR)] if _SETTINGS.CACHE_DIR else folders:
        folder = parent / f"kernels-{_content(_HERE / package)}"
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError:
            continue
        if os.access(folder, os.W_OK):
            return folder
    return None


def _content(package: Path) -> str:
    """Return a digest of this file, of all files of a package with kernels or with what Numba is told, and of those that they import from."""
    texts = {file.stem: file.read_bytes() for file in package.rglob("*.py")}
    left = [n for n, text in texts.items() if b"\n@kernel" in text or b"\n@inlined" in text or b"numba" in text]
    found: set[str] = set()
    while left:
        name = left.pop()
        if name not in found and name in texts:
            found.add(name)
            left += [n.decode() for n in _IMPORTED.findall(texts[name])]
    said = blake2b(Path(__file__).read_bytes(), digest_size=8)
    for name in sorted(found):
        said.update(name.encode() + b"\0" + texts[name])
    return said.hexdigest()
