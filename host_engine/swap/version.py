"""A version of a catalog and its rundown that was in force."""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

from host_engine.swap.library import Marks

What = Literal["start", "swap", "save", "rollback", "recall", "restore", "change"]
OF_FILES = ("start", "swap", "save", "rollback")  # those with files of their own: what a rollback goes back to


class Version(NamedTuple):
    """Plain values, ready for JSON."""

    id: int
    what: What
    name: str  # of the catalog, as it is listed
    folder: str
    marks: Marks  # of its files
    version: str  # of the catalog in force, with what was changed in it
    who: str
    when: str  # UTC, ISO 8601
    n: int = -1  # frame at which it came in force
    products: tuple[str, ...] = ()
    why: str = ""

    def shown(self) -> dict[str, Any]:
        """For operators."""
        fields = ("id", "name", "version", "what", "who", "when", "n", "products", "why")
        return {name: getattr(self, name) for name in fields}


def read_version(fields: dict[str, Any]) -> Version:
    """The version that was written. Raises TypeError, KeyError or ValueError where it is none."""
    found = Version(**{**fields, "marks": Marks(*fields["marks"]), "products": tuple(fields["products"])})
    if type(found.id) is not int or not all(isinstance(each, str) for each in (found.name, found.folder, found.what)):
        raise ValueError("these are not the fields of a version")
    return found
