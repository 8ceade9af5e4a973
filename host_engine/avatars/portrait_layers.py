"""The person of a portrait and what is behind: a soft mask, and the background filled in along its rim."""

from __future__ import annotations

from typing import Any, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from host_engine.avatars.portrait import Portrait
from host_engine.media import Picture

SIDE = 360  # pixels of the longer side at which the person is told from the background
ROUNDS = 5  # of GrabCut
SOFT = 0.014  # of the face's width, the softness of the mask's edge
RIM = 0.11  # of the face's width: so far around the person her hair may reach beyond the mask
LEAST, MOST = 0.35, 2.2  # of the area a person is expected to have: beyond, GrabCut has failed

Bytes = NDArray[np.uint8]
Floats = NDArray[np.floating[Any]]


class Layers(NamedTuple):
    """Laid over each other as they are, they are the portrait."""

    person: Bytes  # (h, w, 4): what the person adds to the background, and how much of it she covers (0..255)
    background: Floats  # (h, w, 3), 0..255


def layers(portrait: Portrait) -> Layers:
    """The person and the background of a portrait; always the same for the same picture.

    Along her rim the background is drawn on smoothly, and all that differs from it, such as single hairs, is hers.
    """
    mask = person_mask(portrait)
    picture, background = portrait.picture.astype(np.float32), _behind(portrait, mask)
    share = _soft(mask, portrait.wide).astype(np.float32) / 255
    darker = 1 - (picture / np.maximum(background, 1)).min(2)  # so much of it is covered at the least
    alpha = np.ceil(np.clip(np.maximum(share, darker), 0, 1) * 255)
    added = np.clip(picture - (1 - alpha[..., None] / 255) * background + 0.5, 0, 255)
    return Layers(np.dstack((added, alpha)).astype(np.uint8), background)


def person_mask(portrait: Portrait) -> Bytes:
    """Where the person is, (h, w), 0 or 255: GrabCut from what a face of this size and place makes likely.

    Carsten Rother et al., "GrabCut": interactive foreground extraction using iterated graph cuts, 2004.
    """
    height, width = portrait.picture.shape[:2]
    scale = min(1.0, SIDE / max(height, width))
    size = (max(8, round(width * scale)), max(8, round(height * scale)))
    small = cv2.resize(portrait.picture, size, interpolation=cv2.INTER_AREA)
    likely = _likely(size, portrait.box * np.float32(scale))
    mask = likely.copy()
    cv2.setRNGSeed(1)
    models = np.zeros((1, 65)), np.zeros((1, 65))
    colours, whole = cv2.cvtColor(small, cv2.COLOR_RGB2BGR), (0, 0, 1, 1)  # where a mask is given no box is looked at
    cv2.grabCut(colours, mask, whole, *models, ROUNDS, cv2.GC_INIT_WITH_MASK)
    found = np.isin(mask, (cv2.GC_FGD, cv2.GC_PR_FGD)).astype(np.uint8)
    expected = np.isin(likely, (cv2.GC_FGD, cv2.GC_PR_FGD)).astype(np.uint8)
    tidy = _tidied(found, (likely == cv2.GC_FGD).astype(np.uint8), portrait.wide * scale)
    if not LEAST < tidy.sum() / max(int(expected.sum()), 1) < MOST:
        tidy = expected
    large = cv2.resize(tidy * np.float32(255), (width, height), interpolation=cv2.INTER_CUBIC)
    return np.where(large > 127, 255, 0).astype(np.uint8)


def _likely(size: tuple[int, int], box: Floats) -> Bytes:
    """GrabCut's first guess for a face's box: surely or probably the person, probably or surely not."""
    width, height = size
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    middle, wide, tall = float(box[0] + box[2]) / 2, float(box[2] - box[0]), float(box[3] - box[1])
    across = np.abs(x - middle) / wide
    down = (y - float(box[3])) / tall  # 0 at the chin, -1 at the forehead
    mask = np.full((height, width), cv2.GC_PR_BGD, np.uint8)
    mask[(across > 1.9) & (down < 0.1)] = cv2.GC_BGD
    mask[(down < -1.75) | ((across > 1.3) & (down < -0.9))] = cv2.GC_BGD
    head = (across / 0.72) ** 2 + ((down + 0.62) / 0.82) ** 2 < 1
    shoulders = (down > 0.08) & (across < np.clip(0.45 + 1.8 * (down - 0.08), 0, 1.25))
    mask[head | shoulders] = cv2.GC_PR_FGD
    face = (across / 0.44) ** 2 + ((down + 0.5) / 0.52) ** 2 < 1
    neck = (across < 0.26) & (down > -0.1)
    trunk = (down > 0.75) & (across < 0.5)
    mask[face | neck | trunk] = cv2.GC_FGD
    return mask


def _tidied(found: Bytes, sure: Bytes, wide: float) -> Bytes:
    """The piece that holds the face, without holes and crumbs."""
    reach = max(1, round(0.03 * wide)) * 2 + 1
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach))
    whole = np.asarray(cv2.morphologyEx(found | sure, cv2.MORPH_OPEN, kernel), np.uint8) | sure
    whole = np.asarray(cv2.morphologyEx(whole, cv2.MORPH_CLOSE, kernel), np.uint8)
    _, pieces = cv2.connectedComponents(whole)
    labels = np.bincount(pieces[sure > 0])
    labels[0] = 0
    person = (pieces == labels.argmax()).astype(np.uint8)
    _, holes = cv2.connectedComponents(1 - np.pad(person, 1))
    return np.asarray((holes[1:-1, 1:-1] != holes[0, 0]), np.uint8)


def _soft(mask: Bytes, wide: float) -> Bytes:
    """The mask with a soft edge that lies a little inside of where it was cut."""
    sigma = max(SOFT * wide, 0.8)
    rounded = cv2.GaussianBlur(mask, (0, 0), 1.5 * sigma, borderType=cv2.BORDER_REPLICATE)
    sharp = np.where(rounded > 120, 255, 0).astype(np.uint8)
    return np.asarray(cv2.GaussianBlur(sharp, (0, 0), sigma, borderType=cv2.BORDER_REPLICATE), np.uint8)


def _behind(portrait: Portrait, mask: Bytes) -> Floats:
    """What is behind the person, (h, w, 3) in 0..255: within the rim as it is drawn on, further out as it is."""
    rim = max(3.0, RIM * portrait.wide)
    away = cv2.distanceTransform((mask == 0).astype(np.uint8), cv2.DIST_L2, 5)
    drawn = _spread(portrait.picture, (away < rim).astype(np.uint8))
    share = np.clip(1.5 - 1.5 * away / rim, 0, 1)[..., None]
    return np.asarray(portrait.picture + (drawn - portrait.picture) * share, np.float32)


def _spread(picture: Picture, blank: Bytes) -> Floats:
    """The colours around drawn into what is blank: by ever smaller pictures, in which ever more is known, and back."""
    colours = [picture.astype(np.float32) * (1 - blank[..., None])]
    known = [(1 - blank).astype(np.float32)]
    while min(known[-1].shape) > 2:
        colours.append(np.asarray(cv2.pyrDown(colours[-1]), np.float32))
        known.append(np.asarray(cv2.pyrDown(known[-1]), np.float32))
    drawn = colours[-1] / np.maximum(known[-1], 1e-4)[..., None]
    for colour, share in zip(reversed(colours[:-1]), reversed(known[:-1]), strict=True):
        larger = cv2.resize(drawn, (share.shape[1], share.shape[0]), interpolation=cv2.INTER_LINEAR)
        held = np.clip(share, 0, 1)[..., None]
        drawn = np.where(held > 1e-3, colour / np.maximum(held, 1e-3), 0) * held + larger * (1 - held)
    return np.asarray(drawn, np.float32)
