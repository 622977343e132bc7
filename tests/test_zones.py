"""Ground given as polygons: reading it, laying it over units, the borders between actors.

The board is six squares of one kilometre, three by two, with the answers written by hand::

    d e f      north row, y from 1 to 2 km
    a b c      south row, y from 0 to 1 km
"""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from territory.evidence.claims import read_actors, read_claims
from territory.evidence.schema import DataError
from territory.evidence.zones import read_names, read_zones
from territory.measures.borders import (
    border_contact,
    border_lengths,
    unit_borders,
    zone_borders,
)
from territory.measures.holders import holders
from territory.measures.overlay import overlay
from territory.study import Study
from tests.conftest import write_card

if TYPE_CHECKING:
    from collections.abc import Callable

DATA = Path(__file__).parents[1] / "data" / "territories"
SOURCES = Path(os.environ.get("TERRITORY_SOURCES", "missing"))
METRES = "EPSG:32616"
KM = 1000.0
ORIGIN = (400_000.0, 4_600_000.0)


def box(west: float, south: float, east: float, north: float) -> shapely.Polygon:
    """Return a rectangle of the board, in kilometres from its corner."""
    x, y = ORIGIN
    return shapely.box(x + west * KM, y + south * KM, x + east * KM, y + north * KM)


def squares() -> gpd.GeoDataFrame:
    """Return the six squares a to f."""
    shapes = [box(i % 3, i // 3, i % 3 + 1, i // 3 + 1) for i in range(6)]
    return gpd.GeoDataFrame(
        geometry=shapes, crs=METRES, index=pd.Index(list("abcdef"), name="unit")
    )


def zone_frame(*zones: tuple[str, shapely.Geometry], **columns: list[object]) -> gpd.GeoDataFrame:
    """Return zones z0, z1 and so on from pairs of actors (joined by ";") and shapes."""
    index = pd.Index([f"z{i}" for i in range(len(zones))], name="zone")
    who = pd.Series([tuple(names.split(";")) for names, _ in zones], index=index, dtype=object)
    frame = gpd.GeoDataFrame(
        {"actors": who}, geometry=[s for _, s in zones], crs=METRES, index=index
    )
    return frame.assign(**columns)


# --- Overlay -------------------------------------------------------------------------------------


def test_shares_by_hand() -> None:
    """Red on half of a and a quarter of b, blue on all of c: areas, shares and dominance."""
    zones = zone_frame(("red", box(0.5, 0, 1.25, 1)), ("blue", box(2, 0, 3, 1)))
    found = overlay(zones, squares(), crs=METRES)

    assert found.shares["share"].round(9).to_dict() == {
        ("a", "red"): 0.5, ("b", "red"): 0.25, ("c", "blue"): 1.0,
    }  # fmt: skip
    assert found.shares.loc[("b", "red"), "area_km2"] == pytest.approx(0.25)
    assert found.shares["kind"].tolist() == ["dominant"] * 3
    assert found.units["holder"].dropna().to_dict() == {"a": "red", "b": "red", "c": "blue"}
    assert found.units["share_any"].round(9).tolist() == [0.5, 0.25, 1, 0, 0, 0]
    assert found.left_out.empty


def test_an_actors_own_zones_are_counted_once() -> None:
    """Two red zones that overlap cover what they cover together, and dispute nothing."""
    zones = zone_frame(("red", box(0, 0, 0.6, 1)), ("red", box(0.4, 0, 0.8, 1)))
    found = overlay(zones, squares(), crs=METRES)

    assert found.shares.loc[("a", "red"), "share"] == pytest.approx(0.8)
    assert found.shares.loc[("a", "red"), "zones"] == ("z0", "z1")
    assert found.units.loc["a", "share_disputed"] == 0


def test_ground_of_two_actors_is_disputed() -> None:
    """Where red and blue overlap the ground is disputed, and counts for both."""
    zones = zone_frame(("red", box(0, 0, 0.6, 1)), ("blue", box(0.4, 0, 1, 1)))
    found = overlay(zones, squares(), crs=METRES).units.loc["a"]

    assert found["share_any"] == pytest.approx(1)
    assert found["share_disputed"] == pytest.approx(0.2)
    assert found["disputed_by"] == ("blue", "red")
    assert pd.isna(found["holder"])  # as much as the other


def test_a_zone_of_several_actors_is_disputed_by_them() -> None:
    """One polygon that names red and blue is ground of both."""
    found = overlay(zone_frame(("red;blue", box(0, 0, 1, 1))), squares(), crs=METRES)

    assert set(found.shares.index) == {("a", "red"), ("a", "blue")}
    assert found.units.loc["a", "share_disputed"] == pytest.approx(1)


def test_three_actors_on_one_spot_are_counted_once() -> None:
    """Ground of three is disputed ground once, not three times."""
    spot = box(0, 0, 0.5, 0.5)
    found = overlay(
        zone_frame(("red", spot), ("blue", spot), ("green", spot)), squares(), crs=METRES
    )

    assert found.units.loc["a", "share_disputed"] == pytest.approx(0.25)
    assert found.units.loc["a", "disputed_by"] == ("blue", "green", "red")


@pytest.mark.parametrize(
    ("width", "kinds"), [(0.0009, []), (0.04, ["presence"]), (0.06, ["dominant"])]
)
def test_the_threshold_rule(width: float, kinds: list[str]) -> None:
    """Under 0.1 % of a unit is dropped, under 5 % is presence, from there on dominance."""
    found = overlay(zone_frame(("red", box(0, 0, width, 1))), squares(), crs=METRES)

    assert found.shares["kind"].tolist() == kinds


def test_ground_that_names_nobody_is_nobodys_dominance() -> None:
    """An unnamed zone is presence; it neither holds nor disputes, as it may be any group's."""
    zones = zone_frame(("ANY", box(0, 0, 1, 1)), ("red", box(0, 0, 0.5, 1)))
    found = overlay(zones, squares(), crs=METRES)

    assert found.shares["kind"].tolist() == ["presence", "presence"]
    assert found.units.loc["a", "share_disputed"] == 0


def test_zones_have_dates() -> None:
    """On a day only zones in force count; undated, ended and later ones are reported."""
    shape = box(0, 0, 1, 1)
    zones = zone_frame(
        ("red", shape), ("blue", shape), ("green", shape), ("grey", shape), ("pink", box(9, 9, 10, 10)),
        start=pd.to_datetime(["2001-01-01", "2001-01-01", "2005-01-01", None, "2001-01-01"]),
        end=pd.to_datetime([None, "2002-12-31", None, None, None]),
    )  # fmt: skip
    found = overlay(zones, squares(), crs=METRES, on="2003-06-15")

    assert list(found.shares.index) == [("a", "red")]
    assert found.left_out["reason"].to_dict() == {
        "z1": "ended", "z2": "later", "z3": "undated", "z4": "elsewhere",
    }  # fmt: skip
    assert len(overlay(zones, squares(), crs=METRES).shares) == 4


def test_shares_of_people() -> None:
    """Points count where they stand; the people of a block are spread evenly over it."""
    zones = zone_frame(("red", box(0, 0, 0.5, 1)))
    points = gpd.GeoDataFrame(
        {"population": [90, 10]},
        geometry=[box(0.1, 0.4, 0.3, 0.6).centroid, box(0.7, 0.4, 0.9, 0.6).centroid],
        crs=METRES,
    )
    blocks = gpd.GeoDataFrame(
        {"population": [100.0]}, geometry=[box(0.25, 0, 1.0, 1)], crs=METRES
    ).to_crs("EPSG:4326")
    of_points = overlay(zones, squares(), crs=METRES, people=points).shares.loc[("a", "red")]
    of_blocks = overlay(zones, squares(), crs=METRES, people=blocks).shares.loc[("a", "red")]

    assert of_points[["people", "share_people"]].tolist() == [90, 0.9]
    assert of_blocks["people"] == pytest.approx(100 / 3, rel=1e-3)
    assert of_blocks["share"] == pytest.approx(0.5)


def test_any_projection_gives_the_same_shares() -> None:
    """Zones in degrees on units in metres: shares are the same."""
    zones = zone_frame(("red", box(0.5, 0, 1.25, 1)))
    one = overlay(zones, squares(), crs=METRES).shares["share"]
    two = overlay(zones.to_crs("EPSG:4326"), squares(), crs="EPSG:32615").shares["share"]

    assert one.to_numpy() == pytest.approx(two.to_numpy(), rel=1e-3)


def test_shares_become_claims() -> None:
    """Overlay, then the rule of status: dominance, presence and dispute on a date."""
    zones = zone_frame(
        ("red", box(0, 0, 1, 1)),
        ("blue", box(1, 0, 2, 1)),
        ("red", box(1, 0, 1.5, 1)),
        ("red", box(2, 0, 2.02, 1)),
    )
    claims = overlay(zones, squares(), crs=METRES).claims("2010-01-01")
    status = holders(claims, list("abcdef"), on="2010-01-01")["status"]

    assert status.tolist() == ["dominant", "contested", "presence", "no_data", "no_data", "no_data"]


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["red", "blue", "green"]),
            *[st.integers(0, 20) for _ in range(2)],
            *[st.integers(1, 12) for _ in range(2)],
        ),
        min_size=1,
        max_size=6,
    )
)
def test_shares_agree_with_cells(rectangles: list[tuple[str, int, int, int, int]]) -> None:
    """On a grid of tenths, shares and disputed ground are counts of cells."""
    zones = zone_frame(
        *(
            (who, box(x / 10, y / 10, min(x + w, 30) / 10, min(y + h, 20) / 10))
            for who, x, y, w, h in rectangles
            if y < 20
        )
    )
    cells = np.zeros((3, 30, 20), dtype=bool)
    for who, x, y, w, h in rectangles:
        cells[["red", "blue", "green"].index(who), x : x + w, y : y + h] = True
    by_unit = cells.reshape(3, 3, 10, 2, 10).transpose(0, 3, 1, 2, 4).reshape(3, 6, 100)
    if zones.empty:
        return
    found = overlay(zones, squares(), crs=METRES)
    shares = found.shares["share"].unstack(fill_value=0.0)
    shares = shares.reindex(index=list("abcdef"), columns=["red", "blue", "green"], fill_value=0.0)

    assert shares.to_numpy() == pytest.approx(by_unit.mean(axis=2).T)
    assert found.units["share_any"].to_numpy() == pytest.approx(by_unit.any(axis=0).mean(axis=1))
    assert found.units["share_disputed"].to_numpy() == pytest.approx(
        (by_unit.sum(axis=0) > 1).mean(axis=1)
    )


BOWTIE = shapely.Polygon([(0, 0), (KM, KM), (KM, 0), (0, KM), (0, 0)])


@pytest.mark.parametrize(
    ("spoil", "keys"),
    [
        (lambda z: z.set_crs(None, allow_override=True), {"no_projection"}),
        (lambda z: z.set_crs("EPSG:4326", allow_override=True), {"off_the_globe"}),
        (lambda z: z.set_geometry([BOWTIE], crs=METRES), {"broken_rings"}),
        (lambda z: z.set_geometry([shapely.Point(0, 0)], crs=METRES), {"empty_zones"}),
        (lambda z: z.set_geometry([None], crs=METRES), {"empty_zones"}),
        (lambda z: pd.concat([z, z]), {"repeated_shapes"}),
        (lambda z: z.set_geometry([box(90, 90, 91, 91)], crs=METRES), {"zones_elsewhere"}),
        (
            lambda z: z.set_geometry([BOWTIE]).set_crs(None, allow_override=True),
            {"broken_rings", "no_projection"},
        ),
    ],
)
def test_bad_shapes_are_refused(
    spoil: Callable[[gpd.GeoDataFrame], gpd.GeoDataFrame], keys: set[str]
) -> None:
    """No or a wrong projection, crossed rings, no polygon, doubles, another place: each is told."""
    zones = spoil(zone_frame(("red", box(0, 0, 1, 1))))
    with pytest.raises(DataError) as caught:
        overlay(zones, squares(), crs=METRES)

    assert {fault.key for fault in caught.value.faults} >= keys


@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:3435", "a good one"])
def test_only_metres_measure(crs: str) -> None:
    """Areas are never measured in degrees or feet, nor in a projection that does not exist."""
    with pytest.raises(DataError, match="does not measure in metres"):
        overlay(zone_frame(("red", box(0, 0, 1, 1))), squares(), crs=crs)


@pytest.mark.parametrize(
    ("people", "key"),
    [
        (
            gpd.GeoDataFrame({"n": [1]}, geometry=[shapely.Point(0, 0)], crs=METRES),
            "missing_columns",
        ),
        (gpd.GeoDataFrame({"population": [1]}, geometry=[shapely.Point(0, 0)]), "no_projection"),
    ],
)
def test_people_need_a_number_and_a_place(people: gpd.GeoDataFrame, key: str) -> None:
    """People without a column of population or without a projection are refused."""
    with pytest.raises(DataError) as caught:
        overlay(zone_frame(("red", box(0, 0, 1, 1))), squares(), crs=METRES, people=people)

    assert [fault.key for fault in caught.value.faults] == [key]


def test_no_zones_is_no_error() -> None:
    """A day before every zone gives units without anybody."""
    zones = zone_frame(
        ("red", box(0, 0, 1, 1)), start=pd.to_datetime(["2001-01-01"]), end=pd.to_datetime([None])
    )
    found = overlay(zones, squares(), crs=METRES, on="1999-01-01")

    assert found.shares.empty
    assert found.units["share_any"].tolist() == [0] * 6


# --- Borders -------------------------------------------------------------------------------------


def test_borders_between_units() -> None:
    """Red a, b, d against blue c, e: two kilometres of border, and corners are none."""
    holder = pd.Series({"a": "red", "b": "red", "c": "blue", "d": "red", "e": "blue"})
    borders = unit_borders(squares(), holder, crs=METRES)
    length = border_lengths(borders)
    contact = border_contact(squares(), borders, crs=METRES)

    assert length.loc[("blue", "red"), "length_km"] == pytest.approx(3)
    assert sorted(zip(borders["unit_a"], borders["unit_b"], strict=True)) == [
        ("c", "b"), ("e", "b"), ("e", "d"),
    ]  # fmt: skip
    assert contact["contact"].to_dict() == {
        "a": False, "b": True, "c": True, "d": True, "e": True, "f": False,
    }  # fmt: skip
    assert contact.loc["b", "length_km"] == pytest.approx(2)
    assert contact.loc["a", "distance_km"] == 0  # its corner touches one


def test_ground_without_a_holder_has_no_border() -> None:
    """Where nobody was reported there is no border; without any, no distance either."""
    borders = unit_borders(squares(), pd.Series({"a": "red", "c": "blue"}), crs=METRES)
    contact = border_contact(squares(), borders, crs=METRES)

    assert borders.empty
    assert not contact["contact"].any()
    assert contact["distance_km"].isna().all()


def test_borders_between_zones() -> None:
    """Zones thirty metres apart share a kilometre; two hundred metres apart they do not."""
    near = zone_frame(("red", box(0, 0, 1, 1)), ("blue", box(1.03, 0, 2, 1)))
    far = zone_frame(("red", box(0, 0, 1, 1)), ("blue", box(1.2, 0, 2, 1)))
    along = zone_frame(("red", box(0, 0, 1, 1)), ("blue", box(1, 0, 2, 1)))

    assert border_lengths(zone_borders(near, crs=METRES))["length_km"].tolist() == [
        pytest.approx(1, abs=0.09)
    ]
    assert zone_borders(far, crs=METRES).empty
    assert border_lengths(zone_borders(along, crs=METRES, gap=0))["length_km"].tolist() == [
        pytest.approx(1)
    ]


def test_disputed_ground_is_no_border() -> None:
    """Edges inside the other's ground are not counted; a border crosses the units it runs in."""
    zones = zone_frame(("red", box(0, 0, 0.5, 2)), ("blue", box(0.5, 0, 1, 2)))
    nested = zone_frame(("red", box(0, 0, 1, 1)), ("blue", box(0.3, 0.3, 0.7, 0.7)))
    contact = border_contact(squares(), zone_borders(zones, crs=METRES, gap=0), crs=METRES)

    assert zone_borders(nested, crs=METRES, gap=1.0).empty
    assert contact.index[contact["contact"]].tolist() == ["a", "d"]
    assert contact.loc["c", "distance_km"] == pytest.approx(1.5)


# --- Reading -------------------------------------------------------------------------------------

ACTORS = pd.DataFrame(
    {
        "parent": None,
        "aliases": [("Reds", "The Red & White"), (), ()],
        "name_es": ["Rojos", "Azules", "?"],
        "name_en": ["Reds", "Blues", "?"],
    },
    index=pd.Index(["red", "blue", "ANY"], name="actor"),
)


@pytest.fixture
def zone_file(tmp_path: Path) -> Callable[..., Path]:
    """Return a function that writes features and their card."""

    def write(*features: tuple[dict[str, object], object], crs: str | None = None) -> Path:
        shapes = [
            {
                "type": "Feature",
                "properties": properties,
                "geometry": shapely.geometry.mapping(shape),
            }
            for properties, shape in features
        ]
        document: dict[str, object] = {"type": "FeatureCollection", "features": shapes}
        if crs:
            document["crs"] = {"type": "name", "properties": {"name": crs}}
        file = tmp_path / "zones.geojson"
        file.write_text(json.dumps(document), encoding="utf-8")
        write_card(file)
        return file

    return write


SQUARE = shapely.box(-88, 41, -87.9, 41.1)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("red", ("red",)),
        ("REDS", ("red",)),
        ("The Red & White", ("red",)),
        ("Reds, blue", ("red", "blue")),
        ("red/blue", ("red", "blue")),
        ("Rojos y Azules", ("red", "blue")),
        ("red; red", ("red",)),
        ("", ("ANY",)),
        (None, ("ANY",)),
        ("red & pink", ("red", "pink")),
    ],
)
def test_several_actors_in_one_text(text: str | None, expected: tuple[str, ...]) -> None:
    """Codes, names and aliases in any case; several in one text are taken apart."""
    assert read_names(pd.Series([text], dtype=object), ACTORS).tolist() == [expected]


def test_every_fault_of_the_zones_is_in_one_report(zone_file) -> None:
    """An unknown actor, a crossed ring, an end before its start, a zone twice: one report."""
    crossed = shapely.Polygon([(-88, 41), (-87, 42), (-87, 41), (-88, 42), (-88, 41)])
    file = zone_file(
        ({"zone": "z1", "actor": "pink", "start": "2001-01-01"}, SQUARE),
        ({"zone": "z2", "actor": "red", "start": "2001-01-01", "end": "2000-01-01"}, crossed),
        ({"zone": "z2", "actor": "red", "start": "soon"}, SQUARE),
        ({"zone": "z4", "actor": "red"}, shapely.Point(-88, 41)),
    )
    with pytest.raises(DataError) as caught:
        read_zones(file, ACTORS)
    keys = {fault.key for fault in caught.value.faults}

    assert keys == {
        "unknown_actor_in_file", "broken_rings", "end_before_start", "duplicate_keys", "bad_values",
        "empty_zones", "repeated_shapes",
    }  # fmt: skip
    assert "z2" in str(caught.value)


def test_crossed_rings_can_be_mended(zone_file) -> None:
    """With repair the ring is mended and the row says that its area changed."""
    crossed = shapely.Polygon([(-88, 41), (-87, 42), (-87, 41), (-88, 42), (-88, 41)])
    file = zone_file(({"zone": "z1", "actor": "red"}, crossed), ({"zone": "z2"}, SQUARE))
    zones, _ = read_zones(file, ACTORS, repair=True)

    assert zones.geometry.is_valid.all()
    assert zones.loc["z1", "mended"] > 0.9
    assert zones.loc["z2", "mended"] == 0
    assert zones["actors"].tolist() == [("red",), ("ANY",)]
    assert zones["start"].isna().all()


def test_metres_written_as_degrees_are_refused(zone_file) -> None:
    """Coordinates off the globe say that the projection is another one; a stated one is used."""
    metres = shapely.box(400_000, 4_600_000, 401_000, 4_601_000)
    with pytest.raises(DataError, match="no longitude and latitude"):
        read_zones(zone_file(({"zone": "z1"}, metres)), ACTORS)
    zones, _ = read_zones(
        zone_file(({"zone": "z1"}, metres), crs="urn:ogc:def:crs:EPSG::32616"), ACTORS
    )

    assert zones.crs.to_epsg() == 4326
    assert zones.total_bounds[0] == pytest.approx(-88.2, abs=0.1)


# --- Los Angeles ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def los_angeles() -> gpd.GeoDataFrame:
    """Return the injunction zones."""
    actors = read_actors(DATA / "los_angeles/actors.csv")[0]
    return read_zones(DATA / "los_angeles/zones.geojson", actors)[0]


def grid(shapes: gpd.GeoDataFrame, n: int = 262) -> gpd.GeoDataFrame:
    """Return `n` cells over shapes."""
    west, south, east, north = shapes.total_bounds
    side = int(np.ceil(np.sqrt(n)))
    xs, ys = np.linspace(west, east, side + 1), np.linspace(south, north, side + 1)
    cells = [
        shapely.box(xs[i], ys[j], xs[i + 1], ys[j + 1]) for j in range(side) for i in range(side)
    ]
    index = pd.Index([f"cell{i}" for i in range(n)], name="unit")
    return gpd.GeoDataFrame(geometry=cells[:n], crs=shapes.crs, index=index)


def test_los_angeles_zones(los_angeles: gpd.GeoDataFrame) -> None:
    """57 zones, 49 of them dated, 28 in force by the end of 2005; undated ones are reported."""
    found = overlay(los_angeles, grid(los_angeles), crs="EPSG:32611", on="2005-12-31")
    reasons = found.left_out["reason"].value_counts().to_dict()
    used = {zone for zones in found.shares["zones"] for zone in zones}

    assert len(los_angeles) == 57
    assert int(los_angeles["start"].notna().sum()) == 49
    assert len(used) == 28
    assert reasons == {"later": 21, "undated": 8}
    assert found.units["share_disputed"].max() > 0


def test_los_angeles_labels_were_taken_apart(los_angeles: gpd.GeoDataFrame) -> None:
    """Several groups in one label are several actors; no label is read as one name."""
    several = los_angeles[los_angeles["actors"].map(len) > 1]

    assert len(several) == 10
    assert ("swans", "florencia_13", "7_trey", "main_st_crips") in set(several["actors"])


def test_los_angeles_stays_apart() -> None:
    """The zones carry their own licence, and no study's table is made from them."""
    card = (DATA / "los_angeles/zones.geojson.toml").read_text(encoding="utf-8")
    licences = (DATA.parents[1] / "DATA-LICENSES.md").read_text(encoding="utf-8")
    studies = [path.read_text(encoding="utf-8") for path in DATA.parent.glob("*.toml")]

    assert 'licence = "CC BY-SA 4.0"' in card
    assert "data/territories/los_angeles/zones.geojson" in licences
    assert not any("los_angeles" in study for study in studies)


def test_an_overlay_of_57_zones_on_262_units_is_quick(los_angeles: gpd.GeoDataFrame) -> None:
    """Under 200 milliseconds of work, the best of five."""
    cells, spent = grid(los_angeles), []
    for _ in range(5):
        start = time.process_time()
        overlay(los_angeles, cells, crs="EPSG:32611")
        spent.append(time.process_time() - start)

    assert min(spent) < 0.200


# --- Chicago, against the raw polygons ------------------------------------------------------------


@pytest.mark.skipif(
    not (SOURCES / "chicago/gang_polygons_2012.geojson").is_file(),
    reason="needs the raw polygons: set TERRITORY_SOURCES to the folder of the sources",
)
@pytest.mark.parametrize("year", [2012, 2015])
def test_the_overlay_gives_the_published_table(year: int) -> None:
    """Same groups in same areas, dominant group equal in every area, shares within 0.001."""
    chicago = Study.load("chicago")
    actors = read_actors(DATA / "chicago/actors.csv")[0]
    claims = read_claims(DATA / "chicago/claims.csv", chicago.units, actors)[0]
    raw = gpd.read_file(SOURCES / f"chicago/gang_polygons_{year}.geojson")
    raw = raw.assign(actors=read_names(raw["actor"], actors)).rename_axis("zone")
    found = overlay(raw, chicago.shapes().loc[chicago.codes], crs=METRES, dominant_share=0.0)
    published = claims[(claims["start"].dt.year == year) & (claims["value"] >= 0.001)]
    published = published.assign(actor=published["actors"].map(lambda who: who[0]))
    table = published.set_index(["unit", "actor"]).sort_index()
    dominant = published[published["kind"] == "dominant"].set_index("unit")["actor"]

    assert set(raw["actors"].map(len)) == {1}
    assert found.shares.sort_index().index.equals(table.index)
    assert (found.shares["share"].reindex(table.index) - table["value"]).abs().max() < 0.001
    assert found.units["holder"].dropna().to_dict() == dominant.to_dict()
