"""Which area does a publisher mean by a name?  Codes are keys, names never are."""

from __future__ import annotations

import re
from functools import lru_cache

from bailiwick import catalogue

UNKNOWN = "unknown"
AIRPORTS = "airports"
FORCES: dict[str, str] = {
    "Metropolitan Police": "E23000001", "Cumbria": "E23000002", "Lancashire": "E23000003", "Merseyside": "E23000004",
    "Greater Manchester": "E23000005", "Cheshire": "E23000006", "Northumbria": "E23000007", "Durham": "E23000008",
    "North Yorkshire": "E23000009", "West Yorkshire": "E23000010", "South Yorkshire": "E23000011",
    "Humberside": "E23000012", "Cleveland": "E23000013", "West Midlands": "E23000014", "Staffordshire": "E23000015",
    "West Mercia": "E23000016", "Warwickshire": "E23000017", "Derbyshire": "E23000018", "Nottinghamshire": "E23000019",
    "Lincolnshire": "E23000020", "Leicestershire": "E23000021", "Northamptonshire": "E23000022",
    "Cambridgeshire": "E23000023", "Norfolk": "E23000024", "Suffolk": "E23000025", "Bedfordshire": "E23000026",
    "Hertfordshire": "E23000027", "Essex": "E23000028", "Thames Valley": "E23000029", "Hampshire": "E23000030",
    "Surrey": "E23000031", "Kent": "E23000032", "Sussex": "E23000033", "City of London": "E23000034",
    "Devon and Cornwall": "E23000035", "Avon and Somerset": "E23000036", "Gloucestershire": "E23000037",
    "Wiltshire": "E23000038", "Dorset": "E23000039", "North Wales": "W15000001", "Gwent": "W15000002",
    "South Wales": "W15000003", "Dyfed-Powys": "W15000004",
}
_RENAMED = {
    "city of westminster": "westminster", "westminster city": "westminster", "kingston": "kingston upon thames",
    "richmond": "richmond upon thames", "city": "city of london", "hammersmith": "hammersmith and fulham",
    "kensington": "kensington and chelsea", "barking": "barking and dagenham", "metropolitan": "metropolitan police",
    "london city of": "city of london", "london, city of": "city of london", "hampshire and isle of wight": "hampshire",
    "london heathrow and london city airports": AIRPORTS, "heathrow": AIRPORTS,
    "aviation security": AIRPORTS, "aviation security (so18)": AIRPORTS,
    "not known": UNKNOWN, "other": UNKNOWN, "nsy": UNKNOWN, "": UNKNOWN,
}
_TITLES = re.compile(r"^(london borough of|royal borough of|lb|rb|the london borough of) | (london )?borough$|"
                     r" (police|constabulary|police and crime commissioner)( service| force)?$")


def plain(name: str) -> str:
    """A name in small letters without footnote digits, ampersands, doubled spaces and titles.

    >>> plain("Avon & Somerset2 "), plain("LB Richmond Upon Thames")
    ('avon and somerset', 'richmond upon thames')
    """
    text = " ".join(name.replace("&", " and ").split()).casefold()
    text = re.sub(r"(?<=[a-z)])\s*\d+(,\d+)*$", "", text)
    text = text if text == "metropolitan police" else _TITLES.sub("", text)
    return _RENAMED.get(text, text)


@lru_cache(maxsize=1)
def _boroughs() -> dict[str, str]:
    return {plain(area.name): area.code for area in catalogue.area_system("london-boroughs").areas}


@lru_cache(maxsize=1)
def _forces() -> dict[str, str]:
    return {plain(name): code for name, code in FORCES.items()}


def borough(name: str) -> str | None:
    """The code of a London borough by any of its names or by its code, `unknown` or `airports`, or None.

    >>> borough("City of Westminster"), borough("Richmond Upon Thames"), borough("Atlantis")
    ('E09000033', 'E09000027', None)
    """
    found = plain(name)
    codes = _boroughs()
    if name.strip() in codes.values():
        return name.strip()
    return found if found in (UNKNOWN, AIRPORTS) else codes.get(found)


def borough_names() -> tuple[str, ...]:
    """The names of the boroughs, for hints."""
    return tuple(area.name for area in catalogue.area_system("london-boroughs").areas)


def force(name: str) -> str | None:
    """The code of a police force of England and Wales by any of its names, or None.

    >>> force("London, City of"), force("Devon & Cornwall"), force("Wiltshire2"), force("Wales")
    ('E23000034', 'E23000035', 'E23000038', None)
    """
    return _forces().get(plain(name))
