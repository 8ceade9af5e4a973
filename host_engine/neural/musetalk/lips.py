"""MuseTalk's UNet at the one timestep it is ever run at, ready for a GPU."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch
import torch.nn.functional as F
from torch import nn

if TYPE_CHECKING:
    from diffusers import UNet2DConditionModel


class Lips(nn.Module):
    """Latents (b, 4, 32, 32) of the face as it speaks, of latents (b, 8, 32, 32) and what is heard (b, 50, 384).

    The same numbers as the UNet it is made of (which it takes apart: fold and fuse are for good), with less work: what
    the timestep adds is folded into biases, and each attention projects its input once instead of three times.
    """

    def __init__(self, unet: UNet2DConditionModel) -> None:
        super().__init__()
        fold_time(unet)
        fuse_projections(unet)
        self._unet = unet

    def forward(self, latents: torch.Tensor, heard: torch.Tensor) -> torch.Tensor:
        unet: Any = self._unet
        here = unet.conv_in(latents)
        skips = [here]
        for block in unet.down_blocks:
            here, made = block(hidden_states=here, temb=None, **_hears(block, heard))
            skips.extend(made)
        here = unet.mid_block(here, None, encoder_hidden_states=heard)
        for block in unet.up_blocks:
            taken = tuple(skips[-len(block.resnets) :])
            del skips[-len(block.resnets) :]
            here = block(hidden_states=here, temb=None, res_hidden_states_tuple=taken, **_hears(block, heard))
        made = unet.conv_out(unet.conv_act(unet.conv_norm_out(here)))
        assert isinstance(made, torch.Tensor)
        return made


@torch.no_grad()
def fold_time(unet: Any) -> None:
    """Adds what timestep 0 gives to each residual block to the bias just before it, and drops what computed it.

    Exact up to the rounding of one sum: a block adds silu(embedding) @ W + b to every pixel of its first convolution.
    Must be done in float32, before the weights are rounded to half.
    """
    embedding = F.silu(
        unet.time_embedding(unet.time_proj(torch.zeros(1, device=unet.device)).to(unet.conv_in.weight.dtype))
    )
    for module in list(unet.modules()):
        projection = getattr(module, "time_emb_proj", None)
        if projection is not None:
            module.conv1.bias += projection(embedding)[0]
            module.time_emb_proj = None
    del unet.time_embedding


@torch.no_grad()
def fuse_projections(unet: Any) -> None:
    """One matrix for query, key and value of what is seen; one for key and value of what is heard."""
    for module in list(unet.modules()):
        if not hasattr(module, "to_k"):
            continue
        if module.is_cross_attention:
            module.to_kv = _joined(module.to_k, module.to_v)
        else:
            module.to_qkv = _joined(module.to_q, module.to_k, module.to_v)
            del module.to_q
        del module.to_k, module.to_v
        module.set_processor(_Attend())


class _Attend:
    """An attention's work in the form that `diffusers` asks for, on joined projections."""

    def __call__(
        self,
        attn: Any,
        hidden_states: torch.Tensor,
        encoder_hidden_states: torch.Tensor | None = None,
        attention_mask: None = None,
    ) -> torch.Tensor:
        if encoder_hidden_states is None:
            query, key, value = attn.to_qkv(hidden_states).chunk(3, dim=-1)
        else:
            query = attn.to_q(hidden_states)
            key, value = attn.to_kv(encoder_hidden_states).chunk(2, dim=-1)
        query, key, value = (part.unflatten(-1, (attn.heads, -1)).transpose(1, 2) for part in (query, key, value))
        seen = F.scaled_dot_product_attention(query, key, value)
        made: torch.Tensor = attn.to_out[0](seen.transpose(1, 2).flatten(2))
        return made


def _joined(*parts: nn.Linear) -> nn.Linear:
    weight = torch.cat([part.weight for part in parts])
    joined = nn.Linear(weight.shape[1], weight.shape[0], bias=False, device="meta")
    joined.weight = nn.Parameter(weight, requires_grad=False)
    return joined


def _hears(block: Any, heard: torch.Tensor) -> dict[str, torch.Tensor]:
    return {"encoder_hidden_states": heard} if getattr(block, "has_cross_attention", False) else {}
