"""The cells of frePPLe's XML: moments, durations, numbers, yes and no."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

PAST, FUTURE = datetime(1971, 1, 1), datetime(2030, 12, 31)  # noqa: DTZ001 - what frePPLe takes for ever
_DURATION = re.compile(
    r"(?P<sign>[+-]?)P(?:(?P<years>[\d.]+)Y)?(?:(?P<months>[\d.]+)M)?(?:(?P<weeks>[\d.]+)W)?(?:(?P<days>[\d.]+)D)?"
    r"(?:T(?:(?P<hours>[\d.]+)H)?(?:(?P<minutes>[\d.]+)M)?(?:(?P<seconds>[\d.]+)S)?)?"
)
_CLOCK = re.compile(r"(?P<sign>[+-]?)(?:(?P<days>\d+) )?(?P<hours>\d+):(?P<minutes>\d{1,2})(?::(?P<seconds>[\d.]+))?")
_SECONDS = {
    "years": 365 * 86_400,
    "months": 365 * 86_400 / 12,
    "weeks": 7 * 86_400,
    "days": 86_400,
    "hours": 3_600,
    "minutes": 60,
    "seconds": 1,
}


def seconds_of(text: str) -> float:
    """Return the seconds of a duration: ISO 8601, `d hh:mm:ss`, or a number of seconds; raises ValueError.

    >>> seconds_of("P1DT1H"), seconds_of("PT9S"), seconds_of("1 02:00:00"), seconds_of("60"), seconds_of("-PT5M")
    (90000.0, 9.0, 93600.0, 60.0, -300.0)
    """
    match = _DURATION.fullmatch(text) or _CLOCK.fullmatch(text)
    if match is None or text.endswith(("P", "T")):
        return float(text)
    found = {name: float(value) for name, value in match.groupdict().items() if value and name != "sign"}
    total = sum(value * _SECONDS[name] for name, value in found.items())
    return -total if match["sign"] == "-" else total


def moment_of(text: str) -> datetime:
    """Return a moment without a zone, to the second; raises ValueError.

    >>> moment_of("2026-03-01T08:30:00"), moment_of("2026-03-01")
    (datetime.datetime(2026, 3, 1, 8, 30), datetime.datetime(2026, 3, 1, 0, 0))
    """
    return datetime.fromisoformat(text).replace(tzinfo=None, microsecond=0)


def limited(when: datetime | None) -> datetime | None:
    """Return a moment, or None where frePPLe means for ever."""
    return None if when is None or when <= PAST or when >= FUTURE else when


def flag_of(text: str) -> bool:
    """Return whether a text says yes: anything but 0, false, no and nothing."""
    return text.strip().casefold() not in ("", "0", "false", "no", "f", "n")


def time_of_day(seconds: float) -> str:
    """Return a time of day as tables write it.

    >>> time_of_day(21_600), time_of_day(86_399)
    ('06:00', '23:59:59')
    """
    whole = timedelta(seconds=round(seconds))
    minutes, second = divmod(int(whole.total_seconds()), 60)
    text = f"{minutes // 60:02d}:{minutes % 60:02d}"
    return f"{text}:{second:02d}" if second else text
