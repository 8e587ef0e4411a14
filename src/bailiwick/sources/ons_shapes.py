"""Which official boundaries are there, in metres, whole and of which edition?

Boroughs, wards, small areas and force areas as shapefile, GeoJSON or GeoPackage; `boundaries` says what touches what.
"""

# mypy: disable-error-code="import-untyped"

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from bailiwick.errors import SourceError
from bailiwick.sources.polygons import read_shapes
from bailiwick.sources.reading import Tidy, as_published, only, problem, refuse_pages

COLUMNS = ("area", "name", "parent", "easting", "northing", "area_km2", "residents", "households", "shape")
_ENDINGS = (".shp", ".geojson", ".gpkg", ".json", ".zip")
_PARENTS = ("LB_GSS_CD", "LAD11CD", "borough_gss", "PARENT")
_RESIDENTS = ("USUALRES", "usual_residents_2011")
_HOUSEHOLDS = ("HHOLDS", "households_2011")
_KINDS = (("small-area-shapes", "E01"), ("ward-shapes", "E05"), ("borough-shapes", "E09"), ("force-shapes", "E23"))


def read(paths: Sequence[Path]) -> Tidy:
    """The areas of a boundary file: columns `COLUMNS`, `shape` as WKB in metres, `parent` the council where told."""
    import pandas as pd
    import shapely

    path = only(paths, _ENDINGS)
    refuse_pages(path)
    with as_published(path):
        table = read_shapes(path)
    points = shapely.point_on_surface(table.shapes)
    frame = pd.DataFrame({
        "area": table.codes, "name": table.names, "parent": _told(table.attributes, _PARENTS, len(points)),
        "easting": shapely.get_x(points), "northing": shapely.get_y(points),
        "area_km2": shapely.area(table.shapes) / 1e6,
        "residents": _told(table.attributes, _RESIDENTS, len(points)),
        "households": _told(table.attributes, _HOUSEHOLDS, len(points)), "shape": shapely.to_wkb(table.shapes),
    }).sort_values("area", ignore_index=True)
    source = next((name for name, start in _KINDS if str(frame["area"].iloc[0]).startswith(start)), "council-shapes")
    mended = sum(table.mended)
    notes = [f"{mended} of {len(points)} polygons crossed themselves and were mended"] if mended else []
    if source == "ward-shapes":
        notes.append("wards of before May 2014, to the tidal limit: neither ward crime nor land area fits them")
    return Tidy(source, vintage(paths), frame, tuple(notes))


def vintage(paths: Sequence[Path]) -> str:
    """The edition in the name of the file, or of its code column; `undated` when neither tells."""
    path = only(paths, _ENDINGS)
    years = re.findall(r"(?<!\d)(20[0-3]\d)(?!\d)", path.stem)
    if years:
        return str(years[0])
    return {"London_Borough_Excluding_MHW": "2014", "London_Ward_CityMerged": "2014"}.get(path.stem, "undated")


def joined(codes: Iterable[str], table: Tidy, *, at_least: float = 0.99) -> float:
    """The share of these codes that an edition of boundaries knows; SourceError when it is another edition."""
    wanted, known = set(codes), set(table.frame["area"])
    share = len(wanted & known) / len(wanted) if wanted else 0.0
    if share < at_least:
        stray = sorted(wanted - known)[:1]
        raise SourceError(f"{table.source} {table.vintage}: only {100 * share:.1f}% of {len(wanted)} codes are known "
                          f"({stray[0] if stray else 'no codes'} is not)\n"
                          "  expected: codes and boundaries of one edition\n"
                          "  to do:    join by council for the rest, or use boundaries of the edition of the codes")
    return share


def _told(attributes: dict[str, tuple[object, ...]], names: Sequence[str], rows: int) -> tuple[object, ...]:
    folded = {name.casefold(): cells for name, cells in attributes.items()}
    return next((folded[name.casefold()] for name in names if name.casefold() in folded), (None,) * rows)


def check_count(table: Tidy, wanted: int) -> None:
    """SourceError unless the table has this number of areas."""
    if len(table.frame) != wanted:
        raise problem(table.source, f"{len(table.frame)} areas", f"{wanted} areas")
