"""Small multiples: one map a year, or one a group, on one scale with one legend."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from territory import briefing, drawing
from territory.evidence.periods import Window
from territory.evidence.schema import DataError, Fault
from territory.pictures import captions
from territory.pictures.beside import require_values
from territory.text import number, say

if TYPE_CHECKING:
    import pandas as pd

    from territory.briefing import Selection
    from territory.pictures.mapspec import MapSpec
    from territory.study import Study

YEAR = "year"
#: More do not fit a page at a size that can be read.
MOST = 30
_SHOWS = ("rate", "smoothed_rate", "count")


@dataclass(frozen=True)
class Multiples:
    """Small maps and the words of their page.

    Parameters
    ----------
    maps
        In order; ``panel`` and ``note`` of each stand over it.
    title, takeaway, subtitle, caption
        Of the page.
    """

    maps: list[MapSpec]
    title: str
    takeaway: str
    subtitle: str
    caption: str

    @property
    def words(self) -> dict[str, str]:
        """Words of the page, by name."""
        names = ("title", "takeaway", "subtitle", "caption")
        return {name: getattr(self, name) for name in names}


def choices(study: Study) -> list[str]:
    """Return what small maps can be drawn by: years, and levels and groupings of the study's file."""
    known = list(study.file.levels[1:-1])
    known += [str(name) for name in study.groups["grouping"].unique() if name not in known]
    return [YEAR, *known]


def multiples(study: Study, selection: Selection, across: str = YEAR) -> Multiples:
    """Return the maps of a selection as small multiples.

    Parameters
    ----------
    selection
        A rate, a smoothed rate or a count; with years, its period has several of them.
    across
        ``year``, or a level or grouping (`choices`): then each map shows one group's units.

    Raises
    ------
    DataError
        For another quantity or division, one map alone, too many, or no value at all.
    """
    if selection.show not in _SHOWS:
        raise DataError(
            Fault("no_multiples", value=selection.show, allowed=f"--show {', '.join(_SHOWS)}")
        )
    if across not in choices(study):
        raise DataError(Fault("no_multiples", value=across, allowed=", ".join(choices(study))))
    found = _years(study, selection) if across == YEAR else _groups(study, selection, across)
    if not 2 <= len(found.maps) <= MOST:
        raise DataError(Fault("too_many_maps", n=len(found.maps), allowed=MOST))
    require_values(found.maps)
    return found


def _years(study: Study, selection: Selection) -> Multiples:
    years = [str(year) for year in Window.parse(selection.period).years]
    if not 2 <= len(years) <= MOST:
        raise DataError(Fault("too_many_maps", n=len(years), allowed=MOST))
    column, digits = _column(selection)
    whole, maps = {}, []
    for year in years:
        chosen = selection.renewed(period=year)
        whole[year] = float(briefing.rates(study, chosen.renewed(by="total"))[column].iloc[0])
        value = number(whole[year], selection.lang, digits=digits)
        note = say("pictures.many_note_year", selection.lang, value=value)
        maps.append(replace(drawing.specs(study, chosen)[0], note=note))
    words = _ends(whole, selection.lang, digits, suffix="_year")
    takeaway = drawing.selection_about(study, selection).say(
        _key("many_takeaway_year", selection), **words
    )
    return _page(study, selection, maps, _reached(study, selection, maps, years), takeaway)


def _reached(study: Study, selection: Selection, maps: list[MapSpec], years: list[str]) -> str:
    """Return in which year most areas reach the highest limit that any reaches, and in which least."""
    about = drawing.selection_about(study, selection)
    limits = drawing.scale(
        study, selection.show, selection.outcome, selection.institution, selection.population,
        selection.by,
    )  # fmt: skip
    found = []
    for place in range(len(limits.limits), 0, -1):
        high = limits.ids[place:]
        reach = [int(spec.rows["class_"].isin(high).sum()) for spec in maps]
        if max(reach) > min(reach):
            # A limit that some area reaches every year says more than one that none reaches.
            found.append((min(reach) > 0, limits.limits[place - 1], reach))
    if found:
        _, limit, reach = max(found)
        most, least = max(reach), min(reach)
        return about.say(
            _key("many_title_year", selection),
            limit=about.number(limit, len(f"{limit:g}".partition(".")[2])),
            most=about.number(most), most_year=years[reach.index(most)],
            least=about.number(least), least_year=years[reach.index(least)],
            total=about.number(len(maps[0].rows)),
        )  # fmt: skip
    return _plain(study, selection)


def _groups(study: Study, selection: Selection, across: str) -> Multiples:
    """Return one map for each group, of its units alone, with the group's own value."""
    spec = drawing.specs(study, selection.renewed(by=study.finest))[0]
    members = study.members(across)
    table = briefing.rates(study, selection.renewed(by=across, show=_crude(selection)))
    column, digits = _column(selection)
    maps, values = [], {}
    for code, row in table.iterrows():
        own = [unit for unit in spec.rows.index if members.get(str(unit)) == code]
        if own:
            values[str(row["name"])] = float(row[column])
            panel = replace(spec, rows=spec.rows.loc[own], panel=str(row["name"]))
            data = None if spec.data is None else spec.data.loc[own]
            maps.append(replace(panel, data=data, note=_group_note(row, selection, digits)))
    about = drawing.selection_about(study, selection.renewed(by=study.finest))
    known = {name: value for name, value in values.items() if not math.isnan(value)}
    title = _plain(study, selection)
    if known:
        words = _ends(known, selection.lang, digits, suffix="_name")
        window = Window.parse(selection.period).label(selection.lang)
        title = about.say(_key("many_title_group", selection), window=window, **words)
    takeaway = about.say(_key("many_takeaway_group", selection))
    return _page(study, selection, maps, title, takeaway)


def _group_note(row: pd.Series, selection: Selection, digits: int) -> str:
    column, _ = _column(selection)
    value = number(row[column], selection.lang, digits=digits)
    if selection.show == "count":
        return value
    span = [number(row[side], selection.lang, digits=digits) for side in ("low", "high")]
    return f"{value} ({'–'.join(span)})"


def _page(
    study: Study, selection: Selection, maps: list[MapSpec], title: str, takeaway: str
) -> Multiples:
    about = drawing.selection_about(study, selection)
    window = Window.parse(selection.period).label(selection.lang)
    words = selection.show.removesuffix("_rate")
    return Multiples(
        maps,
        title=title,
        takeaway=takeaway,
        subtitle=about.say(f"subtitle_{words}", window=window),
        caption=captions.caption(about, f"caption_{words}", window=window),
    )


def _ends(values: dict[str, float], lang: str, digits: int, *, suffix: str) -> dict[str, str]:
    """Return the highest and the lowest of values, and whose they are."""
    high, low = max(values, key=values.__getitem__), min(values, key=values.__getitem__)
    return {
        "highest": number(values[high], lang, digits=digits),
        f"highest{suffix}": high,
        "lowest": number(values[low], lang, digits=digits),
        f"lowest{suffix}": low,
    }


def _column(selection: Selection) -> tuple[str, int]:
    """Return what is told of a whole: its rate is never smoothed, as it rests on many cases."""
    return ("count", 0) if selection.show == "count" else ("rate", 1)


def _crude(selection: Selection) -> str:
    return "count" if selection.show == "count" else "rate"


def _key(key: str, selection: Selection) -> str:
    return f"{key}_count" if selection.show == "count" else key


def _plain(study: Study, selection: Selection) -> str:
    window = Window.parse(selection.period).label(selection.lang)
    return drawing.selection_about(study, selection).say("title_plain", window=window)
