"""Ground given as polygons: dated zones of named actors, that may overlap and ignore all borders."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

import pandas as pd

from territory.evidence.claims import UNNAMED, backwards, unknown_actors
from territory.evidence.outcomes import is_day
from territory.evidence.schema import Column, DataError, Fault, check, demand, shape_faults
from territory.evidence.sources import SourceCard, read_bytes

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas

_DAY = (is_day, "2012-03-09")
_COLUMNS = (
    Column("zone"),
    Column("actor", required=False),
    Column("start", required=False, rule=_DAY),
    Column("end", required=False, rule=_DAY),
)
# What stands between the names of several actors in one text.
_BETWEEN = re.compile(r"\s*[;|/&,]\s*|\s+(?:and|y|e)\s+", re.IGNORECASE)


def read_zones(
    file: Path, actors: pd.DataFrame, *, label: str | None = None, repair: bool = False
) -> tuple[geopandas.GeoDataFrame, SourceCard]:
    """Read polygon zones from a file of shapes (GeoJSON, GeoPackage).

    Parameters
    ----------
    file
        One feature a zone, with the properties ``zone`` (its name, once), ``actor``
        (codes or spellings of `actors`; several in one text; empty where the source
        names none) and, if known, ``start`` and ``end``.
    actors
        As `read_actors` returns them.
    label
        How messages call the file.
    repair
        Mend rings that cross themselves instead of refusing them.

    Returns
    -------
    frame
        Index ``zone``; columns ``actors`` (tuples of codes), ``start`` and ``end``
        (timestamps; a zone without a start is undated), ``mended`` (how much the area
        changed by the repair, as a share; 0 where nothing was done), what else the
        file has, and ``geometry`` in longitude and latitude.
    card
        Its source card.

    Raises
    ------
    DataError
        With every fault at once: no projection, coordinates off the globe, rings that
        cross themselves, an empty shape or no polygon, an unknown actor, wrong dates,
        an end before its start, a zone twice.
    """
    import geopandas

    content, card = read_bytes(file, label=label)
    try:
        zones = geopandas.read_file(io.BytesIO(content))
    except Exception as error:  # noqa: BLE001 - the driver raises its own kinds
        raise DataError(Fault("not_geojson", file=card.file, reason=error)) from None
    zones = zones.reindex(columns=list(dict.fromkeys(["zone", "actor", "start", "end", *zones])))
    for column in ("start", "end"):
        zones[column] = _as_days(zones[column])
    faults = check(zones, _COLUMNS, key=["zone"], file=card.file)
    lists = read_names(zones["actor"], actors)
    faults += unknown_actors(lists.explode(), actors.index, file=card.file)
    faults += backwards(zones["start"], zones["end"], file=card.file)
    zones["mended"] = 0.0
    if repair:
        zones = _mended(zones)
    faults += shape_faults(zones.set_index("zone"), argument=card.file)
    demand(faults)
    zones["actors"] = lists
    for column in ("start", "end"):
        zones[column] = pd.to_datetime(zones[column], format="%Y-%m-%d")
    kept = [name for name in zones if name not in ("actor", "id", "geometry")]
    return zones.set_index("zone")[[*kept[1:], "geometry"]].to_crs("EPSG:4326"), card


def read_names(texts: pd.Series, actors: pd.DataFrame) -> pd.Series:
    """Return the actors that each text names, as tuples of codes.

    A whole text that is a code, a name or an alias is one actor; otherwise it is taken
    apart at ``;``, ``|``, ``/``, ``&``, ``,`` and "and". An empty text is the actor that is
    not named. A name that is no actor stays as it is written, for the reader to refuse.
    """
    codes: dict[str, str] = {}
    for actor, row in actors.iterrows():
        spellings = (actor, row["name_es"], row["name_en"], *row["aliases"])
        codes |= {str(word).casefold(): str(actor) for word in spellings}

    def parts(text: object) -> tuple[str, ...]:
        if not isinstance(text, str) or not text.strip():
            return (UNNAMED,)
        whole = text.strip()
        if whole.casefold() in codes:
            return (codes[whole.casefold()],)
        names = [name for name in _BETWEEN.split(whole) if name]
        return tuple(dict.fromkeys(codes.get(name.casefold(), name) for name in names))

    return pd.Series([parts(text) for text in texts], index=texts.index, dtype=object)


def _mended(zones: geopandas.GeoDataFrame) -> geopandas.GeoDataFrame:
    """Mend rings that cross themselves, and note by which share each area changed."""
    import shapely

    broken = ~zones.geometry.is_valid & zones.geometry.notna()
    if not broken.any():
        return zones
    shapes = zones.geometry[broken].to_numpy()
    # Zero-width spikes vanish; what encloses ground stays.
    whole = shapely.make_valid(shapes, method="structure", keep_collapsed=False)
    area = shapely.area(whole)
    zones = zones.copy()
    zones.loc[broken, "geometry"] = whole
    zones.loc[broken, "mended"] = abs(area - shapely.area(shapes)) / area
    return zones


def _as_days(column: pd.Series) -> pd.Series:
    """Write a column of days as ISO texts, however the driver read them."""
    days = column.astype(object).where(column.notna() & (column != ""), None)
    return days.map(lambda day: str(day)[:10] if hasattr(day, "year") else day)
