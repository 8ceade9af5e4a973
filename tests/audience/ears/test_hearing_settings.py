import pytest
from pydantic import ValidationError

from host_engine.channel_file.asking import Hearing


@pytest.mark.parametrize(
    "use", ["auto", "none", "pocketsphinx", "whisper:small", "whisper:./models/ours", "whisper:C v"]
)
def test_ears_that_can_be_meant_are_taken(use):
    assert Hearing(use=use).use == use


@pytest.mark.parametrize("use", ["", "whisper", "whisper:", "wisper:small", "whisper: ", "Auto", "openai"])
def test_others_get_a_sentence(use):
    with pytest.raises(ValidationError, match="write auto, whisper:NAME"):
        Hearing(use=use)
