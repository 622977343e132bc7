"""Which columns of a table of points hold the place, the date and the group."""

from __future__ import annotations

from dataclasses import dataclass, fields

from territory.evidence.schema import DataError, Fault, unknown
from territory.evidence.vocabulary import fold, holds, vocabulary

# Pairs of headings that are coordinates: degrees first, then any projection.
_DEGREES = (
    ("lon", "long", "lng", "longitude", "longitud"),
    ("lat", "latitude", "latitud"),
)
_PLANE = (
    ("x", "x coordinate", "x coord", "coord x", "coordenada x", "este", "easting"),
    ("y", "y coordinate", "y coord", "coord y", "coordenada y", "norte", "northing"),
)
_DATES = (
    ("date", "fecha", "datetime", "timestamp", "fecha hecho", "fecha del hecho", "occurred",
     "date occurred", "occurrence date", "event date"),
    ("day", "dia"),
    ("month", "mes"),
    ("year", "ano", "anio"),
)  # fmt: skip


@dataclass(frozen=True)
class Wanted:
    """What somebody says about a file of points; what is not said is guessed or left out.

    Parameters
    ----------
    x, y
        Columns of the coordinates, east and north.
    date
        Column of the date.
    group
        Column whose values are counted apart.
    crs
        Projection of the coordinates, for example ``EPSG:32616``.
    encoding
        How a text file is written.
    date_format
        How dates that are not ISO are written, for example ``%d/%m/%Y``.
    time_zone
        Where the days are that times with an offset are counted on, for example
        ``America/El_Salvador``.
    """

    x: str | None = None
    y: str | None = None
    date: str | None = None
    group: str | None = None
    crs: str | None = None
    encoding: str | None = None
    date_format: str | None = None
    time_zone: str | None = None

    @classmethod
    def of(cls, **said: str | None) -> Wanted:
        """Return what is said, empty texts left out; a word that is none of these is refused."""
        known = [field.name for field in fields(cls)]
        for word in said:
            if word not in known:
                raise unknown("columns", word, known)
        return cls(**{word: value or None for word, value in said.items()})


@dataclass(frozen=True)
class Columns:
    """The columns that are read, and no others.

    Parameters
    ----------
    x, y
        Coordinates; empty where `geometry` holds the points.
    geometry
        Column of points; empty where `x` and `y` do.
    date, group
        Empty where none is read.
    """

    x: str = ""
    y: str = ""
    geometry: str = ""
    date: str = ""
    group: str = ""

    @property
    def names(self) -> list[str]:
        """Their headings, each once."""
        named = (self.x, self.y, self.geometry, self.date, self.group)
        return list(dict.fromkeys(name for name in named if name))


def chosen(
    headings: list[str], wanted: Wanted, *, geometry: str, dated: bool, file: str
) -> Columns:
    """Return the columns to read, named or guessed.

    Parameters
    ----------
    headings
        Every heading of the file.
    wanted
        What somebody said.
    geometry
        The file's own column of points, or an empty text.
    dated
        Whether a date is needed.
    file
        How messages call the file.

    Raises
    ------
    DataError
        With every fault: a column that is not there or there twice, coordinates or a date that
        cannot be guessed, a group that is personal data.
    """
    faults = [*_absent(headings, wanted, file), *_personal(wanted.group, file)]
    x, y = wanted.x or "", wanted.y or ""
    if bool(x) != bool(y):
        faults.append(Fault("points_half_pair", value=x or y))
    if not (x or y or geometry):
        x, y = _pair(headings, plane_only=_is_projected(wanted.crs))
        if not x:
            faults.append(Fault("points_no_coordinates", file=file, found=_listed(headings)))
    date = (wanted.date or _date(headings)) if dated else ""
    if dated and not date:
        faults.append(Fault("points_no_date", file=file, found=_listed(headings)))
    if faults:
        raise DataError(*faults)
    found = Columns(x, y, "" if x else geometry, date, wanted.group or "")
    twice = [name for name in found.names if headings.count(name) > 1]
    if twice:
        raise DataError(Fault("points_heading_twice", file=file, value=_listed(twice)))
    return found


def _absent(headings: list[str], wanted: Wanted, file: str) -> list[Fault]:
    said = (wanted.x, wanted.y, wanted.date, wanted.group)
    absent = [name for name in said if name and name not in headings]
    if not absent:
        return []
    return [Fault("points_no_column", file=file, value=_listed(absent), found=_listed(headings))]


def _personal(group: str | None, file: str) -> list[Fault]:
    """Return the fault of a group whose heading says that it holds personal data."""
    words = vocabulary("headings")["person"]
    if group and any(holds(fold(group), word) for word in words):
        return [Fault("points_personal_group", file=file, value=group)]
    return []


def _pair(headings: list[str], *, plane_only: bool) -> tuple[str, str]:
    """Return the only pair of headings that can be coordinates, or two empty texts."""
    for easts, norths in (_PLANE,) if plane_only else (_DEGREES, _PLANE):
        if all(any(fold(name) in words for name in headings) for words in (easts, norths)):
            # Where degrees can be meant twice, no other pair stands in for them.
            pair = _only(headings, easts), _only(headings, norths)
            return pair if all(pair) else ("", "")
    return "", ""


def _date(headings: list[str]) -> str:
    """Return the only heading of the finest kind of date that there is, or an empty text."""
    for words in _DATES:
        if any(fold(name) in words for name in headings):
            return _only(headings, words)
    return ""


def _only(headings: list[str], words: tuple[str, ...]) -> str:
    found = [name for name in headings if fold(name) in words]
    return found[0] if len(found) == 1 else ""


def _is_projected(crs: str | None) -> bool:
    from territory.points.projection import projection

    return bool(crs) and bool(projection(str(crs)).is_projected)


def _listed(headings: list[str]) -> str:
    shown = ", ".join(headings[:20])
    return (shown + (", …" if len(headings) > 20 else "")) or "–"
