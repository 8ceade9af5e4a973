"""Trembling lips and a shaking crop are told from those that move as a person does."""

from __future__ import annotations

import numpy as np
import pytest

from host_engine.quality.jitter import fastest, flutters, roughness, shake


def test_steady_acceleration_is_not_rough_and_noise_is():
    t = np.arange(50) / 25
    assert roughness(0.1 * t + 0.2 * t**2) == pytest.approx(0, abs=1e-6)
    noise = np.random.default_rng(0).normal(0, 0.1, 4000)
    assert roughness(noise) == pytest.approx(0.1, rel=0.1)
    assert roughness(np.zeros(3)) == 0


def test_a_quick_closure_is_no_flutter_and_trembling_is():
    assert flutters(np.array([0.5, 0.5, 0.0, 0.5, 0.5])) == 0
    assert flutters(np.array([0.5, 0.2, 0.5, 0.2, 0.5])) == 2
    assert flutters(np.array([0.5, 0.4, 0.5, 0.4, 0.5])) == 0  # too small to be seen
    assert flutters(np.array([0.3])) == 0


def test_the_fastest_change():
    assert fastest(np.array([0.0, 0.1, 0.4, 0.3]), 25) == pytest.approx(7.5)
    assert fastest(np.zeros(1), 25) == 0


def test_a_crop_that_glides_does_not_shake():
    start, end = np.array([10, 10, 110, 130.0]), np.array([60, 30, 160, 150.0])
    glide = np.linspace(start, end, 60)
    assert shake(glide) == pytest.approx(0, abs=1e-3)
    assert shake(glide + np.random.default_rng(0).normal(0, 1, glide.shape)) == pytest.approx(1, rel=0.2)
    assert shake(np.zeros((0, 4))) == 0
