from whisper_folder import model_folder

from host_engine.commands import doctor


def found(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("HF_HOME", "HF_HUB_CACHE", "XDG_CACHE_HOME", "HOST_ENGINE_MODELS"):
        monkeypatch.delenv(name, raising=False)
    return {each.what: each for each in doctor._ears()}


def test_without_a_model_the_doctor_names_the_fallback_and_its_limits(tmp_path, monkeypatch):
    ears = found(tmp_path, monkeypatch)
    assert not ears["Whisper models"].there
    assert ears["Ears"].found == "pocketsphinx, English only"
    assert "no Whisper model" in ears["Ears"].follows


def test_a_model_in_the_folder_would_hear(tmp_path, monkeypatch):
    model_folder(tmp_path / "models" / "whisper-small")
    ears = found(tmp_path, monkeypatch)
    assert ears["Ears"].found == "whisper:small"
    assert ears["Whisper models"].found == "small"


def test_one_that_cannot_be_used_is_told(tmp_path, monkeypatch):
    (model_folder(tmp_path / "models" / "whisper-small") / "tokenizer.json").unlink()
    assert "tokenizer.json is missing" in found(tmp_path, monkeypatch)["Whisper model"].found
