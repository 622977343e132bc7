"""National totals between two days, each with its institution, quality and source."""

from __future__ import annotations

import calendar
from itertools import pairwise
from typing import TYPE_CHECKING

from tables import expect, read_table, records, table, write_table

from slv.outcomes import FOLDER, PANEL_ADDRESS, SERIES, YEARS
from slv.wordings import DOUBTFUL, FIRST_COUNTS, INSTITUTIONS, LAST_DAYS, PLAIN, WINDOWS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import pandas as pd

FILE = f"{FOLDER}/observations.csv"
COLUMNS = (
    "observation",
    "unit",
    "start",
    "end",
    "outcome",
    "institution",
    "count",
    "rate",
    "quality",
    "source",
    "note",
)
# Best first.
QUALITIES = ("published", "quoted", "derived", "digitised", "preliminary")
# Where two lists give one figure: "preliminary" says more than "quoted", less than a final table.
STRONGEST = ("published", "preliminary", "quoted", "derived", "digitised")


def write(sources: Path, out: Path, panel: pd.DataFrame) -> dict[str, int]:
    """Merge every list of national totals into one; give the rows of the file."""
    folder = sources / "homicides"
    rows = [
        *_panel_years(panel),
        *_annual(folder),
        *_monthly(folder),
        *_quality_lists(folder),
        *_partial(folder),
        *_cumulative(folder),
        _before_the_truce(),
    ]
    frame = table(_named(_one_source(_merged(rows))), COLUMNS)
    expect(set(frame["quality"]) <= set(QUALITIES), True, "grades of quality")
    _check(frame)
    return {FILE: write_table(out / FILE, frame, key=["start", "end", "observation"])}


Row = dict[str, str]


def _row(
    start: str,
    end: str,
    count: str,
    words: str,
    quality: str,
    source: str,
    note: str,
    rate: str = "",
) -> Row:
    """Make one row in the common form, from the words of the list that gave it."""
    window = WINDOWS.get((start, end, note))
    start, end = window or (start, LAST_DAYS.get((words, end), end))
    if window:
        quality = "derived" if quality == "quoted" else quality
    institution = INSTITUTIONS[words.partition(" (")[0]]
    early = any(mark in words for mark in FIRST_COUNTS) or note == "preliminary"
    early |= any((start, end, count) == row[:3] and row[3] in note for row in DOUBTFUL)
    if words.endswith(", July 2016)"):
        words = "PNC, as stated in July 2016"  # the wording names an official; the table does not
    if note == "preliminary":  # the grade says it
        note = ""
    said = "" if words in PLAIN else f"Source says: {words}."
    return {
        "start": start,
        "end": end,
        "institution": institution,
        "count": str(int(float(count))) if count else "",
        "rate": f"{float(rate):g}" if rate else "",
        "quality": "preliminary" if early else quality,
        "source": source,
        "note": " ".join(part for part in (said, _sentence(note)) if part),
    }


def _sentence(text: str) -> str:
    text = text.strip().rstrip(".").replace("CONFLICTS", "conflicts")
    return f"{text[0].upper()}{text[1:]}." if text else ""


def _list(path: Path) -> list[dict[str, str]]:
    """Read a list; a note that only says "same" becomes the note it points to, the one above."""
    rows = records(read_table(path))
    for above, row in pairwise(rows):
        if row.get("note") in ("same", "same exclusion"):
            row["note"] = above["note"]
    return rows


def _month(year: str, first: str, last: str) -> tuple[str, str]:
    days = calendar.monthrange(int(year), int(last))[1]
    return f"{year}-{int(first):02d}-01", f"{year}-{int(last):02d}-{days}"


def _panel_years(panel: pd.DataFrame) -> Iterator[Row]:
    note = "sum of the 262 municipalities"
    for words in ("IML", "PNC"):
        counts = panel[SERIES["homicides", words.lower()]].astype(int).groupby(panel["year"]).sum()
        for year in YEARS:
            start, end = f"{year}-01-01", f"{year}-12-31"
            yield _row(start, end, str(counts[year]), words, "published", PANEL_ADDRESS, note)


def _annual(folder: Path) -> Iterator[Row]:
    for row in _list(folder / "national_annual_all_sources.csv"):
        quality = "published" if row["institution"].startswith("UNODC") else "quoted"
        if "docslib.org" in row["source_url"]:
            quality = "published"
        if row["note"].startswith("count recovered"):
            quality = "derived"
        note = row["note"]
        if row["rate_per_100k"] and not row["institution"].startswith("UNODC"):
            note = "; ".join(part for part in (note, "the rate is as printed") if part)
        yield _row(
            f"{row['year']}-01-01",
            f"{row['year']}-12-31",
            row["homicides"],
            row["institution"],
            quality,
            row["source_url"],
            note,
            row["rate_per_100k"],
        )


def _monthly(folder: Path) -> Iterator[Row]:
    for row in _list(folder / "national_monthly_observations.csv"):
        quality = {"reported": "quoted", "derived": "derived"}[row["kind"]]
        if row["institution"] == "IML final":
            quality = "published"
        yield _row(
            *_month(row["year"], row["month"], row["month"]),
            row["homicides"],
            row["institution"],
            quality,
            row["source_url"],
            row["note"],
        )


def _quality_lists(folder: Path) -> Iterator[Row]:
    """Read the two lists that grade each month; the second is a choice from the first."""
    for name in ("national_month_sources.csv", "national_month_best.csv"):
        for row in _list(folder / name):
            start, end = _month(row["year"], row["month"], row["month"])
            note = row.get("note", "")
            if note == "30 days only":
                end, note = f"{end[:-2]}30", ""
            if row["quality"] == "digitised":
                note = "read off a police line chart, about 5 either way"
            yield _row(
                start, end, row["homicides"], row["agency"], row["quality"], row["source"], note
            )


def _partial(folder: Path) -> Iterator[Row]:
    for row in _list(folder / "national_partial_period_totals.csv"):
        quality = "derived" if " less " in row["note"] else "quoted"
        yield _row(
            row["start"],
            row["end"],
            row["homicides"],
            row["institution"],
            quality,
            row["source_url"],
            row["note"],
        )


def _cumulative(folder: Path) -> Iterator[Row]:
    for row in _list(folder / "national_cumulative_quotes.csv"):
        quality = "derived" if " less " in row["note"] else "quoted"
        start, end = _month(row["year"], row["from_month"], row["to_month"])
        yield _row(start, end, row["homicides"], row["agency"], quality, row["source"], row["note"])


def _before_the_truce() -> Row:
    """Give the days before the truce from the daily mean that the press printed."""
    return _row(
        "2012-01-01",
        "2012-03-08",
        str(round(13.62 * 68)),
        "PNC",
        "derived",
        "http://elfaro.net/es/201203/noticias/8097",
        "13.62 a day times 68 days; the daily mean is as printed",
    )


def _merged(rows: list[Row]) -> list[Row]:
    """Keep one row for each window, institution and figure: best grade, every source."""
    merged: dict[tuple[str, ...], Row] = {}
    for row in rows:
        figure = row["count"] or row["rate"]
        key = (row["start"], row["end"], row["institution"], figure)
        merged[key] = _joined(merged[key], row) if key in merged else row
    return list(merged.values())


def _one_source(rows: list[Row]) -> list[Row]:
    """Join rows that give one page's figure under one institution and under two."""
    kept: list[Row] = []
    for row in sorted(rows, key=lambda row: row["institution"] == "pnc_iml"):
        twins = [
            other
            for other in kept
            if row["institution"] == "pnc_iml"
            and other["institution"] in ("iml", "pnc")
            and (other["start"], other["end"], other["count"])
            == (row["start"], row["end"], row["count"])
            and set(other["source"].split()) & set(row["source"].split())
        ]
        if twins:
            kept[kept.index(twins[0])] = _joined(twins[0], row)
        else:
            kept.append(row)
    return kept


def _joined(first: Row, second: Row) -> Row:
    stronger, weaker = sorted((first, second), key=lambda row: STRONGEST.index(row["quality"]))
    rates = {first["rate"], second["rate"]} - {""}
    expect(len(rates) <= 1, True, f"one rate for one figure: {first} {second}")
    # that a chart shows the figure too does not tell how the printed one was found
    notes = [stronger["note"], "" if weaker["quality"] == "digitised" else weaker["note"]]
    return stronger | {
        "rate": first["rate"] or second["rate"],
        "source": _union(first["source"].split(" ; "), second["source"].split(" ; "), " ; "),
        "note": _union(notes, [], " "),
    }


def _union(first: list[str], second: list[str], separator: str) -> str:
    parts = [part for part in dict.fromkeys([*first, *second]) if part]
    return separator.join(
        part for part in parts if not any(part != other and part in other for other in parts)
    )


def _named(rows: list[Row]) -> Iterator[Row]:
    """Name each row by institution and window, numbered where several figures exist."""
    seen: dict[str, int] = {}
    order = ("start", "end", "institution")
    for row in sorted(
        rows,
        key=lambda row: (*(row[k] for k in order), QUALITIES.index(row["quality"]), row["count"]),
    ):
        name = f"{row['institution']}_{row['start']}_{row['end']}"
        seen[name] = seen.get(name, 0) + 1
        suffix = f"_{seen[name]}" if seen[name] > 1 else ""
        yield {"observation": name + suffix, "unit": "SV", "outcome": "homicides", **row}


def _check(frame: pd.DataFrame) -> None:
    wanted = {
        ("2011-03-01", "2011-12-31", "mjsp"): "3697",
        ("2012-01-01", "2012-12-31", "iml"): "2594",
        ("2012-01-01", "2012-01-31", "iml"): "413",
        ("2012-02-01", "2012-02-29", "iml"): "402",
        ("2012-01-01", "2012-03-31", "iml"): "1078",
        ("2012-01-01", "2012-03-08", "pnc"): "926",
    }
    for (start, end, institution), count in wanted.items():
        part = frame[(frame["start"] == start) & (frame["end"] == end)]
        found = part.loc[part["institution"] == institution, "count"].tolist()
        expect(count in found, True, f"{institution} {start} to {end} is {count}, found {found}")
