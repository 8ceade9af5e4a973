"""Time codes as people read and write them: 0:12.48, 1:02:03, 90, 90s or 2m."""

from __future__ import annotations

import re

from host_engine.document.quantities import seconds as duration

CLOCK = r"(?:(\d+):)?(\d{1,2}):(\d{1,2}(?:\.\d+)?)"


def code(at: float) -> str:
    """Seconds as a time code, such as 0:12.48."""
    hundredths = round(at * 100)
    minutes, rest = divmod(hundredths, 6000)
    hours, minutes = divmod(minutes, 60)
    tail = f"{rest / 100:05.2f}"
    return f"{hours}:{minutes:02}:{tail}" if hours else f"{minutes}:{tail}"


def seconds(text: str) -> float:
    """The seconds of a time code or a duration. Raises ValueError with a sentence."""
    found = re.fullmatch(CLOCK, text.strip())
    if found is None:
        try:
            return float(duration(text))
        except ValueError:
            raise ValueError(f"'{text}' is not a time; write it like 0:12.5, 1:02:03 or 90s") from None
    hours, minutes, rest = found.groups()
    return int(hours or 0) * 3600 + int(minutes) * 60 + float(rest)


def stretch(text: str) -> tuple[float, float]:
    """The seconds of '0:03-0:08.5'. Raises ValueError with a sentence."""
    start, dash, end = text.partition("-")
    if not dash:
        raise ValueError(f"'{text}' is not a stretch of time; write it like 0:03-0:08.5")
    first, last = seconds(start), seconds(end)
    if last <= first:
        raise ValueError(f"'{text}' ends before it begins")
    return first, last
