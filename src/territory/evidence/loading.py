"""All tables of one study, read in the order in which they need each other."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import pandas as pd

from territory.evidence import (
    claims,
    comparators,
    events,
    names,
    outcomes,
    population,
    sources,
    studyfile,
    units,
)
from territory.evidence.schema import DataError, Fault, demand

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import geopandas

    from territory.evidence.sources import SourceCard
    from territory.evidence.studyfile import StudyFile

# What a study without one of these tables has in its place: the same columns, no rows.
_ABSENT = {
    "groups": ("unit", "grouping", "group"),
    "events": ("start", "end", "units", "rank", "title_es", "title_en", "kind", "tracks"),
    "observations": (
        "unit", "start", "end", "outcome", "institution", "count", "rate", "quality", "source",
    ),
    "actors": ("parent", "name_es", "name_en"),
    "claims": (
        "unit", "actors", "kind", "value", "start", "end", "grade", "display_tier", "whole_unit",
    ),
    "interventions": ("unit", "kind", "confidence"),
    "comparators": ("name", "count", "population", "rate", "source"),
    "outcomes": ("count", "quality"),
    "population": ("population", "method"),
}  # fmt: skip

_DAYS = ("start", "end", "start_earliest", "start_latest")
# The index of each table, as its reader makes it.
_INDEX = {
    "groups": [],
    "events": ["event"],
    "observations": ["observation"],
    "actors": ["actor"],
    "claims": ["claim"],
    "interventions": ["intervention"],
    "comparators": ["country", "year"],
    "outcomes": outcomes.KEY,
    "population": population.KEY,
}


def _without_rows(name: str) -> pd.DataFrame:
    """Return a table as its reader makes it, without rows."""
    key = _INDEX[name]
    empty = pd.DataFrame(columns=[*key, *_ABSENT[name]])
    if name in ("events", "claims", "interventions"):
        days = [column for column in empty if column in _DAYS]
        empty[days] = empty[days].astype("datetime64[ns]")
    return empty.set_index(key) if key else empty


def _as_table(path: Path, *, label: str) -> tuple[pd.DataFrame, Any]:
    return sources.read_table(path, label=label)


#: Tables that are read only when something asks for them, and how.
LATER: dict[str, Callable[..., Any]] = {
    "geometry": units.read_shapes,
    "geometry_web": units.read_shapes,
    "labels": _as_table,
    "aliases": names.read_aliases,
    "places": units.read_places,
    "context": units.read_context,
    "published": outcomes.read_published,
}
_BY_UNIT = ("geometry", "geometry_web", "aliases", "published")


def tables(study: str | Path) -> dict[str, Any]:
    """Return everything that a study file names, by the names of `Tables`.

    Raises
    ------
    DataError
        With every fault of every table.
    """
    file = studyfile.read_study_file(study)
    found, errors = read_each(file)
    demand([fault for error in errors.values() for fault in error.faults])
    cards = [
        sources.read_card(path_of(file, name), label=file.label(name))
        for name in file.entries["tables"]
    ]
    return _together(file, found, tuple(cards))


def places(study: str | Path) -> dict[str, Any]:
    """Return a study as far as it is there, for reading its first counts: places and words.

    What cannot be read yet has no rows; there are no cards, so no picture can be drawn.

    Raises
    ------
    DataError
        When the table of units cannot be read, or its levels are others.
    """
    file = studyfile.read_study_file(study)
    found, errors = read_each(file)
    needed = [errors[name] for name in ("units", "groups", "levels") if name in errors]
    demand([fault for error in needed for fault in error.faults])
    for name in _ABSENT:
        found.setdefault(name, _without_rows(name))
    return _together(file, found, ())


def _together(
    file: StudyFile, found: dict[str, pd.DataFrame], cards: tuple[SourceCard, ...]
) -> dict[str, Any]:
    return {
        "file": file,
        **found,
        "cards": cards,
        "outcome": file.defaults["outcome"],
        "institution": file.defaults["institution"],
        "population_series": file.defaults["population"],
    }


def read_each(file: StudyFile) -> tuple[dict[str, pd.DataFrame], dict[str, DataError]]:
    """Read the tables in the order in which they need each other.

    Returns
    -------
    tables
        By name; one that the study does not have is there without rows.
    errors
        What is wrong, by the name of the table (``defaults``, ``levels``: of the study
        file). A table that needs another one which cannot be read is in neither.
    """
    found: dict[str, pd.DataFrame] = {}
    errors: dict[str, DataError] = {}

    def read(name: str, reader: Callable[..., Any], *needs: str, **options: Any) -> None:
        path = file.table(name)
        if path is None:
            found[name] = _without_rows(name)
            return
        if any(need not in found for need in needs):
            return
        try:
            given = [found[need] for need in needs]
            found[name], _ = reader(path, *given, label=file.label(name), **options)
        except DataError as error:
            errors[name] = error

    detail_until = file.entries.get("territory", {}).get("detail_until")
    read("units", units.read_units)
    read("actors", claims.read_actors)
    read("groups", units.read_groups, "units")
    read("outcomes", outcomes.read_outcomes, "units")
    read("population", population.read_population, "units")
    read("events", events.read_events, "units")
    read("observations", outcomes.read_observations, "units")
    read("claims", claims.read_claims, "units", "actors", detail_until=detail_until)
    read("interventions", claims.read_interventions, "units")
    read("comparators", comparators.read_comparators)
    for name, faults in (("levels", _level_faults), ("defaults", _default_faults)):
        if wrong := faults(file, found):
            errors[name] = DataError(*wrong)
    return found, errors


def read_later(file: StudyFile, areas: pd.DataFrame) -> dict[str, DataError]:
    """Return what is wrong with the tables that are read only when something asks for them."""
    errors = {}
    for name, reader in LATER.items():
        path = file.table(name)
        try:
            if path is not None:
                reader(path, *([areas] if name in _BY_UNIT else []), label=file.label(name))
        except DataError as error:
            errors[name] = error
    return errors


def _level_faults(file: StudyFile, found: dict[str, pd.DataFrame]) -> list[Fault]:
    """Return which levels have no unit; the first one must have just one."""
    if "units" not in found:
        return []
    counts = found["units"]["level"].value_counts()
    faults = [
        Fault(
            "level_without_units", file=file.path.name, value=level, found=", ".join(counts.index)
        )
        for level in file.levels
        if level not in counts
    ]
    if counts.get(file.levels[0], 1) != 1:
        n = int(counts[file.levels[0]])
        faults.append(Fault("several_wholes", file=file.label("units"), value=file.levels[0], n=n))
    return faults


def _default_faults(file: StudyFile, found: dict[str, pd.DataFrame]) -> list[Fault]:
    """Return which defaults name what no table holds."""
    allowed: dict[str, list[str]] = {}
    if "outcomes" in found:
        index = found["outcomes"].index
        allowed["outcome"] = list(index.unique("outcome"))
        of_default = index[index.get_level_values("outcome") == file.defaults["outcome"]]
        allowed["institution"] = list(of_default.unique("institution"))
    if "population" in found and "units" in found:
        areas = found["units"]
        finest = areas.index[areas["level"] == file.levels[-1]]
        index = found["population"].index
        allowed["population"] = list(
            index[index.get_level_values("unit").isin(finest)].unique("series")
        )
    return [
        Fault("default_not_there", file=file.path.name, entry=f"defaults.{name}",
              value=file.defaults[name], allowed=", ".join(values) or "–")
        for name, values in allowed.items()
        if file.defaults[name] not in values
    ]  # fmt: skip


def shapes(file: StudyFile, name: str) -> geopandas.GeoDataFrame:
    """Return the shapes in one of a study's geometry tables, read once."""
    return _shapes(file.root, name)


@lru_cache(maxsize=8)
def _shapes(file: StudyFile, name: str) -> geopandas.GeoDataFrame:
    areas, _ = units.read_units(path_of(file, "units"), label=file.label("units"))
    found, _ = units.read_shapes(path_of(file, name), areas, label=file.label(name))
    return found


def path_of(file: StudyFile, table: str) -> Path:
    """Return the path of a table that a study must have.

    Raises
    ------
    DataError
        When the study file does not name it.
    """
    path = file.table(table)
    if path is None:
        raise DataError(Fault("study_lacks", file=file.path.name, entry=f"tables.{table}"))
    return path
