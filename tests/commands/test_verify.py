"""`host-engine verify`: what it says to a person and to a program, and its exit status."""

import json

import pytest
from brand_certificates import brand
from marked import CONTENT, copied, signed, streamed, units, written
from typer.testing import CliRunner

from host_engine.commands.cli import app


def verify(*arguments):
    done = CliRunner().invoke(app, ["verify", *map(str, arguments)])
    return done.exit_code, done.output


@pytest.fixture
def recording(tmp_path):
    chain, key, root = brand()
    (tmp_path / "root.pem").write_bytes(root)
    return signed(written(tmp_path / "a.mp4"), chain, key)


def test_a_whole_file(recording, tmp_path):
    status, said = verify(recording)
    assert status == 0
    for words in (
        "Each of its 4 key frames says that it was made by an AI.",
        f"content {CONTENT} of Tee & Söhne, made from 2026-11-22T12:00:00Z",
        "The MP4 file says so too",
        "signed by Tee AG Live (Tee AG), whose certificate was not checked against any anchor, and not changed since",
        "It is marked as made by an AI.",
    ):
        assert words.lower() in said.lower()
    assert "whose certificate is trusted" in verify(recording, "--trust", tmp_path / "root.pem")[1]


def test_a_file_that_was_changed(recording):
    data = bytearray(recording.read_bytes())
    data[len(data) // 2] ^= 1
    recording.write_bytes(data)
    status, said = verify(recording)
    assert status == 4
    assert "changed after it was signed" in said
    assert "NO" in said


def test_streams_are_marked_without_a_signature(tmp_path):
    status, said = verify(streamed(tmp_path / "a.flv"))
    assert status == 0
    assert "FLV files have no place for a signature" in said
    assert verify(copied(tmp_path / "a.flv", tmp_path / "a.ts"))[0] == 0


def test_no_marks(tmp_path):
    status, said = verify(written(tmp_path / "a.mkv", units(marked=False)))
    assert status == 3
    assert "It is not marked." in said


def test_something_else_was_cut_in(tmp_path):
    status, said = verify(written(tmp_path / "a.mkv", units() + units(marked=False, first=100)))
    assert status == 4
    assert "Only 4 of its 8 key frames" in said


def test_what_cannot_be_read(tmp_path):
    (tmp_path / "text.mp4").write_text("hello")
    for name, words in (("nothing.mp4", "no such file"), ("text.mp4", "none of MP4")):
        status, said = verify(tmp_path / name)
        assert status == 1
        assert words in said
        assert "Traceback" not in said


def test_several_files_and_programs(recording, tmp_path):
    bare = written(tmp_path / "b.mkv", units(marked=False))
    status, said = verify("--json", recording, bare, tmp_path / "nothing")
    assert status == 3
    first, second, third = map(json.loads, said.splitlines())
    assert (first["outcome"], second["outcome"], third["outcome"]) == ("marked", "unmarked", "unreadable")
    assert first["c2pa"]["whole"] is True
    assert first["marks"]["contents"] == [["Tee & Söhne", CONTENT]]


def test_help_has_an_example():
    assert "Example:" in verify("--help")[1]
