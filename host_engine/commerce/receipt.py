"""What became of an event of the shop: told to whoever sent it, to operators and to the as-run log."""

from __future__ import annotations

from typing import Literal, NamedTuple

State = Literal["in_force", "accepted", "unchanged", "counted", "on_air", "repeated", "older", "unknown", "refused"]
SHORT = {"in_force", "accepted", "unchanged", "counted", "on_air"}  # something was taken


class Receipt(NamedTuple):
    """An event that was taken. `accepted`: nothing old is begun any more, and it is being put in force."""

    id: str
    what: str  # its type, such as "price"
    state: State
    detail: str  # a sentence
    products: tuple[str, ...] = ()
    frame: int | None = None  # since which it is in force

    def plain(self) -> dict[str, object]:
        """For JSON."""
        return self._asdict() | {"products": list(self.products)}
