"""A selection, and the tables, maps and documents that follow from it.

The page, the command line and the page's address each make the same small
`Selection`; what is seen in one door can be had through the others.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, fields, replace
from numbers import Integral
from typing import TYPE_CHECKING, Any

import pandas as pd

from territory.evidence.periods import Window
from territory.evidence.schema import DataError, unknown
from territory.measures.holders import day_of
from territory.measures.rates import crude_rate
from territory.text import LANGUAGES, number

if TYPE_CHECKING:
    from collections.abc import Mapping

    from territory.comparing import Comparison
    from territory.measures.windows import WindowCount
    from territory.study import Study

SHOWS = ("rate", "smoothed_rate", "count", "change", "holders")


@dataclass(frozen=True)
class Selection:
    """What somebody wants to see. Make one with `Selection.of` or `Selection.lenient`.

    Parameters
    ----------
    lang
        ``es`` or ``en``.
    show
        ``rate``, ``smoothed_rate``, ``count``, ``change`` or ``holders``.
    outcome, institution, population
        What is counted, by whom, over which population series.
    period, before, after
        Windows.
    by
        A grouping of the study.
    place
        Code of a unit, or empty.
    scaled
        ``yes``: the intervals of a comparison allow for over-dispersion.
    """

    lang: str = "es"
    show: str = "rate"
    outcome: str = ""
    institution: str = ""
    population: str = ""
    period: str = ""
    before: str = ""
    after: str = ""
    by: str = ""
    place: str = ""
    on: str = ""
    scaled: str = ""

    @classmethod
    def of(cls, study: Study, **given: str | None) -> Selection:
        """Fill what was not given with the study's defaults, and hold all of it against the study.

        Raises
        ------
        DataError
            For anything that the study does not know.
        """
        chosen = {key: value for key, value in given.items() if value}
        if (lang := chosen.get("lang", cls.lang)) not in LANGUAGES:
            raise unknown("--lang", lang, LANGUAGES)
        if (show := chosen.get("show", cls.show)) not in SHOWS:
            raise unknown("--show", show, SHOWS)
        by = chosen.get("by", study.finest)
        study.grouping(by)  # says what is wrong with it
        if show == "change" and study.published(by, chosen.get("outcome")):
            outcome, institution, spans = _of_published(study, chosen)
        else:
            outcome, institution = study.counted(chosen.get("outcome"), chosen.get("institution"))
            spans = _spans(study, chosen, outcome, institution)
        series = study.series_named(chosen.get("population"))
        if (scaled := chosen.get("scaled", "")) not in ("", "yes"):
            raise unknown("--scaled", scaled, ["yes"])
        place = study.unit(chosen["place"], argument="--place") if "place" in chosen else ""
        on = str(day_of(chosen["on"])) if "on" in chosen else ""
        return cls(
            lang=lang,
            show=show,
            outcome=outcome,
            institution=institution,
            population=series,
            by=by,
            place=place,
            scaled=scaled,
            on=on,
            **spans,
        )

    @classmethod
    def lenient(cls, study: Study, given: Mapping[str, str]) -> tuple[Selection, list[DataError]]:
        """Do as `of` with what comes from an address: what is wrong falls back to the default.

        Returns
        -------
        selection
            Always a valid one.
        errors
            What was wrong with the entries that were left out.
        """
        errors: list[DataError] = []
        kept: dict[str, str | None] = {}
        for field in fields(cls):
            if not (value := str(given.get(field.name) or "")[:80]):
                continue
            try:
                cls.of(study, **{**kept, field.name: value})
                kept[field.name] = value
            except DataError as error:
                errors.append(error)
        return cls.of(study, **kept), errors

    def renewed(self, **changes: str) -> Selection:
        """Return a copy with some entries changed."""
        return replace(self, **changes)

    def as_dict(self) -> dict[str, str]:
        """Return the entries that are set."""
        return {key: value for key, value in asdict(self).items() if value}


def _spans(
    study: Study, chosen: Mapping[str, str], outcome: str, institution: str
) -> dict[str, str]:
    """Return the windows that were chosen, or the defaults, held against the table of counts."""
    return {
        name: study.window(
            chosen.get(name) or study.default_window(name, outcome, institution),
            outcome=outcome,
            institution=institution,
            argument=f"--{name}",
        ).text
        for name in ("period", "before", "after")
    }


def _of_published(study: Study, chosen: Mapping[str, str]) -> tuple[str, str, dict[str, str]]:
    """Return outcome, institution and windows for the whole place, which may be any days.

    The institution stays open where none was named: totals may need another one than the
    table of counts.
    """
    try:
        outcome, institution = study.counted(chosen.get("outcome"), chosen.get("institution"))
        return outcome, institution, _spans(study, chosen, outcome, institution)
    except DataError:
        outcome, institution = study.counted(chosen.get("outcome"), None)
        spans = _spans(study, {}, outcome, institution)
        free = {name: chosen[name] for name in ("before", "after") if name in chosen}
        free = {name: Window.parse(text, argument=f"--{name}").text for name, text in free.items()}
        return outcome, chosen.get("institution", ""), spans | free


def rates(study: Study, selection: Selection) -> pd.DataFrame:
    """Return the table of rates of a selection (see `Study.rates`)."""
    return study.rates(
        selection.period,
        by=selection.by,
        outcome=selection.outcome,
        institution=selection.institution,
        population=selection.population,
        smoothed=selection.show == "smoothed_rate",
        lang=selection.lang,
    )


def comparison(study: Study, selection: Selection) -> Comparison:
    """Return the comparison of a selection (see `Study.compare`)."""
    return study.compare(
        selection.before,
        selection.after,
        by=selection.by,
        outcome=selection.outcome,
        institution=selection.institution or None,
        population=selection.population,
        scaled=selection.scaled == "yes",
    )


def rates_document(study: Study, selection: Selection) -> dict[str, Any]:
    """Return the rates of a selection as the JSON document of ``territory rates``."""
    return {
        "study": study.name,
        "period": selection.period,
        **_counted(selection),
        "rows": rows(rates(study, selection)),
    }


def comparison_document(study: Study, selection: Selection) -> dict[str, Any]:
    """Return the comparison of a selection as the JSON document of ``territory compare``."""
    result = comparison(study, selection)
    return {
        "study": study.name,
        "before": selection.before,
        "after": selection.after,
        **_counted(selection) | {"institution": result.institution},
        "rows": rows(result.table),
        "phi": plain(result.phi),
        "composed": [_sum_of(counted) for counted in result.composed or ()],
    }


def holders_document(study: Study, on: str, *, by: str | None = None) -> dict[str, Any]:
    """Return reported territory on a day as the JSON document of ``territory holders``."""
    frame = study.holders(on, by=by)
    entries = ["name", "status", "actors", "claims", "best_grade", "stale"]
    return {
        "on": on,
        "carry_years": study.file.entries.get("territory", {}).get("carry_years", 3),
        "rows": rows(frame[entries]),
    }


def study_document(study: Study) -> dict[str, Any]:
    """Return what is in a study as an entry of ``territory studies``."""
    first, last = study.pairs["min"].min(), study.pairs["max"].max()
    return {
        "study": study.name,
        "title": study.title("en"),
        "units": {level: int((study.units["level"] == level).sum()) for level in study.file.levels},
        "periods": {"first": str(first), "last": str(last), "frequency": first.freqstr[0]},
        "outcomes": [
            {"outcome": outcome, "institutions": list(study.pairs.loc[outcome].index)}
            for outcome in study.pairs.index.get_level_values("outcome").unique()
        ],
        "sources": [card.title["en"] for card in study.cards],
    }


def _sum_of(counted: WindowCount) -> dict[str, Any]:
    """Return how a count was composed: the terms, and the range when sources disagree."""
    terms = [
        {
            key: plain(value) if key in ("sign", "count") else str(value)
            for key, value in row.items()
        }
        for row in counted.rows.to_dict("records")
    ]
    return {
        "window": counted.window.text,
        "count": counted.count,
        "low": counted.low,
        "high": counted.high,
        "terms": terms,
    }


def rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return a table as plain rows, ``unit`` first; what is missing is None, counts are whole."""
    names = list(table.columns)
    whole = [name for name in names if name.startswith("count")]
    table = table.astype(dict.fromkeys(whole, "Int64"))
    return [
        {"unit": str(unit)}
        | {name: plain(value) for name, value in zip(names, values, strict=True)}
        for unit, *values in table.itertuples()
    ]


def plain(value: Any) -> Any:
    """Return a cell as JSON knows it: missing and infinite are None, whole counts are integers."""
    if value is None or value is pd.NA:
        return None
    if isinstance(value, tuple):
        return [str(part) for part in value]
    if isinstance(value, str | bool):
        return value
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    if isinstance(value, Integral):
        return int(value)
    value = float(value)
    return value if math.isfinite(value) else None


def _counted(selection: Selection) -> dict[str, str]:
    return {
        "by": selection.by.partition("@")[0],
        "outcome": selection.outcome,
        "institution": selection.institution,
        "population_series": selection.population,
    }


@dataclass(frozen=True)
class Headline:
    """A fall or rise that is often quoted, computed, with what it is a percentage of.

    Parameters
    ----------
    change
        Change of the daily mean, as a fraction.
    text
        Both windows, counts or means, and the institution, in words.
    before, after
        How the two counts were composed.
    """

    change: float
    text: str
    before: WindowCount
    after: WindowCount


def headlines(study: Study, lang: str) -> list[Headline]:
    """Return the changes that the study file names, composed from published totals."""
    found = []
    for entry in study.file.entries.get("headline", []):
        institution = entry["institution"]
        before, after = (
            study.window_count(entry[side], institution=institution) for side in ("before", "after")
        )
        words = entry["text"][lang].format(
            before=number(before.count, lang),
            after=number(after.count, lang),
            before_day=number(before.per_day, lang, digits=1),
            after_day=number(after.per_day, lang, digits=1),
            institution=study.file.word(("institution", institution, "short"), lang),
        )
        found.append(Headline(after.per_day / before.per_day - 1, words, before, after))
    return found


def similar(study: Study, selection: Selection) -> pd.Index:
    """Return the units most like the chosen place in population and in rate before."""
    narrowed = study.select(outcome=selection.outcome, institution=selection.institution)
    return narrowed.similar(selection.place, before=selection.before)


def denominators(study: Study, selection: Selection) -> pd.DataFrame:
    """Return the rate of the whole place over every population series that covers the window.

    Returns
    -------
    frame
        Index ``series``; columns ``count``, ``person_years``, ``rate``, ``low``, ``high``.
    """
    count = rates(study, selection.renewed(by="total", show="rate")).iloc[0]["count"]
    years = Window.parse(selection.period).years
    people = study.population["population"].unstack("year")
    people = people.reindex(columns=years)
    finest = people.index.get_level_values("unit").isin(study.codes)
    sums = people[finest].groupby("series").sum()
    whole = people[~finest].groupby("series").sum(min_count=1)
    person_years = pd.concat([sums, whole]).dropna().sum(axis=1)
    counts = pd.Series(count, index=person_years.index)
    table = pd.DataFrame({"count": counts, "person_years": person_years})
    return table.join(crude_rate(counts, person_years))


def csv_text(table: pd.DataFrame) -> str:
    """Return a table as CSV that a spreadsheet will not take for formulas."""
    safe = table.reset_index()
    for column in safe.columns[safe.dtypes.map(pd.api.types.is_string_dtype)]:
        text = safe[column].astype("string")
        risky = text.str.match(r"\s*[=+\-@\t\r]", na=False)
        safe[column] = text.mask(risky, "'" + text)
    return safe.to_csv(index=False, lineterminator="\n")
