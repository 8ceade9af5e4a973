"""Who acts upon a channel, and what they may do."""

from __future__ import annotations

from typing import Literal, NamedTuple, Protocol

Role = Literal["viewer", "operator", "admin"]
ROLES: tuple[Role, ...] = ("viewer", "operator", "admin")  # each may do what those before it may


class Who(NamedTuple):
    """Somebody who showed a token, or a part of the engine that acts by itself."""

    name: str  # such as "anna" or "the file watch"
    role: Role = "operator"
    address: str = ""  # where they are, for the audit log; "" for a part of the engine

    def may(self, role: Role) -> bool:
        """Whether what needs `role` is allowed."""
        return ROLES.index(self.role) >= ROLES.index(role)


class Audit(Protocol):
    """Keeps who did what, and when, in the as-run log."""

    def __call__(self, who: Who, action: str, outcome: str = "done", **facts: object) -> None:
        """`action`: such as "swap"; `outcome`: "done", or the sentence that refused it. Never waits, never raises."""
