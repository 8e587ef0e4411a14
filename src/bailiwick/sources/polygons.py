"""Which polygons does a boundary file hold, with which codes and names, valid and in metres?

GeoPackage, GeoJSON and shapefiles.  Polygons that cross themselves are mended; an area without a shape is refused.
"""

# mypy: disable-error-code="import-untyped"

from __future__ import annotations

import json
import re
import warnings
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bailiwick.errors import CaseError, nearest

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Shapes = npt.NDArray[np.object_]
    Numbers = npt.NDArray[np.float64]

NATIONAL_GRID = "EPSG:27700"
ENDINGS = (".gpkg", ".geojson", ".json", ".shp", ".zip")
CODES = ("code", "gss", "gss_code", "id", "ref")
NAMES = ("name", "title", "label")
_BRITAIN = (-10_000.0, -20_000.0, 700_000.0, 1_300_000.0)
_OFFICIAL = ("lsoa", "lad", "pfa", "wd", "msoa", "lb", "ctyua", "csp")


@dataclass(frozen=True, slots=True)
class Columns:
    """What is not to be guessed about a boundary file: layer, code column, name column, grid of the coordinates."""

    layer: str | None = None
    code: str | None = None
    name: str | None = None
    crs: str | None = None


@dataclass(frozen=True, slots=True)
class ShapeTable:
    """Polygons in metres with their codes and names, row by row; `attributes` holds every column of the file."""

    where: str
    crs: str
    columns: tuple[str, str]
    codes: tuple[str, ...]
    names: tuple[str, ...]
    shapes: Shapes
    mended: tuple[bool, ...]
    attributes: dict[str, tuple[object, ...]]


def read_shapes(path: Path, *, given: Columns | None = None) -> ShapeTable:
    """The polygons of a boundary file in metres, valid, one a code; CaseError when there are none to use."""
    given = given or Columns()
    raw = _read(path, given)
    fields = {name: tuple(_cell(v) for v in values) for name, values in raw.fields.items()}
    code = _code_column(raw.where, fields, given.code)
    name = _name_column(raw.where, fields, given.name, code)
    codes = _codes(raw.where, code, fields[code])
    shapes, mended = _mended(raw.where, codes, raw.shapes)
    crs, shapes = _in_metres(raw.where, given.crs or raw.crs, shapes)
    names = tuple(str(v) if v not in (None, "") else c for v, c in zip(fields[name], codes, strict=True))
    return ShapeTable(raw.where, crs, (code, name), codes, names, shapes, mended, fields)


def outlines(table: ShapeTable, *, tolerance: float = 50.0) -> dict[str, object]:
    """The areas as a GeoJSON FeatureCollection in degrees, thinned to `tolerance` metres along shared borders."""
    import shapely
    from pyproj import Transformer

    thin = shapely.coverage_simplify(table.shapes, tolerance)
    transformer = Transformer.from_crs(table.crs, "EPSG:4326", always_xy=True)
    degrees = shapely.transform(thin, transformer.transform, interleaved=False)
    features = [
        {"type": "Feature", "properties": {"code": code, "name": name},
         "geometry": json.loads(shapely.to_geojson(shapely.set_precision(shape, 1e-5)))}
        for code, name, shape in sorted(zip(table.codes, table.names, degrees, strict=True), key=lambda f: f[0])
    ]
    return {"type": "FeatureCollection", "features": features}


@dataclass(frozen=True, slots=True)
class _Raw:
    where: str
    crs: str | None
    fields: dict[str, Sequence[object]]
    shapes: Shapes


def _read(path: Path, given: Columns) -> _Raw:
    import pyogrio
    import shapely
    from pyogrio import errors

    where = path.name or str(path)
    if not path.is_file():
        near = [p.name for p in path.parent.iterdir()] if path.parent.is_dir() else []
        raise CaseError(str(path), "", got="no such file", expected="a GeoPackage, GeoJSON or shapefile",
                        hint=nearest(where, near) if near else "")
    if path.suffix.lower() not in ENDINGS:
        raise CaseError(where, "", got=path.suffix or "no ending", expected="one of " + ", ".join(ENDINGS))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            place = _zipped(path, given.layer) if path.suffix.lower() == ".zip" else path
            layer = _layer(path, given.layer) if place is path else None
            meta, _, wkb, values = pyogrio.raw.read(place, layer=layer, force_2d=True)
        shapes = shapely.from_wkb(wkb, on_invalid="ignore")
    except (errors.DataSourceError, errors.DataLayerError, errors.GeometryError, errors.FieldError, RuntimeError,
            shapely.GEOSException, UnicodeDecodeError, OSError) as error:
        raise CaseError(where, "", got=str(error).splitlines()[0][:90] or "unreadable", expected="a boundary file",
                        hint=_repair(path)) from None
    if not len(shapes):
        raise CaseError(where, "", got="no shapes", expected="at least one area with a polygon")
    return _Raw(where, meta["crs"], dict(zip((str(f) for f in meta["fields"]), values, strict=True)), shapes)


def _zipped(path: Path, asked: str | None) -> str:
    """The address of the one boundary file inside a zip, or of the one whose name is asked for as the layer."""
    try:
        with zipfile.ZipFile(path) as archive:
            inside = [name for name in archive.namelist() if Path(name).suffix.lower() in (".shp", ".gpkg", ".geojson")]
    except zipfile.BadZipFile as error:
        raise CaseError(path.name, "", got="a zip that is cut off or damaged", expected="a zip with a boundary file",
                        hint="download it again") from error
    names = [Path(name).stem for name in inside]
    chosen = [name for name in inside if asked in (None, Path(name).stem)]
    if len(chosen) != 1:
        raise CaseError(path.name, "layer", got=asked or ", ".join(names) or "no boundary file",
                        expected="one boundary file in the zip",
                        hint=nearest(asked, names) if asked else "name the layer, or unpack the zip and give one file")
    return f"/vsizip/{path.resolve()}/{chosen[0]}"


def _layer(path: Path, asked: str | None) -> str:
    import pyogrio

    layers = [(str(name), str(kind)) for name, kind in pyogrio.list_layers(path)]
    polygons = [name for name, kind in layers if "Polygon" in kind or kind in ("Unknown", "GeometryCollection")]
    known = [name for name, _ in layers]
    if asked is not None and asked in known:
        return asked
    if asked is not None:
        raise CaseError(path.name, "layer", got=asked, expected="a layer of the file", hint=nearest(asked, known))
    if len(polygons) != 1:
        raise CaseError(path.name, "layer", got=", ".join(polygons) or "no layer of polygons",
                        expected="one layer of polygons", hint="name the layer" if polygons else "")
    return polygons[0]


def _repair(path: Path) -> str:
    if path.suffix.lower() == ".shp":
        missing = [end for end in (".shx", ".dbf", ".prj") if not path.with_suffix(end).is_file()]
        if missing:
            return f"a shapefile is several files: {', '.join(missing)} must stand beside it"
    return "open it in QGIS and export it as GeoPackage, or download it again"


def _cell(value: object) -> object:
    if value is None or value != value:
        return None
    found = value.item() if hasattr(value, "item") else value
    return int(found) if isinstance(found, float) and found.is_integer() else found


def _code_column(where: str, fields: dict[str, tuple[object, ...]], asked: str | None) -> str:
    """The column asked for, else the first that looks like codes and holds each value once."""
    if asked is not None:
        return _asked(where, fields, asked, "code")
    folded = {name.lower(): name for name in fields}
    official = [name for name in fields if re.fullmatch(rf"({'|'.join(_OFFICIAL)})(\d\d)?(cd|_code)?", name.lower())]
    offered = [*(folded[name] for name in CODES if name in folded), *official]
    for name in offered:
        if len(set(fields[name])) == len(fields[name]):
            return name
    if offered:
        return offered[0]
    raise CaseError(where, "code column", got=", ".join(fields) or "no columns",
                    expected="a column of " + ", ".join(CODES), hint="name the code column")


def _name_column(where: str, fields: dict[str, tuple[object, ...]], asked: str | None, code: str) -> str:
    if asked is not None:
        return _asked(where, fields, asked, "name")
    folded = {name.lower(): name for name in fields}
    partner = code.lower()[:-2] + "nm" if code.lower().endswith("cd") else ""
    return next((folded[name] for name in (partner, *NAMES) if name in folded), code)


def _asked(where: str, fields: dict[str, tuple[object, ...]], asked: str, what: str) -> str:
    folded = {name.lower(): name for name in fields}
    if asked.lower() in folded:
        return folded[asked.lower()]
    raise CaseError(where, f"{what} column", got=asked, expected="a column of the file", hint=nearest(asked, fields))


def _codes(where: str, column: str, cells: tuple[object, ...]) -> tuple[str, ...]:
    seen: dict[str, int] = {}
    for row, cell in enumerate(cells, 1):
        code = "" if cell is None else str(cell).strip()
        if not code:
            raise CaseError(where, f"{column}, shape {row}", got="nothing", expected="the code of an area")
        if code in seen:
            raise CaseError(where, f"{column}, shape {row}", got=f"{code}, already on shape {seen[code]}",
                            expected="each area once", hint="join the parts of an area into one multipolygon first")
        seen[code] = row
    return tuple(seen)


def _mended(where: str, codes: tuple[str, ...], shapes: Shapes) -> tuple[Shapes, tuple[bool, ...]]:
    import numpy as np
    import shapely

    empty = [c for c, s in zip(codes, shapes, strict=True) if s is None or shapely.is_empty(s)]
    if empty:
        raise CaseError(where, empty[0], got=f"{len(empty)} areas without a shape", expected="a polygon for every area",
                        hint="leave out what is no area, or mend the file")
    valid = shapely.is_valid(shapes)
    fixed = np.where(valid, shapes, shapely.make_valid(shapes))
    surfaces = np.array([_surface(shape) for shape in fixed], dtype=object)
    flat = [c for c, s in zip(codes, surfaces, strict=True) if shapely.area(s) <= 0]
    if flat:
        raise CaseError(where, flat[0], got="a shape without surface", expected="a polygon",
                        hint="points and lines are no areas")
    return surfaces, tuple(not bool(v) for v in valid)


def _surface(shape: object) -> object:
    import shapely

    parts = [p for p in shapely.get_parts(shapely.get_parts(shape)) if shapely.get_type_id(p) == 3]
    if not parts:
        return shapely.Polygon()
    return parts[0] if len(parts) == 1 else shapely.multipolygons(parts)


def _in_metres(where: str, crs: str | None, shapes: Shapes) -> tuple[str, Shapes]:
    import shapely
    from pyproj import CRS, Transformer
    from pyproj.exceptions import CRSError, ProjError

    bounds = shapely.total_bounds(shapes)
    if crs is None:
        raise CaseError(where, "crs", got="no coordinate system", expected="one, as EPSG:27700",
                        hint="the .prj file is missing; or say the grid yourself")
    try:
        source = CRS.from_user_input(crs)
        if source.is_geographic and max(abs(float(b)) for b in bounds) > 360:
            raise CaseError(where, "crs", got=f"coordinates up to {max(bounds):.0f} said to be degrees",
                            expected="degrees", hint="they look like metres: say the grid, as EPSG:27700")
        for target in (NATIONAL_GRID, _zone(source, bounds)):
            moved = shapely.transform(
                shapes, Transformer.from_crs(source, target, always_xy=True).transform, interleaved=False)
            box = shapely.total_bounds(moved)
            if target != NATIONAL_GRID or _inside(box):
                return target, moved
    except (CRSError, ProjError) as error:
        raise CaseError(where, "crs", got=crs, expected="a known coordinate system, as EPSG:27700",
                        hint=str(error).splitlines()[0][:90]) from None
    raise CaseError(where, "crs", got=crs, expected="coordinates on the earth")


def _inside(box: Numbers) -> bool:
    west, south, east, north = (float(b) for b in box)
    return west >= _BRITAIN[0] and south >= _BRITAIN[1] and east <= _BRITAIN[2] and north <= _BRITAIN[3]


def _zone(source: object, bounds: Numbers) -> str:
    """The UTM zone of the middle of a box: metres for areas outside Great Britain."""
    from pyproj import Transformer

    middle = ((bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2)
    lon, lat = Transformer.from_crs(source, "EPSG:4326", always_xy=True).transform(*middle)
    return f"EPSG:{(32600 if lat >= 0 else 32700) + min(60, max(1, int((lon + 180) // 6) + 1))}"


