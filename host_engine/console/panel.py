"""A panel of the console: drawn by the browser from the feed; what is done on it comes back and goes to the API."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, NamedTuple

from nicegui import ui
from nicegui.element import Element
from nicegui.events import GenericEventArguments

from host_engine.access.who import Who
from host_engine.console.orders import Answered, Orders, part


class Order(NamedTuple):
    """How something that is done on a panel is ordered of the API."""

    method: str
    path: str  # with the names of fields in braces
    takes: tuple[str, ...] = ()  # fields that are the body; none: there is no body
    said: str = ""  # to the operator when it is done; fields in braces
    shows: tuple[int, ...] = ()  # refusals of which the panel tells by itself, where it was ordered


class Visitor(NamedTuple):
    """Who has opened a page, and how they order."""

    who: Who
    orders: Orders


class Panel(Element):
    """Each panel names the orders that it gives. The API refuses what the operator may not do; the panel says so."""

    gives: ClassVar[Mapping[str, Order]] = {}

    def __init__(self, visitor: Visitor, **props: Any) -> None:
        super().__init__()
        self.visitor = visitor
        self._answers = 0
        self._props.update({"role": visitor.who.role, **props})
        self.on("order", self._ordered)

    async def act(self, what: str, fields: dict[str, Any]) -> Answered | None:
        """Do what was ordered; None for what is not known here. Panels that do more than order extend it."""
        order = self.gives.get(what)
        if order is None:
            return None
        path = order.path.format_map({name: part(value) for name, value in fields.items()})
        body = {name: fields[name] for name in order.takes if name in fields} if order.takes else None
        return await self.visitor.orders.order(order.method, path, body)

    async def _ordered(self, event: GenericEventArguments) -> None:
        fields = dict(event.args) if isinstance(event.args, dict) else {}
        what = str(fields.pop("do", ""))
        try:
            answered = await self.act(what, fields)
        except (KeyError, ValueError, TypeError, AttributeError):  # no page of ours sends this
            answered = Answered(422, {"detail": "Something is missing in what was ordered; reload the page."})
        if answered is None:
            return
        self._say(what, fields, answered)
        self._answers += 1
        self._props["answer"] = {
            "n": self._answers,
            "do": what,
            "done": answered.done,
            "status": answered.status,
            "sentence": "" if answered.done else answered.sentence,
            "body": answered.body,
            "fields": fields,
        }
        self.update()

    def _say(self, what: str, fields: Mapping[str, Any], answered: Answered) -> None:
        order = self.gives.get(what)
        if not answered.done:
            if order and answered.status in order.shows:
                return
            ui.notify(
                answered.sentence, type="negative", position="top", timeout=9000, close_button="Close", multi_line=True
            )
        elif order and order.said:
            note = str(answered.body.get("note") or "") if isinstance(answered.body, Mapping) else ""
            said = " ".join(filter(None, (order.said.format_map(_Lenient(fields)), note)))
            ui.notify(said, type="info", position="top", timeout=8000 if note else 3000)


class _Lenient(dict[str, Any]):
    def __missing__(self, name: str) -> str:
        return ""
