"""How well the mouth that listens does on voices and words that it has not learnt from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from host_engine.host.mouth import LEAD
from host_engine.host.mouths.heard import Ear, mouth
from host_engine.host.mouths.heard_bands import HOP
from host_engine.host.mouths.heard_net import LOOK, VISEMES, HeardNet, Memory
from host_engine.host.mouths.viseme import ViseMouth
from host_engine.host.voices.utterance import VoiceError
from host_engine.media import REST, Speech
from host_engine.neural.hearing import at_16k
from host_engine.training.exam import QUESTIONS, closures, correlation, offset, voice_of
from host_engine.training.talk import same_chance
from host_engine.training.visemes_lessons import known, levelled

FPS = 25
GROUPS = np.array([0, 1, 2, 3, 3, 3, 4, 3, 3, 5, 6, 7, 7, 8, 8])  # visemes that look alike: nine of them
QUIET = np.zeros((LOOK + 20) * HOP, np.float32)

SAID = (
    *((each.voice, each.text) for each in QUESTIONS),
    ("flite:awb", "Both of my brothers bought the same thermos, and they keep it beside the door of the cabin."),
    ("espeak:en-us+m8", "If you prefer a bigger pan, this pair of copper pots might be what you have been missing."),
    ("espeak:en-us+f5", "Every cushion is filled with feathers, and the covers can be washed at forty degrees."),
    ("espeak:de+f5", "Die Bluse ist aus feiner Baumwolle, und Sie bekommen sie auch in Blau."),
)


def marks(net: HeardNet, voice: str, text: str) -> dict[str, Any]:
    """The marks of one utterance. Raises VoiceError where the voice is not here."""
    same_chance(1)
    speech = voice_of(voice).speak(text)
    heard = known(speech)
    out = Memory(net).hear(np.pad(heard.bands.astype(np.float32), ((0, LOOK), (0, 0)), constant_values=-1.0))[LOOK:]
    told, true = out[:, : len(VISEMES)].argmax(1), heard.visemes
    lips = VISEMES.index("PP")
    opening, meant = _openings(net, speech)
    shut = closures(opening, speech)
    shapes = [correlation(out[:, len(VISEMES) + k].astype(float), heard.shapes[:, k].astype(float)) for k in range(3)]
    return {
        "voice": voice,
        "steps": len(true),
        "right": int((told == true).sum()),
        "right_of_9": int((GROUPS[told] == GROUPS[true]).sum()),
        "pp": int((true == lips).sum()),
        "pp_found": int(((told == lips) & (true == lips)).sum()),
        "pp_told": int((told == lips).sum()),
        "closures": len(shut),
        "closures_seen": sum(shut),
        "correlation": shapes,
        "openness": correlation(opening, meant),
        "offset_ms": 1000 * offset(opening, meant),
    }


def exam(net: HeardNet, said: Sequence[tuple[str, str]] = SAID) -> dict[str, Any]:
    """The marks over all utterances whose voice is here, and each of them."""
    rows = []
    for voice, text in said:
        try:
            rows.append(marks(net, voice, text))
        except VoiceError:
            continue
    total = {name: sum(row[name] for row in rows) for name in rows[0] if isinstance(rows[0][name], int)}
    summary = {
        "viseme_accuracy": total["right"] / total["steps"],
        "accuracy_of_9_groups": total["right_of_9"] / total["steps"],
        "pp_recall": total["pp_found"] / max(1, total["pp"]),
        "pp_precision": total["pp_found"] / max(1, total["pp_told"]),
        "closure_rate": total["closures_seen"] / max(1, total["closures"]),
        "correlation_open": float(np.mean([row["correlation"][0] for row in rows])),
        "correlation_wide": float(np.mean([row["correlation"][1] for row in rows])),
        "correlation_round": float(np.mean([row["correlation"][2] for row in rows])),
        "openness_on_air": float(np.mean([row["openness"] for row in rows])),
        "offset_ms": float(np.mean([row["offset_ms"] for row in rows])),
    }
    return {"summary": {name: round(value, 3) for name, value in summary.items()}, "utterances": rows}


def _openings(net: HeardNet, speech: Speech) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """How far open the lips are in each frame on air, piece by piece as a microphone brings sound, and as the drawn
    mouth has them."""
    ear, samples = Ear(net), np.concatenate([levelled(at_16k(speech.samples)), QUIET])
    heard = np.concatenate([ear.hear(samples[k : k + 2 * HOP]) for k in range(0, len(samples), 2 * HOP)])[LOOK:]
    meant = np.array([face.mouth.open for face in ViseMouth().faces(speech, FPS)])
    now, opening = REST, []
    for k in range(len(meant)):
        now = mouth(heard, ((k + 0.5) / FPS + LEAD) * 100, now, FPS)
        opening.append(now.open)
    return np.array(opening), meant
