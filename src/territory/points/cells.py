"""Cells as text: which are empty, and which columns have none."""

from __future__ import annotations

from typing import Any

from territory.evidence.schema import DataError, Fault

#: Cells that are empty, whatever stands in them.
MISSING = ("", "NA", "N/A", "NaN", "nan", "NULL", "null", "None", "<NA>", "N/D", "n/d", "S/D", "s/d",
           "-", "--")  # fmt: skip


def texts(column: Any, name: str) -> Any:
    """Return an Arrow column as texts without blanks around them.

    Raises
    ------
    DataError
        When it holds lists, records, or bytes that are no text.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    try:
        return pc.utf8_trim_whitespace(column.cast(pa.string()))
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        kind = str(column.type).split("<", maxsplit=1)[0]
        raise DataError(Fault("points_bad_type", column=name, value=kind)) from None
