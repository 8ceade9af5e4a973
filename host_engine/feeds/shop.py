"""What a feed tells of the shop beside its products."""

from __future__ import annotations

from dataclasses import dataclass, field

from host_engine.feeds.plain_words import name as plain_name


@dataclass
class Shop:
    """Grows while a feed is read; what was learnt first stays."""

    name: str = ""
    link: str = ""
    language: str = ""
    base: str = ""  # address of the page that the feed is
    vendors: set[str] = field(default_factory=set)

    def learn(self, name: str | None = None, link: str | None = None, language: str | None = None) -> None:
        """Keep what is not known yet."""
        self.name = self.name or plain_name(name or "", 60)
        self.link = self.link or (link or "").strip()[:300]
        self.language = self.language or (language or "").strip()[:20]

    def vendor(self, name: str) -> None:
        """Who makes a product: the shop itself, where it is the same for all."""
        if name and len(self.vendors) < 3:
            self.vendors.add(plain_name(name, 60))

    @property
    def called(self) -> str:
        """The shop's name, "" where the feed does not say."""
        return self.name or (next(iter(self.vendors)) if len(self.vendors) == 1 else "")
