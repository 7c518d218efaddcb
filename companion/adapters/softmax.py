"""Softmax regression: the small heads that are taught over sentence vectors. Deterministic, numpy alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

Matrix = npt.NDArray[np.float32]

_MOMENTUM: Final = 0.9


@dataclass(frozen=True, slots=True)
class Schedule:
    """How a head is taught: full-batch descent with momentum 0.9."""

    steps: int
    rate: float
    decay: float
    """Of the weights; the bias decays not."""


def fit(inputs: Matrix, labels: npt.NDArray[np.intp], classes: int, schedule: Schedule) -> tuple[Matrix, Matrix]:
    """Return weights float32 [d, classes] and bias float32 [classes] for inputs float32 [n, d] and labels [n].

    Starts at zero and sees all examples in every step, so that the same lesson gives the same head.
    """
    count = len(labels)
    targets = np.zeros((count, classes), dtype=np.float32)
    targets[np.arange(count), labels] = 1.0
    weights = np.zeros((inputs.shape[1], classes), dtype=np.float32)
    bias = np.zeros(classes, dtype=np.float32)
    speed, bias_speed = np.zeros_like(weights), np.zeros_like(bias)
    for _ in range(schedule.steps if count else 0):
        error = (softmax(inputs @ weights + bias) - targets) / np.float32(count)
        speed = _MOMENTUM * speed - schedule.rate * (inputs.T @ error + schedule.decay * weights)
        bias_speed = _MOMENTUM * bias_speed - schedule.rate * error.sum(axis=0)
        weights, bias = weights + speed, bias + bias_speed
    return weights.astype(np.float32), bias.astype(np.float32)


def softmax(values: npt.NDArray[np.floating[Any]]) -> Matrix:
    """Return float32 [m, n], rows summing to 1, for values [m, n]."""
    raised = np.exp(values - values.max(axis=1, keepdims=True, initial=-np.inf))
    shares: Matrix = (raised / raised.sum(axis=1, keepdims=True)).astype(np.float32)
    return shares
