"""From a file of points and the units to a table of counts, with a report on every point."""

from __future__ import annotations

import time
from contextlib import closing
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from territory.evidence.schema import DataError, Fault, unknown
from territory.points import cluster
from territory.points.columns import Wanted, chosen
from territory.points.counting import Counted, Recipe, Tally, counts_of_partition, merged, nothing
from territory.points.engines import engine_named
from territory.points.lengths import LENGTHS
from territory.points.projection import DEGREES, projection, short_name
from territory.points.reading import ROWS, open_points
from territory.points.table import periods_written
from territory.points.times import demand_format, demand_zone
from territory.text import number, say

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from pathlib import Path

    from territory.points.areas import Areas
    from territory.points.reading import PointFile

#: Lengths of period that can be counted by.
BY = (*LENGTHS, "total")
#: Different values of a group; a column with more is no category, and may name people.
MAX_GROUPS = 200
# Parts are summed when there are so many, so that memory depends on the answer alone.
_HELD = 32


@dataclass(frozen=True, eq=False)
class Aggregate:
    """Counts by unit and period, and what became of each point.

    Parameters
    ----------
    counts
        Columns ``unit``, ``period`` (ISO text; ``total``), ``group`` where one was asked for, and
        ``count``; sorted; no row for what was not seen.
    tally
        What became of each point.
    codes
        Codes of all units, also of those without a point.
    by, engine, crs
        Length of period; library; projection of the points.
    time_zone
        Where the days are that times with an offset were counted on, if one was said.
    scheduler
        Address of the cluster that counted, if one did.
    partitions, seconds
        Parts that the file was read in, and time from opening it to the last sum.
    """

    counts: pd.DataFrame
    tally: Tally
    codes: tuple[str, ...]
    by: str
    engine: str
    crs: str
    time_zone: str | None
    scheduler: str | None
    partitions: int
    seconds: float

    def as_dict(self) -> dict[str, Any]:
        """Return the report as one JSON document."""
        periods = self.counts["period"]
        return {
            **asdict(self.tally),
            "rows": len(self.counts),
            "units": len(self.codes),
            "by": self.by,
            "first": periods.min() if self.by != "total" else None,
            "last": periods.max() if self.by != "total" else None,
            "crs": self.crs,
            "time_zone": self.time_zone,
            "engine": self.engine,
            "scheduler": self.scheduler,
            "partitions": self.partitions,
            "seconds": round(self.seconds, 3),
        }

    def render(self, lang: str = "en", *, zeros: bool = False, rows: int | None = None) -> str:
        """Return the report in words: the sum of all points, then what a reader should know.

        Parameters
        ----------
        lang
            Language.
        zeros, rows
            Whether zeros were written, and how many rows with them.
        """
        values = asdict(self.tally)
        words = {name: number(value, lang) for name, value in values.items()}
        lines = [
            say("points.sum", lang, **words),
            say("points.how", lang, rows=number(rows or len(self.counts), lang), engine=self.engine,
                seconds=number(self.seconds, lang, digits=1), crs=self.crs),
        ]  # fmt: skip
        notes = [name for name in ("on_border", "ungrouped", "unreadable_dates",
                                   "unreadable_coordinates", "off_scale", "swapped")
                 if values[name]]  # fmt: skip
        if values["on_border"] * 100 > values["assigned"]:
            notes.append("many_on_border")
        if self.time_zone:
            notes.append("zone")
            words["time_zone"] = self.time_zone
        notes.append("zeros" if zeros else "no_zeros")
        return "\n".join([*lines, *(f"– {say(f'points.{name}', lang, **words)}" for name in notes)])


def aggregate(
    points: Path,
    areas: Areas,
    *,
    by: str = "month",
    engine: str | None = None,
    scheduler: str | None = None,
    progress: Callable[[Tally], None] | None = None,
    **columns: str | None,
) -> Aggregate:
    """Count dated points by unit and period, in memory that does not grow with the file.

    Parameters
    ----------
    points
        A Parquet, GeoParquet or text file, or a folder of them.
    areas
        The units, see `read_areas`.
    by
        ``day``, ``week`` (ISO), ``month``, ``quarter``, ``year`` or ``total``.
    engine
        ``sedona`` or ``geopandas``; the first that is installed where nothing is said.
    scheduler
        Address of a Dask scheduler whose workers count the partitions.
    progress
        Called with the tally so far after each partition.
    **columns
        ``x``, ``y``, ``date``, ``group``, ``crs``, ``encoding``, ``date_format``, ``time_zone``;
        see `territory.points.columns.Wanted`.

    Raises
    ------
    DataError
        When the file cannot be read, a column is missing, or most points have no readable date
        or cannot be where they are said to be.
    """
    started = time.perf_counter()
    if by not in BY:
        raise unknown("--by", by, BY)
    wanted = Wanted.of(**columns)
    file = open_points(points, encoding=wanted.encoding)
    recipe = _recipe(file, wanted, by=by, engine=engine_named(engine))
    parts = _parts(file, areas, recipe, scheduler=scheduler)
    total, partitions = _sum(parts, recipe, file.label, progress=progress)
    _demand_plausible(total.tally, recipe, file.label, share=0.5)
    if not total.tally.assigned:
        raise DataError(_nothing_inside(total.tally, recipe, areas, file.label))
    counts = _table(total.counts, areas.codes, by=by, grouped=bool(recipe.columns.group))
    seconds = time.perf_counter() - started
    return Aggregate(
        counts, total.tally, areas.codes, by, recipe.engine, short_name(recipe.crs),
        recipe.time_zone, scheduler, partitions, seconds,
    )  # fmt: skip


def _recipe(file: PointFile, wanted: Wanted, *, by: str, engine: str) -> Recipe:
    if by != "total":
        demand_format(wanted.date_format, by=by)
        demand_zone(wanted.time_zone)
    columns = chosen(
        file.headings, wanted, geometry=file.geometry, dated=by != "total", file=file.label
    )
    stated = file.crs if columns.geometry else ""
    said = wanted.crs
    if said and stated and not projection(said).equals(projection(stated), ignore_axis_order=True):
        name = projection(stated).name
        raise DataError(Fault("points_two_crs", file=file.label, value=said, found=name))
    if columns.geometry and not (said or stated):
        raise DataError(Fault("points_no_crs", file=file.label))
    crs = said or stated or DEGREES
    # Parts of a folder, too, are counted on the days of one zone.
    zone = wanted.time_zone or file.zones.get(columns.date)
    return Recipe(columns, by, projection(crs).to_string(), engine, wanted.date_format, zone)


def _parts(
    file: PointFile, areas: Areas, recipe: Recipe, *, scheduler: str | None
) -> Generator[Counted]:
    """Yield the counts of each partition, from here or from a cluster."""
    names = recipe.columns.names
    if scheduler:
        tables = file.partitions(names, rows=cluster.ROWS)
        yield from cluster.counted(scheduler, tables, areas, recipe)
    else:
        for table in file.partitions(names, rows=ROWS):
            yield counts_of_partition(table, areas, recipe)


def _sum(
    parts: Generator[Counted],
    recipe: Recipe,
    file: str,
    *,
    progress: Callable[[Tally], None] | None,
) -> tuple[Counted, int]:
    """Return the sum of all partitions, and how many there were."""
    held, tally, partitions = [nothing()], Tally(), 0
    # Closed also when a fault ends the run, so that no cluster is left waiting.
    with closing(parts):
        for partitions, part in enumerate(parts, start=1):
            held.append(part)
            tally += part.tally
            if partitions == 1:
                _demand_plausible(tally, recipe, file, share=1.0)
            if len(held) > _HELD:
                held = [merged(held)]
                _demand_groups(held[0].counts, recipe.columns.group)
            if progress:
                progress(tally)
    total = merged(held)
    _demand_groups(total.counts, recipe.columns.group)
    if not tally.points:
        raise DataError(Fault("points_empty", file=file))
    return total, partitions


def _demand_groups(counts: Any, name: str) -> None:
    if len(counts.column("group").unique()) > MAX_GROUPS:
        raise DataError(Fault("points_many_groups", value=name, n=MAX_GROUPS))


def _demand_plausible(tally: Tally, recipe: Recipe, file: str, *, share: float) -> None:
    """Refuse a file most of whose points cannot be what they are said to be.

    The first partition ends the run only if all its points are so; a few in a sound file are
    counted and reported.
    """
    placed = tally.points - tally.without_coordinates
    scale = "points_off_globe" if projection(recipe.crs).is_geographic else "points_in_degrees"
    checks = (
        ("points_bad_numbers", tally.unreadable_coordinates, tally.points),
        (scale, tally.off_scale, placed),
        ("points_swapped", tally.swapped, placed),
        ("points_bad_dates", tally.unreadable_dates, placed),
    )
    columns = recipe.columns
    named = ", ".join(filter(None, (columns.x, columns.y, columns.geometry)))
    for key, bad, of in checks:
        # Half of them may be a mistake in places; more is a mistake about the file.
        if bad and (bad > share * of or bad == of):
            crs = short_name(recipe.crs)
            values = {"columns": named, "date": columns.date, "by": recipe.by, "crs": crs}
            raise DataError(Fault(key, file=file, bad=bad, of=of, **values))


def _nothing_inside(tally: Tally, recipe: Recipe, areas: Areas, file: str) -> Fault:
    """Say why no point has a unit: none could be asked, or all lie elsewhere."""
    values = asdict(tally)
    if not tally.outside:
        return Fault("points_none_usable", file=file, **values)
    box, crs = " ".join(f"{edge:.6g}" for edge in areas.bounds), short_name(recipe.crs)
    return Fault("points_all_outside", file=file, bounds=box, crs=crs, **values)


def _table(counts: Any, codes: tuple[str, ...], *, by: str, grouped: bool) -> pd.DataFrame:
    frame = counts.to_pandas()
    frame = frame.sort_values(["unit", "period", "group"], ignore_index=True)
    table = pd.DataFrame(
        {
            "unit": np.array(codes, dtype=object)[frame["unit"].to_numpy()],
            "period": periods_written(frame["period"].to_numpy(), by=by),
            "group": frame["group"].astype(object),
            "count": frame["count"].astype("int64"),
        }
    )
    return table if grouped else table.drop(columns="group")
