"""A host's persona, ready to be asked for phrases, notes and what is never said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from host_engine.audience.persona import file
from host_engine.audience.persona.file import PersonaFile
from host_engine.audience.persona.knowledge import Knowledge, Vectors
from host_engine.audience.persona.never import Forbidden
from host_engine.audience.persona.notes import Passage, read_notes
from host_engine.audience.persona.phrases import ADDRESSES, LANGUAGES, defaults
from host_engine.document import Problems, problem_at


@dataclass(frozen=True)
class Persona:
    """How one host talks. Immutable: a changed file makes another one."""

    written: PersonaFile
    knowledge: Knowledge
    forbidden: Forbidden

    @classmethod
    def read(cls, path: Path, vectors: Vectors | None = None) -> Persona:
        """The persona of a file or folder; with `vectors` its notes are learnt by meaning. Raises Problems."""
        written = file.read(path)
        where = path / file.FILE if path.is_dir() else path
        try:
            passages = read_notes(where.parent, written.knowledge, written.languages[0])
        except (OSError, ValueError) as error:  # a note went away between two looks at it
            raise Problems([problem_at(where, ("knowledge",), f"a note cannot be read: {error}")]) from None
        return cls.of(written, passages, vectors)

    @classmethod
    def of(cls, written: PersonaFile, notes: list[Passage] | None = None, vectors: Vectors | None = None) -> Persona:
        """The persona that a file describes, with these notes."""
        knowledge = Knowledge([*_examples(written), *(notes or [])])
        if vectors is not None:
            knowledge.learn(vectors)
        return cls(written, knowledge, Forbidden.of(written.never.words, written.never.topics))

    @classmethod
    def plain(cls, name: str) -> Persona:
        """A host without a persona file: the default phrases, no notes."""
        return cls.of(PersonaFile(name=name))

    @property
    def name(self) -> str:
        return self.written.name

    @property
    def languages(self) -> tuple[str, ...]:
        """That she answers in; her own first."""
        return self.written.languages

    def phrase(self, key: str, language: str) -> tuple[str, ...]:
        """Her phrases of a key (phrases.KEYS), else the default ones; of another language than the six the English.

        In braces {name}, {names}, {host} and {shop} may stand, as phrases.FIELDS tells.
        """
        base = language.split("-")[0]
        own: Mapping[str, tuple[str, ...]] = getattr(self.written.phrases, key)
        return own.get(base) or defaults()[key].get(base) or own.get("en") or defaults()[key]["en"]

    def address(self, language: str) -> str:
        """How one viewer is addressed, such as "du" or "Sie", "tu" or "vous"."""
        base = language.split("-")[0]
        return self.written.style.address.get(base) or ADDRESSES.get(base, ("you",))[0]

    def catchphrase(self, index: int, language: str) -> str:
        """What she ends answer number `index` with: "" but for one in `every`; the same for the same index."""
        said = self.written.catchphrases.said.get(language.split("-")[0], ())
        turn, rest = divmod(index, self.written.catchphrases.every)
        return said[turn % len(said)] if said and rest == self.written.catchphrases.every - 1 else ""

    def forbids(self, text: str) -> tuple[str, ...]:
        """The words and topics in a text that she never says; () where it may be said."""
        return self.forbidden.found(text)

    def brief(self, language: str) -> str:
        """How she talks, told to a language model in English."""
        style, never = self.written.style, self.written.never
        base = language.split("-")[0]
        said = [f"You are {self.name}."]
        said += [f"Style: {style.description}"] if style.description else []
        said += [f"Sentences of at most {style.words} words."]
        if len(ADDRESSES.get(base, ())) > 1:
            said += [f'Address the viewer as "{self.address(base)}" ({LANGUAGES[base]}).']
        said += (
            [f"Never use these words: {', '.join(word.rstrip('*') for word in never.words)}."] if never.words else []
        )
        said += [f"Never talk about: {', '.join(never.topics)}."] if never.topics else []
        return " ".join(said)


def _examples(written: PersonaFile) -> list[Passage]:
    return [
        Passage(f"example:{each.questions[0]}", each.questions, each.answer, each.language or written.languages[0])
        for each in written.examples
    ]
