"""Markup, templates and code in a message: nobody asks for a price with them."""

from __future__ import annotations

import html
import re
from urllib.parse import unquote

_NAMES = "speak|break|prosody|say-as|audio|voice|phoneme|emphasis|sub|mark|lang|script|style|iframe|img|svg|a|b|i|p|s|w"
_MARKUP = re.compile(
    rf"""
    < \s* [/!?]? \s* (?:{_NAMES}) (?: \s | / | > | $ )      # a known tag, closed or not
  | < [/!?]? [a-z][\w:-]* \s* /? >                          # any tag without attributes
  | < [a-z][\w:-]* \s [^<>]* =                              # any tag with attributes
  | < ! (?: -- | \[ | doctype )
  | <\| | \|> | << \s* (?:sys|end) | \{{\{{ | \}}\}} | \{{% | %\}} | \$\{{ | \#\{{ | <% | \[\[ | \]\]
  | \] \( | \[ /? (?:inst|sys) \]
  | "role" \s* : | javascript: | data: \w+ / | \bon (?:error|load|click) \s* =
  | ; \s* (?:drop|delete|insert|update|select) \s | \b union \s+ select \b | ' \s* or \s+ '? 1 '? \s* = | ; \s* --
  | \.\./\.\. | \b (?:__import__|os\.system|subprocess|eval|exec) \s* \(
    """,
    re.IGNORECASE | re.VERBOSE,
)
_ESCAPE = re.compile(r"\\u\{?([0-9a-fA-F]{4})\}?|\\x([0-9a-fA-F]{2})")


def unescaped(seen: str) -> str:
    """The text with what stands for characters in HTML, addresses and program texts put in their place."""
    if "&" in seen and ";" in seen:
        seen = html.unescape(seen)
    if seen.count("%") >= 2:
        seen = unquote(seen, errors="ignore")
    if "\\" in seen:
        seen = _ESCAPE.sub(lambda match: chr(int(match[1] or match[2], 16)), seen)
    return seen


def marked_up(seen: str) -> bool:
    """Whether there is markup for a voice, a page, a template or a model, or code, in a visible text."""
    return _MARKUP.search(seen) is not None
