"""What a design found: the estimate, beside the counterfactual and the doubts that belong to it."""

from __future__ import annotations

import datetime
import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pandas as pd

from territory.evidence.periods import Window
from territory.evidence.schema import DataError
from territory.text import number, percent, say

if TYPE_CHECKING:
    from collections.abc import Mapping

DESIGNS = ("its", "panel", "synthetic")
_SHARES = {"shared", "lower"}


class Note:
    """Something a reader of an effect must know, as a sentence that any language can say.

    Parameters
    ----------
    key
        Name of the sentence in ``text/catalogue/effects.*.toml``.
    values
        What fills its blanks. Whole numbers, fractions and windows are written as
        the language does, ``shared`` and ``lower`` as percentages; texts stay as they are.
    """

    def __init__(self, key: str, **values: object) -> None:
        self.key = key
        self.values = values

    def render(self, lang: str = "en") -> str:
        """Return the sentence in `lang`."""
        written = {name: _written(value, lang) for name, value in self.values.items()}
        if "p" in self.values:
            written["p"] = _chance(float(str(self.values["p"])), lang)
        for name in _SHARES & self.values.keys():
            written[name] = percent(float(str(self.values[name])), lang)
        return say(f"effects.{self.key}", lang, **written)

    def renewed(self, **values: object) -> Note:
        """Return the note with some of its blanks filled otherwise."""
        return Note(self.key, **{**self.values, **values})

    def __repr__(self) -> str:
        return f"Note({self.key!r}, {self.values!r})"


@dataclass(frozen=True, eq=False)
class Effect:
    """One event, one design, one estimate, and what it rests on.

    Parameters
    ----------
    event, design
        What is judged, and how: ``its``, ``panel`` or ``synthetic``.
    measure
        What `estimate` is: ``rate_ratio`` (1 = no effect) or ``rate_difference``
        (per 100,000 person-years; 0 = no effect).
    estimate, low, high, p_value
        With a 95 % interval and the p of no effect; missing where the design has none.
    detectable_fall, detectable_rise
        The ratios nearest to 1 that the design would see four times in five, with a
        two-sided test at 5 %; missing where there is no standard error.
    counterfactual
        One row a period or span: ``observed``, ``expected`` (without the event),
        ``low``, ``high`` of the expected.
    averted
        One row a counterfactual: ``expected``, ``observed``, ``averted`` (negative =
        in excess), ``low``, ``high``. Never a number without the row's name.
    placebo, placebo_p
        The same design where nothing happened (dates or places), and the share of
        those as far from no effect, the real one counted in.
    terms
        What else was estimated, on the scale of `measure`.
    leads
        Effects before the event, which should be none: the pre-trend check.
    weights
        Donors of a synthetic control.
    sensitivity
        The estimate under other choices, one row a choice; ``refused`` holds the error
        where the data could not answer one (`choices` says it in words).
    checks
        Figures on the fit: dispersion, autocorrelation, numbers of periods.
    notes
        What must be said with the estimate.
    """

    event: str
    design: str
    measure: str
    estimate: float
    low: float
    high: float
    p_value: float
    counterfactual: pd.DataFrame
    detectable_fall: float = math.nan
    detectable_rise: float = math.nan
    averted: pd.DataFrame = field(default_factory=pd.DataFrame)
    placebo: pd.DataFrame = field(default_factory=pd.DataFrame)
    placebo_p: float = math.nan
    terms: pd.DataFrame = field(default_factory=pd.DataFrame)
    leads: pd.DataFrame = field(default_factory=pd.DataFrame)
    weights: pd.DataFrame = field(default_factory=pd.DataFrame)
    sensitivity: pd.DataFrame = field(default_factory=pd.DataFrame)
    checks: Mapping[str, float] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()

    def summary(self, lang: str = "en", *, title: str | None = None) -> str:
        """Return the estimate and what must be said with it, in sentences.

        That is: what changed, by how much, between which ends; what would have been
        detectable; the deaths under each counterfactual; placebos; what it does not show.

        Parameters
        ----------
        lang
            ``es`` or ``en``.
        title
            How the event is called; None = its short name.
        """
        sentences = [self.headline(lang, title=title), self.detectable(lang)]
        sentences += [_deaths(str(name), row, lang) for name, row in self.averted.iterrows()]
        if not math.isnan(self.placebo_p):
            share = percent(self.placebo_p, lang)
            sentences.append(say("effects.summary_placebo", lang, share=share))
        return " ".join([*filter(None, sentences), *(note.render(lang) for note in self.notes)])

    def headline(self, lang: str = "en", *, title: str | None = None) -> str:
        """Return the estimate in one sentence; arguments as in `summary`."""
        values = {name: _written(getattr(self, name), lang) for name in ("estimate", "low", "high")}
        side = ""
        if self.measure == "rate_difference":
            side = "_below" if self.estimate < 0 else "_above"
            values["estimate"] = _written(abs(self.estimate), lang)
        key = f"effects.summary_{self.design}{side}"
        return say(key, lang, event=title or self.event, **values)

    def detectable(self, lang: str = "en") -> str:
        """Return what the design would have seen four times in five, in one sentence."""
        if not math.isnan(self.detectable_fall):
            ends = {
                "fall": percent(1 - self.detectable_fall, lang),
                "rise": percent(self.detectable_rise - 1, lang),
                "low": number(self.detectable_fall, lang, digits=2),
                "high": number(self.detectable_rise, lang, digits=2),
            }
            return say("effects.summary_detectable", lang, **ends)
        if self.measure == "rate_ratio" or self.placebo.empty:
            return ""
        n = len(self.placebo)
        return say(
            "effects.summary_detectable_rank",
            lang,
            n=number(n, lang),
            least=number(1 / n, lang, digits=2),
        )

    @property
    def table(self) -> pd.DataFrame:
        """What was estimated, one row a term: ``estimate``, ``low``, ``high``, ``p_value``."""
        names = ["estimate", "low", "high", "p_value"]
        if not self.terms.empty:
            return self.terms[names]
        row = {name: getattr(self, name) for name in names}
        return pd.DataFrame([row], index=pd.Index([self.measure], name="term"))

    def choices(self, lang: str = "en") -> pd.DataFrame:
        """Return `sensitivity` with the reason of every refusal as a sentence in `lang`."""
        if "refused" not in self.sensitivity:
            return self.sensitivity
        words = [
            reason.render(lang) if isinstance(reason, DataError) else ""
            for reason in self.sensitivity["refused"]
        ]
        return self.sensitivity.assign(refused=words)

    def as_json(self, lang: str = "en") -> dict[str, Any]:
        """Return plain numbers, lists and texts; missing and infinite numbers as None."""
        single = {
            name: _plain(getattr(self, name))
            for name in (
                "event", "design", "measure", "estimate", "low", "high", "p_value",
                "detectable_fall", "detectable_rise",
            )
        }  # fmt: skip
        tables = ("averted", "terms", "leads", "weights")
        return {
            **single,
            "counterfactual": _rows(self.counterfactual),
            "placebo": {"p_value": _plain(self.placebo_p), "rows": _rows(self.placebo)},
            **{name: _rows(getattr(self, name)) for name in tables},
            "sensitivity": _rows(self.choices(lang)),
            "checks": {name: _plain(value) for name, value in self.checks.items()},
            "notes": [note.render(lang) for note in self.notes],
        }


def _deaths(name: str, row: pd.Series, lang: str) -> str:
    """Say how many deaths one counterfactual averts or adds."""
    kind = "averted" if row["averted"] >= 0 else "excess"
    sign = 1 if row["averted"] >= 0 else -1
    ends = sorted(sign * row[end] for end in ("low", "high"))
    bare = "_bare" if math.isnan(ends[0]) else ""
    return say(
        f"effects.summary_{kind}{bare}",
        lang,
        counterfactual=say(f"effects.counterfactual_{name}", lang),
        expected=number(row["expected"], lang),
        observed=number(row["observed"], lang),
        averted=number(abs(row["averted"]), lang),
        low=number(ends[0], lang),
        high=number(ends[1], lang),
    )


def _rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    named = table.reset_index() if len(table.columns) else table
    return [
        {str(name): _plain(value) for name, value in row.items()}
        for row in named.to_dict("records")
    ]


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, pd.Period | datetime.date | Window):
        return str(value)
    if pd.isna(value) or math.isinf(value):
        return None
    return (
        int(value) if float(value).is_integer() and not isinstance(value, float) else float(value)
    )


def _chance(p: float, lang: str) -> str:
    """Write a p-value with its sign: ``= 0.12``, or ``< 0.01`` where two digits say no more."""
    return f"< {number(0.01, lang, digits=2)}" if p < 0.01 else f"= {number(p, lang, digits=2)}"


def _written(value: object, lang: str) -> object:
    if isinstance(value, Window):
        return value.label(lang)
    if isinstance(value, bool | str) or not isinstance(value, int | float):
        return str(value)
    if isinstance(value, int):
        return number(value, lang)
    return number(value, lang, digits=0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2)
