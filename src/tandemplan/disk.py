"""Files and folders that are there whole or not at all, whatever happens to the process that writes them.

What is being written lies beside its final place, hidden, as `.NAME.<random>.part`; it goes to its place by one rename,
after the system has said that it lies on the disk. A writer holds a lock on its part, which ends with its process: a
part without a lock was left by a process that was killed, and the next writer to the same place removes it.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

try:
    import fcntl
except ImportError:  # Windows: nothing is known of other writers, so nothing of theirs is removed
    fcntl = None  # type: ignore[assignment]

T = TypeVar("T")
TRIES = 20
PART, OLD = ".part", ".old"
_LEFT = r"\.{name}\.[a-z0-9_]+(\.part|\.old)"
_HERE = -100  # AT_FDCWD
_EXCHANGE = 2  # RENAME_EXCHANGE of renameat2(2)


@contextmanager
def whole_file(file: Path) -> Iterator[Path]:
    """Give a path to write to; what is written there becomes `file` when the block ends well, and is gone otherwise."""
    file = _target(file)
    part, handle = _begun(file, _new_file)
    try:
        part.chmod(0o644)
        yield part
        _to_disk(part)
        part.replace(file)
        _to_disk(file.parent)
    finally:
        part.unlink(missing_ok=True)
        _close(handle)


@contextmanager
def whole_folder(folder: Path) -> Iterator[Path]:
    """Give an empty folder to fill; it takes the place of `folder` when the block ends well, and is gone otherwise."""
    folder = _target(folder)
    part, handle = _begun(folder, _new_folder)
    try:
        yield part
        part.chmod(0o755)
        for inside in (*part.rglob("*"), part):
            _to_disk(inside)
        _put(part, folder)
        _to_disk(folder.parent)
    finally:
        shutil.rmtree(part, ignore_errors=True)
        _close(handle)


def settled(folder: Path, look: Callable[[Path], T]) -> T:
    """Return what `look` sees of a folder, looking again where the folder was replaced meanwhile."""
    for _ in range(TRIES):
        before = _identity(folder)
        try:
            found = look(folder)
        except Exception:
            if before == _identity(folder):
                raise
            continue
        if before == _identity(folder):
            return found
    return look(folder)


def sweep(place: Path) -> None:
    """Remove what killed processes left beside a place; where they had just moved away what lay there, put it back."""
    ours = re.compile(_LEFT.format(name=re.escape(place.name)))
    for left in [p for p in place.parent.iterdir() if ours.fullmatch(p.name)]:
        with contextlib.suppress(OSError), _abandoned(left) as abandoned:
            if not abandoned:
                continue
            if left.suffix == OLD and not place.exists():
                left.rename(place)
            elif left.is_dir() and not left.is_symlink():
                shutil.rmtree(left, ignore_errors=True)
            else:
                left.unlink()


def _target(place: Path) -> Path:
    """Return where a place really lies, with its folder made and swept."""
    place = place.resolve() if place.is_symlink() else place
    place.parent.mkdir(parents=True, exist_ok=True)
    sweep(place)
    return place


def _begun(place: Path, make: Callable[[Path], Path]) -> tuple[Path, int | None]:
    """Return a new part beside a place, and the handle that holds its lock."""
    while True:
        part = make(place)
        with contextlib.suppress(FileNotFoundError):  # another writer took the part for one without a process
            handle = _opened(part)
            _claim(handle, wait=True)
            if handle is None or os.path.samestat(part.stat(), os.fstat(handle)):
                return part, handle


def _new_file(place: Path) -> Path:
    handle, name = tempfile.mkstemp(prefix=f".{place.name}.", suffix=PART, dir=place.parent)
    os.close(handle)
    return Path(name)


def _new_folder(place: Path) -> Path:
    return Path(tempfile.mkdtemp(prefix=f".{place.name}.", suffix=PART, dir=place.parent))


def _put(part: Path, folder: Path) -> None:
    """Put `part` in the place of `folder`: there is no moment at which that place holds anything but one of them."""
    for left in reversed(range(TRIES)):
        try:
            if not folder.exists():
                part.rename(folder)
            elif not exchange(part, folder):
                _put_in_two_steps(part, folder)
        except OSError:  # another process has just put its folder there, or taken it away
            if not left:
                raise
        else:
            return


def _put_in_two_steps(part: Path, folder: Path) -> None:
    """Put `part` in the place of `folder` where the system cannot exchange them: for a moment, nothing is there."""
    old, handle = part.with_suffix(OLD), _opened(folder)
    try:
        _claim(handle)
        folder.rename(old)
        try:
            part.rename(folder)
        except OSError:
            old.rename(folder)
            raise
        shutil.rmtree(old, ignore_errors=True)
    finally:
        _close(handle)


def exchange(one: Path, other: Path) -> bool:
    """Exchange two paths at one stroke; False where the system or the disk cannot do that."""
    try:
        rename = ctypes.CDLL(None, use_errno=True).renameat2
    except (AttributeError, OSError, TypeError):  # not Linux
        return False
    if rename(_HERE, os.fsencode(one), _HERE, os.fsencode(other), _EXCHANGE) == 0:
        return True
    number = ctypes.get_errno()
    if number in (errno.ENOENT, errno.EACCES, errno.EPERM, errno.EROFS, errno.EBUSY, errno.EXDEV):
        raise OSError(number, os.strerror(number), str(other))
    return False


def _identity(folder: Path) -> tuple[int, int, int] | None:
    try:
        found = folder.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino, found.st_mtime_ns


def _opened(path: Path) -> int | None:
    """Return a handle of a file or folder, or None on a system that has none, or will not rename what is open."""
    return None if os.name == "nt" else os.open(path, os.O_RDONLY)


def _close(handle: int | None) -> None:
    if handle is not None:
        os.close(handle)


def _claim(handle: int | None, *, wait: bool = False) -> bool:
    """Take the lock of an open file or folder; False when another process holds it, or the disk knows no locks."""
    if fcntl is None or handle is None:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


@contextmanager
def _abandoned(part: Path) -> Iterator[bool]:
    """Say whether no process holds the lock of a part; while the block runs, none can take it."""
    handle = _opened(part)
    try:
        yield _claim(handle)
    finally:
        _close(handle)


def _to_disk(path: Path) -> None:
    """Wait until the system says that a file or folder lies on the disk."""
    handle = _opened(path)
    if handle is not None:
        try:
            os.fsync(handle)
        except OSError as error:
            if error.errno not in (errno.EBADF, errno.EINVAL):  # this system does so for files alone
                raise
        finally:
            os.close(handle)
