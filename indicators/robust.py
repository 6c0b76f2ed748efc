"""The modified z score: how far a value lies from the middle of a sample, unmoved by the odd ones. Pure.

Source: Iglewicz B, Hoaglin DC. How to Detect and Handle Outliers. ASQC Basic References in Quality Control 16,
1993: 0.6745·(x − median)/MAD, an outlier beyond 3.5. Where more than half of the sample are equal the MAD is 0; then
the mean absolute deviation serves: (x − median)/(1.253314·MeanAD), 1.253314 = √(π/2) making it, as 1/0.6745 does the
MAD, an estimate of the standard deviation.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, median

MAD_SCALE = 0.6745
MEAN_AD_SCALE = 1.253314


@dataclass(frozen=True)
class Middle:
    """A sample's median and the unit in which distances from it are measured; unit 0: all values are equal."""

    median: float
    unit: float

    @classmethod
    def of(cls, sample: Sequence[float]) -> Middle:
        """The middle of a sample of at least one value."""
        centre = median(sample)
        distances = [abs(value - centre) for value in sample]
        if mad := median(distances):
            return cls(centre, mad / MAD_SCALE)
        return cls(centre, MEAN_AD_SCALE * fmean(distances))

    def score(self, value: float) -> float:
        """The modified z of a value; 0 where the whole sample is equal."""
        return (value - self.median) / self.unit if self.unit else 0.0


def modified_z(sample: Sequence[float], value: float) -> float:
    """The modified z of one value of the sample."""
    return Middle.of(sample).score(value)
