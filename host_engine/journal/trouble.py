"""What can be wrong with a journal, in sentences, and the alarm that each of them raises."""

from __future__ import annotations


class Trouble(Exception):
    """The journal cannot be written now. `alarm` is the second half of the alarm's name."""

    alarm = "unreachable"


class Unwritable(Trouble):
    """The disk does not take it."""

    alarm = "unwritable"


class Taken(Trouble):
    """Another engine writes it."""

    alarm = "taken"

    def __str__(self) -> str:
        return f"{super().__str__()}; end it, or give this channel another name and another journal in its file"


class Unfit(Trouble):
    """It is there, but no journal that this engine could write; `damaged` files are set aside."""

    alarm = "unfit"


ALARMS = tuple(each.alarm for each in (Trouble, Unwritable, Taken, Unfit))
