"""What each table must look like, and the one error for bad input."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

from territory.text import printable, say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    import geopandas
    import pandas as pd


class Fault:
    """One thing that is wrong, as a sentence that any language can say.

    Parameters
    ----------
    key
        Name of the sentence in ``text/catalogue/errors.*.toml``.
    values
        What fills its blanks: the file, row, column or argument; the wrong
        value; what is allowed.
    """

    def __init__(self, key: str, **values: object) -> None:
        self.key = key
        self.values = values

    def render(self, lang: str = "en") -> str:
        """Return the sentence in `lang`; what comes from a file is one line of bounded length."""
        values = {
            name: value if isinstance(value, int | float) else printable(str(value))
            for name, value in self.values.items()
        }
        return say(f"errors.{self.key}", lang, **values)

    def __repr__(self) -> str:
        return f"Fault({self.key!r}, {self.values!r})"


class DataError(ValueError):
    """Bad input: lists every fault at once, each with what to do about it.

    Parameters
    ----------
    faults
        One or more faults; all of them are shown.
    """

    def __init__(self, *faults: Fault) -> None:
        self.faults = faults
        super().__init__(self.render("en"))

    def render(self, lang: str) -> str:
        """Return the whole message in `lang`, one line a fault, at most twenty."""
        lines = [fault.render(lang) for fault in self.faults[:20]]
        if len(self.faults) > 20:
            lines.append(say("errors.and_more", lang, n=len(self.faults) - 20))
        return "\n".join(lines)


def unknown(argument: str, value: object, allowed: Iterable[object]) -> DataError:
    """Return the error for a name that is not one of the allowed ones."""
    choices = [str(choice) for choice in allowed]
    near = get_close_matches(str(value), choices, n=3, cutoff=0.6)
    shown = choices if len(choices) <= 15 else [*choices[:12], f"… ({len(choices)})"]
    key = "unknown_near" if near else "unknown"
    return DataError(
        Fault(key, argument=argument, value=value, allowed=", ".join(shown), near=", ".join(near))
    )


@dataclass(frozen=True)
class Column:
    """What one column must hold.

    Parameters
    ----------
    name
        Its heading.
    required
        Whether an empty cell is a fault.
    allowed
        The only values it may have, if they are few.
    rule
        A test of the whole column that is true where a value is good, and the
        words for what is allowed.
    """

    name: str
    required: bool = True
    allowed: Sequence[str] | None = None
    rule: tuple[Callable[[pd.Series], pd.Series], str] | None = None

    def faults(self, column: pd.Series, *, file: str) -> list[Fault]:
        """Return what is wrong with `column`, row numbers as a spreadsheet shows them."""
        found = []
        empty = column.isna()
        if self.required and empty.any():
            found.append(self._fault("empty_cells", file, empty))
        bad = ~empty
        if self.allowed is not None:
            bad &= ~column.isin(list(self.allowed))
            words = ", ".join(self.allowed)
        elif self.rule is not None:
            test, words = self.rule
            bad &= ~test(column).fillna(value=False).astype(bool)
        else:
            return found
        if bad.any():
            found.append(
                self._fault("bad_values", file, bad, value=column[bad].iloc[0], allowed=words)
            )
        return found

    def _fault(self, key: str, file: str, rows: pd.Series, **values: object) -> Fault:
        return Fault(key, file=file, column=self.name, rows=named_rows(rows), **values)


def check(
    table: pd.DataFrame, columns: Sequence[Column], *, key: Sequence[str], file: str
) -> list[Fault]:
    """Return every fault of a table: columns, cells, duplicate keys.

    Parameters
    ----------
    table
        The table as read, all cells as text or numbers, one heading row.
    columns
        What must be there.
    key
        Columns that together name a row only once.
    file
        How messages call the table.
    """
    missing = [column.name for column in columns if column.name not in table]
    if missing:
        found = ", ".join(map(str, table.columns)) or "–"
        return [Fault("missing_columns", file=file, columns=", ".join(missing), found=found)]
    faults = [fault for column in columns for fault in column.faults(table[column.name], file=file)]
    twice = table.duplicated(list(key), keep=False)
    if twice.any():
        first = table.loc[twice, list(key)].iloc[0]
        named = ", ".join(f"{name}={first[name]}" for name in key)
        faults.append(Fault("duplicate_keys", file=file, rows=named_rows(twice), value=named))
    return faults


def no_rows(table: pd.DataFrame, *, file: str) -> list[Fault]:
    """Return the fault of a table that has a heading and nothing below it."""
    return [Fault("no_rows", file=file)] if table.empty else []


def unknown_units(
    column: pd.Series, units: pd.Index, *, file: str, name: str = "unit"
) -> list[Fault]:
    """Return the fault of cells of `column` that are no unit, if there are any."""
    strange = column.notna() & ~column.isin(units)
    if not strange.any():
        return []
    value = column[strange].iloc[0]
    # What spreadsheets do to codes: lost zeros, spaces at an end, another case. Only these are
    # offered: of two short codes, one is always like the other.
    near = [str(unit) for unit in units if _bare(unit) == _bare(value)]
    return [
        Fault(
            "unknown_unit_near" if near else "unknown_unit_in_file",
            file=file,
            column=name,
            rows=named_rows(strange),
            value=value,
            near=", ".join(near),
        )
    ]


def _bare(code: object) -> str:
    return str(code).strip().casefold().lstrip("0")


def shape_faults(shapes: geopandas.GeoDataFrame, *, argument: str) -> list[Fault]:
    """Return what is wrong with polygons: projection, coordinates, rings, emptiness, doubles.

    Parameters
    ----------
    shapes
        Polygons by name; the index is what messages call them.
    argument
        How messages call the whole.
    """
    import shapely

    def fault(key: str, rows: object, **values: object) -> Fault:
        names = ", ".join(shapes.index[rows].astype(str)[:5])
        return Fault(key, argument=argument, names=names, **values)

    faults: list[Fault] = []
    if shapes.index.has_duplicates:
        faults.append(fault("repeated_shapes", shapes.index.duplicated()))
    drawn = shapes.geometry.to_numpy()
    flat = (
        shapely.is_missing(drawn) | shapely.is_empty(drawn) | (shapely.get_dimensions(drawn) != 2)
    )
    broken = ~flat & ~shapely.is_valid(drawn)
    if flat.any():
        faults.append(fault("empty_zones", flat))
    if broken.any():
        reason = shapely.is_valid_reason(drawn[broken][0])
        faults.append(fault("broken_rings", broken, reason=reason))
    if shapes.crs is None:
        faults.append(Fault("no_projection", argument=argument))
    elif shapes.crs.is_geographic and not flat.all():
        west, south, east, north = shapes.total_bounds
        if west < -180 or south < -90 or east > 180 or north > 90:
            found = f"{west:.0f} {south:.0f} {east:.0f} {north:.0f}"
            faults.append(Fault("off_the_globe", argument=argument, found=found))
    return faults


def demand(faults: Sequence[Fault]) -> None:
    """Raise one `DataError` with all `faults`, if there are any."""
    if faults:
        raise DataError(*faults)


def named_rows(bad: pd.Series) -> str:
    """Name the first rows that are bad, counted as a spreadsheet does (the heading is row 1)."""
    first = [position + 2 for position, is_bad in enumerate(bad.array) if is_bad][:5]
    more = int(bad.sum()) - len(first)
    return ", ".join(map(str, first)) + (f" (+{more})" if more else "")
