"""Words of AI labels that could not be read on the picture are refused wherever they are written."""

from __future__ import annotations

import pytest
from pydantic import TypeAdapter, ValidationError

from host_engine.channel_file.sending import RtmpTarget, WhipTarget
from host_engine.document.label_words import label_words
from host_engine.policies.rules import LabelRule
from host_engine.show.scene import Label

UNREADABLE = ["  ", "     ", "\0\1\2", "\u202eabc", "\u3164\u3164\u3164", "\u200b\u200b\u200b", "--", "AI\nhost", "."]


@pytest.mark.parametrize(
    "words", ["AI", "KI-Moderation", "Animation\u00a0IA", "AI生成", "هوش\u200cمصنوعی", "Presenta una IA 🤖"]
)
def test_words_that_are_seen_are_taken(words: str) -> None:
    assert label_words(words) == words


@pytest.mark.parametrize("words", UNREADABLE)
def test_words_that_are_not_seen_are_refused(words: str) -> None:
    with pytest.raises(ValueError, match="the words of a label"):
        label_words(words)
    target = {"name": "t", "url": "rtmp://h/app"}
    for build in (
        lambda: RtmpTarget(kind="rtmp", label=words, **target),
        lambda: WhipTarget(kind="whip", label=words, name="t", url="https://h/x"),
        lambda: LabelRule(id="r", says="It has to say so.", asks="label", text={"en": words}),
        lambda: TypeAdapter(Label).validate_python({"box": [0, 0, 1, 1], "text": {"en": words}}),
    ):
        with pytest.raises(ValidationError, match=r"words of a label|at least 2|pattern"):
            build()
