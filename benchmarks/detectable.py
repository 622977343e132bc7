"""Compute the table of detectable rate ratios that the package ships.

    python benchmarks/detectable.py src/territory/measures/detectable.csv

Rows: the ratios of exposures, for falls and then for rises; columns: the expected counts before
(see `territory.measures.power`). Takes some minutes.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

from territory.measures.power import detectable_table


def main() -> None:
    """Write the table; a cell is empty where no fall is detectable."""
    table = detectable_table()
    rows = [
        ",".join("" if np.isnan(value) else f"{value:.5f}" for value in row)
        for row in table.reshape(-1, table.shape[2])
    ]
    Path(sys.argv[1]).write_text("\n".join(rows) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
