"""All tables of one study, read in the order in which they need each other."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, cast

import pandas as pd

from territory.evidence import (
    claims,
    comparators,
    events,
    outcomes,
    population,
    sources,
    studyfile,
    units,
)
from territory.evidence.schema import DataError, Fault

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import geopandas

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
}  # fmt: skip


def tables(study: str | Path) -> dict[str, Any]:
    """Return everything that a study file names, by the names of `Tables`.

    Raises
    ------
    DataError
        With every fault of the first table that has any.
    """
    file = studyfile.read_study_file(study)

    def read(
        name: str, reader: Callable[..., Any], *needs: pd.DataFrame, **options: Any
    ) -> pd.DataFrame:
        path = file.table(name)
        if path is None:
            return pd.DataFrame(columns=list(_ABSENT[name]))
        table, _ = reader(path, *needs, label=file.label(name), **options)
        return cast("pd.DataFrame", table)

    areas = read("units", units.read_units)
    actors = read("actors", claims.read_actors)
    detail_until = file.entries.get("territory", {}).get("detail_until")
    return {
        "file": file,
        "units": areas,
        "groups": read("groups", units.read_groups, areas),
        "outcomes": read("outcomes", outcomes.read_outcomes, areas),
        "population": read("population", population.read_population, areas),
        "events": read("events", events.read_events, areas),
        "observations": read("observations", outcomes.read_observations, areas),
        "actors": actors,
        "claims": read("claims", claims.read_claims, areas, actors, detail_until=detail_until),
        "interventions": read("interventions", claims.read_interventions, areas),
        "comparators": read("comparators", comparators.read_comparators),
        "cards": tuple(
            sources.read_card(path_of(file, name), label=file.label(name))
            for name in file.entries["tables"]
        ),
        "outcome": file.defaults["outcome"],
        "institution": file.defaults["institution"],
        "population_series": file.defaults["population"],
    }


@lru_cache(maxsize=8)
def shapes(file: StudyFile, name: str) -> geopandas.GeoDataFrame:
    """Return the shapes in one of a study's geometry tables, read once."""
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
