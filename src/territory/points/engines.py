"""In which unit a point lies: two libraries, one answer.

Both ask GEOS whether a point touches a polygon, with its exact arithmetic, so they agree on every
point, corners and edges included. SedonaDB's own default is faster and rounds near an edge; it is
not used.
"""

from __future__ import annotations

import threading
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import numpy as np

from territory.evidence.schema import DataError, Fault, unknown
from territory.points.grid import ASK, WORTH, grid_of

if TYPE_CHECKING:
    from territory.points.areas import Areas

_THREAD = threading.local()
_SETTINGS = (
    "SET sedona.spatial_join.spatial_library = 'geos'",
    "SET sedona.spatial_join.execution_mode = 'prepare_build'",
)
_PAIRS = """
SELECT points.point, units.unit FROM points
JOIN units ON ST_Intersects(units.shape, ST_Point(points.x, points.y))
"""


def engine_named(engine: str | None) -> str:
    """Return the engine that will be used: the one named, or the fastest that is installed.

    Raises
    ------
    DataError
        For an unknown engine, or one that is not installed.
    """
    installed = find_spec("sedonadb") is not None
    if engine in (None, "auto"):
        return "sedona" if installed else "geopandas"
    if engine not in ENGINES:
        raise unknown("--engine", engine, ["auto", *ENGINES])
    if engine == "sedona" and not installed:
        raise DataError(Fault("points_extra", package="sedonadb", extra="points"))
    return str(engine)


def located(
    x: np.ndarray, y: np.ndarray, areas: Areas, *, engine: str
) -> tuple[np.ndarray, np.ndarray]:
    """Return the unit of each point, and whether it touches more than one.

    In large partitions only points near a border are asked of a library (`territory.points.grid`).

    Of the units that a point touches it is given to the first, which is the one with the lowest
    code: a rule that needs no knowledge of the other points.

    Parameters
    ----------
    x, y
        Finite coordinates in the projection of `areas`.
    engine
        A name in `ENGINES`.

    Returns
    -------
    unit
        Place in ``areas.codes``; -1 outside all of them.
    on_border
        True where a point touches two units or more.
    """
    grid = grid_of(areas) if len(x) >= WORTH else None
    if grid is None:
        return _asked(x, y, areas, engine)
    unit, on_border = grid.units(x, y), np.zeros(len(x), dtype=bool)
    ask = np.flatnonzero(unit == ASK)
    unit[ask], on_border[ask] = _asked(x[ask], y[ask], areas, engine)
    return unit, on_border


def _asked(
    x: np.ndarray, y: np.ndarray, areas: Areas, engine: str
) -> tuple[np.ndarray, np.ndarray]:
    """Ask a library about every point."""
    points, units = ENGINES[engine](x, y, areas)
    first = np.full(len(x), len(areas.codes), dtype=np.int64)
    np.minimum.at(first, points, units)
    first[first == len(areas.codes)] = -1
    return first, np.bincount(points, minlength=len(x)) > 1


def _geopandas(x: np.ndarray, y: np.ndarray, areas: Areas) -> tuple[np.ndarray, np.ndarray]:
    import geopandas
    import shapely

    index = geopandas.GeoSeries(areas.shapes).sindex
    points, units = index.query(shapely.points(x, y), predicate="intersects")
    return points, units


def _sedona(x: np.ndarray, y: np.ndarray, areas: Areas) -> tuple[np.ndarray, np.ndarray]:
    import pyarrow as pa

    if len(x) == 0:
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    database = _database(areas)
    table = pa.table({"point": np.arange(len(x)), "x": x, "y": y})
    database.create_data_frame(table).to_view("points", overwrite=True)
    pairs = pa.table(database.sql(_PAIRS))
    database.drop_view("points")
    return pairs.column("point").to_numpy(), pairs.column("unit").to_numpy()


def _database(areas: Areas) -> Any:
    """Return this thread's database with the units in it; no thread sees another's points."""
    if getattr(_THREAD, "areas", None) == areas:
        return _THREAD.database
    import pyarrow as pa
    import sedonadb

    database = sedonadb.connect()
    for setting in _SETTINGS:
        database.sql(setting).execute()
    codes = pa.array(range(len(areas.wkb)), pa.int64())
    units = pa.table({"unit": codes, "wkb": pa.array(list(areas.wkb), pa.binary())})
    database.create_data_frame(units).to_view("wkb")
    shapes = database.sql("SELECT unit, ST_GeomFromWKB(wkb) AS shape FROM wkb")
    shapes.to_memtable().to_view("units")
    _THREAD.areas, _THREAD.database = areas, database
    return database


#: Libraries that find which points touch which units, as pairs of places.
ENGINES = {"sedona": _sedona, "geopandas": _geopandas}
