import io

import numpy as np
import pytest

from host_engine.audience.ears.wire import MARK, Frame, WireError, packed, pcm, read, samples


def test_a_frame_comes_out_as_it_went_in():
    pipe = io.BytesIO(packed(Frame({"kind": "hear", "id": 3}, b"\0\1")) + packed(Frame({"kind": "alive"})))
    assert read(pipe) == Frame({"kind": "hear", "id": 3}, b"\0\1")
    assert read(pipe).kind == "alive"
    assert read(pipe) is None


@pytest.mark.parametrize(
    "bytes_",
    [
        b"Traceback (most recent call last):",
        packed(Frame({"kind": "hear"}, b"1234"))[:-1],
        MARK + b"\xff" * 8,
        MARK + b"\0\0\0\2\0\0\0\0[]",
        MARK + b"\0\0\0\2\0\0\0\0{]",
        b"ear",
    ],
)
def test_anything_else_is_no_frame(bytes_):
    with pytest.raises(WireError):
        read(io.BytesIO(bytes_))


def test_what_is_too_large_is_not_sent():
    with pytest.raises(WireError):
        packed(Frame({"text": "x" * 70_000}))


def test_samples_survive_as_integers():
    wave = np.sin(np.arange(1000) / 20).astype(np.float32)
    assert np.abs(samples(pcm(wave)) - wave).max() < 1e-4
    odd = np.array([np.nan, np.inf, -np.inf, 2.0], np.float32)
    assert samples(pcm(odd)).tolist() == [0.0, 1.0, -1.0, 1.0]
    assert len(samples(b"\0\1\2")) == 1
