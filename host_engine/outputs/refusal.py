"""What a target is told when its stream is not wanted; each with a sentence for people, without a secret."""

from __future__ import annotations


class Refused(Exception):
    """What trying again will not mend, such as an address that is none."""


class Rejected(Refused):
    """The server does not want this stream; somebody may change that there."""
