"""Runs a network over batches: inputs up, gather, move, paste, pictures down, each on its lane, two batches at once."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray

from host_engine.media import Picture
from host_engine.neural.net import Half, Net
from host_engine.neural.order import Order, Resident
from host_engine.neural.worker.batching import BUCKETS
from host_engine.neural.worker.byte_paste import BytePaste, Rows
from host_engine.neural.worker.card import Card, Lane, Mark, card_for
from host_engine.neural.worker.fit import avatar_misfit
from host_engine.neural.worker.graphs import Steps
from host_engine.neural.worker.paste import paste
from host_engine.neural.worker.slot import Colour, Slot


class Block(NamedTuple):
    """An avatar on the card."""

    kept: torch.Tensor  # (frames, *net.kept)
    masks: torch.Tensor  # (frames or 1, side, side) uint8
    rows: Rows  # of all masks together

    @property
    def bytes(self) -> int:
        return sum(each.numel() * each.element_size() for each in (self.kept, self.masks))


class Flight:
    """A batch under way. `done` asks, without waiting; then `pictures` are there."""

    def __init__(self, card: Card, slot: Slot, ranks: list[int], rows: int, marks: tuple[Mark, Mark]) -> None:
        self.bucket = rows
        self._card, self._slot, self._ranks, self._marks = card, slot, ranks, marks

    def done(self) -> bool:
        return self._marks[1].query()

    def finish(self) -> None:
        """Wait until it is done: for starts and benchmarks."""
        self._card.finish(self._marks[1])

    @property
    def milliseconds(self) -> float:
        """From the beginning of its work to the end of its copy back, measured on the card."""
        return self._card.milliseconds(*self._marks)

    def pictures(self) -> list[Picture | None]:
        """In the order in which they were ordered; None where the network's picture was not finite."""
        finite = self._slot.finite.view
        return [self._slot.picture(row) if finite[row] else None for row in self._ranks]


class Runner:
    """One network on one device, with the avatars it works for. `launch` waits for nothing; at most two are under way.

    Graphs hold the network only. What an avatar is made of is gathered before it, by index, on the card: so avatars
    come and go without a new capture. Where nothing is captured, a batch is exactly as large as its orders.
    """

    def __init__(
        self,
        net: Net,
        device: torch.device | None = None,
        dtype: torch.dtype | None = None,
        buckets: Sequence[int] = BUCKETS,
        graphs: bool = True,
        card: Card | None = None,
        colour: Colour = "rgb",
        compiles: bool = False,
    ) -> None:
        """`device` and `dtype` are the network's own; given, they are checked. Raises ValueError."""
        if device is not None and torch.device(device).type != net.device.type:
            raise ValueError(f"{net.name} is on {net.device}, not on {device}")
        if dtype is not None and dtype != net.dtype:
            raise ValueError(f"{net.name} computes in {net.dtype}, not in {dtype}")
        self.net = net
        self.card = card or card_for(net.device)
        self.card.begin()
        self.blocks: dict[int, Block] = {}
        self._pasted = BytePaste(net.side)  # where the card is the processor
        self._graphs, self._compiles, self.colour = graphs, compiles, colour
        self._turn = 0  # whose slot is next
        self._make(buckets)

    @property
    def buckets(self) -> tuple[int, ...]:
        return self.steps.buckets

    @torch.inference_mode()
    def keep(self, avatar: int, resident: Resident) -> None:
        """Take an avatar in under its number. Raises ValueError for a wrong shape, torch's errors where it fails."""
        if refused := avatar_misfit(self.net, resident):
            raise ValueError(refused)
        dtype = torch.uint8 if resident.kept.dtype == np.uint8 else self.net.dtype
        kept, masks = self.card.place(resident.kept, dtype), self.card.place(resident.masks, torch.uint8)
        self.blocks[avatar] = Block(kept, masks, _rows(resident.masks))
        self._pasted.forget()

    def leave(self, avatar: int) -> None:
        """Let an avatar go; batches under way still have it."""
        self.blocks.pop(avatar, None)

    @torch.inference_mode()
    def prepare(self) -> None:
        """Capture what can be captured, and begin to compile where wished. Takes seconds, and room on the card."""
        self.steps.prepare()
        if self._compiles:
            self.steps.compile_behind()

    def shrink(self) -> bool:
        """Give up the largest bucket, and what it held; False where there is only one. No batch may be under way."""
        if len(self.buckets) == 1:
            return False
        smaller = self.buckets[:-1]
        del self.steps, self._slots, self._masks
        self.card.tidy()
        self._make(smaller)
        self.prepare()
        return True

    @torch.inference_mode()
    def launch(self, orders: Sequence[Order]) -> Flight:
        """Begin a batch; the one before the last must be done. All avatars of the orders must have been taken in."""
        card, slot = self.card, self._slots[self._turn]
        self._turn = 1 - self._turn
        sorting = sorted(range(len(orders)), key=lambda each: orders[each].avatar)
        slot.fill([orders[each] for each in sorting])
        with card.on(Lane.UP):
            slot.up()
            given = card.mark(Lane.UP)
        card.after(Lane.WORK, given)
        rows = self.steps.rows(len(orders))
        with card.on(Lane.WORK):
            begin = card.mark(Lane.WORK)
            avatars = [orders[each].avatar for each in sorting]
            self._gather(slot, avatars)
            self._put_back(slot, avatars, *self.steps(rows))
            made = card.mark(Lane.WORK)
        card.after(Lane.DOWN, made)
        with card.on(Lane.DOWN):
            slot.down()
            done = card.mark(Lane.DOWN)
        ranks = sorted(range(len(orders)), key=sorting.__getitem__)
        return Flight(card, slot, ranks, rows, (begin, done))

    def run(
        self, kept_index: Sequence[int] | NDArray[np.int64], windows: Half, unders: Sequence[Picture], avatar: int = 0
    ) -> list[Picture]:
        """One batch from beginning to end, for benchmarks: frames `kept_index` of one avatar, (n, *window), n crops.

        Raises ValueError where a picture is not finite.
        """
        given = zip(kept_index, windows, unders, strict=True)
        flight = self.launch([Order("", avatar, int(frame), window, under, 0.0) for frame, window, under in given])
        flight.finish()
        pictures = [each for each in flight.pictures() if each is not None]
        if len(pictures) < len(unders):
            raise ValueError(f"{len(unders) - len(pictures)} of {len(unders)} pictures are not finite")
        return pictures

    @torch.inference_mode()
    def _make(self, buckets: Sequence[int]) -> None:
        largest, net = max(buckets), self.net
        self.steps = Steps(net, self.card, buckets, self._graphs)
        self._masks = self.card.zeros((largest, net.side, net.side), torch.uint8)
        self._slots = [Slot(self.card, largest, net.window, self.colour) for _ in range(2)]
        self._turn = 0

    def _gather(self, slot: Slot, avatars: Sequence[int]) -> None:
        """What the orders, sorted by avatar, need of what is kept: one look-up by index an avatar."""
        steps, first = self.steps, 0
        steps.windows[: slot.count].copy_(slot.windows.there[: slot.count])
        for avatar, group in groupby(avatars):
            last = first + sum(1 for _ in group)
            block, frames = self.blocks[avatar], slot.frames.there[first:last]
            steps.kept[first:last].copy_(block.kept.index_select(0, frames))
            many = len(block.masks) > 1
            self._masks[first:last].copy_(block.masks.index_select(0, frames) if many else block.masks)
            first = last

    def _put_back(self, slot: Slot, avatars: Sequence[int], faces: torch.Tensor, finite: torch.Tensor) -> None:
        count = slot.count
        slot.finite.there[:count].copy_(finite[:count])
        if self.card.shared:
            pictures = slot.unders()  # changed in place: nobody needs them any more
            rows = [self.blocks[each].rows for each in avatars]
            still = [each if len(self.blocks[each].masks) == 1 else None for each in avatars]
            self._pasted(faces[:count], self._masks[:count], pictures, slot.crops, rows, still)
        else:
            sizes = slot.sizes.there[:count]
            pictures = paste(faces[:count], self._masks[:count], slot.unders(), sizes)
        slot.write(pictures)


def _rows(masks: Picture) -> Rows:
    """Between which rows any of the masks shows something."""
    shown = np.flatnonzero(masks.any(axis=(0, 2)))
    return (int(shown[0]), int(shown[-1]) + 1) if len(shown) else (0, 0)
