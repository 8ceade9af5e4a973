"""pocketsphinx with a language model built from the catalog: what hears where there is no Whisper. English only.

For the worker process only: it holds the interpreter while it works.
"""

from __future__ import annotations

import logging
import tempfile
from pathlib import Path
from typing import Any, NamedTuple

from pocketsphinx import Decoder, get_model_path
from pocketsphinx.lm import ArpaBoLM

from host_engine.audience.ears.heard import Heard
from host_engine.audience.ears.lexicon import lexicon, written
from host_engine.audience.ears.question_lines import lines, vocabulary
from host_engine.audience.ears.shop_words import ShopWords
from host_engine.audience.ears.wire import pcm
from host_engine.audience.transcript import Heard16

POSTERIOR = 0.6  # of the least sure word, from which a transcript is believed
ALSO = 0.5  # share of the words that the general model hears as well

log = logging.getLogger(__name__)


class Built(NamedTuple):
    """What the language model of a shop holds."""

    lines: int
    words: int
    unsaid: tuple[str, ...]  # words of which nobody knows how they sound


class Sphinx:
    """A recogniser with two models: of what is asked in this shop, and of English, to tell what is off topic."""

    name = "pocketsphinx"
    languages: tuple[str, ...] | None = ("en",)

    def __init__(self, shop: ShopWords | None = None) -> None:
        self._dictionary = Path(get_model_path("en-us/cmudict-en-us.dict"))
        self._general = _decoder(str(self._dictionary), get_model_path("en-us/en-us.lm.bin"), swift=True)
        self.built = self.words(shop or ShopWords())

    def words(self, shop: ShopWords) -> Built:
        """From now on hear as one does in this shop. Blocks, a tenth of a second for a small shop."""
        asked = lines(shop)
        known = lexicon(vocabulary(asked), self._dictionary, shop.said, shop.language)
        unsaid = vocabulary(asked) - known.keys()
        usable = [line for line in asked if not unsaid & set(line.split())] if unsaid else asked
        with tempfile.TemporaryDirectory(prefix="ears-") as folder:
            model, dictionary = Path(folder) / "shop.lm", Path(folder) / "shop.dict"
            built = ArpaBoLM(text="\n".join(usable), add_start=True)
            built.compute()
            if not built.write_file(str(model)):
                raise OSError(f"the language model of the shop cannot be written to {folder}")
            dictionary.write_text(written(known), encoding="utf-8")
            self._shop = _decoder(str(dictionary), str(model))
        self.built = Built(len(usable), len(known), tuple(sorted(unsaid)))
        return self.built

    def hear(self, samples: Heard16, language: str | None = None) -> Heard:
        """Blocks for about a twentieth of the time that the speech takes."""
        sound = pcm(samples)
        found = _words(self._shop, sound)
        if not found:
            return Heard("", "en", no_speech=1.0)
        said = [word for word, _ in found]
        sure = min(probability for _, probability in found)
        general = {word for word, _ in _words(self._general, sound)}
        also = sum(word in general for word in said) / len(said)
        believed = sure >= POSTERIOR and also >= ALSO
        return Heard(" ".join(said), "en", sure=also if believed else min(also, sure) * 0.5)


def _decoder(dictionary: str, model: str, swift: bool = False) -> Any:
    """swift: with narrower beams, for what is only compared."""
    narrow = {"beam": 1e-40, "wbeam": 1e-20, "maxhmmpf": 2000, "maxwpf": 10, "fwdflat": False, "bestpath": False}
    return Decoder(
        hmm=get_model_path("en-us/en-us"),
        lm=model,
        dict=dictionary,
        loglevel="FATAL",
        **(narrow if swift else {}),
    )


def _words(decoder: Any, sound: bytes) -> list[tuple[str, float]]:
    """The words heard, each with how sure it is, 0..1; no silences and no noises."""
    decoder.start_utt()
    decoder.process_raw(sound, full_utt=True)
    decoder.end_utt()
    if decoder.hyp() is None:
        return []
    heard = ((segment.word.split("(")[0], float(segment.prob)) for segment in decoder.seg() or ())
    return [(word, sure) for word, sure in heard if word and word[0] not in "<[+"]
