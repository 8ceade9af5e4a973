"""Nonsense on the console's socket is worth a line in the log, not a traceback."""

import logging

import socketio

from host_engine.console.library_log import LIBRARIES, tell_in_a_line


async def test_nonsense_is_a_line_without_a_traceback(caplog, capsys) -> None:
    server = socketio.AsyncServer(async_mode="asgi")
    tell_in_a_line()
    tell_in_a_line()
    with caplog.at_level(logging.INFO):
        for text in ("2[", "2", '2["handshake"', "x"):
            await server.eio._trigger_event("message", "sid", text, run_async=False)
    said = [record for record in caplog.records if record.name in LIBRARIES]
    assert said
    assert all(record.levelno == logging.WARNING and not record.exc_info for record in said)
    assert all("Error: " in record.getMessage() and "\n" not in record.getMessage() for record in said)
    assert "Traceback" not in caplog.text + capsys.readouterr().err
    assert [len(logging.getLogger(name).filters) for name in LIBRARIES] == [1, 1]
