"""Our own small network for lips: trained by `host-engine train-mouth`, shipped with weights, quick on one core."""

from host_engine.neural.small.net import SmallNet, load

__all__ = ["SmallNet", "load"]
