"""Whose certificate signs: the channel's, checked before it goes on air, or one that it makes once and keeps."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from brand_certificates import brand
from marked import units, written

from host_engine.channel.labels.signatures import check_marking, open_identity, sign_rendered
from host_engine.channel_file import config
from host_engine.document import Problems
from host_engine.provenance.certificate import SOON
from host_engine.provenance.credentials import credentials

NOW = datetime.now(UTC)
MP4 = "video/mp4"


def channel(folder: Path, **marking) -> config.Channel:
    path = folder / "channel.yaml"
    path.write_text(json.dumps({"name": "demo", "catalog": "shop", "marking": marking}))
    return config.load(path)


def problems(folder: Path, environment=None, **marking) -> list[str]:
    made = channel(folder, **marking)
    return [str(each) for each in check_marking(made, folder / "channel.yaml", environment or {})]


@pytest.fixture
def folder(tmp_path):
    """A folder with a certificate of a brand and its key."""
    chain, key, _ = brand()
    (tmp_path / "chain.pem").write_bytes(chain)
    (tmp_path / "key.pem").write_bytes(key)
    return tmp_path


def test_one_is_made_once_and_only_its_owner_reads_it(tmp_path):
    made = channel(tmp_path)
    first = open_identity(made, "", NOW)
    kept = tmp_path / ".cache" / "provenance" / "demo.pem"
    assert kept.stat().st_mode & 0o777 == 0o600
    assert open_identity(made, "", NOW) == first
    assert first.own


def test_one_that_is_damaged_or_ends_soon_is_made_anew(tmp_path):
    made = channel(tmp_path)
    first = open_identity(made, "", NOW)
    kept = tmp_path / ".cache" / "provenance" / "demo.pem"
    kept.write_text("nothing of the kind")
    second = open_identity(made, "", NOW)
    assert second.chain != first.chain
    later = second.until - SOON + timedelta(days=1)
    assert open_identity(made, "", later).chain != second.chain


def test_a_cache_that_cannot_be_written_is_a_sentence(tmp_path):
    (tmp_path / ".cache").write_text("a file is here")
    with pytest.raises(OSError, match="provenance"):
        open_identity(channel(tmp_path), "", NOW)


def test_the_key_comes_from_a_file_or_from_the_environment(folder):
    from_file = open_identity(channel(folder, certificate="chain.pem", key="key.pem"), "", NOW)
    pem = (folder / "key.pem").read_text()
    named = channel(folder, certificate="chain.pem", key_env="C2PA_KEY")
    assert open_identity(named, pem, NOW) == from_file
    assert open_identity(named, pem.replace("\n", "\\n"), NOW) == from_file  # as a file of variables has it
    keys = config.stream_keys(named, folder / "channel.yaml", {"C2PA_KEY": pem})
    assert keys == {config.MARKING: pem}
    with pytest.raises(Problems, match="the key of the certificate, is not set"):
        config.stream_keys(named, folder / "channel.yaml", {})


def test_check_says_what_is_wrong_with_its_line(folder):
    good = {"certificate": "chain.pem", "key": "key.pem"}
    assert problems(folder, **good) == []
    assert problems(folder) == []
    assert problems(folder, certificate="chain.pem", key_env="C2PA_KEY") == []  # told by `run`, which needs it
    (said,) = problems(folder, certificate="none.pem", key="key.pem")
    assert "channel.yaml:1: marking.certificate: there is no such file" in said
    (said,) = problems(folder, certificate="chain.pem", key="none.pem")
    assert "marking.key: there is no such file" in said
    (said,) = problems(folder, {"C2PA_KEY": "abc"}, certificate="chain.pem", key_env="C2PA_KEY")
    assert "no private key in PEM" in said
    assert "abc" not in said


@pytest.mark.parametrize(
    ("marking", "words"),
    [
        ({"key": "key.pem"}, "a key and no certificate"),
        ({"key_env": "C2PA_KEY"}, "a key and no certificate"),
        ({"certificate": "chain.pem"}, "needs its private key"),
        ({"certificate": "chain.pem", "key": "key.pem", "key_env": "C2PA_KEY"}, "either key, a file, or key_env"),
        ({"key_env": "-----BEGIN PRIVATE KEY-----"}, "write the NAME of an environment variable"),
        ({"timestamps": "ftp://x"}, "write an address"),
        ({"producer": "x"}, "under 2 signs"),
        ({"watermark": True}, "watermark"),
    ],
)
def test_settings_that_contradict_each_other_are_sentences(tmp_path, marking, words):
    with pytest.raises(Problems, match=words) as caught:
        channel(tmp_path, **marking)
    assert "BEGIN PRIVATE" not in str(caught.value)


def test_a_rendered_file_is_signed(folder):
    path = written(folder / "show.mp4", live=False)
    said = sign_rendered(channel(folder), path, {})
    assert said == "It is marked as made by an AI, and signed with a certificate made here, for which nobody vouches."
    assert credentials(path, MP4).own
    path = written(folder / "show.mp4", live=False)
    said = sign_rendered(channel(folder, certificate="chain.pem", key="key.pem"), path, {})
    assert said.endswith("signed by Tee AG, Tee AG Live.")


def test_a_rendered_file_that_is_not_signed_says_why(folder):
    assert "no place in .mkv files" in sign_rendered(channel(folder), folder / "show.mkv", {})
    assert "marking.sign is off" in sign_rendered(channel(folder, sign=False), folder / "show.mp4", {})
    with pytest.raises(ValueError, match="C2PA_KEY, with the key of the certificate, is not set"):
        sign_rendered(channel(folder, certificate="chain.pem", key_env="C2PA_KEY"), folder / "show.mp4", {})
    bare = written(folder / "bare.mp4", units(marked=False))
    with pytest.raises(ValueError, match="is not signed: there are no marks"):
        sign_rendered(channel(folder), bare, {})
