"""The network while it learns: its optimiser, its smoothed weights, and the folded copy that goes on air."""

from __future__ import annotations

import copy
import math
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

from host_engine.neural import weights
from host_engine.neural.small.network import CODE, SHAPE, Cell, Lips
from host_engine.training import loss
from host_engine.training.lesson import Lesson

FASTEST, SLOWEST, WARM = 2e-3, 2e-5, 40  # learning rates; steps until the fastest is reached
SMOOTH = 0.996  # of the smoothed weights stays at each step
INEXACT = 0.01  # by which the painter is told other mouths than there are, as the ear will
DECAY = 0.01


class Pupil:
    """Learns one lesson after the other; everything follows from the seed and the lessons."""

    def __init__(self, seed: int, halved: bool = False) -> None:
        """`halved`: convolutions in bfloat16, three times as fast where the processor computes in it."""
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            self.lips: Lips = Lips(normed=True).to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.smoothed = copy.deepcopy(self.lips).requires_grad_(False).eval()
        self.optimiser = torch.optim.AdamW(
            self.lips.parameters(), FASTEST, betas=(0.9, 0.98), weight_decay=DECAY, fused=True
        )
        self.steps = 0
        self._halved = halved
        self._seed = seed

    def learn(self, lesson: Lesson, done: float) -> tuple[float, float]:
        """One step; `done` is the share of the training that is over. Returns what the eye and the ear missed."""
        rate = SLOWEST + (FASTEST - SLOWEST) * 0.5 * (1 + math.cos(math.pi * min(1.0, done)))
        for group in self.optimiser.param_groups:
            group["lr"] = rate * min(1.0, (self.steps + 1) / WARM)
        self.lips.train()
        seen, heard = self._missed(lesson)
        self.optimiser.zero_grad(set_to_none=True)
        (seen + heard).backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(self.lips.parameters(), 2.0)
        self.optimiser.step()
        self.steps += 1
        self._smooth()
        return float(seen.detach()), float(heard.detach())

    def begin_with(self, path: Path) -> None:
        """Start from weights that an earlier training shipped. Raises NetError."""
        known = Lips()
        weights.fit(known, weights.read(path), path, "the small network")
        for lips in (self.lips, self.smoothed):
            _unfold(known, lips)

    def folded(self) -> Lips:
        """A copy of the smoothed network without its norms, as it is shipped."""
        return folded(self.smoothed)

    def _missed(self, lesson: Lesson) -> tuple[Tensor, Tensor]:
        with torch.autocast("cpu", torch.bfloat16, enabled=self._halved):
            heard = torch.zeros(())
            if lesson.windows is not None and lesson.mouths is not None:
                heard = loss.heard(self.lips.ear(lesson.windows).float(), lesson.mouths)
            code = self._told(lesson)
            face = self.lips.painter(lesson.reference, lesson.current, code)
        return loss.painted(face, lesson.target, lesson.reference), heard

    def _told(self, lesson: Lesson) -> Tensor:
        """The codes to paint: the mouths' own numbers where they are known, so that no doubt of the ear blurs them."""
        if lesson.shapes is None:
            assert lesson.said is not None
            code: Tensor = self.lips.ear(lesson.said).clamp(self.lips.low, self.lips.high)
            return code
        chance = torch.Generator().manual_seed(self._seed * 1_000_003 + self.steps)
        noise = torch.randn(lesson.shapes.shape, generator=chance) * INEXACT
        return nn.functional.pad(lesson.shapes + noise, (0, CODE - SHAPE))

    @torch.no_grad()
    def _smooth(self) -> None:
        keep = min(SMOOTH, (1 + self.steps) / (10 + self.steps))
        for slow, quick in zip(self.smoothed.parameters(), self.lips.parameters(), strict=True):
            slow.lerp_(quick, 1 - keep)
        for still, now in zip(self.smoothed.buffers(), self.lips.buffers(), strict=True):
            still.copy_(still.lerp(now, 1 - keep) if still.is_floating_point() else now)


def folded(lips: Lips) -> Lips:
    """A copy whose norms have become part of the convolutions; computes the same as `lips` in evaluation."""
    copied = copy.deepcopy(lips).float().eval()
    for module in copied.modules():
        if isinstance(module, Cell) and isinstance(module.norm, nn.BatchNorm2d):
            module.conv = fuse_conv_bn_eval(module.conv, module.norm)
            module.norm = nn.Identity()
    return copied.requires_grad_(False)


def _unfold(known: Lips, lips: Lips) -> None:
    """Puts folded weights into a network with norms: each norm begins as one that changes nothing."""
    lips.load_state_dict(known.state_dict(), strict=False)
    for module in lips.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.reset_parameters()
