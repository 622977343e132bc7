"""Points of one's own: `aggregate`."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from territory.cli.app import app
from territory.cli.options import Json, Lang
from territory.cli.output import print_json

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from territory.points.counting import Tally

Text = str | None


@app.command()
def aggregate(
    points: Annotated[
        Path, typer.Argument(help="Parquet, GeoParquet or CSV, or a folder of them.")
    ],
    *,
    units: Annotated[str, typer.Option(help="A study, or a file of polygons: GeoJSON, GPKG …")],
    out: Annotated[Path, typer.Option(help="CSV or Parquet to write: unit,period,count.")],
    by: Annotated[str, typer.Option(help="day, week, month, quarter, year, total.")] = "month",
    level: Annotated[Text, typer.Option(help="Level of the study; the finest by default.")] = None,
    code: Annotated[Text, typer.Option(help="Column of the units file with the codes.")] = None,
    lon: Annotated[Text, typer.Option(help="Column of the longitude.")] = None,
    lat: Annotated[Text, typer.Option(help="Column of the latitude.")] = None,
    x: Annotated[Text, typer.Option(help="Column of the easting (with --crs).")] = None,
    y: Annotated[Text, typer.Option(help="Column of the northing (with --crs).")] = None,
    crs: Annotated[Text, typer.Option(help="Projection of the points, e.g. EPSG:32616.")] = None,
    date: Annotated[Text, typer.Option(help="Column of the date.")] = None,
    date_format: Annotated[Text, typer.Option(help="Form of dates not ISO: %d/%m/%Y.")] = None,
    time_zone: Annotated[Text, typer.Option(help="Of the days: America/El_Salvador.")] = None,
    encoding: Annotated[Text, typer.Option(help="Of a CSV that is not UTF-8: cp1252.")] = None,
    group: Annotated[Text, typer.Option(help="Column whose values become outcomes.")] = None,
    outcome: Annotated[Text, typer.Option(help="One name for what is counted.")] = None,
    institution: Annotated[Text, typer.Option(help="Who recorded the points.")] = None,
    zeros: Annotated[bool, typer.Option(help="Write zeros: the file holds every event.")] = False,
    engine: Annotated[str, typer.Option(help="auto, sedona or geopandas.")] = "auto",
    scheduler: Annotated[Text, typer.Option(help="Dask scheduler, e.g. tcp://host:8786.")] = None,
    lang: Lang = "en",
    as_json: Json = False,
) -> None:
    """Count dated points by unit and period: any number of them, with a report on each.

    A point on a border counts once, in the unit with the lowest code. Only the columns that are
    needed are read.

    Example: territory aggregate incidents.csv --units chicago --by month --out counts.csv
    """
    from territory import points as room
    from territory.points import table

    _demand_sense(lang=lang, degrees=lon or lat, plane=x or y, group=group, outcome=outcome)
    table.demand_place(out, points=points)
    areas = room.read_areas(units, level=level, code=code)
    columns = {
        "x": lon or x, "y": lat or y, "crs": crs, "date": date, "date_format": date_format,
        "time_zone": time_zone, "encoding": encoding, "group": group,
    }  # fmt: skip
    with _progress() as progress:
        found = room.aggregate(
            points, areas, by=by, engine=engine, scheduler=scheduler, progress=progress, **columns
        )
    counts = table.with_zeros(found) if zeros else found.counts
    table.write_table(counts, out, outcome=outcome, institution=institution)
    if as_json:
        print_json({"file": str(out), **found.as_dict(), "rows": len(counts), "zeros": zeros})
        return
    typer.echo(found.render(lang, zeros=zeros, rows=len(counts)))


def _demand_sense(*, lang: str, degrees: Text, plane: Text, group: Text, outcome: Text) -> None:
    """Refuse, before anything is read, options that cannot be meant together."""
    from territory.evidence.schema import DataError, Fault, unknown
    from territory.text import LANGUAGES

    if lang not in LANGUAGES:
        raise unknown("--lang", lang, LANGUAGES)
    if degrees and plane:
        raise DataError(Fault("points_both_pairs"))
    if group and outcome:
        raise DataError(Fault("points_two_outcomes", value=outcome))


@contextmanager
def _progress() -> Iterator[Callable[[Tally], None] | None]:
    """Give what says on a terminal how far the count is; nothing where nobody looks."""
    if not sys.stderr.isatty():
        yield None
        return
    try:
        yield lambda tally: typer.echo(f"\r{tally.points:,} …", nl=False, err=True)
    finally:
        # The line is for the waiting only.
        typer.echo("\r\x1b[K", nl=False, err=True)
