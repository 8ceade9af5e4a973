"""The persona file: how a host talks, what she never says, and which notes she knows."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationInfo

from host_engine import document
from host_engine.audience.persona.phrases import ADDRESSES, FIELDS, LANGUAGES
from host_engine.audience.persona.truth import denies_being_an_ai, says_it_is_an_ai
from host_engine.document import Fault, Loc

FILE = "persona.yaml"
LARGEST_NOTE = 200_000  # bytes
MOST_NOTES = 50


def _spoken(language: str) -> str:
    if language not in LANGUAGES:
        raise ValueError(f"'{language}' is not a language of answers: {', '.join(LANGUAGES)}")
    return language


def _plain(text: str) -> str:
    """Texts are spoken: what no voice can say has no place in them."""
    if found := re.search(r"[<>*_`#\x00-\x1f\x7f]|https?://", text):
        raise ValueError(f"{found[0]!r} cannot be said; write plain words, without markup and links")
    if picture := next((sign for sign in text if unicodedata.category(sign) in ("So", "Cf", "Co", "Cs", "Cn")), ""):
        raise ValueError(f"{picture!r} cannot be said; write plain words, without pictures and hidden signs")
    return text


def _note(path: str, info: ValidationInfo) -> str:
    """A note is a Markdown file inside the persona's folder, and nowhere else."""
    folder = Path((info.context or {}).get("folder", ".")).resolve()
    if "\x00" in path:
        raise ValueError("this is not a path")
    whole = (folder / path).resolve()
    if Path(path).is_absolute() or not whole.is_relative_to(folder):
        raise ValueError(f"'{path}' lies outside the persona's folder; copy the note into it")
    if whole.suffix.lower() != ".md":
        raise ValueError(f"'{path}' is no Markdown note; its name must end in .md")
    if not whole.is_file():
        raise ValueError(f"there is no note '{path}' in the persona's folder")
    if (size := whole.stat().st_size) > LARGEST_NOTE:
        raise ValueError(f"'{path}' has {size / 1000:.0f} kB; at most {LARGEST_NOTE / 1000:.0f} kB are read of a note")
    try:
        whole.read_text("utf-8")
    except UnicodeDecodeError:
        raise ValueError(f"'{path}' is not written in UTF-8; save it as UTF-8 text") from None
    except OSError as error:
        raise ValueError(f"'{path}' cannot be read: {error.strerror}") from None
    return path


Language = Annotated[str, AfterValidator(_spoken)]
Said = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300), AfterValidator(_plain)]
Phrases = Annotated[tuple[Said, ...], Field(min_length=1, max_length=40)]
ByLanguage = dict[Language, Phrases]
Word = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
Question = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Style(Part):
    """How she talks."""

    description: Annotated[str, StringConstraints(strip_whitespace=True, max_length=600)] = Field(
        "", description="In a sentence or two, such as: warm and dry, never pushy. A language model is told so."
    )
    words: int = Field(16, ge=5, le=30, description="Words of a sentence, at most; a language model is told so.")
    address: dict[Language, str] = Field(
        default_factory=dict, description="How one viewer is addressed: du or Sie, tu or vous, tu or Lei, tú or usted."
    )


class Catchphrases(Part):
    """What she is known for saying."""

    every: int = Field(8, ge=1, le=1000, description="At most one in so many answers ends with one.")
    said: ByLanguage = Field(default_factory=dict, description="By language: the phrases, taken in turn.")


class Around(Part):
    """What she says around an answer, by language; where nothing is written, the default is said."""

    greeting: ByLanguage = Field(default_factory=dict, description="To one who says hello; {name} of the viewer.")
    thanks: ByLanguage = Field(default_factory=dict, description="To one who says thank you; {name} of the viewer.")
    follow: ByLanguage = Field(default_factory=dict, description="To one who follows; {name} of the viewer.")
    bridge: ByLanguage = Field(
        default_factory=dict, description="Said at once while the answer is made ready; {name} of the viewer."
    )
    unknown: ByLanguage = Field(default_factory=dict, description="Where nothing is known; {shop}.")
    team: ByLanguage = Field(default_factory=dict, description="Where an answer may not be said; {shop}.")
    names: ByLanguage = Field(default_factory=dict, description="Where several ask the same; {names} of the viewers.")
    human: ByLanguage = Field(
        default_factory=dict, description="To one who asks if she is human: it must say that she is an AI; {host}."
    )


class Never(Part):
    """What she never says, whoever asks and whoever words the answer."""

    words: tuple[Word, ...] = Field((), max_length=500, description="Words and phrases; cheap* means cheaper too.")
    topics: dict[Word, tuple[Word, ...]] = Field(
        default_factory=dict,
        description="A topic, and the words that show that a sentence is about it: politics: [election, president*]",
    )


class Example(Part):
    """A question and how she answers it."""

    language: Language | None = Field(None, description="Of both; the first of `languages` when left out.")
    questions: tuple[Question, ...] = Field(min_length=1, max_length=20, description="As viewers would ask.")
    answer: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=600)] = Field(
        description="As she would answer; the fact gate looks at it like at any other sentence."
    )


class PersonaFile(Part):
    """One host. Paths start at the folder of the file, and stay inside it."""

    name: Annotated[Said, Field(max_length=40)] = Field(description="The host's name, as she says it.")
    languages: tuple[Language, ...] = Field(
        tuple(LANGUAGES), min_length=1, description="That she answers in; her own first."
    )
    style: Style = Style()
    catchphrases: Catchphrases = Catchphrases()
    phrases: Around = Around()
    never: Never = Never()
    examples: tuple[Example, ...] = Field((), max_length=200, description="Typical questions and her answers.")
    knowledge: tuple[Annotated[str, AfterValidator(_note)], ...] = Field(
        (), max_length=MOST_NOTES, description="Markdown notes, such as notes/brewing.md, in her own language."
    )


def read(path: Path) -> PersonaFile:
    """The persona of a file, or of a folder with a persona.yaml. Raises Problems with everything that is wrong."""
    return document.read(path / FILE if path.is_dir() else path, PersonaFile, faults)


def faults(persona: PersonaFile) -> Iterator[Fault]:
    """What is wrong between the parts of a persona whose parts are all right."""
    for language, word in persona.style.address.items():
        if word not in ADDRESSES[language]:
            known = " or ".join(ADDRESSES[language])
            yield Fault(("style", "address", language), f"'{word}' is no way to address a viewer; write {known}")
    for loc, language, text in spoken_texts(persona):
        if language not in persona.languages:
            yield Fault(loc, f"'{language}' is not among the languages of this persona")
        for field in re.findall(r"\{([^{}]*)\}|([{}])", text):
            name = field[0]
            if name not in (allowed := FIELDS.get(str(loc[1]), frozenset())):
                may = " and ".join(f"{{{each}}}" for each in sorted(allowed)) or "nothing"
                yield Fault(loc, f"'{{{name}}}' means nothing here; {may} may stand in braces")
    yield from _untrue(persona)
    yield from _contradictions(persona)


def spoken_texts(persona: PersonaFile) -> Iterator[tuple[Loc, str, str]]:
    """Where each phrase stands, its language, and the phrase."""
    for key in type(persona.phrases).model_fields:
        for language, said in getattr(persona.phrases, key).items():
            yield from ((("phrases", key, language, n), language, text) for n, text in enumerate(said))
    for language, said in persona.catchphrases.said.items():
        yield from ((("catchphrases", "said", language, n), language, text) for n, text in enumerate(said))


def _untrue(persona: PersonaFile) -> Iterator[Fault]:
    """Whoever asks if she is human is told the truth, whatever the file says."""
    for language, said in persona.phrases.human.items():
        for n, text in enumerate(said):
            loc = ("phrases", "human", language, n)
            if denies_being_an_ai(text, language):
                yield Fault(loc, "this says that she is no AI; whoever asks is told the truth")
            elif not says_it_is_an_ai(text, language):
                yield Fault(loc, f"this does not say that she is an AI, in {LANGUAGES[language]}; add it")


def _contradictions(persona: PersonaFile) -> Iterator[Fault]:
    """Phrases of the file that the file itself forbids."""
    from host_engine.audience.persona.never import Forbidden

    forbidden = Forbidden.of(persona.never.words, persona.never.topics)
    for loc, _, text in spoken_texts(persona):
        if found := forbidden.found(text):
            yield Fault(loc, f"this is never said, by `never` in this file: {', '.join(found)}")
    for n, example in enumerate(persona.examples):
        if found := forbidden.found(example.answer):
            yield Fault(("examples", n, "answer"), f"this is never said, by `never` in this file: {', '.join(found)}")
