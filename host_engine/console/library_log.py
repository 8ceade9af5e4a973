"""What the libraries of the console log of messages that are none: a line each, as whoever is signed in sends them."""

from __future__ import annotations

import logging

LIBRARIES = "engineio.server", "socketio.server"  # each prints to the standard error besides, by itself
LONGEST = 200  # characters of what went wrong


class _OneLine(logging.Filter):
    """Puts the error into the line and takes the traceback, which is one of the library's own, away."""

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        if error is not None:
            said = f"{type(error).__name__}: {error}"[:LONGEST]
            record.msg, record.args = f"{record.getMessage()}: {said}".replace("\n", " "), ()
            record.exc_info = record.exc_text = None
            record.levelno, record.levelname = logging.WARNING, logging.getLevelName(logging.WARNING)
        return True


def tell_in_a_line() -> None:
    """To be called once the libraries are loaded; again does no harm."""
    for name in LIBRARIES:
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.filters = [each for each in logger.filters if not isinstance(each, _OneLine)]
        logger.addFilter(_OneLine())
