"""Put entries together into the table of counts, and account for every row."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pandas as pd

from territory.evidence.ingest.headings import shown
from territory.evidence.ingest.report import Place, rows_text
from territory.evidence.schema import Fault, unknown
from territory.evidence.units import UNLOCATED

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from territory.evidence.gazetteer import Gazetteer, Match
    from territory.evidence.ingest.entries import Entry, Terms
    from territory.evidence.ingest.layout import Layout
    from territory.evidence.ingest.line import Line
    from territory.evidence.ingest.report import Report

KEY = ["unit", "period", "outcome", "institution"]


def account(
    lines: Iterable[tuple[Layout, Line]], names: Gazetteer, report: Report, *, allow_unmatched: bool
) -> None:
    """Count the rows of each kind, and list the places that are no unit yet."""
    places: dict[tuple[str, str, str], Place] = {}
    unknown_codes: list[str] = []
    for layout, line in lines:
        kind = line.kind
        if kind == "data" and line.match is not None:
            kind = "matched" if line.match.unit else line.match.how
            report.how.update([line.match.how] if line.match.unit else [])
            unknown_codes += [line.code] if line.match.why == "code_unknown" else []
        report.kinds[kind] += 1
        if kind in ("unmatched", "ambiguous") and line.match is not None:
            text = shown(line.place or line.code)
            key = (kind, text, shown(line.above or line.above_code or ""))
            if key not in places:
                offered = _offered(line.match, names)
                places[key] = Place(text, key[2], line.match.why, offered)
            places[key].rows.append(layout.sheet.number(line.row))
    if unknown_codes:
        report.warn("codes_unknown", n=len(unknown_codes), value=shown(unknown_codes[0]))
    report.unmatched = [place for key, place in places.items() if key[0] == "unmatched"]
    report.ambiguous = [place for key, place in places.items() if key[0] == "ambiguous"]
    _refuse_open_places(report, allow_unmatched=allow_unmatched)
    if not report.kinds["matched"] and not report.faults:
        report.faults.append(Fault("ingest_no_rows", file=report.file))


def _offered(match: Match, names: Gazetteer) -> list[dict[str, object]]:
    offered = []
    nowhere = [unit for unit, level in names.level.items() if level == UNLOCATED]
    for unit, score in (*match.candidates, *((u, 0) for u in nowhere if match.why == "empty")):
        parent = names.units["parent"].get(unit)
        above = names.units["name"].get(parent, "") if isinstance(parent, str) else ""
        name = f"{names.units['name'][unit]}, {above}" if above else str(names.units["name"][unit])
        offered.append({"unit": unit, "name": name, "score": score})
    return offered


def _refuse_open_places(report: Report, *, allow_unmatched: bool) -> None:
    for kind, found in (("unmatched", report.unmatched), ("ambiguous", report.ambiguous)):
        if not found:
            continue
        values = {
            "n": len(found),
            "n_rows": sum(len(place.rows) for place in found),
            "value": ", ".join(f"“{place.text or place.above or '–'}”" for place in found[:5]),
            "rows": rows_text(sorted(row for place in found for row in place.rows)),
        }
        if allow_unmatched:
            report.warn(f"left_out_{kind}", **values)
        else:
            key = f"ingest_{kind}"
            report.faults.append(Fault(key, file=report.file, **values))


def table(shape: str, entries: Sequence[Entry], names: Gazetteer, terms: Terms) -> pd.DataFrame:
    """Return the table of counts; what stands in its way is noted in the report."""
    report, settings = terms.report, terms.settings
    rows = [
        (e.line.match.unit, e.period, e.outcome, e.institution, e.count, e.line.number)
        for e in entries
        if e.line.kind == "data" and e.line.match is not None and e.line.match.unit is not None
    ]
    read = sum(e.count or 0 for e in entries if e.line.kind in ("data", "ignored"))
    frame = pd.DataFrame(rows, columns=[*KEY, "count", "row"])
    frame["count"] = frame["count"].astype("Int64")
    lengths = set(frame["period"].str.len())
    if len(lengths) > 1:
        report.faults.append(Fault("ingest_mixed_periods", file=report.file))
    _say_level(frame, names, report)
    if shape == "cases" or "date" in report.columns:
        frame = _summed(frame)
        frame = _cases(frame, names, terms)
    else:
        frame = _once(frame, report, settings.get("duplicates"))
        _say_absent(frame, names, report)
    if "division" in settings:
        frame = regrouped(frame, terms.study.groups, settings["division"], report)
    report.counts["read"] = read
    report.counts["written"] = int(frame["count"].sum())
    report.counts["left_out"] = read - report.counts["written"]
    if report.counts["left_out"] and not report.faults:
        report.warn("left_out_cases", n=report.counts["left_out"], read=read)
    return frame[[*KEY, "count"]].sort_values(KEY, ignore_index=True)


def _say_level(frame: pd.DataFrame, names: Gazetteer, report: Report) -> None:
    levels = Counter(names.level[unit] for unit in frame["unit"].unique())
    levels.pop(UNLOCATED, None)
    if len(levels) > 1:
        value = ", ".join(f"{level} ({n})" for level, n in levels.items())
        report.faults.append(Fault("ingest_mixed_levels", file=report.file, value=value))
    report.level = next(iter(levels), names.finest)
    if len(levels) == 1 and report.level != names.finest:
        report.warn("coarser_level", level=report.level, finest=names.finest)


def _once(frame: pd.DataFrame, report: Report, rule: str | None) -> pd.DataFrame:
    """Return each key once; without a rule, a place twice in one period is a fault."""
    twice = frame.duplicated(KEY, keep=False)
    if not twice.any():
        return frame
    for key, part in frame[twice].groupby(KEY, sort=True):
        if len(report.duplicates) < 200:
            report.duplicates.append(
                dict(zip(KEY, key, strict=True))
                | {"rows": [int(row) for row in part["row"][:50]],
                   "counts": [None if pd.isna(n) else int(n) for n in part["count"][:50]]}
            )  # fmt: skip
    n = len(frame[twice].drop_duplicates(KEY))
    if rule == "sum":
        report.assume("duplicates_summed", n=n)
        return _summed(frame)
    if rule == "first":
        report.warn("duplicates_first", n=n)
        return frame.drop_duplicates(KEY)
    first = report.duplicates[0]
    more = ", …" if len(first["counts"]) > 5 else ""
    value = f"{names_of(first)}: {', '.join(str(n) for n in first['counts'][:5])}{more}"
    rows = rows_text(first["rows"])
    report.faults.append(Fault("ingest_duplicates", file=report.file, n=n, value=value, rows=rows))
    return frame.drop_duplicates(KEY)


def names_of(entry: dict[str, object]) -> str:
    """Write a key: unit, period and outcome."""
    return f"{entry['unit']} {entry['period']} {entry['outcome']}"


def _cases(frame: pd.DataFrame, names: Gazetteer, terms: Terms) -> pd.DataFrame:
    """Fill places and periods without a case with zero, where the list is said to be complete."""
    if frame.empty:
        return frame
    span = (frame["period"].min(), frame["period"].max())
    if terms.settings.get("complete") != "true":
        terms.report.warn("not_complete", first=span[0], last=span[1])
        return frame
    freq = {4: "Y", 7: "M"}[len(span[0])]
    periods = pd.period_range(*span, freq=freq).astype(str)
    own = {unit for unit, level in names.level.items() if level == terms.report.level}
    units = sorted(own | set(frame["unit"].astype(str)))
    pairs = frame[["outcome", "institution"]].drop_duplicates().itertuples(index=False)
    every = [(u, p, *pair) for pair in pairs for u in units for p in periods]
    full = frame.set_index(KEY)["count"].reindex(pd.MultiIndex.from_tuples(every, names=KEY))
    terms.report.assume("complete", first=span[0], last=span[1], n=int(full.isna().sum()))
    return full.fillna(0).reset_index()


def _say_absent(frame: pd.DataFrame, names: Gazetteer, report: Report) -> None:
    """Say which places the file does not mention at all."""
    every = {unit for unit, level in names.level.items() if level == report.level}
    absent = sorted(every - set(frame["unit"].astype(str)))
    if absent and len(absent) < len(every):
        some = ", ".join(str(names.units["name"][unit]) for unit in absent[:5])
        more = ", …" if len(absent) > 5 else ""
        report.warn("absent", n=len(absent), all=len(every), names=some + more)


def regrouped(
    counts: pd.DataFrame, groups: pd.DataFrame, grouping: str, report: Report | None = None
) -> pd.DataFrame:
    """Return counts summed to the areas of a grouping, so that every sum is kept.

    Parameters
    ----------
    counts
        Columns ``unit``, ``period``, ``outcome``, ``institution``, ``count``.
    groups
        Columns ``unit``, ``grouping``, ``group``; for example the new municipality of
        each old one.
    grouping
        Which of the groupings.
    report
        Where to note areas in which only some of the counts are known.

    Returns
    -------
    frame
        The same columns; a unit outside the grouping stays itself. An area of which some
        counts are missing has the sum of those that are known; it has none only where
        none is.

    Raises
    ------
    DataError
        When there is no such grouping.
    """
    members = groups[groups["grouping"] == grouping]
    if members.empty:
        raise unknown("division", grouping, groups["grouping"].unique())
    group = counts["unit"].map(members.set_index("unit")["group"])
    joined = counts.assign(unit=group.fillna(counts["unit"]))
    sums = _summed(joined)
    gaps = joined["count"].isna().groupby([joined[name] for name in KEY]).agg(["any", "all"])
    partial = int((gaps["any"] & ~gaps["all"]).sum())
    if report is not None:
        report.assume("regrouped", grouping=grouping, n=sums["unit"].nunique())
        if partial:
            report.warn("regrouped_gaps", n=partial)
    return sums


def _summed(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the sum for each key; missing only where every count is."""
    sums = frame.groupby(KEY)["count"].sum(min_count=1)
    return sums.astype("Int64").reset_index()
