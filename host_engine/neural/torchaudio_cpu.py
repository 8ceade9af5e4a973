"""torchaudio beside a torch without CUDA.

The registry's torchaudio is built for CUDA, and its compiled extension cannot be loaded next to a CPU build of torch:
`import torchaudio` raises OSError, and everything that imports it falls with it. torchaudio itself knows a state
"extension absent", in which all that is written in torch (resampling, spectrograms, filters) works. This puts it there.
"""

from __future__ import annotations

import importlib
import sys
import types


def import_torchaudio() -> types.ModuleType:
    """torchaudio, without its extension where that cannot be loaded; must run before anything else imports it."""
    import torch

    try:
        return importlib.import_module("torchaudio")
    except OSError:
        if torch.version.cuda is not None:
            raise
    for name in [n for n in sys.modules if n == "torchaudio" or n.startswith("torchaudio.")]:
        del sys.modules[name]
    absent = types.ModuleType("torchaudio._extension", "Stands for the compiled extension that cannot be loaded here.")
    vars(absent).update(
        _IS_TORCHAUDIO_EXT_AVAILABLE=False,
        _IS_ALIGN_AVAILABLE=False,
        _check_cuda_version=lambda: None,
        fail_if_no_align=_fail_if_no_align,
    )
    sys.modules[absent.__name__] = absent
    return importlib.import_module("torchaudio")


def _fail_if_no_align(function: object) -> object:
    def fail(*_args: object, **_kwargs: object) -> None:
        raise RuntimeError(f"{function!r} needs torchaudio's compiled extension, which cannot be loaded here")

    return fail
