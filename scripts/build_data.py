"""Turn the raw sources into the project's own tables under `data/`.

    python scripts/build_data.py --sources DIR [--out data]

DIR holds one folder for each place (`slv`, `chicago`, `los_angeles`), or is the folder of El Salvador's
raw files itself; places whose folder is missing are left alone. Running twice writes the same
bytes: rows are sorted, numbers have fixed forms, nothing depends on the clock. A figure that is
not the one known to be right stops the build. The package never imports this script.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import chicago.boundaries
import chicago.events
import chicago.homicides
import chicago.published
import chicago.territories
import los_angeles.zones
from slv import (
    boundaries,
    comparators,
    events,
    ledger,
    names,
    outcomes,
    population,
    shapes,
    territories,
)
from tables import write_cards

HERE = Path(__file__).parent


def build_slv(sources: Path, out: Path) -> None:
    """Write every table of El Salvador, then the card of each."""
    rows: dict[str, int] = {}
    units = boundaries.units(sources)
    rows |= boundaries.write(sources, out, units)
    rows |= names.write(sources, out)
    rows |= shapes.write(sources, out, units)
    panel = outcomes.panel(sources, units)
    rows |= outcomes.write(sources, out, panel, units)
    rows |= ledger.write(sources, out, panel)
    rows |= population.write(sources, out, panel)
    rows |= events.write(sources, out, units)
    rows |= territories.write(sources, out, units)
    rows |= comparators.write(sources, out)
    write_cards(out, HERE / "slv" / "cards.toml", rows)


def build_chicago(sources: Path, out: Path) -> None:
    """Write every table of Chicago, then the card of each."""
    rows: dict[str, int] = {}
    rows |= chicago.boundaries.write(sources, out)
    rows |= chicago.homicides.write(sources, out)
    rows |= chicago.published.write(sources, out)
    rows |= chicago.territories.write(sources, out)
    rows |= chicago.events.write(sources, out)
    write_cards(out, HERE / "chicago" / "cards.toml", rows)


def build_los_angeles(sources: Path, out: Path) -> None:
    """Write the polygon zones of Los Angeles and their actors, then the card of each."""
    write_cards(out, HERE / "los_angeles" / "cards.toml", los_angeles.zones.write(sources, out))


BUILDS = {"slv": build_slv, "chicago": build_chicago, "los_angeles": build_los_angeles}


def main() -> None:
    """Read the arguments and build."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sources", type=Path, required=True, help="folder of the raw files")
    parser.add_argument("--out", type=Path, default=Path("data"), help="folder to write into")
    arguments = parser.parse_args()
    present = [place for place in BUILDS if (arguments.sources / place).is_dir()]
    if not present:
        build_slv(arguments.sources, arguments.out)
    for place in present:
        BUILDS[place](arguments.sources / place, arguments.out)


if __name__ == "__main__":
    main()
