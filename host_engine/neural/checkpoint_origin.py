"""Which public model a checkpoint is of, by the names and shapes in it: so that a mistaken file is told as such."""

from __future__ import annotations

from collections.abc import Mapping

Shapes = Mapping[str, tuple[int, ...]]

_UNET_AUDIO = "down_blocks.0.attentions.0.transformer_blocks.0.attn2.to_k.weight"
_NAMED = (  # the first name that is in the file tells
    ("sam.sa.conv1.weight", "Wav2Lip-192 with attention (LiveTalking's 384 family)"),
    ("face_encoder_blocks.7.0.conv_block.0.weight", "Wav2Lip-256"),
    ("face_encoder_blocks.0.0.conv_block.0.weight", "Wav2Lip-96"),
    ("face_encoder.0.conv_block.0.weight", "Wav2Lip's SyncNet discriminator"),
    ("netcnnaud.0.weight", "SyncNet"),
    ("encoder.down_blocks.0.resnets.0.conv1.weight", "a Stable Diffusion VAE"),
    ("first_stage_model.decoder.conv_in.weight", "a whole Stable Diffusion checkpoint in its first format"),
    ("decoder.layers.0.weight", "TAESD in the format of diffusers"),
    ("3.conv.4.weight", "TAESD in its makers' format"),
    ("model.encoder.embed_positions.weight", "Whisper"),
    ("encoder.embed_positions.weight", "Whisper"),
    ("encoder.blocks.0.attn.query.weight", "Whisper in OpenAI's own format, not in that of transformers"),
    ("audio_model.inc.inc.double_conv.0.weight", "Ultralight-Digital-Human"),
    ("vgg.0.weight", "the face detector S3FD"),
    ("cp.resnet.conv1.weight", "the face parser BiSeNet"),
)


def recognise(shapes: Shapes) -> str | None:
    """What the model is called to people, with its article; None where it is not known."""
    if _UNET_AUDIO in shapes and len(shapes[_UNET_AUDIO]) == 2:
        heard, seen = shapes[_UNET_AUDIO][1], shapes.get("conv_in.weight", (0, 0))[1]
        if (heard, seen) == (384, 8):
            return "MuseTalk's UNet"
        return f"another UNet of diffusers (it takes {seen} channels and hears {heard} values a step)"
    return next((what for name, what in _NAMED if name in shapes), None)
