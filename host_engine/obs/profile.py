"""What a profile of OBS must say so that the channel goes out as quickly as OBS can, each setting with its reason."""

from __future__ import annotations

from typing import NamedTuple

from host_engine.media import Format

Pair = tuple[str, str]


class Setting(NamedTuple):
    """One line of an ini file of OBS."""

    section: str
    key: str
    value: str
    why: str


# Written by OBS into global.ini, since OBS 31 into user.ini. It belongs to no profile, and no request of obs-websocket
# changes it.
FIXED_AUDIO = Setting(
    "Audio",
    "LowLatencyAudioBuffering",
    "true",
    "a source that stumbles would put the whole output up to a second behind, until OBS is started anew",
)
IN_OBS = "Settings > Audio > Advanced > Low Latency Audio Buffering Mode"


class Shape(NamedTuple):
    """The picture and the bits that OBS is to send."""

    format: Format
    kbps: int
    preset: str = "veryfast"  # of x264


def settings_of(shape: Shape) -> tuple[Setting, ...]:
    """The settings of basic.ini for a channel of this shape.

    The simple output mode: it is the only one whose encoder obs-websocket can set.
    """
    return (*_picture(shape.format), *_sound(), *_sending(), *_encoder(shape))


def video_settings(format: Format) -> dict[str, int]:
    """The same picture, as the request SetVideoSettings has it."""
    width, height = format.width, format.height
    return {
        "baseWidth": width,
        "baseHeight": height,
        "outputWidth": width,
        "outputHeight": height,
        "fpsNumerator": format.fps,
        "fpsDenominator": 1,
    }


def _picture(format: Format) -> list[Setting]:
    width, height, why = str(format.width), str(format.height), "the channel's own size: nothing is scaled"
    whole = "whole frames a second"
    return [
        Setting("Video", "BaseCX", width, why),
        Setting("Video", "BaseCY", height, why),
        Setting("Video", "OutputCX", width, why),
        Setting("Video", "OutputCY", height, why),
        Setting("Video", "FPSType", "2", whole),
        Setting("Video", "FPSNum", str(format.fps), "the channel's own rate: no picture twice, none left out"),
        Setting("Video", "FPSDen", "1", whole),
        Setting("Video", "ColorFormat", "NV12", "what platforms take"),
        Setting("Video", "ColorSpace", "709", "what platforms take"),
        Setting("Video", "ColorRange", "Partial", "what platforms take"),
    ]


def _sound() -> list[Setting]:
    return [
        Setting("Audio", "SampleRate", "48000", "the channel's own rate: nothing is resampled"),
        Setting("Audio", "ChannelSetup", "Stereo", "what platforms take"),
    ]


def _sending() -> list[Setting]:
    return [
        Setting("Output", "Mode", "Simple", "the mode whose encoder can be set from here"),
        Setting("Output", "Reconnect", "true", "OBS comes back by itself when its platform went away"),
        Setting("Output", "RetryDelay", "2", "two seconds after it was lost"),
        Setting("Output", "MaxRetries", "10000", "a channel around the clock does not give up"),
        Setting("Output", "DelayEnable", "false", "OBS's own delay is seconds long; the channel has one of its own"),
    ]


def _encoder(shape: Shape) -> list[Setting]:
    second = 2 * shape.format.fps
    options = f"tune=zerolatency bframes=0 scenecut=0 keyint={second} rc-lookahead=0"
    return [
        Setting("SimpleOutput", "VBitrate", str(shape.kbps), "the channel's own bitrate"),
        Setting("SimpleOutput", "ABitrate", "160", "the channel's own"),
        Setting("SimpleOutput", "StreamEncoder", "x264", "it is on every machine; another may be chosen in OBS"),
        Setting("SimpleOutput", "UseAdvanced", "true", "so that OBS reads the two lines below"),
        Setting("SimpleOutput", "Preset", shape.preset, "what a machine can afford beside the channel"),
        Setting("SimpleOutput", "x264Settings", options, "no picture waits in the encoder, a key frame each 2 s"),
    ]


def by_place(settings: tuple[Setting, ...]) -> dict[Pair, Setting]:
    """Settings by their section and key."""
    return {(each.section, each.key): each for each in settings}
