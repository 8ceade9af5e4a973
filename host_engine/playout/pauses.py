"""Where a line can be interrupted: in the pauses between its phrases."""

from __future__ import annotations

import numpy as np

from host_engine.media import Samples, Speech
from host_engine.show.rundown import Line

ENDS = ",;:–—-.!?…，、；：。！？"
CLOSING = "\"”»’')]}"
QUIET = 0.05  # of the loudest frame's level: softer than this is a pause


def pauses(line: Line, speech: Speech, size: int, rate: int = 48_000) -> list[bool]:
    """For each frame of `size` samples whether the line can be left behind it: the words before it end with a sign of
    punctuation, and nothing is heard in it and in the frame that follows."""
    count = -(-len(speech.samples) // size)
    levels = _levels(speech.samples, size, count)
    quiet = levels <= QUIET * levels.max(initial=0.0)
    found = [False] * count
    for start, end in _gaps(line, speech):
        first, last = round(start * rate / size), round(end * rate / size)  # a word may end a little within a frame
        for k in range(first, last - 1):
            found[k] = bool(quiet[k] and quiet[k + 1])
    return found


def _levels(samples: Samples, size: int, count: int) -> Samples:
    """The effective level of each frame."""
    whole = np.pad(samples, (0, count * size - len(samples))).reshape(count, size)
    return np.asarray(np.sqrt(np.mean(np.square(whole), axis=1)), np.float32)


def _gaps(line: Line, speech: Speech) -> list[tuple[float, float]]:
    """Seconds from the end of each phrase to the beginning of the next one."""
    words, gaps, at = speech.words, [], 0
    for token, following in zip(line.tokens, (*line.tokens[1:], None), strict=True):
        at += len(token.said.split())
        dash = following is not None and following.shown in ("–", "—", "-")
        ends = dash or token.shown.rstrip(CLOSING).endswith(tuple(ENDS))
        if ends and 0 < at < len(words) and words[at].start > words[at - 1].end:
            gaps.append((words[at - 1].end, words[at].start))
    return gaps
