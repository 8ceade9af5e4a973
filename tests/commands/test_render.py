"""A rendered file is decoded again: right size, rate and length, moving, audible, with lips that follow the sound."""

import json
import subprocess
import sys
from pathlib import Path

import av
import numpy as np
import pytest

ROOT = Path(__file__).parents[2]
SECONDS = 8
CHANNELS = {"tea": (720, 1280, "mira"), "kueche": (1280, 720, "leo")}


@pytest.fixture(scope="module", params=sorted(CHANNELS))
def shown(request, tmp_path_factory):
    """A demo catalog rendered by the command: name, pictures (n, h, w) of luma, sound (2, samples), facts."""
    width, height, host = CHANNELS[request.param]
    folder = tmp_path_factory.mktemp(request.param)
    (folder / "channel.yaml").write_text(
        json.dumps(
            {
                "name": "test",
                "catalog": str(ROOT / "product_catalogs" / request.param),
                "scenes": str(ROOT / "scenes"),
                "scene": "studio-vertical" if height > width else "studio-wide",
                "format": {"width": width, "height": height},
                "avatar": {"host": host},
                "cache": str(folder / "cache"),
            }
        )
    )
    arguments = ["render", "channel.yaml", "--seconds", str(SECONDS), "-o", "show.mp4"]
    command = [sys.executable, "-m", "host_engine", *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=110, check=False)
    assert done.returncode == 0, done.stderr
    with av.open(folder / "show.mp4") as file:
        video, audio = file.streams.video[0], file.streams.audio[0]
        facts = (video.codec_context.name, video.width, video.height, float(video.average_rate), audio.sample_rate)
        pictures, sound = [], []
        for frame in file.decode(video, audio):
            if isinstance(frame, av.VideoFrame):
                pictures.append(frame.to_ndarray(format="gray")[::4, ::4])
            else:
                sound.append(frame.to_ndarray())
    return request.param, np.stack(pictures), np.concatenate(sound, axis=1), facts


def test_size_rate_and_length(shown):
    name, pictures, sound, facts = shown
    width, height, _ = CHANNELS[name]
    assert facts == ("h264", width, height, 25.0, 48_000)
    assert len(pictures) == SECONDS * 25
    assert abs(sound.shape[1] / 48_000 - SECONDS) < 0.1


def test_it_speaks_from_the_start_and_never_clips(shown):
    *_, sound, _ = shown
    second = np.sqrt((sound[:, : SECONDS * 48_000].mean(0).reshape(SECONDS, -1) ** 2).mean(1))
    assert 20 * np.log10(second.max()) > -30
    assert (second > 10 ** (-45 / 20)).mean() > 0.8
    assert np.abs(sound).max() < 1.0


def test_no_two_seconds_are_frozen(shown):
    _, pictures, *_ = shown
    change = np.abs(np.diff(pictures.astype(np.int16), axis=0)).max((1, 2))
    still = np.convolve(change < 8, np.ones(50), "valid")
    assert still.max() < 50


def test_something_moves_with_the_sound(shown):
    """The pixels that follow the loudness best must follow it well: they are the lips."""
    _, pictures, sound, _ = shown
    frames = len(pictures)
    loud = np.sqrt((sound.mean(0)[: frames * 1920].reshape(frames, 1920) ** 2).mean(1))
    upper = pictures[:, : pictures.shape[1] * 2 // 3].astype(np.float32)
    centred = upper - upper.mean(0)
    wave = loud - loud.mean()
    follow = np.abs(np.tensordot(wave, centred, (0, 0))) / (
        np.linalg.norm(wave) * np.linalg.norm(centred, axis=0) + frames
    )
    assert follow.max() > 0.35
