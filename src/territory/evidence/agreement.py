"""The study file and the tables held against each other: hierarchy, levels, defaults."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from territory.evidence.periods import Window
from territory.evidence.schema import DataError, Fault, named_rows, unknown
from territory.evidence.units import UNLOCATED

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import geopandas
    import pandas as pd

    from territory.evidence.studyfile import StudyFile

#: So many degrees outside of the area that it is made for, a projection is a mistake.
_FAR = 12


def disagreements(file: StudyFile, found: Mapping[str, pd.DataFrame]) -> dict[str, DataError]:
    """Return what is wrong between the tables that could be read, by where it is to be mended.

    Parameters
    ----------
    file
        The study file.
    found
        Tables by name, as their readers return them.

    Returns
    -------
    errors
        Under ``levels``, ``hierarchy``, ``coarse`` and ``defaults``; what only follows from
        a fault in the levels is not said as well.
    """
    errors: dict[str, DataError] = {}
    looks = {
        "levels": _level_faults, "hierarchy": _hierarchy, "coarse": _coarse,
        "defaults": _default_faults,
    }  # fmt: skip
    for name, look in looks.items():
        if "units" not in found or ("levels" in errors and name != "levels"):
            continue
        if faults := list(look(file, found)):
            errors[name] = DataError(*faults)
    return errors


def _level_faults(file: StudyFile, found: Mapping[str, pd.DataFrame]) -> Iterator[Fault]:
    """Say which levels have no unit, or are misspelt; the first one must have just one."""
    units = found["units"]
    counts = units["level"].value_counts()
    for level in file.levels:
        if level not in counts:
            there = ", ".join(counts.index)
            yield Fault("level_without_units", file=file.path.name, value=level, found=there)
    if counts.get(file.levels[0], 1) != 1:
        n = int(counts[file.levels[0]])
        yield Fault("several_wholes", file=file.label("units"), value=file.levels[0], n=n)
    # Other levels may be there for other ends; then the study file has words for them.
    named = {*file.levels, *file.entries.get("level", {}), UNLOCATED}
    for level in counts.index.difference(list(named)):
        if near := get_close_matches(level, file.levels, n=1, cutoff=0.7):
            yield Fault(
                "level_misspelt",
                file=file.label("units"),
                rows=named_rows(units["level"] == level),
                value=level,
                near=near[0],
            )


def _hierarchy(file: StudyFile, found: Mapping[str, pd.DataFrame]) -> Iterator[Fault]:
    """Say which units lie in nothing, or in what is not above them: then they could lie in a ring."""
    units, label = found["units"], file.label("units")
    rank = {level: place for place, level in enumerate(file.levels)}
    own = units["level"].map(rank)
    above = units["parent"].map(units["level"]).map(rank)
    whole = own == 0
    if (top := whole & units["parent"].notna()).any():
        parent = units.loc[top, "parent"].iloc[0]
        value = units.index[top][0]
        yield Fault("whole_below", file=label, rows=named_rows(top), value=value, parent=parent)
    orphan = own.gt(0) & units["parent"].isna()
    wrong = own.gt(0) & units["parent"].notna() & ~(above < own)
    for key, bad in (("orphan", orphan), ("not_above", wrong)):
        if bad.any():
            first = units[bad].iloc[0]
            yield Fault(
                key,
                file=label,
                rows=named_rows(bad),
                value=units.index[bad][0],
                level=first["level"],
                parent=first["parent"],
                found=units["level"].get(first["parent"], "–"),
                above=file.levels[int(own[bad].iloc[0]) - 1],
            )


def _coarse(file: StudyFile, found: Mapping[str, pd.DataFrame]) -> Iterator[Fault]:
    """Say which counts are of areas above the finest ones: they would be in no sum."""
    if "outcomes" not in found:
        return
    unit = found["outcomes"].index.get_level_values("unit").to_series()
    level = unit.map(found["units"]["level"])
    coarse = level[~level.isin([file.levels[-1], UNLOCATED])]
    if len(coarse):
        yield Fault(
            "count_not_finest",
            file=file.label("outcomes"),
            value=coarse.index[0],
            level=coarse.iloc[0],
            n=len(coarse),
            finest=file.levels[-1],
        )


def _default_faults(file: StudyFile, found: Mapping[str, pd.DataFrame]) -> Iterator[Fault]:
    """Say which defaults name what no table holds."""
    allowed: dict[str, list[str]] = {}
    if "outcomes" in found:
        index = found["outcomes"].index
        allowed["outcome"] = list(index.unique("outcome"))
        of_default = index[index.get_level_values("outcome") == file.defaults["outcome"]]
        if len(of_default):
            allowed["institution"] = list(of_default.unique("institution"))
        own = of_default[of_default.get_level_values("institution") == file.defaults["institution"]]
        if len(own):
            yield from _window_faults(file, own.get_level_values("period"))
    if "population" in found:
        index = found["population"].index
        units = found["units"]
        finest = units.index[units["level"] == file.levels[-1]]
        there = index[index.get_level_values("unit").isin(finest)].unique("series")
        allowed["population"] = list(there)
    if "prior" in file.defaults and "groups" in found:
        allowed["prior"] = [*file.levels, *found["groups"]["grouping"].unique()]
    for name, values in allowed.items():
        value = file.defaults[name]
        if value not in values:
            near = get_close_matches(value, values, n=1, cutoff=0.6)
            yield Fault(
                "default_not_there_near" if near else "default_not_there",
                file=file.path.name,
                entry=f"defaults.{name}",
                value=value,
                allowed=", ".join(values) or "–",
                near="".join(near),
            )
    own_level = file.entries.get("default_by", file.levels[-1])
    if own_level not in file.levels:
        yield from unknown(f"{file.path.name}, default_by", own_level, file.levels).faults


def _window_faults(file: StudyFile, periods: pd.Index) -> Iterator[Fault]:
    """Say which windows are none, lie outside the counts, cut a period, or share a day."""
    first, last = periods.min(), periods.max()
    windows: dict[str, Window] = {}
    for name in ("period", "before", "after"):
        argument = f"{file.path.name}, defaults.{name}"
        try:
            window = Window.parse(file.defaults[name], argument=argument)
            if window.first < first.start_time.date() or window.last > last.end_time.date():
                fix = window.inside(Window.parse(str(first)), Window.parse(str(last))).text
                yield Fault(
                    "window_outside", argument=argument, value=window.text, first=first, last=last,
                    outcome=f"{file.defaults['outcome']} ({file.defaults['institution']})", fix=fix,
                )  # fmt: skip
                continue
            window.periods(first.freqstr[0])
            windows[name] = window
        except DataError as error:
            yield from error.faults
    if first == last or not {"before", "after"} <= windows.keys():
        return  # what has one period has nothing to compare, whatever stands there
    before, after = windows["before"], windows["after"]
    if before.last >= after.first:
        yield Fault("defaults_overlap", file=file.path.name, before=before.text, after=after.text)


def projection_faults(file: StudyFile, shapes: geopandas.GeoDataFrame) -> list[Fault]:
    """Return what is wrong with the projection of the study file, for shapes in degrees.

    One that is made for a far part of the world points to the wrong zone, or to shapes whose
    longitude and latitude have changed places.
    """
    import pyproj

    value = file.entries.get("crs_local")
    if value is None:
        return []
    where = f"{file.path.name}, crs_local"
    _, south, _, north = shapes.total_bounds
    # The middle of each shape, not of all: a place may lie on both sides of the 180th meridian.
    x = float((shapes.bounds["minx"] + shapes.bounds["maxx"]).median()) / 2
    y = (south + north) / 2
    zone = f"EPSG:{326 if y >= 0 else 327}{int((x + 180) // 6) % 60 + 1:02d}"
    try:
        projection = pyproj.CRS.from_user_input(value)
    except pyproj.exceptions.CRSError:
        return [Fault("bad_projection", argument=where, value=value, allowed=zone)]
    if not projection.is_projected or projection.axis_info[0].unit_name != "metre":
        return [Fault("not_in_metres", argument=where, found=value, allowed=zone)]
    area = projection.area_of_use
    if area is None or area.west > area.east:
        return []
    away = max(area.west - x, x - area.east, area.south - y, y - area.north)
    if away <= _FAR:
        return []
    at = f"{x:.1f}, {y:.1f}"
    return [Fault("far_projection", argument=where, value=value, found=at, allowed=zone)]
