"""How high things are, by kind of country and year: near the levels the five plans print.

Each level is its value in 2024 and its step a year. Shares are probabilities, `_rate` is per person and
year, `_risk` per live birth.
"""

from __future__ import annotations

import math
from hashlib import blake2b

import numpy as np

FIRST_YEAR = 2024
TREND_YEARS = 8

LOWLAND = {
    "birth_rate": (0.0143, 0.00006),
    "death_rate": (0.0045, 0.00002),
    "growth": (0.0195, 0),
    "sex_ratio": (1.222, -0.017),
    "twins": (0.008, 0),
    "teenage": (0.012, -0.001),
    "third_child": (0.165, -0.006),
    "anc4": (0.880, 0.018),
    "facility_birth": (0.9985, 0.0002),
    "skilled": (0.9990, 0.0002),
    "caesarean": (0.36, 0.005),
    "home_care": (0.775, 0.018),
    "iron": (0.738, 0.016),
    "eenc": (0.748, 0.014),
    "low_weight": (0.036, -0.001),
    "newborn_screening": (0.765, 0.042),
    "newborn_screening_5": (0.41, 0.055),
    "prenatal_screening": (0.815, 0.050),
    "prenatal_screening_4": (0.46, 0.055),
    "premarital": (0.60, 0.06),
    "vaccinated": (0.985, 0.001),
    "elderly_exam": (0.845, 0.022),
    "health_check": (0.55, 0.12),
    "maternal_risk": (0.00014, -0.00001),
    "neonatal_risk": (0.0025, -0.0001),
    "infant_risk": (0.0035, -0.00015),
    "under5_risk": (0.0052, -0.0002),
    "elderly": (0.128, 0.003),
    "married_women": (0.157, 0),
    "contraception": (0.702, 0.005),
    "card": (0.948, 0.007),
    "record": (0.953, 0.015),
    "criteria": (0.50, 0.14),
    "iud_rate": (0.0050, 0.00005),
    "injectable_rate": (0.00043, 0),
    "implant_rate": (0.00014, 0),
    "pill_rate": (0.0124, -0.0001),
    "condom_rate": (0.0135, 0.0002),
    "marriage_rate": (0.0075, -0.0001),
    "doctors": (13.0, 0.6),
    "pharmacists": (3.9, 0.5),
    "beds_public": (30.2, 0.6),
    "beds_private": (5.3, 0.05),
}
HIGHLAND = LOWLAND | {
    "birth_rate": (0.0188, -0.0002),
    "death_rate": (0.0054, 0),
    "growth": (0.0125, 0),
    "sex_ratio": (1.125, -0.006),
    "teenage": (0.07, -0.004),
    "third_child": (0.22, -0.006),
    "anc4": (0.735, 0.035),
    "facility_birth": (0.966, 0.006),
    "skilled": (0.975, 0.006),
    "caesarean": (0.17, 0.01),
    "home_care": (0.993, 0.001),
    "eenc": (0.966, 0.008),
    "low_weight": (0.0197, -0.0007),
    "newborn_screening": (0.40, 0.05),
    "newborn_screening_5": (0.15, 0.04),
    "prenatal_screening": (0.45, 0.05),
    "prenatal_screening_4": (0.20, 0.04),
    "premarital": (0.35, 0.06),
    "maternal_risk": (0.00020, -0.00002),
    "neonatal_risk": (0.0043, -0.0002),
    "infant_risk": (0.0098, -0.0006),
    "under5_risk": (0.0126, -0.0008),
    "elderly": (0.082, 0.002),
    "card": (0.984, 0.002),
    "doctors": (11.5, 0.4),
    "beds_private": (0, 0),
}


def stream(seed: int, *names: object) -> np.random.Generator:
    """The random numbers of this seed and these names, and of nothing else."""
    text = "|".join(map(str, (seed, *names)))
    entropy = int.from_bytes(blake2b(text.encode(), digest_size=16).digest())
    return np.random.Generator(np.random.PCG64(entropy))


def level(name: str, year: int, *, highland: bool) -> float:
    """The level of a kind of country in a year; a share stays below 1, and trends stop after eight years."""
    start, step = (HIGHLAND if highland else LOWLAND)[name]
    years = min(max(year - FIRST_YEAR, -TREND_YEARS), TREND_YEARS)
    value = max(start + step * years, 0.0)
    return value if start > 1 else min(value, 0.9995)


def tilted(share: float, tilt: float) -> float:
    """A share moved up or down on the logit scale: 0 stays 0, and it never passes 1."""
    if tilt == 0 or not 0 < share < 1:
        return share
    return 1 / (1 + math.exp(-(math.log(share / (1 - share)) + tilt)))
