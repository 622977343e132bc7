"""Poisson regression with a log link where some periods are observed only as a sum."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from territory.evidence.schema import DataError, Fault, unknown
from territory.measures.effects.scatter import Scatter, scatter_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from territory.measures.rates import Array

FAMILIES = ("quasi-poisson", "negative-binomial")
ERRORS = ("following", "model", "hac")


@dataclass(frozen=True, eq=False)
class Fit:
    """A fitted regression.

    Parameters
    ----------
    beta
        Coefficients, by the name of their column.
    covariance
        Of the coefficients, same names both ways.
    dispersion
        Pearson X2 over its degrees of freedom.
    scatter
        How counts scatter about the fit, period by period.
    spans
        Covariance of the counts of the spans, by `scatter`.
    influence
        Coefficients by spans: how far one more death in a span moves each.
    alpha
        Of the negative binomial law; 0 for the quasi-Poisson one.
    df
        Residual degrees of freedom.
    fitted
        Expected count of each span.
    residuals
        Pearson residuals of the spans, scaled by the dispersion.
    """

    beta: pd.Series
    covariance: pd.DataFrame
    dispersion: float
    scatter: Scatter
    spans: Array
    influence: Array
    alpha: float
    df: int
    fitted: Array
    residuals: Array


def fit_spans(
    count: Array,
    members: Array,
    design: pd.DataFrame,
    exposure: Array,
    *,
    family: str = "quasi-poisson",
    errors: str = "following",
) -> Fit:
    """Fit ``E[count] = sum over the cells of a span of exposure * exp(design @ beta)``.

    Parameters
    ----------
    count
        One per span.
    members
        Spans by cells, 1 where the cell lies in the span. A span of one cell is
        an ordinary observation.
    design, exposure
        One row and one number (above zero) per cell. Where rows are indexed by Period,
        cells between which others are missing lie as far apart as the calendar says.
    family
        ``quasi-poisson`` (variance phi times the mean) or ``negative-binomial``
        (variance ``mean + alpha mean²``, alpha by moments).
    errors
        ``following``: counts near in time may scatter alike, by as much as the series
        itself leaves possible (`territory.measures.effects.scatter.scatter_of`);
        ``model``: by the dispersion alone, as if each span stood for itself; ``hac``:
        Newey and West's, which needs long series: with some forty spans its 95 %
        intervals hold the truth in about 80 of 100 cases.

    Raises
    ------
    DataError
        When the columns cannot be told apart, or the choices are unknown.

    Notes
    -----
    A composite link (Thompson and Baker 1981): the model is linear in the logarithm
    of the cells, but only sums of cells are seen. Linearised about the current fit
    it is an ordinary log-linear model of the spans, whose columns are the cells'
    columns averaged by their expected counts; it is refitted by statsmodels until
    the fit stays where it is. With one cell a span the first fit is the last.

    ``following`` is the sandwich of Liang and Zeger (1986) with the middle taken from a
    model of the scatter, as Zeger (1988) proposed for counts: the coefficients are those
    of independent spans, only what is unsure about them changes.
    """
    if family not in FAMILIES:
        raise unknown("family", family, FAMILIES)
    if errors not in ERRORS:
        raise unknown("errors", errors, ERRORS)
    if not count.any():
        raise DataError(Fault("nothing_counted"))
    matrix, logs = design.to_numpy(float), np.log(exposure)
    mixed = members * exposure / (members @ exposure)[:, None]
    if len(count) <= matrix.shape[1] or np.linalg.matrix_rank(mixed @ matrix) < matrix.shape[1]:
        raise DataError(Fault("not_identified", columns=", ".join(design.columns)))
    beta, alpha = _settled(count, members, matrix, logs, family)
    return _fit(count, members, design, logs, beta, alpha, errors=errors)


def _fit(
    count: Array,
    members: Array,
    design: pd.DataFrame,
    logs: Array,
    beta: Array,
    alpha: float,
    *,
    errors: str,
) -> Fit:
    """Return the fit at settled coefficients, with what is unsure about them."""
    matrix = design.to_numpy(float)
    columns, offset = _linearised(members, matrix, logs, beta)
    result = _glm(count, columns, offset, alpha, errors=errors)
    fitted = np.asarray(result.mu)
    # statsmodels keeps the scale apart from robust covariances.
    dispersion = float(result.pearson_chi2 / result.df_resid)
    alone = fitted * (1 + alpha * fitted)  # variance of a span that stands for itself
    scaled: Array = (count - fitted) / np.sqrt(alone)
    parts = np.sqrt(members * np.exp(matrix @ beta + logs) / fitted[:, None])
    moments = _moments(design)
    score = columns * (fitted / np.sqrt(alone))[:, None]
    if errors == "following":
        scatter = scatter_of(scaled, score, parts, moments)
    else:
        scatter = Scatter.independent(dispersion if alpha == 0 else 1.0)
    spans = parts @ scatter.between(moments) @ parts.T * np.sqrt(np.outer(alone, alone))
    moved = np.linalg.solve(score.T @ score, (score / np.sqrt(alone)[:, None]).T)
    influence: Array = np.asarray(moved, dtype=np.float64)
    robust = np.asarray(result.cov_params()) if errors == "hac" else influence @ spans @ influence.T
    names = list(design.columns)
    return Fit(
        beta=pd.Series(np.asarray(result.params), index=names),
        covariance=pd.DataFrame(robust, index=names, columns=names),
        dispersion=dispersion,
        scatter=scatter,
        spans=spans,
        influence=influence,
        alpha=alpha,
        df=int(result.df_resid),
        fitted=fitted,
        residuals=scaled / np.sqrt(dispersion if alpha == 0 else 1.0),
    )


def _moments(design: pd.DataFrame) -> NDArray[np.int64]:
    index = design.index
    return index.asi8 if isinstance(index, pd.PeriodIndex) else np.arange(len(index))


def newey_west_lags(spans: int) -> int:
    """Return Newey and West's (1994) number of lags, ``4 (n / 100)^(2/9)``."""
    return int(np.floor(4 * (spans / 100) ** (2 / 9)))


def _settled(
    count: Array, members: Array, matrix: Array, logs: Array, family: str
) -> tuple[Array, float]:
    """Return the coefficients at which linearising again changes nothing, and alpha."""
    start = np.log(count.sum() / (members @ np.exp(logs)).sum())
    beta = np.zeros(matrix.shape[1])
    constant = (np.ptp(matrix, axis=0) == 0) & (matrix[0] != 0)
    beta[constant.argmax()] = start
    alpha = 0.0
    for _ in range(50):
        result = _glm(count, *_linearised(members, matrix, logs, beta), alpha)
        new = np.asarray(result.params)
        moved = np.abs(new - beta).max()
        beta = new
        if family == "negative-binomial":
            alpha = _moment_alpha(count, np.asarray(result.mu), int(result.df_resid))
        if not np.isfinite(new).all() or np.abs(matrix @ new).max() > 50:
            break
        if moved < 1e-8:
            return beta, alpha
    raise DataError(Fault("not_settled"))


def _linearised(members: Array, matrix: Array, logs: Array, beta: Array) -> tuple[Array, Array]:
    """Return the columns and the offset of the spans' log-linear model about `beta`."""
    cells = np.exp(matrix @ beta + logs)
    expected = members @ cells
    columns = (members * cells) @ matrix / expected[:, None]
    return columns, np.log(expected) - columns @ beta


def _glm(
    count: Array, columns: Array, offset: Array, alpha: float, *, errors: str = "model"
) -> Any:
    # Not statsmodels.api: it takes seconds to import.
    from statsmodels.genmod.families import NegativeBinomial, Poisson
    from statsmodels.genmod.generalized_linear_model import GLM

    family = NegativeBinomial(alpha=alpha) if alpha > 0 else Poisson()
    model = GLM(count, columns, family=family, offset=offset)
    scale = 1.0 if alpha > 0 else "X2"
    if errors == "hac":
        lags = {"maxlags": newey_west_lags(len(count)), "use_correction": True}
        return model.fit(scale=scale, cov_type="HAC", cov_kwds=lags)
    return model.fit(scale=scale)


def _moment_alpha(count: Array, mu: Array, df: int) -> float:
    """Return the alpha at which Pearson's X2 equals its degrees of freedom."""
    from scipy.optimize import brentq

    def surplus(alpha: float) -> float:
        return float(((count - mu) ** 2 / (mu + alpha * mu**2)).sum() - df)

    return float(brentq(surplus, 0, 1e4)) if surplus(0) > 0 > surplus(1e4) else 0.0
