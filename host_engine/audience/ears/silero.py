"""How likely it is that somebody speaks: the Silero VAD that comes with faster-whisper, window by window."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from host_engine.audience.ears.utterances import WINDOW

CONTEXT, STATE = 64, 128  # samples of the window before that it looks at again; numbers that it remembers by


def model_file() -> Path:
    """The network's file, found without importing faster-whisper. Raises FileNotFoundError with a sentence."""
    found = find_spec("faster_whisper")
    for folder in (found.submodule_search_locations or []) if found else []:
        for path in sorted((Path(folder) / "assets").glob("silero_vad*.onnx")):
            return path
    raise FileNotFoundError("the voice detector is missing: install faster-whisper 1.2 or newer, which brings it")


@cache
def _session() -> Any:
    """One network for all microphones: it keeps nothing between two calls. Uses one thread, the caller's."""
    import onnxruntime  # type: ignore[import-untyped]

    options = onnxruntime.SessionOptions()
    options.inter_op_num_threads = options.intra_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    options.log_severity_level = 4
    return onnxruntime.InferenceSession(str(model_file()), options, providers=["CPUExecutionProvider"])


class Silero:
    """`Probabilities` of one microphone: what it heard before is remembered."""

    def __init__(self) -> None:
        self._session = _session()
        self.forget()

    def forget(self) -> None:
        """Begin anew, as for another speaker."""
        self._h = self._c = np.zeros((1, 1, STATE), np.float32)
        self._context = np.zeros(CONTEXT, np.float32)

    def __call__(self, windows: NDArray[np.float32]) -> NDArray[np.float32]:
        before = np.concatenate([self._context[None], windows[:-1, -CONTEXT:]])
        self._context = windows[-1, WINDOW - CONTEXT :].copy()
        fed = {"input": np.concatenate([before, windows], 1), "h": self._h, "c": self._c}
        found, self._h, self._c = self._session.run(None, fed)
        return np.asarray(found, np.float32).reshape(-1)
