"""Wav2Lip, 96 and 256 pixels wide: written from its published layer tables, loads the public checkpoints."""

from host_engine.neural.wav2lip.load import load, load_blank
from host_engine.neural.wav2lip.wav2lip import Pads, Wav2LipNet

__all__ = ["Pads", "Wav2LipNet", "load", "load_blank"]
