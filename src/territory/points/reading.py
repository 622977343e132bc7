"""Files of points, read in partitions, only the columns that are needed."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from territory.evidence.schema import DataError, Fault
from territory.points import delimited, geoparquet

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_PARQUET = (".parquet", ".geoparquet", ".pq")
_TEXT = (".csv", ".tsv", ".txt", ".csv.gz", ".tsv.gz", ".txt.gz")
#: Endings of the files that can be read.
ENDINGS = (*_PARQUET, *_TEXT)
#: Rows of a Parquet file that are in memory at once.
ROWS = 200_000
# What a reader says of a broken line may hold the line, and with it a name: only this is passed on.
_RAGGED = re.compile(r"(?:Row #(?P<row>\d+): )?Expected (?P<n>\d+) columns, got (?P<found>\d+)")


@dataclass(frozen=True)
class PointFile:
    """A file of points that has been opened, or a folder of such files alike.

    Parameters
    ----------
    label
        How messages call it.
    files
        The files, in the order of their names.
    headings
        Every heading.
    geometry, crs
        The file's own column of points and its projection; empty where it has none.
    zones
        Time zones of its columns of timestamps, where they state one.
    encoding
        Of a text file.
    """

    label: str
    files: tuple[Path, ...]
    headings: list[str]
    geometry: str = ""
    crs: str = ""
    zones: dict[str, str] = field(default_factory=dict)
    encoding: str = "utf-8"
    is_text: bool = field(default=False)

    def partitions(self, names: list[str], *, rows: int = ROWS) -> Iterator[Any]:
        """Yield Arrow tables of the columns `names`, in the order of the file.

        Raises
        ------
        DataError
            When a part of the file cannot be read, lacks a column, or is in another projection.
        """
        for file in self.files:
            try:
                yield from self._read(file, names, rows)
            except (OSError, UnicodeError, ValueError, KeyError) as error:
                if isinstance(error, DataError):
                    raise
                raise DataError(_fault(error, file.name, self.encoding)) from None

    def _read(self, file: Path, names: list[str], rows: int) -> Iterator[Any]:
        if self.is_text:
            return delimited.partitions(file, names, encoding=self.encoding)
        # A column of binary is a place only with the projection that its own file states.
        geo = (self.geometry, self.crs) if self.geometry in names else None
        return geoparquet.partitions(file, names, rows=rows, geo=geo)


def open_points(path: Path, *, encoding: str | None = None) -> PointFile:
    """Open a Parquet or text file of points, or a folder of either, and read its headings.

    Raises
    ------
    DataError
        When it does not exist, has another ending, cannot be read, or holds no heading.
    """
    files = _files(path)
    encoding = encoding or "utf-8"
    try:
        if files[0].name.lower().endswith(_TEXT):
            _, headings = delimited.opened(files[0], encoding=encoding)
            return PointFile(path.name, files, headings, encoding=encoding, is_text=True)
        headings, geometry, crs, zones = geoparquet.opened(files[0])
        return PointFile(path.name, files, headings, geometry, crs, zones)
    except (OSError, UnicodeError, ValueError, LookupError) as error:
        if isinstance(error, DataError):
            raise
        raise DataError(_fault(error, files[0].name, encoding)) from None


def _files(path: Path) -> tuple[Path, ...]:
    if path.is_dir():
        parts = tuple(sorted(file for file in path.rglob("*") if _is_part(file, path)))
        kinds = {file.name.lower().endswith(_TEXT) for file in parts}
        if len(kinds) != 1:
            key = "points_mixed_folder" if kinds else "points_empty_folder"
            raise DataError(Fault(key, value=path, allowed=", ".join(ENDINGS)))
        return parts
    if not path.is_file():
        raise DataError(Fault("points_no_file", argument="POINTS", value=path))
    if not path.name.lower().endswith(ENDINGS):
        allowed = ", ".join(ENDINGS)
        raise DataError(Fault("points_ending", value=path.name, allowed=allowed))
    return (path,)


def _is_part(file: Path, folder: Path) -> bool:
    """Tell whether a file in a folder is data; names with a dot or a stroke first are notes."""
    hidden = any(part.startswith((".", "_")) for part in file.relative_to(folder).parts)
    return not hidden and file.name.lower().endswith(ENDINGS) and file.is_file()


def _fault(error: Exception, file: str, encoding: str) -> Fault:
    """Say why a file cannot be read, without a word of what it holds."""
    text = str(error)
    if isinstance(error, LookupError) and not isinstance(error, KeyError):
        return Fault("points_bad_encoding", value=encoding)
    if isinstance(error, UnicodeError) or "invalid UTF8" in text:
        return Fault("points_encoding", file=file, encoding=encoding)
    if "Empty CSV" in text:
        return Fault("points_empty", file=file)
    if "straddl" in text:
        return Fault("points_open_quote", file=file)
    ragged = _RAGGED.search(text)
    if ragged:
        return Fault("points_ragged", file=file, n=ragged["n"], found=ragged["found"])
    reason = text.split(":", maxsplit=1)[0].splitlines()[0][:120] if text else ""
    return Fault("points_unreadable", file=file, reason=reason or type(error).__name__)
