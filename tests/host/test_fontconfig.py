"""What Fontconfig remarks on a system's files is kept from people; what anybody else writes is not."""

from __future__ import annotations

import os

import pytest

from host_engine.host.fontconfig import without_remarks


def fail_to_find_fonts() -> None:
    with without_remarks():
        os.write(2, b'Fontconfig warning: "/usr/share/x.conf", line 6: unknown element\na log line\nhalf a line')
        raise RuntimeError


def test_only_its_remarks_are_left_out(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(RuntimeError):
        fail_to_find_fonts()
    os.write(2, b"\nafter")
    assert capfd.readouterr().err == "a log line\nhalf a line\nafter"
