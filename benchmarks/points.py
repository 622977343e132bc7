"""Millions of dated points to counts by unit and month, against `geopandas.sjoin` plus groupby.

    python benchmarks/points.py INCIDENTS.csv [--units chicago] [--millions 1 3 10] [--worst]

INCIDENTS has columns ``lon``, ``lat`` and ``date``. It is enlarged by drawing rows and shifting
each by some two hundred metres, in a folder that is removed at the end. Each count runs in a
process of its own, whose peak memory is what the system says it was. Prints one Markdown table;
ends with an error where one of the three limits is passed: at least twice as fast as geopandas,
at most 2 GB, and time that grows no faster than the number of points. ``--worst`` also counts the
largest file as a single row group, as GeoParquet in one, and as CSV: forms that tempt a reader to
hold everything.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
from pyarrow import parquet

STEP = 500_000  # points made and written at once
SHIFT = 0.002  # degrees
GIGABYTE = 1e9


def main() -> None:
    """Make the points, count them with each method, print the table, hold the limits."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("incidents", type=Path)
    parser.add_argument("--units", default="chicago")
    parser.add_argument("--millions", type=int, nargs="+", default=[1, 3, 10])
    parser.add_argument("--worst", action="store_true")
    parser.add_argument("--one", nargs=2, metavar=("METHOD", "FILE"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        print(json.dumps(measured(*given.one, units=given.units)))
        return
    with tempfile.TemporaryDirectory() as folder:
        runs = [row for n in given.millions for row in compared(given, n, Path(folder))]
        if given.worst:
            runs += worst(given, Path(folder))
    print("| points | method | seconds | processor seconds | peak memory, GB | times as fast |")
    print("|---:|---|---:|---:|---:|---:|")
    for run in runs:
        print(
            "| {points:,} | {method} | {seconds:.1f} | {processor:.1f} | {memory:.2f} | {faster} |".format(
                **run
            )
        )
    hold(runs)


def compared(given: argparse.Namespace, millions: int, folder: Path) -> list[dict]:
    """Return one row a method, all on the same file; their tables must be equal."""
    file = folder / "points.parquet"
    enlarge(given.incidents, millions * 1_000_000, file)
    rows = [alone(given, method, file) for method in ("sjoin", "geopandas", "sedona")]
    for row in rows:
        row["faster"] = round(rows[0]["seconds"] / row["seconds"], 1)
        # sjoin counts a point on a border in each unit that it touches; without one, all agree.
        if row["table"] != rows[0]["table"] and not rows[1]["on_border"]:
            raise SystemExit(f"{row['method']} and sjoin differ")
    return rows


def worst(given: argparse.Namespace, folder: Path) -> list[dict]:
    """Return one row for each form of the largest file; all have the same table."""
    whole = folder / "points.parquet"
    forms = {
        "one row group": rewritten_as_one_group(whole, folder / "one.parquet"),
        "CSV": rewritten_as_text(whole, folder / "points.csv"),
        "GeoParquet, one row group": rewritten_with_geometry(whole, folder / "geo.parquet"),
    }
    expected = alone(given, "sedona", whole)
    rows = []
    for form, file in forms.items():
        row = alone(given, "sedona", file)
        if row["table"] != expected["table"]:
            raise SystemExit(f"{form} has other counts")
        rows.append(row | {"method": form, "faster": ""})
    return rows


def alone(given: argparse.Namespace, method: str, file: Path) -> dict:
    """Count a file with one method, in a process of its own."""
    command = [sys.executable, __file__, str(given.incidents), "--units", given.units]
    result = subprocess.run(
        [*command, "--one", method, str(file)], capture_output=True, text=True, check=True
    )
    return json.loads(result.stdout)


def rewritten_as_one_group(whole: Path, file: Path) -> Path:
    """Write all rows as a single row group."""
    table = parquet.read_table(whole)
    parquet.write_table(table, file, row_group_size=len(table))
    return file


def rewritten_as_text(whole: Path, file: Path) -> Path:
    """Write the rows as CSV, part by part."""
    from pyarrow import csv

    with csv.CSVWriter(file, parquet.read_schema(whole)) as writer:
        for batch in parquet.ParquetFile(whole).iter_batches():
            writer.write_batch(batch)
    return file


def rewritten_with_geometry(whole: Path, file: Path) -> Path:
    """Write the rows with a column of points, as a single row group."""
    import geopandas

    table = pd.read_parquet(whole)
    places = geopandas.points_from_xy(table["lon"], table["lat"], crs="OGC:CRS84")
    frame = geopandas.GeoDataFrame(table[["date"]], geometry=places)
    frame.to_parquet(file, row_group_size=len(frame))
    return file


def enlarge(incidents: Path, n: int, file: Path) -> None:
    """Write `n` rows drawn from the incidents, each shifted a little, with dates as timestamps."""
    known = pd.read_csv(incidents, usecols=["lon", "lat", "date"]).dropna()
    days = pd.to_datetime(known["date"]).to_numpy().astype("datetime64[s]")
    random = np.random.default_rng(2012)
    writer = None
    for start in range(0, n, STEP):
        rows = random.integers(len(known), size=min(STEP, n - start))
        shift = random.normal(0, SHIFT, (2, len(rows)))
        table = pa.table(
            {
                "lon": known["lon"].to_numpy()[rows] + shift[0],
                "lat": known["lat"].to_numpy()[rows] + shift[1],
                "date": days[rows],
            }
        )
        writer = writer or parquet.ParquetWriter(file, table.schema)
        writer.write_table(table)
    writer.close()


def measured(method: str, file: str, *, units: str) -> dict:
    """Count a file with one method, in this process; return what it took and a digest."""
    # Libraries are loaded before the clock starts, for every method alike.
    import distributed  # noqa: F401
    import geopandas  # noqa: F401
    import sedonadb  # noqa: F401

    from territory.points import read_areas

    areas = read_areas(units)
    start, worked = time.perf_counter(), time.process_time()
    found = joined(file, areas) if method == "sjoin" else ours(file, areas, method)
    counts, points, on_border = found
    seconds, processor = time.perf_counter() - start, time.process_time() - worked
    if method == "sjoin":
        counts = counts.rename(lambda day: str(day)[:7], level="period")
    counts = counts.sort_index()
    return {
        "method": "geopandas.sjoin and groupby" if method == "sjoin" else f"territory, {method}",
        "points": points,
        "seconds": seconds,
        "processor": processor,
        "memory": peak() / GIGABYTE,
        "on_border": on_border,
        "table": f"{len(counts)} rows, sum {counts.sum()}, "
        f"{pd.util.hash_pandas_object(counts).sum()}",
    }


def peak() -> int:
    """Return the most bytes that this process has held.

    `getrusage` would also count what the parent held when it started this process.
    """
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) * 1024


def ours(file: str, areas: object, engine: str) -> tuple[pd.Series, int, int]:
    """Return the package's counts, how many points there are and how many lie on a border."""
    from territory.points import aggregate

    found = aggregate(Path(file), areas, engine=engine)
    counts = found.counts.set_index(["unit", "period"])["count"]
    return counts, found.tally.points, found.tally.on_border


def joined(file: str, areas: object) -> tuple[pd.Series, int, int]:
    """Return the counts as one would write them with geopandas alone."""
    import geopandas

    points = pd.read_parquet(file)
    places = geopandas.GeoDataFrame(
        {"period": points["date"].to_numpy().astype("datetime64[M]")},
        geometry=geopandas.points_from_xy(points["lon"], points["lat"]),
        crs=areas.crs,
    )
    units = geopandas.GeoDataFrame(
        {"unit": list(areas.codes)}, geometry=list(areas.shapes), crs=areas.crs
    )
    found = geopandas.sjoin(places, units, predicate="intersects")
    return found.groupby(["unit", "period"]).size().rename("count"), len(points), 0


def hold(runs: list[dict]) -> None:
    """End with an error where a limit is passed."""
    sedona = [run for run in runs if run["method"].endswith("sedona")]
    small, large = sedona[0], sedona[-1]
    growth = (large["seconds"] / small["seconds"]) / (large["points"] / small["points"])
    print(f"\nTime per point, largest to smallest file: {growth:.2f}. {os.cpu_count()} cores.")
    memory = max(run["memory"] for run in runs if not run["method"].startswith("geopandas.sjoin"))
    if large["faster"] < 2 or memory > 2 or growth > 1.1:
        raise SystemExit("A limit is passed.")


if __name__ == "__main__":
    main()
