"""No stream key reaches a log line, wherever it comes from."""

import io
import logging

import pytest
from rich.console import Console

from host_engine.commands import logs


@pytest.mark.parametrize("terminal", [True, False])
def test_secrets_are_taken_out_of_messages_and_tracebacks(terminal):
    out = io.StringIO()
    before = logging.getLogger().handlers[:], logging.getLogger().level
    try:
        logs.log_to(Console(file=out, force_terminal=terminal, color_system=None, width=200), ["live_abc123"])
        logging.getLogger("host_engine.x").warning("pushing to %s", "rtmp://x/live/live_abc123")
        try:
            raise ValueError("the key live_abc123 is refused")
        except ValueError:
            logging.getLogger("host_engine.x").exception("it failed")
    finally:
        logging.getLogger().handlers[:], level = before
        logging.getLogger().setLevel(level)
    assert "live_abc123" not in out.getvalue()
    assert logs.HIDDEN in out.getvalue()
    assert "it failed" in out.getvalue()
