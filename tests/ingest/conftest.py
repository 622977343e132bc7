"""The corpus: files as people send them, with what each says or why it is refused."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pandas as pd

from tests.conftest import write_card

from .workbooks import CASES as WORKBOOKS

__all__ = ["CASES", "CORPUS", "arguments", "content", "lines", "write_card"]

HERE = Path(__file__).parent
CORPUS = HERE / "corpus"
CASES: list[dict[str, Any]] = tomllib.loads((HERE / "cases.toml").read_text("utf-8"))["case"]


def content(name: str) -> bytes:
    """Return a file of the corpus: committed, or written here."""
    return WORKBOOKS[name]() if name in WORKBOOKS else (CORPUS / name).read_bytes()


def arguments(case: dict[str, Any]) -> dict[str, Any]:
    """Return what a case gives to the door beside its file."""
    given: dict[str, Any] = {"name": case["file"], **case.get("settings", {})}
    if "decisions" in case:
        given["decisions"] = CORPUS / case["decisions"]
    if case.get("allow_unmatched"):
        given["allow_unmatched"] = True
    return given


def lines(table: pd.DataFrame) -> list[str]:
    """Write a table as the corpus does: a line for each unit, outcome and institution."""
    written = []
    for (unit, outcome, institution), part in table.groupby(["unit", "outcome", "institution"]):
        usual = (outcome, institution) == ("homicides", "iml")
        what = "" if usual else f" {outcome} {institution}"
        counts = ["-" if pd.isna(count) else str(count) for count in part["count"]]
        cells = " ".join(f"{p}={c}" for p, c in zip(part["period"], counts, strict=True))
        written.append(f"{unit}{what} {cells}")
    return written
