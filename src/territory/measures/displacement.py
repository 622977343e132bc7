"""Did violence move next door: the weighted displacement difference."""

from __future__ import annotations

import math
from typing import NamedTuple

from territory.evidence.schema import DataError, Fault


class DisplacementDifference(NamedTuple):
    """A difference of changes in counts, with its standard error and interval.

    Parameters
    ----------
    estimate
        Change in the treated area and its surroundings less the change in the
        control areas; negative = fewer cases than the control areas would suggest.
    standard_error, low, high, z
        From the variance of independent Poisson counts.
    """

    estimate: float
    standard_error: float
    low: float
    high: float
    z: float


def displacement_difference(
    treated: tuple[int, int],
    control: tuple[int, int],
    *,
    surroundings: tuple[int, int] = (0, 0),
    control_surroundings: tuple[int, int] = (0, 0),
    level: float = 0.9,
) -> DisplacementDifference:
    """Return the weighted displacement difference of Wheeler and Ratcliffe (2018).

    ``(ΔT - ΔC) + (ΔD - ΔE)``: T treated area, D its surroundings, C and E the same of a
    control area. Its variance is the sum of all eight counts. It compares changes in
    numbers, so treated and control areas should have counted about as many before.

    Parameters
    ----------
    treated, control
        Counts before and after.
    surroundings, control_surroundings
        Counts before and after in the areas to which violence may have moved; without
        them the result is a difference in differences.
    level
        Coverage of the interval.

    Raises
    ------
    DataError
        For a negative count.

    Notes
    -----
    Crime Science 7:11, doi 10.1186/s40163-018-0085-5.
    """
    from scipy.special import ndtri

    pairs = (treated, control, surroundings, control_surroundings)
    for name, pair in zip(("treated", "control", "surroundings", "control"), pairs, strict=True):
        for row, count in enumerate(pair, start=1):
            if count < 0:
                raise DataError(Fault("not_a_count", argument=name, row=row, value=count))
    change = [after - before for before, after in pairs]
    estimate = float(change[0] - change[1] + change[2] - change[3])
    error = math.sqrt(sum(sum(pair) for pair in pairs))
    reach = float(ndtri((1 + level) / 2)) * error
    z = estimate / error if error else math.nan
    return DisplacementDifference(estimate, error, estimate - reach, estimate + reach, z)
