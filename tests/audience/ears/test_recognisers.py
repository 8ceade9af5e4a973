import threading
from pathlib import Path

import pytest
from whisper_folder import model_folder as model

from host_engine.audience.ears.models import Shelf, look
from host_engine.audience.ears.recognisers import Fetching, plan

NONE = Shelf((), ())


def test_auto_without_a_model_falls_back_and_says_why(tmp_path):
    found = plan("auto", None, tmp_path, False, NONE)
    assert found.model is None
    assert found.fetch == ""
    assert found.why == "auto: no Whisper model is on this machine"


def test_auto_tells_of_models_that_cannot_be_used(tmp_path):
    found = plan("auto", None, tmp_path, False, Shelf((), ("/x: model.bin is missing",)))
    assert "/x: model.bin is missing" in found.why


def test_a_folder_is_named_from_the_channel_file(tmp_path):
    model(tmp_path / "ours")
    found = plan("whisper:./ours", None, tmp_path, False, NONE)
    assert found.model.path == tmp_path / "ours"
    assert str(tmp_path / "ours") in found.why


def test_a_folder_that_holds_no_model_falls_back_and_says_why(tmp_path):
    assert "no such folder" in plan("whisper:./nothing", None, tmp_path, False, NONE).why
    (tmp_path / "empty").mkdir()
    assert "are missing" in plan("whisper:empty", None, tmp_path, False, NONE).why


def test_a_name_is_taken_from_here_or_fetched(tmp_path):
    model(tmp_path / "models" / "whisper-tiny")
    shelf = look(tmp_path, {"HOME": str(tmp_path)})
    assert plan("whisper:tiny", None, tmp_path, False, shelf).model.name == "tiny"
    assert plan("whisper:small", None, tmp_path, False, shelf).fetch == "small"


def test_what_cannot_be_meant_gets_a_sentence(tmp_path):
    with pytest.raises(ValueError, match="write auto, whisper:NAME"):
        plan("wisper:small", None, tmp_path, False, NONE)


def test_what_is_fetched_comes_beside_the_work():
    go = threading.Event()

    def fetch(name):
        go.wait(20)
        return Path("/models") / name

    coming = Fetching("small", fetch)
    assert not coming.done
    go.set()
    coming._thread.join(20)
    assert coming.done
    assert coming.path == Path("/models/small")


def test_what_cannot_be_fetched_is_said_in_a_sentence():
    def fetch(name):
        raise OSError("no route to the hub\nmore about it")

    coming = Fetching("small", fetch)
    coming._thread.join(20)
    assert coming.error == "'small' could not be fetched: no route to the hub"
