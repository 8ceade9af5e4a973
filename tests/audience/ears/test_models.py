import pytest
from whisper_folder import model_folder as model

from host_engine.audience.ears import models
from host_engine.audience.ears.models import Model, best, look


def cached(home, name, revision="abc", size=1000):
    return model(home / ".cache" / "huggingface" / "hub" / f"models--{name}" / "snapshots" / revision, size)


def test_models_are_found_wherever_people_put_them(tmp_path):
    cached(tmp_path, "Systran--faster-whisper-tiny")
    model(tmp_path / "channel" / "models" / "whisper-base")
    model(tmp_path / "elsewhere" / "faster-whisper-small.en")
    found = look(tmp_path / "channel", {"HOME": str(tmp_path), "HOST_ENGINE_MODELS": str(tmp_path / "elsewhere")})
    assert [(each.name, each.english) for each in found.models] == [
        ("base", False),
        ("small.en", True),
        ("tiny", False),
    ]
    assert found.useless == ()


def test_what_cannot_be_used_is_told_with_its_cure(tmp_path):
    half = tmp_path / ".cache" / "huggingface" / "hub" / "models--Systran--faster-whisper-small" / "snapshots" / "1"
    half.mkdir(parents=True)
    (half / "config.json").write_text("{}")
    theirs = tmp_path / "channel" / "models" / "whisper-tiny"
    theirs.mkdir(parents=True)
    (theirs / "config.json").write_text("{}")
    (theirs / "model.safetensors").write_bytes(b"")
    found = look(tmp_path / "channel", {"HOME": str(tmp_path)})
    assert found.models == ()
    assert "ct2-transformers-converter" in found.useless[0]
    assert "model.bin and tokenizer.json are missing" in found.useless[1]


def test_the_newest_complete_download_counts(tmp_path):
    whole = cached(tmp_path, "Systran--faster-whisper-tiny", "old")
    (whole.parent / "new").mkdir()
    assert [each.path for each in look(tmp_path, {"HOME": str(tmp_path)}).models] == [whole]


@pytest.mark.parametrize(
    ("variables", "place"),
    [
        ({"HF_HUB_CACHE": "{}"}, ""),
        ({"HF_HOME": "{}"}, "hub"),
        ({"XDG_CACHE_HOME": "{}"}, "huggingface/hub"),
    ],
)
def test_the_cache_is_where_hugging_face_says(tmp_path, variables, place):
    model(tmp_path / place / "models--Systran--faster-whisper-tiny" / "snapshots" / "1")
    environ = {key: value.format(tmp_path) for key, value in variables.items()}
    assert [each.name for each in look(tmp_path / "channel", environ).models] == ["tiny"]


def of(name, size, english=False):
    return Model(name, None, size, english)


TINY, SMALL, MEDIUM = of("tiny", 75_000_000), of("small", 484_000_000), of("medium", 1_500_000_000)
SMALL_EN = of("small.en", 484_000_001, english=True)


@pytest.mark.parametrize(
    ("here", "language", "gpu", "chosen", "why"),
    [
        ((TINY, SMALL), None, False, "small", "the best of 2 here"),
        ((TINY, SMALL, MEDIUM), None, False, "small", "medium would take too long"),
        ((TINY, SMALL, MEDIUM), None, True, "medium", "the best of 3"),
        ((TINY, SMALL_EN), "de", False, "tiny", "best"),
        ((TINY, SMALL_EN), "en-GB", False, "small.en", "best"),
        ((MEDIUM,), None, False, None, "too long"),
        ((SMALL_EN,), "de", False, None, "English only"),
        ((), None, False, None, "no Whisper model is on this machine"),
        ((TINY,), None, False, "tiny", "the one that is here"),
    ],
)
def test_the_best_is_the_largest_that_is_quick_enough_and_speaks_the_language(here, language, gpu, chosen, why):
    found, said = best(here, language, gpu)
    assert (found and found.name) == chosen
    assert why in said


def test_a_folder_that_is_none_is_told(tmp_path):
    assert models.lacks(tmp_path / "nothing") == "there is no such folder"
