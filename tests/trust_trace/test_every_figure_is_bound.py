"""No figure of the first case's report and map stands loose: each is bound to a finding or a place of results.json."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser

import pytest

from bailiwick import publish
from bailiwick.publish.bound import pointed

VOID = {"meta", "br", "link", "input", "hr", "img", "path", "rect", "circle", "line", "source", "wbr", "col"}
SILENT = {"style", "script", "svg", "title", "option", "textarea"}
ELSEWHERE = ("record", "outlines")


class Reader(HTMLParser):
    """Collects the bound pieces of a page, and the texts with a digit that nothing binds.

    `names` are titles of measures, as “Immediate calls reached within 15 minutes”: names, not figures.
    """

    def __init__(self, names):
        super().__init__(convert_charrefs=True)
        self.names = re.compile("|".join(["999", *(re.escape(n) for n in sorted(names, key=len, reverse=True))]), re.I)
        self.open, self.bound, self.loose = [], [], []

    def handle_starttag(self, tag, attrs):
        told = dict(attrs)
        if "data-finding" in told or "data-ref" in told:
            self.bound.append(told)
        if tag not in VOID:
            self.open.append((tag, told))

    def handle_endtag(self, tag):
        if tag not in VOID:
            while self.open and self.open.pop()[0] != tag:
                pass

    def handle_data(self, data):
        if not re.search(r"\d", self.names.sub("", data)) or any(tag in SILENT for tag, _ in self.open):
            return
        if not any("data-finding" in told or "data-ref" in told or "number" in (told.get("class") or "")
                   for _, told in self.open):
            self.loose.append(data.strip())


@pytest.fixture(scope="module")
def document(first_case):
    path = first_case / "out" / "south-west-london-2018" / "results.json"
    return json.loads(path.read_text(encoding="utf-8"))


def recorded(by_id, document, piece):
    """The value in results.json that a piece of a page is bound to."""
    if "data-finding" not in piece:
        return pointed(document, piece["data-ref"])
    found = by_id[piece["data-finding"]]
    kind, _, against = piece.get("data-key", "value").partition("/")
    return next(c for c in found["changes"] if c["against"] == against)["value"] if kind == "change" else found[kind]


@pytest.mark.parametrize("name", ["report.html", "map.html", "area"])
def test_every_figure_is_bound_and_every_binding_holds(first_case, document, name):
    if name == "area":
        page = publish.area_report(document, "E09000032")
    else:
        page = (first_case / "out" / "south-west-london-2018" / name).read_text(encoding="utf-8")
    reader = Reader(told["title"] for told in document["measures"].values())
    reader.feed(page)
    reader.close()
    assert reader.loose == []
    by_id = {found["id"]: found for found in document["findings"]}
    for piece in reader.bound:
        if piece.get("data-ref") in ELSEWHERE:
            continue
        value = recorded(by_id, document, piece)
        if "value" in piece and piece["value"] is not None:
            assert json.loads(piece["value"]) == value, piece
    assert sum("data-finding" in piece for piece in reader.bound) >= 20
