"""From what was heard to a message that may be shown, spoken and answered, or to the reason why not."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple, Protocol

from host_engine.audience.conversations import Conversations
from host_engine.audience.ledger import Ledger
from host_engine.audience.message import Kind, Message, Receipt, Viewer
from host_engine.audience.source import Heard

log = logging.getLogger(__name__)

LONGEST = 2000  # signs of a message; what is longer is refused before anything else looks at it
REPLY_TO = 1000
KEYS = {"question": "", "greeting": "greetings", "thanks": "thanks", "follow": "follows"}


class Ruling(Protocol):
    """What the firewall says: `reason` is "" where the text may pass, `text` is cleaned, `said` is for the viewer."""

    @property
    def reason(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def said(self) -> str: ...


class Filters(NamedTuple):
    """What looks at a text before anything else does."""

    rule: Callable[[str, str | None], Ruling]  # the firewall: (text, language)
    clean_name: Callable[[str], str]
    kind_of: Callable[[str], Kind]
    redacted: Callable[[str], str]  # without personal data, for every log


class Taking:
    """Cleans and rules. Never raises: what cannot be looked at is refused."""

    def __init__(
        self,
        filters: Filters,
        ledger: Ledger,
        clock: Callable[[], float],
        product: Callable[[str], bool],
        conversations: Conversations | None = None,
    ) -> None:
        """`product`: whether the catalog in force has one of that id. `conversations`: what was asked before."""
        self.filters, self._ledger, self._clock, self._product = filters, ledger, clock, product
        self._conversations = conversations or Conversations(clock)

    def message(
        self, heard: Heard, source: str, spoken: bool = False, product: str | None = None, viewer_seen: str = ""
    ) -> Message | Receipt:
        """The message, or the receipt of its refusal."""
        try:
            ruling = self.ruling(heard.text, heard.language)
            if isinstance(ruling, Receipt):
                return ruling
            message = Message(
                text=ruling.text,
                viewer=Viewer(viewer_seen or heard.viewer_id or heard.viewer_name, self._name(heard), heard.buyer),
                source=source,
                at=self._clock(),
                kind=heard.kind if heard.kind != "question" else self.filters.kind_of(ruling.text),
                language=heard.language or None,
                product=product if product and self._product(product) else None,
                spoken=spoken,
                reply_to=heard.reply_to[:REPLY_TO],
                origin=heard.origin,
            )
            hangs_on = self._conversations.asked(message)
            return replace(message, hangs_on=hangs_on) if hangs_on else message
        except Exception:
            log.exception("a message could not be looked at")
            return self.refuse("fault", "This message cannot be read.", "")

    def ruling(self, text: str, language: str | None) -> Ruling | Receipt:
        """What the firewall says of a text, or the receipt of its refusal."""
        if len(text) > LONGEST:
            return self.refuse("long", f"Please write at most {LONGEST} characters.", text[:LONGEST])
        if not any(sign.isalnum() for sign in text):
            return self.refuse("empty", "Please write a question in words.", text)
        ruling = self.filters.rule(text, language)
        return self.refuse(ruling.reason, ruling.said, text) if ruling.reason else ruling

    def refuse(self, reason: str, said: str, text: str) -> Receipt:
        """Count a refusal; the log keeps the text without personal data."""
        self._ledger.refused[reason] += 1
        self._ledger.fact("refused", f"refused ({reason}): {self.shown(text)}", reason=reason)
        return Receipt("", "refused", reason, said)

    def shown(self, text: str) -> str:
        """The text as a log may keep it."""
        try:
            return self.filters.redacted(" ".join(text[:400].split()))[:200]
        except Exception:
            log.exception("a text could not be redacted and is left out of the log")
            return "…"

    def _name(self, heard: Heard) -> str:
        """The viewer's name, cleaned; "" where it may not be said."""
        name = self.filters.clean_name(heard.viewer_name[:200])
        return "" if name and self.filters.rule(name, None).reason else name
