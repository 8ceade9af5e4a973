"""Log lines for people, with the stream keys taken out of them."""

from __future__ import annotations

import logging
from collections.abc import Iterable

from rich.console import Console
from rich.logging import RichHandler

HIDDEN = "[hidden]"


class HideSecrets(logging.Formatter):
    """Formats a record, tracebacks included, and hides every secret in the result, wherever it came from."""

    def __init__(self, secrets: Iterable[str], layout: str = "%(message)s") -> None:
        super().__init__(layout)
        self._secrets = sorted({secret for secret in secrets if secret}, key=len, reverse=True)

    def format(self, record: logging.LogRecord) -> str:
        text = super().format(record)
        for secret in self._secrets:
            text = text.replace(secret, HIDDEN)
        return text


def log_to(console: Console, secrets: Iterable[str] = (), level: int = logging.INFO) -> None:
    """Send every log line to `console`, without the secrets; one line each where nobody watches a terminal."""
    handler: logging.Handler
    if console.is_terminal:
        handler = RichHandler(console=console, show_path=False, rich_tracebacks=False, markup=False)
        handler.setFormatter(HideSecrets(secrets))
    else:
        handler = logging.StreamHandler(console.file)
        handler.setFormatter(HideSecrets(secrets, "%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    logging.getLogger("uvicorn").setLevel(logging.ERROR)  # it warns of every request that is none
    for chatty in ("aioice", "aiortc", "libav", "asyncio", "TTS", "numba", "matplotlib"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
