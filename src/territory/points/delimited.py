"""Text files of points: cells between commas, semicolons, tabs or bars, in blocks."""

from __future__ import annotations

import codecs
import io
import re
from typing import TYPE_CHECKING, Any

from territory.evidence.schema import DataError, Fault
from territory.points.cells import MISSING
from territory.points.geoparquet import demand_columns

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

#: Bytes that are in memory at once.
BLOCK = 8 << 20
# Each cell of a line that is put behind the last one: who does not see it, is inside a quote.
_SEAL = "~end~"
_QUOTED = re.compile(r'"[^"]*"')


def opened(file: Path, *, encoding: str) -> tuple[str, list[str]]:
    """Return what stands between the cells of a file, and its headings."""
    import pyarrow as pa
    from pyarrow import csv

    with pa.input_stream(str(file), compression="detect") as stream:
        head = stream.read(1 << 16).decode(encoding, "replace")
    if not head.strip():
        raise DataError(Fault("points_empty", file=file.name))
    if "\0" in head:
        raise DataError(Fault("points_encoding", file=file.name, encoding=encoding))
    first = _QUOTED.sub("", head.splitlines()[0])
    delimiter = max(",;\t|", key=first.count)
    with csv.open_csv(
        file,
        read_options=csv.ReadOptions(encoding=encoding),
        parse_options=csv.ParseOptions(delimiter=delimiter, newlines_in_values=True),
    ) as reader:
        return delimiter, list(reader.schema.names)


def partitions(file: Path, names: list[str], *, encoding: str) -> Iterator[Any]:
    """Yield Arrow tables of texts, a block of the file each.

    Raises
    ------
    DataError
        Without one of the columns, or when a quote is never closed: its cell would swallow all
        lines behind it without a word.
    """
    import pyarrow as pa

    delimiter, headings = opened(file, encoding=encoding)
    demand_columns(headings, names, file.name)
    seal = delimiter.join([_SEAL] * len(headings))
    held = None
    with _reader(_Sealed(file, seal, encoding), names, delimiter, encoding) as reader:
        for batch in reader:
            if not batch.num_rows:
                continue
            if held is not None:
                yield pa.Table.from_batches([held])
            held = batch
    if held is None or held.column(0)[-1].as_py() != _SEAL:
        raise DataError(Fault("points_open_quote", file=file.name))
    if held.num_rows > 1:
        yield pa.Table.from_batches([held.slice(0, held.num_rows - 1)])


def _reader(source: _Sealed, names: list[str], delimiter: str, encoding: str) -> Any:
    import pyarrow as pa
    from pyarrow import csv

    return csv.open_csv(
        source,
        read_options=csv.ReadOptions(block_size=BLOCK, encoding=encoding),
        parse_options=csv.ParseOptions(delimiter=delimiter, newlines_in_values=True),
        # Text, so that one strange cell is counted and does not end the run.
        convert_options=csv.ConvertOptions(
            include_columns=names,
            column_types=dict.fromkeys(names, pa.string()),
            null_values=list(MISSING),
            strings_can_be_null=True,
        ),
    )


class _Sealed(io.RawIOBase):
    """The bytes of a file, unpacked, with one more line behind them."""

    def __init__(self, file: Path, seal: str, encoding: str) -> None:
        import pyarrow as pa

        self._source = pa.input_stream(str(file), compression="detect")
        self._encoding, self._text = encoding, f"\n{seal}\n"
        self._start, self._done = b"", False

    def readable(self) -> bool:
        """Return yes."""
        return True

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes; after the last, once, those of the seal."""
        found: bytes = self._source.read(size)
        self._start = self._start or found[:2]
        if found or self._done:
            return found
        self._done = True
        return self._encoded()

    def close(self) -> None:
        """Close the file."""
        self._source.close()
        super().close()

    def _encoded(self) -> bytes:
        """Return the seal as the file is written, without a mark of the order of bytes."""
        big = self._encoding.lower().replace("_", "-") in ("utf-16", "utf16") and (
            self._start == codecs.BOM_UTF16_BE
        )
        encoder = codecs.getincrementalencoder("utf-16-be" if big else self._encoding)()
        # The mark stands before the first sign that is encoded, and only there.
        encoder.encode(" ")
        return encoder.encode(self._text)
