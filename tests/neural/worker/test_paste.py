"""Lips laid into the footage on the device are what OpenCV and torch would make, for crops of all sizes at once."""

import cv2
import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st

from host_engine.neural.worker.byte_paste import KEPT, BytePaste
from host_engine.neural.worker.paste import paste
from host_engine.neural.worker.yuv import to_i420, to_nv12

SIDE = 32
SIZES = st.lists(st.tuples(st.integers(1, 90), st.integers(1, 90)), min_size=1, max_size=4)


def scene(sizes, seed=0):
    """Faces, masks, canvases of the largest size, and the crops in them."""
    rng = np.random.default_rng(seed)
    faces = torch.from_numpy(rng.random((len(sizes), 3, SIDE, SIDE), np.float32))
    masks = torch.from_numpy(rng.integers(0, 256, (len(sizes), SIDE, SIDE), np.uint8))
    high, wide = max(each[0] for each in sizes), max(each[1] for each in sizes)
    unders = torch.from_numpy(rng.integers(0, 256, (len(sizes), high, wide, 3), np.uint8))
    return faces, masks, unders


def paste_each(faces, masks, unders, sizes, rows):
    BytePaste(SIDE)(faces, masks, unders, sizes, rows, [None] * len(sizes))


def plainly(face, mask, under):
    """The same in float64 with torch's own resize, one crop at a time."""
    over = torch.cat((face * 255, mask[None] / 255.0)).double()[None]
    over = F.interpolate(over, under.shape[:2], mode="bilinear", align_corners=False, antialias=False)[0]
    ground = under.permute(2, 0, 1).double()
    return (ground + (over[:3] - ground) * over[3]).permute(1, 2, 0).numpy()


@settings(max_examples=30, deadline=None)
@given(SIZES)
def test_crops_of_different_sizes_in_one_batch_are_each_what_they_would_be_alone(sizes):
    faces, masks, unders = scene(sizes)
    together = paste(faces, masks, unders, torch.tensor(sizes, dtype=torch.float32))
    one_by_one = unders.clone()
    paste_each(faces, masks, one_by_one, sizes, [(0, SIDE)] * len(sizes))
    for n, (high, wide) in enumerate(sizes):
        wanted = plainly(faces[n], masks[n], unders[n, :high, :wide])
        assert np.abs(together[n, :high, :wide].numpy() - wanted).max() <= 0.51
        assert np.abs(one_by_one[n, :high, :wide].numpy() - wanted).max() <= 2
        assert np.abs(one_by_one[n, :high, :wide].numpy() - wanted).mean() <= 0.6


def test_a_face_is_resized_as_opencv_does_it():
    faces, masks, unders = scene([(75, 51)])
    masks[:] = 255
    made = paste(faces, masks, unders, torch.tensor([[75.0, 51.0]]))[0].numpy()
    face = np.ascontiguousarray(faces[0].permute(1, 2, 0).numpy() * 255)
    wanted = cv2.resize(face, (51, 75), interpolation=cv2.INTER_LINEAR)
    assert np.abs(made - wanted).max() <= 1


def test_where_the_mask_is_empty_the_footage_stays_bit_for_bit():
    faces, masks, unders = scene([(64, 48), (20, 30)])
    masks[:] = 0
    made, changed = paste(faces, masks, unders, torch.tensor([[64.0, 48.0], [20.0, 30.0]])), unders.clone()
    paste_each(faces, masks, changed, [(64, 48), (20, 30)], [(0, SIDE), (0, 0)])
    assert torch.equal(changed, unders)
    assert torch.equal(made[0], unders[0])
    assert torch.equal(made[1, :20, :30], unders[1, :20, :30])


def test_a_face_beyond_black_and_white_is_clipped():
    faces, masks, unders = scene([(32, 32)])
    masks[:] = 255
    faces[0, 0], faces[0, 1] = 1.7, -0.001
    made = paste(faces, masks, unders, torch.tensor([[32.0, 32.0]]))[0]
    paste_each(faces, masks, unders, [(32, 32)], [(0, SIDE)])
    for picture in (made, unders[0]):
        assert (picture[..., 0] == 255).all()
        assert (picture[..., 1] == 0).all()


@settings(max_examples=30, deadline=None)
@given(st.integers(0, SIDE - 1), st.integers(1, SIDE), st.tuples(st.integers(1, 90), st.integers(1, 90)))
def test_rows_in_which_the_mask_is_empty_need_not_be_looked_at(top, count, size):
    faces, masks, unders = scene([size])
    bottom = min(SIDE, top + count)
    masks[:, :top] = masks[:, bottom:] = 0
    some, every = unders.clone(), unders.clone()
    paste_each(faces, masks, some, [size], [(top, bottom)])
    paste_each(faces, masks, every, [size], [(0, SIDE)])
    assert torch.equal(some, every)


def test_faces_may_lie_in_memory_channels_last():
    faces, masks, unders = scene([(40, 44), (12, 8)])
    one, other = unders.clone(), unders.clone()
    paste_each(faces, masks, one, [(40, 44), (12, 8)], [(0, SIDE)] * 2)
    paste_each(faces.to(memory_format=torch.channels_last), masks, other, [(40, 44), (12, 8)], [(0, SIDE)] * 2)
    assert torch.equal(one, other)


def test_a_mask_that_stays_is_resized_once_for_each_size_and_forgotten_with_its_number():
    faces, masks, unders = scene([(40, 44)])
    pasted, size, rows = BytePaste(SIDE), [(40, 44)], [(0, SIDE)]
    once, again, anew = unders.clone(), unders.clone(), unders.clone()
    pasted(faces, masks, once, size, rows, [7])
    for other in range(KEPT - 1):
        pasted(faces, masks, unders.clone(), [(20, 10 + other)], rows, [7])
    pasted(faces, torch.zeros_like(masks), again, size, rows, [7])
    assert torch.equal(once, again)
    pasted.forget()
    pasted(faces, torch.zeros_like(masks), anew, size, rows, [7])
    assert torch.equal(anew, unders)


def test_colours_are_those_that_opencv_makes():
    rng = np.random.default_rng(3)
    pictures = rng.integers(0, 256, (3, 38, 26, 3), np.uint8)
    pictures[0, :8] = (255, 0, 0), *[(0, 255, 0)] * 12, *[(0, 0, 255)] * 13
    made = to_i420(torch.from_numpy(pictures)).numpy()
    for picture, i420 in zip(pictures, made, strict=True):
        wanted = cv2.cvtColor(picture, cv2.COLOR_RGB2YUV_I420)
        assert np.abs(i420.astype(int) - wanted).max() <= 1


def test_nv12_holds_the_same_values_with_the_colours_side_by_side():
    pictures = torch.from_numpy(np.random.default_rng(4).integers(0, 256, (1, 8, 6, 3), np.uint8))
    i420, nv12 = to_i420(pictures)[0], to_nv12(pictures)[0]
    assert torch.equal(i420[:8], nv12[:8])
    blue, red = i420[8:].reshape(2, 4, 3)
    assert torch.equal(torch.stack((blue, red), 2).reshape(4, 6), nv12[8:])


def test_an_odd_size_has_no_i420():
    with pytest.raises(ValueError, match="5x4: width and height must be even"):
        to_i420(torch.zeros((1, 4, 5, 3), dtype=torch.uint8))
