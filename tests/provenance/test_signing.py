"""A signed recording says so, plays as before, and tells of every change; what cannot be signed stays as it was."""

import json
import os
import shutil
import subprocess
import sys
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import av
import pytest
from brand_certificates import NOW, brand
from marked import CONTENT, SECONDS, copied, units, written

from host_engine.provenance import signing
from host_engine.provenance.apart import sign_apart
from host_engine.provenance.certificate import identity, self_made
from host_engine.provenance.credentials import Damaged, credentials
from host_engine.provenance.label import COMPOSITE, TRAINED
from host_engine.provenance.reading import read

MP4 = "video/mp4"
CHAIN, KEY, ROOT = brand()


def sign(path, chain=CHAIN, key=KEY):
    who = identity(chain, key, NOW)
    signing.sign(path, who.algorithm, who.chain, who.key, None, NOW)
    return path


def shown(path):
    """(pictures, samples) of a file, decoded."""
    with av.open(path) as file:
        pictures = [frame.to_ndarray().tobytes() for frame in file.decode(video=0)]
    with av.open(path) as file:
        return pictures, sum(frame.samples for frame in file.decode(audio=0))


@pytest.fixture(scope="module")
def signed(tmp_path_factory):
    """A segment of a recording, signed by a brand."""
    return sign(written(tmp_path_factory.mktemp("signed") / "a.mp4"))


@pytest.mark.parametrize("live", [True, False])
def test_it_is_whole_and_plays_as_before(tmp_path, live):
    path = written(tmp_path / "a.mp4", live=live)
    before, marks = shown(path), read(path)
    os.utime(path, (1e9, 1e9))
    path.chmod(0o640)
    assert not signing.signed(path)
    sign(path)
    assert shown(path) == before
    assert read(path) == marks
    assert path.stat().st_mtime == 1e9
    assert path.stat().st_mode & 0o777 == 0o640
    assert signing.signed(path)
    assert os.listdir(tmp_path) == ["a.mp4"]
    found = credentials(path, MP4)
    assert (found.whole, found.trusted, found.own, found.faults) == (True, False, False, ())
    assert (found.holder, found.issuer) == ("Tee AG Live", "Tee AG")
    assert found.sources == (TRAINED,)


def test_somebody_can_seek_in_it(signed):
    with av.open(signed) as file:
        file.seek(2_500_000)
        assert 1.9 <= next(file.decode(video=0)).time <= 2.1


def test_whom_one_trusts_is_trusted(signed):
    assert credentials(signed, MP4, ROOT.decode()).trusted
    _, _, another = brand()
    assert not credentials(signed, MP4, another.decode()).trusted


@pytest.mark.parametrize("kind", ["es384", "ps256", "ed25519"])
def test_each_kind_of_key_signs(tmp_path, kind):
    assert credentials(sign(written(tmp_path / "a.mp4"), *brand(kind)[:2]), MP4).whole


def test_one_made_here_signs_and_says_so(tmp_path):
    path = sign(written(tmp_path / "a.mp4", units(recorded=True)), *self_made("demo", NOW))
    found = credentials(path, MP4)
    assert (found.whole, found.own, found.holder) == (True, True, "demo")
    assert found.sources == (COMPOSITE,)


def test_the_fields_of_the_standard_are_signed_too(signed):
    import c2pa

    with signed.open("rb") as file, c2pa.Reader(MP4, file) as reader:
        (manifest,) = json.loads(reader.json())["manifests"].values()
    told = {each["label"]: each["data"] for each in manifest["assertions"]}
    assert told["host-engine.aigc"]["contents"][0]["AIGC"]["ProduceID"] == CONTENT
    (action,) = told["c2pa.actions.v2"]["actions"]
    assert action["action"] == "c2pa.created"
    assert action["softwareAgent"]["name"] == "host-engine"
    assert action["when"] == "2026-11-22T12:00:00+00:00"


@pytest.mark.parametrize("share", [0.3, 0.5, 0.7, 0.9, 0.97])
def test_a_changed_byte_is_told(signed, tmp_path, share):
    path = tmp_path / "a.mp4"
    data = bytearray(signed.read_bytes())
    data[int(len(data) * share)] ^= 1
    path.write_bytes(data)
    found = credentials(path, MP4)
    assert not found.whole
    assert any("changed" in each for each in found.faults)


def test_what_was_cut_off_or_put_on_is_told(signed, tmp_path):
    path, data = tmp_path / "a.mp4", signed.read_bytes()
    for changed in (data[: len(data) * 2 // 3], data[:-1], data + b"\0\0\0\x10mdat12345678"):
        path.write_bytes(changed)
        with suppress(Damaged):
            assert not credentials(path, MP4).whole


def test_a_copy_has_no_signature_and_keeps_its_marks(signed, tmp_path):
    path = copied(signed, tmp_path / "b.mp4")
    assert credentials(path, MP4) is None
    assert read(path).marked == SECONDS


def test_what_bears_no_marks_is_not_signed(tmp_path):
    path = written(tmp_path / "a.mp4", units(marked=False))
    before = path.read_bytes()
    with pytest.raises(ValueError, match="no marks in it"):
        sign(path)
    assert path.read_bytes() == before
    assert os.listdir(tmp_path) == ["a.mp4"]


def test_a_damaged_file_stays_as_it_was(tmp_path):
    path = written(tmp_path / "a.mp4")
    data = path.read_bytes()
    path.write_bytes(data[: len(data) * 2 // 3])
    before = path.read_bytes()
    try:
        sign(path)
    except ValueError:
        assert path.read_bytes() == before
    else:
        assert credentials(path, MP4).whole  # c2pa takes what is left
    assert os.listdir(tmp_path) == ["a.mp4"]


def test_a_file_deleted_meanwhile_stays_deleted(tmp_path, monkeypatch):
    path = written(tmp_path / "a.mp4")
    utime = os.utime

    def deletes(*arguments, **named):
        path.unlink()
        utime(*arguments, **named)

    monkeypatch.setattr(signing.os, "utime", deletes)
    with pytest.raises(OSError, match=r"a\.mp4"):
        sign(path)
    assert os.listdir(tmp_path) == []


def test_apart_it_signs_or_says_why_not(tmp_path):
    who = identity(CHAIN, KEY, NOW)
    path = written(tmp_path / "a.mp4")
    assert sign_apart(path, who, None) is None
    assert credentials(path, MP4).whole
    assert "no such file" in sign_apart(tmp_path / "b.mp4", who, None)


def test_a_process_that_dies_is_a_sentence(tmp_path, monkeypatch):
    monkeypatch.setattr("host_engine.provenance.apart.COMMAND", [sys.executable, "-c", "raise SystemExit('away')"])
    said = sign_apart(tmp_path / "a.mp4", identity(CHAIN, KEY, NOW), None)
    assert said == "the process that signs ended with 1: away"


def test_the_key_is_in_no_list_of_processes(tmp_path):
    """It goes over the standard input; here the process is stopped while it waits for it."""
    from host_engine.provenance.apart import COMMAND

    with subprocess.Popen(COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        seen = (
            shutil.which("ps")
            and subprocess.run(
                ["ps", "-o", "args=", "-p", str(child.pid)], capture_output=True, text=True, check=True
            ).stdout
        )
        child.kill()
    assert not seen or "PRIVATE" not in seen


def test_a_certificate_that_has_ended_is_told_afterwards(tmp_path):
    """Whoever signed with it while it was valid needs a time stamp, or the signature ends with it."""
    chain, key, _ = brand(begins=datetime.now(UTC) - timedelta(days=3), ends=datetime.now(UTC) - timedelta(days=1))
    path = written(tmp_path / "a.mp4")
    who = identity(chain, key, datetime.now(UTC) - timedelta(days=2))
    with pytest.raises(ValueError, match="C2PA does not take it"):
        signing.sign(path, who.algorithm, who.chain, who.key, None, NOW)


def test_a_disk_without_room_is_a_sentence(tmp_path, monkeypatch):
    """The recording that goes on beside it must not find the disk full."""
    path = written(tmp_path / "a.mp4")
    monkeypatch.setattr(signing.shutil, "disk_usage", lambda folder: shutil._ntuple_diskusage(10**9, 10**9, 1000))
    with pytest.raises(ValueError, match=r"signing takes .* for a while, and only 1\.0 kB are free there"):
        sign(path)
    assert os.listdir(tmp_path) == ["a.mp4"]
