"""When what was heard is no question: nobody spoke, noise, the same again and again, or no more than a guess."""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise

from host_engine.audience.ears.heard import Heard

# As Whisper's authors chose them (Radford et al., Robust Speech Recognition via Large-Scale Weak Supervision, 4.5).
NO_SPEECH, UNSURE, PACKED = 0.6, -1.0, 2.4
SURELY_NONE = 0.9  # from here on nobody spoke, however sure the words seem
LEAST = 0.25  # seconds of speech
SURE = 0.58  # as `Heard.sure` counts
PHRASE = 8  # words of a phrase that is looked for again
SPACELESS = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")  # scripts in which one sign is a word or nearly

# What Whisper makes of music, applause and silence: the ends of the films it learnt from. Compared without signs.
FILLERS = frozenset(
    {
        "thanks for watching", "thank you for watching", "thank you so much for watching", "thanks for watching bye",
        "thank you very much for watching", "please subscribe", "please subscribe to my channel",
        "dont forget to subscribe", "like and subscribe", "please like and subscribe", "see you in the next video",
        "see you next time", "ill see you in the next video", "thank you for watching and see you next time",
        "you", "bye", "bye bye", "uh", "um", "hmm", "mm hmm", "mhm", "music", "applause", "silence", "blank audio",
        "untertitel der amaraorg community", "untertitel von stephanie geiges", "untertitelung des zdf",
        "untertitelung aufgrund der amaraorg community", "untertitel im auftrag des zdf", "copyright wdr",
        "vielen dank fürs zuschauen", "danke fürs zuschauen", "bis zum nächsten mal", "vielen dank",
        "sous titres réalisés par la communauté damaraorg", "sous titrage st 501", "sous titrage société radio canada",
        "merci davoir regardé cette vidéo", "sous titres par juanfrance", "abonnez vous",
        "subtítulos realizados por la comunidad de amaraorg", "subtítulos por la comunidad de amaraorg",
        "gracias por ver el video", "gracias por ver", "suscríbete",
        "sottotitoli creati dalla comunità amaraorg", "sottotitoli e revisione a cura di qtss", "grazie per la visione",
        "legendas pela comunidade amaraorg", "ondertitels ingediend door de amaraorg gemeenschap",
        "请不吝点赞订阅转发打赏支持明镜与点点栏目", "字幕由amaraorg社区提供", "谢谢观看", "謝謝觀看",
        "中文字幕志愿者杨茜茜", "中文字幕志愿者李宗盛",
    }
)  # fmt: skip
SIGNED = (  # in whatever else they stand, these are no viewer's words
    "amaraorg", "untertitel der", "untertitelung", "untertitel im auftrag", "sous titrage", "sous titres réalisés",
    "subtítulos realizados", "sottotitoli creati", "subtitles by", "captions by", "transcription by castingwords",
    "字幕由", "字幕志愿者", "thanks for watching", "thank you for watching", "gracias por ver el video",
)  # fmt: skip


def refusal(heard: Heard, spoken: float) -> str:
    """Why this is no question, as a key of `Transcript.refused`; "" where nothing speaks against it.

    spoken: seconds of the utterance.
    """
    words = plain(heard.text)
    if not words or heard.no_speech > SURELY_NONE or (heard.no_speech > NO_SPEECH and heard.logprob < UNSURE):
        return "silence"
    if spoken < LEAST or (len(words) < 2 and not SPACELESS.search(words)):
        return "too-short"
    if words in FILLERS or any(sign in words for sign in SIGNED) or heard.text.strip()[:1] in ("♪", "["):
        return "noise"
    if heard.compression > PACKED or repeated(words):
        return "repeated"
    return "unsure" if heard.logprob < UNSURE or heard.sure < SURE else ""


def plain(text: str) -> str:
    """The words alone: small letters and digits, single spaces; dots, apostrophes and signs left out."""
    text = unicodedata.normalize("NFC", text[:2000]).casefold()
    return " ".join(re.sub(r"[^\w\s]|_", "", re.sub(r"[-–—/]", " ", text)).split())


def repeated(words: str) -> bool:
    """Whether most of it is one phrase again and again, as recognisers do that have lost their way.

    A single word counts from its fourth time on ("no no no, wait" is how people talk), a phrase from its third.
    """
    parts = list(words.replace(" ", "")) if SPACELESS.search(words) else words.split()
    for length in range(1, min(PHRASE, len(parts) // 3) + 1):
        again = 1
        most = 1
        pieces = [parts[n : n + length] for n in range(0, len(parts) - length + 1)]
        for start in range(length):
            again = 1
            for before, after in pairwise(pieces[start::length]):
                again = again + 1 if before == after else 1
                most = max(most, again)
        if most >= (4 if length == 1 else 3) and most * length * 2 > len(parts):
            return True
    return False
