"""What is done when the card has no room: smaller batches, then fewer avatars."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from host_engine.neural.order import Resident
from host_engine.neural.worker.fault import Fault, fault_of
from host_engine.neural.worker.runner import Runner


class Room:
    """The avatars on the card, those that must still find room there, and those that are left out.

    `take_in` and `leave` are called from any thread, the others from that of the batches; `find` and `house` where none
    is under way.
    """

    def __init__(
        self, residents: Callable[[], Mapping[int, Resident]], told: Callable[[str, str | None], None]
    ) -> None:
        self.left_out: dict[int, str] = {}  # why
        self.wanted: dict[int, Resident] = {}  # not on the card yet
        self._leaving: list[int] = []
        self._residents, self._told = residents, told
        self._tight = False  # whether batches had to become smaller
        self._complained = False

    def take_in(self, runner: Runner, avatar: int, resident: Resident) -> bool:
        """Whether it is on the card now; else it is among the `wanted`. Raises what is not a want of room."""
        try:
            runner.keep(avatar, resident)
            return True
        except Exception as error:
            if fault_of(error) is not Fault.ROOM:
                raise
            self.wanted[avatar] = resident
            return False

    def leave(self, avatar: int) -> None:
        """An avatar is needed no more."""
        self._leaving.append(avatar)

    def see_off(self, runner: Runner) -> None:
        """Let those go that are needed no more; between two batches, so that none loses its avatar.

        Those that were left out may find room now.
        """
        while self._leaving:
            avatar = self._leaving.pop()
            runner.leave(avatar)
            known = self._residents()
            self.wanted |= {each: known[each] for each in self.left_out if each in known}
            self.wanted.pop(avatar, None)
            self.left_out.clear()

    def house(self, runner: Runner) -> None:
        """Find room for the avatars that are wanted, or leave them out."""
        while self.wanted:
            avatar, resident = self.wanted.popitem()
            if self.take_in(runner, avatar, resident):
                continue
            del self.wanted[avatar]
            runner.card.tidy()
            if runner.shrink():
                self._smaller(runner)
                self.wanted[avatar] = resident
            else:
                self._leave_out(avatar, resident.name)
        if self._complained and not self.left_out and not self._tight:
            self._complained = False
            self._told("lips/room", None)

    def find(self, runner: Runner, error: Exception) -> None:
        """After a batch found no room. Raises the error where it is of another kind, or nothing is left to give."""
        while fault_of(error) is Fault.ROOM:
            runner.card.tidy()
            try:
                if runner.shrink():
                    self._smaller(runner)
                    return
            except Exception as again:
                error = again
                continue
            if self._evict(runner):
                return
            break
        raise error

    def _evict(self, runner: Runner) -> bool:
        """Let the largest of several avatars go."""
        known = self._residents()
        blocks = {avatar: block for avatar, block in runner.blocks.items() if avatar in known}
        if len(blocks) < 2:
            return False
        avatar = max(blocks, key=lambda each: blocks[each].bytes)
        runner.leave(avatar)
        self._leave_out(avatar, known[avatar].name)
        return True

    def _smaller(self, runner: Runner) -> None:
        self._tight = self._complained = True
        self._told("lips/room", f"the card has no room for larger batches of lips: {runner.buckets[-1]} at most")

    def _leave_out(self, avatar: int, name: str) -> None:
        self.left_out[avatar] = f"the card has no room for the avatar {name}"
        self._complained = True
        self._told("lips/room", f"{self.left_out[avatar]}: use fewer avatars, or a larger card")
