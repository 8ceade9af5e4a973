"""Which messages were heard already: a chat that is connected anew often says its last ones once more."""

from __future__ import annotations

from collections import OrderedDict

MOST = 5000


class Seen:
    """The ids of the last messages. Bounded: of more than `most` the oldest is forgotten."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._ids: OrderedDict[str, None] = OrderedDict()

    def again(self, id: str) -> bool:
        """Whether this id was here before; from now on it was. A message without an id is always new."""
        if not id:
            return False
        if id in self._ids:
            self._ids.move_to_end(id)
            return True
        self._ids[id] = None
        if len(self._ids) > self._most:
            self._ids.popitem(last=False)
        return False
