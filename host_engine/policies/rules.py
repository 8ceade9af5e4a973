"""What a policy may ask of a channel, and what follows where it is not so: the kinds of rules of a policy file."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from host_engine.document.label_words import label_words
from host_engine.document.quantities import Seconds
from host_engine.show.label_demand import Corner

Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]
Language = Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]+)*$")]
Words = dict[Language, list[Annotated[list[str], Field(min_length=1)]]]
Outcome = Literal["refuse", "force", "human-voice", "warn", "engine"]


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Ruled(Part):
    """What all rules have in common."""

    id: Name
    says: str = Field(min_length=10, max_length=600, description="The rule, in our own words: one sentence or two.")
    source: Name | None = Field(None, description="Which of the sources says so; the first when left out.")
    applies: date | None = Field(None, description="From when on, where that is later than for the whole policy.")
    when: Literal["always", "filmed"] = Field("always", description="filmed: only where the host was filmed.")


class LabelRule(Ruled):
    """What the AI label on the picture must say, and how large and where it must be. It is never off the picture."""

    asks: Literal["label"]
    words: Words = Field(
        default_factory=dict,
        description="Per language: each of these must be in the label, in one of its forms. Any language will do.",
    )
    text: dict[Language, Annotated[str, Field(min_length=2, max_length=40), AfterValidator(label_words)]] = Field(
        default_factory=dict, description="What it is made to say instead, per language."
    )
    language: Language | None = Field(None, description="The language that it must be in; any when left out.")
    letters: float = Field(0.0, ge=0, le=0.2, description="Height of the type, of the picture's shorter side.")
    corner: Corner | None = None
    otherwise: Literal["force", "refuse", "warn"] = "force"

    @model_validator(mode="after")
    def _can_be_forced(self) -> LabelRule:
        if self.otherwise == "force" and self.words and not self.text:
            raise ValueError("a label that is to be forced needs a 'text'")
        for language, text in self.text.items():
            if self.words and not says(text, self.words):
                raise ValueError(f"the text for '{language}' does not say itself what 'words' asks for")
        if self.language and self.words and self.language not in self.words:
            raise ValueError(f"'words' has none for '{self.language}', the language that it must be in")
        return self


class NoticeRule(Ruled):
    """What must be said aloud again and again: a mandatory line of the rundown."""

    asks: Literal["notice"]
    words: Words = Field(default_factory=dict, description="As those of a label.")
    every: Seconds = Field(gt=0, le=86_400, description="At least so often, such as 1h.")
    otherwise: Literal["refuse", "warn"] = "refuse"


class RegistrationRule(Ruled):
    """A number under which the AI host is registered, seen on the picture."""

    asks: Literal["registration"]
    otherwise: Literal["refuse", "warn"] = "refuse"


class VoiceRule(Ruled):
    """No AI voice is heard."""

    asks: Literal["human-voice"]
    otherwise: Literal["human-voice", "refuse", "warn"] = "human-voice"


class SessionRule(Ruled):
    """No session lasts longer than so long: it is ended, and a new one begun."""

    asks: Literal["session"]
    longest: Seconds = Field(ge=60, le=7 * 86_400)
    otherwise: Literal["force", "refuse", "warn"] = Field("force", description="force: it is ended in time by itself.")


class MovingRule(Ruled):
    """No more than so much of the picture stands still for so long."""

    asks: Literal["moving-picture"]
    most: float = Field(gt=0, lt=1, description="Share of the picture.")
    within: Seconds = Field(60.0, ge=2, le=3600)
    otherwise: Literal["warn"] = "warn"


class DeclarationRule(Ruled):
    """Something that people have to do at the platform or an authority: declared in the channel file once it is."""

    asks: Literal["declaration"]
    otherwise: Literal["refuse", "warn"] = "warn"


class MarksRule(Ruled):
    """Marks that machines read. The engine writes them on every stream and recording by itself."""

    asks: Literal["marks"]
    otherwise: Literal["engine"] = "engine"


Rule = Annotated[
    LabelRule | NoticeRule | RegistrationRule | VoiceRule | SessionRule | MovingRule | DeclarationRule | MarksRule,
    Field(discriminator="asks"),
]


def says(text: str, words: Words, language: str | None = None) -> bool:
    """Whether a text holds all that is asked for in one of the languages, or in the given one.

    Letters are compared without case; a form of Latin letters must stand by itself: "AI" is not in "said".
    """
    tried = [words[language]] if language in words else list(words.values()) if language is None else []
    return any(all(any(_holds(text, form) for form in forms) for forms in each) for each in tried)


def _holds(text: str, form: str) -> bool:
    text, form = text.casefold(), form.casefold()
    at = text.find(form)
    while at >= 0:
        before, after = text[at - 1 : at], text[at + len(form) : at + len(form) + 1]
        if not (_joins(before, form[:1]) or _joins(form[-1:], after)):
            return True
        at = text.find(form, at + 1)
    return False


def _joins(left: str, right: str) -> bool:
    """Whether two neighbours are in one word: Chinese writes no spaces, and "AI" before it is a word all the same."""
    return left.isalnum() and right.isalnum() and max(left, right) < "\u2e80"
