"""From a zip of a programme's folder to its sheets, within limits that no header can talk away."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path, PurePosixPath

from tandemplan.model.files.folder import MOST_BYTES, is_read, name_problems, source_of
from tandemplan.model.files.sheet import Source
from tandemplan.problems import Problem

MOST_MEMBERS = 1000
MOST_RATIO, RATIO_BYTES = 200, 10 * 2**20
_NESTED = (".zip", ".gz", ".bz2", ".xz", ".7z", ".rar", ".tar", ".tgz")
_ENCRYPTED = 0x1
ARCHIVE_FAULTS = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError)


def open_zip(path: Path) -> tuple[Source | None, list[Problem]]:
    """Return the sheets of a zipped folder (its files on top, or in one folder), or why it is refused."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = [m for m in archive.infolist() if not m.is_dir()]
            problems = refusals(path.name, members)
            if problems:
                return None, problems
            contents = _contents(archive, members)
    except ARCHIVE_FAULTS as error:
        return None, [
            Problem(path.name, None, "unreadable", f"it cannot be unpacked: {error}.", "Zip the folder anew.")
        ]
    names = [PurePosixPath(m.filename).name for m in _on_top(members)]
    misnamed = [p for name in names for p in name_problems(name)]
    source, more = source_of(contents)
    return source, [*misnamed, *more]


def refusals(name: str, members: list[zipfile.ZipInfo]) -> list[Problem]:
    """Return why an archive is not unpacked: its own list says it is too large, hidden, nested or out of its folder."""
    problems = []
    total = sum(m.file_size for m in members)
    if len(members) > MOST_MEMBERS:
        problems.append(f"it has {len(members)} files; at most {MOST_MEMBERS} are unpacked.")
    if total > MOST_BYTES:
        problems.append(f"it would unpack to {total // 2**20} MB; at most {MOST_BYTES // 2**20} MB are unpacked.")
    for m in members:
        if m.file_size > RATIO_BYTES and m.file_size > MOST_RATIO * max(m.compress_size, 1):
            problems.append(f"'{m.filename}' unpacks to more than {MOST_RATIO} times its size.")
        if m.flag_bits & _ENCRYPTED:
            problems.append(f"'{m.filename}' is encrypted.")
        if PurePosixPath(m.filename).is_absolute() or ".." in PurePosixPath(m.filename.replace("\\", "/")).parts:
            problems.append(f"'{m.filename}' points out of the archive.")
        if PurePosixPath(m.filename).suffix.casefold() in _NESTED:
            problems.append(f"'{m.filename}' is an archive inside the archive.")
    return [Problem(name, None, "refused-archive", p) for p in problems]


def capped(archive: zipfile.ZipFile, member: zipfile.ZipInfo, most: int = MOST_BYTES) -> bytes:
    """Return the bytes of a member; raises ValueError when they are more than `most`, whatever its header says."""
    with archive.open(member) as file:
        content = file.read(most + 1)
    if len(content) > most:
        raise ValueError(f"'{member.filename}' unpacks to more than {most // 2**20} MB")
    return content


def _contents(archive: zipfile.ZipFile, members: list[zipfile.ZipInfo]) -> list[tuple[str, bytes]]:
    contents, left = [], MOST_BYTES
    for member in sorted(_on_top(members), key=lambda m: m.filename):
        name = PurePosixPath(member.filename).name
        if is_read(name):
            content = capped(archive, member, left)
            left -= len(content)
            contents.append((name, content))
    return contents


def _on_top(members: list[zipfile.ZipInfo]) -> list[zipfile.ZipInfo]:
    """Return the members that lie on top; when none of them is a programme's, those of the one top folder."""
    parts = [(PurePosixPath(m.filename).parts, m) for m in members]
    top = [m for p, m in parts if len(p) == 1]
    if any(is_read(m.filename) for m in top):
        return top
    folders = {p[0] for p, _ in parts if len(p) > 1 and p[0] != "__MACOSX"}
    return [m for p, m in parts if len(p) == 2 and p[0] in folders] if len(folders) == 1 else top
