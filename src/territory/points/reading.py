"""Files of points, read in partitions, only the columns that are needed."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from territory.evidence.schema import DataError, Fault

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_PARQUET = (".parquet", ".geoparquet", ".pq")
_TEXT = (".csv", ".tsv", ".txt", ".csv.gz", ".tsv.gz", ".txt.gz")
#: Endings of the files that can be read.
ENDINGS = (*_PARQUET, *_TEXT)
#: Cells of a text file that are empty, whatever stands in them.
MISSING = ("", "NA", "N/A", "NaN", "nan", "NULL", "null", "None", "<NA>", "N/D", "n/d", "S/D", "s/d",
           "-", "--")  # fmt: skip
#: Bytes of a text file, and rows of a Parquet file, that are in memory at once.
BLOCK, ROWS = 8 << 20, 200_000
# Bytes of a column that are fetched at a time, however long its row group is.
_BUFFER = 1 << 20
# What a reader says of a broken line may hold the line, and with it a name: only this is passed on.
_QUIET = re.compile(r"(?:CSV parse error: )?(?:Row #\d+: )?Expected \d+ columns, got \d+")


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
    encoding, delimiter
        Of a text file.
    """

    label: str
    files: tuple[Path, ...]
    headings: list[str]
    geometry: str = ""
    crs: str = ""
    encoding: str = "utf-8"
    delimiter: str = ","
    is_text: bool = field(default=False)

    def partitions(self, names: list[str], *, rows: int = ROWS) -> Iterator[Any]:
        """Yield Arrow tables of the columns `names`, in the order of the file.

        Raises
        ------
        DataError
            When a part of the file cannot be read.
        """
        for file in self.files:
            try:
                yield from self._text(file, names) if self.is_text else _parquet(file, names, rows)
            except (OSError, UnicodeError, ValueError, KeyError) as error:
                if isinstance(error, DataError):
                    raise
                raise DataError(_fault(error, file.name, self.encoding)) from None

    def _text(self, file: Path, names: list[str]) -> Iterator[Any]:
        import pyarrow as pa
        from pyarrow import csv

        reader = csv.open_csv(
            file,
            read_options=csv.ReadOptions(block_size=BLOCK, encoding=self.encoding),
            parse_options=csv.ParseOptions(delimiter=self.delimiter, newlines_in_values=True),
            # Text, so that one strange cell is counted and does not end the run.
            convert_options=csv.ConvertOptions(
                include_columns=names,
                column_types=dict.fromkeys(names, pa.string()),
                null_values=list(MISSING),
                strings_can_be_null=True,
            ),
        )
        with reader:
            for batch in reader:
                yield pa.Table.from_batches([batch])


def open_points(path: Path, *, encoding: str | None = None) -> PointFile:
    """Open a Parquet or text file of points, or a folder of either, and read its headings.

    Raises
    ------
    DataError
        When it does not exist, has another ending, cannot be read, or holds no heading.
    """
    files = _files(path)
    is_text = files[0].name.lower().endswith(_TEXT)
    try:
        if is_text:
            return _open_text(path.name, files, encoding or "utf-8")
        return _open_parquet(path.name, files)
    except (OSError, UnicodeError, ValueError, LookupError) as error:
        if isinstance(error, DataError):
            raise
        raise DataError(_fault(error, files[0].name, encoding or "utf-8")) from None


def _files(path: Path) -> tuple[Path, ...]:
    if path.is_dir():
        parts = sorted(file for file in path.iterdir() if file.name.lower().endswith(ENDINGS))
        kinds = {file.name.lower().endswith(_TEXT) for file in parts}
        if len(kinds) != 1:
            key = "points_mixed_folder" if kinds else "points_empty_folder"
            raise DataError(Fault(key, value=path, allowed=", ".join(ENDINGS)))
        return tuple(parts)
    if not path.is_file():
        raise DataError(Fault("points_no_file", argument="POINTS", value=path))
    if not path.name.lower().endswith(ENDINGS):
        allowed = ", ".join(ENDINGS)
        raise DataError(Fault("points_ending", value=path.name, allowed=allowed))
    return (path,)


def _open_text(label: str, files: tuple[Path, ...], encoding: str) -> PointFile:
    import pyarrow as pa
    from pyarrow import csv

    with pa.input_stream(str(files[0]), compression="detect") as stream:
        head = stream.read(1 << 16).decode(encoding, "replace")
    if not head.strip():
        raise DataError(Fault("points_empty", file=label))
    if "\0" in head:
        raise DataError(Fault("points_encoding", file=label, encoding=encoding))
    first = head.splitlines()[0]
    delimiter = max(",;\t|", key=first.count)
    with csv.open_csv(
        files[0],
        read_options=csv.ReadOptions(encoding=encoding),
        parse_options=csv.ParseOptions(delimiter=delimiter, newlines_in_values=True),
    ) as reader:
        headings = list(reader.schema.names)
    return PointFile(label, files, headings, encoding=encoding, delimiter=delimiter, is_text=True)


def _open_parquet(label: str, files: tuple[Path, ...]) -> PointFile:
    from pyarrow import parquet

    with parquet.ParquetFile(files[0]) as opened:
        schema = opened.schema_arrow
    geometry, crs = _geo(schema.metadata or {}, label)
    return PointFile(label, files, list(schema.names), geometry, crs)


def _geo(metadata: dict[bytes, bytes], label: str) -> tuple[str, str]:
    """Return the column of points and its projection, as a GeoParquet file states them."""
    if b"geo" not in metadata:
        return "", ""
    try:
        geo = json.loads(metadata[b"geo"])
        column = str(geo["primary_column"])
        entry = geo["columns"][column]
    except (ValueError, KeyError, TypeError):
        raise DataError(Fault("points_bad_geo", file=label)) from None
    if entry.get("encoding") not in ("WKB", "point"):
        raise DataError(Fault("points_not_points", file=label, value=entry.get("encoding")))
    # By its rules a file that says nothing is in degrees; one that says null does not know.
    crs = entry.get("crs", {"id": {"authority": "OGC", "code": "CRS84"}})
    if crs is None:
        return column, ""
    return column, "OGC:CRS84" if list(crs) == ["id"] else json.dumps(crs)


def _parquet(file: Path, names: list[str], rows: int) -> Iterator[Any]:
    import pyarrow as pa
    from pyarrow import parquet

    # Without reading ahead: the next row group is not in memory while this one is counted.
    with parquet.ParquetFile(file, pre_buffer=False, buffer_size=_BUFFER) as opened:
        absent = [name for name in names if name not in opened.schema_arrow.names]
        if absent:
            found = ", ".join(opened.schema_arrow.names[:20])
            value = ", ".join(absent)
            raise DataError(Fault("points_no_column", file=file.name, value=value, found=found))
        for batch in opened.iter_batches(batch_size=rows, columns=names):
            yield pa.Table.from_batches([batch])


def _fault(error: Exception, file: str, encoding: str) -> Fault:
    """Say why a file cannot be read, without a word of what it holds."""
    text = str(error)
    if isinstance(error, LookupError) and not isinstance(error, KeyError):
        return Fault("points_bad_encoding", value=encoding)
    if isinstance(error, UnicodeError) or "invalid UTF8" in text:
        return Fault("points_encoding", file=file, encoding=encoding)
    if "Empty CSV" in text:
        return Fault("points_empty", file=file)
    quiet = _QUIET.search(text)
    reason = quiet[0] if quiet else text.split(":", maxsplit=1)[0].splitlines()[0][:120]
    return Fault("points_unreadable", file=file, reason=reason or type(error).__name__)
