"""A channel is on air once; the claim of a process that died by SIGKILL is free again."""

import signal

import pytest
from program import Program

from host_engine.process.claim import Claimed, claim

CODE = """
    import sys, time
    from pathlib import Path
    from host_engine.process.claim import claim
    claim(Path(sys.argv[1]), "tea")
    print("claimed", file=sys.stderr, flush=True)
    time.sleep(100)
"""


def test_a_second_process_is_told_which_one_is_on_air(tmp_path):
    path = tmp_path / "cache" / "tea.lock"
    program = Program(tmp_path, CODE, str(path))
    program.says("claimed")
    with pytest.raises(Claimed, match=f"'tea' is on air already, as process {program.process.pid}"):
        claim(path, "tea")
    program.send(signal.SIGKILL)
    program.ended(2)
    claim(path, "tea")


def test_where_nothing_can_be_written_nothing_is_claimed(tmp_path, caplog):
    (tmp_path / "cache").write_text("a file")
    claim(tmp_path / "cache" / "tea.lock", "tea")
    assert "a second start of 'tea' is not noticed" in caplog.text
