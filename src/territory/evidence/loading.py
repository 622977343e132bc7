"""All tables of one study, read in the order in which they need each other."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import pandas as pd

from territory.evidence import (
    agreement,
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
#: Every table that a study may have.
KNOWN = (*_INDEX, "units", *LATER)
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
    wanted = ("units", "groups", "levels", "hierarchy")
    needed = [errors[name] for name in wanted if name in errors]
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
        What is wrong, by the name of the table, or as `agreement.disagreements` calls it.
        A table that needs another one which cannot be read is in neither.
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
    if file.table("claims") is not None and file.table("actors") is None:
        errors["claims"] = DataError(Fault("claims_without_actors", file=file.path.name))
        found.pop("claims", None)
    return found, errors | agreement.disagreements(file, found)


def read_later(file: StudyFile, areas: pd.DataFrame) -> dict[str, DataError]:
    """Return what is wrong with the tables that are read only when something asks for them."""
    errors = {}
    for name, reader in LATER.items():
        path = file.table(name)
        try:
            if path is None:
                continue
            found, _ = reader(path, *([areas] if name in _BY_UNIT else []), label=file.label(name))
            if name == "geometry":
                demand(agreement.projection_faults(file, found))
        except DataError as error:
            errors[name] = error
    return errors


def shapes(file: StudyFile, name: str) -> geopandas.GeoDataFrame:
    """Return the shapes in one of a study's geometry tables, read once."""
    return _shapes(file.root, name)


@lru_cache(maxsize=8)
def _shapes(file: StudyFile, name: str) -> geopandas.GeoDataFrame:
    areas, _ = units.read_units(path_of(file, "units"), label=file.label("units"))
    found, _ = units.read_shapes(path_of(file, name), areas, label=file.label(name))
    demand(agreement.projection_faults(file, found))
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
