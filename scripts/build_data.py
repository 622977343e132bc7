"""Turn the raw sources into the project's own tables under `data/`.

    python scripts/build_data.py --sources DIR [--out data]

DIR is the folder of El Salvador's raw files, or one that holds it as `slv`. Running twice writes the same
bytes: rows are sorted, numbers have fixed forms, nothing depends on the clock. A figure that is
not the one known to be right stops the build. The package never imports this script.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from slv import boundaries, events, ledger, outcomes, population, shapes
from tables import write_cards


def build_slv(sources: Path, out: Path) -> None:
    """Write every table of El Salvador, then the card of each."""
    rows: dict[str, int] = {}
    units = boundaries.units(sources)
    rows |= boundaries.write(sources, out, units)
    rows |= shapes.write(sources, out, units)
    panel = outcomes.panel(sources, units)
    rows |= outcomes.write(sources, out, panel, units)
    rows |= ledger.write(sources, out, panel)
    rows |= population.write(sources, out, panel)
    rows |= events.write(sources, out, units)
    write_cards(out, Path(__file__).parent / "slv" / "cards.toml", rows)


def main() -> None:
    """Read the arguments and build."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sources", type=Path, required=True, help="folder of the raw files")
    parser.add_argument("--out", type=Path, default=Path("data"), help="folder to write into")
    arguments = parser.parse_args()
    nested = arguments.sources / "slv"
    build_slv(nested if nested.is_dir() else arguments.sources, arguments.out)


if __name__ == "__main__":
    main()
