"""JSON whose objects know where in the file they begin."""

from __future__ import annotations

import json
from json import scanner
from json.decoder import JSONObject  # type: ignore[attr-defined]
from typing import Any

from host_engine.feeds.refusal import Refused


class Node(dict[str, Any]):
    """An object; `at` is the place of its brace in the text."""

    at = 0


class _Decoder(json.JSONDecoder):
    """The decoder of the standard library, in Python, so that places are known."""

    def __init__(self) -> None:
        super().__init__(strict=False)  # control signs in texts are common; they are taken out later
        self.parse_object = _object
        self.scan_once = scanner.py_make_scanner(self)  # type: ignore[attr-defined]


def _object(s_and_end: tuple[str, int], *rest: Any) -> tuple[Node, int]:
    found, end = JSONObject(s_and_end, *rest)
    node = Node(found)
    node.at = s_and_end[1] - 1
    return node, end


def loads(text: str) -> Any:
    """The document. Raises Refused, with the line, where it is none."""
    try:
        return _Decoder().decode(text)
    except json.JSONDecodeError as error:
        raise Refused(f"this is not JSON: {error.msg}", error.lineno) from None
    except RecursionError:
        raise Refused("the values of this JSON are nested too deep") from None
    except ValueError as error:  # a number of thousands of digits
        raise Refused(f"this is not JSON that can be read: {str(error)[:120]}") from None
