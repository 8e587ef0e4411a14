"""Chromium, and the map page of the first case."""

from __future__ import annotations

import json

import pytest


@pytest.fixture(scope="session")
def appraised(first_case):
    """The results and the command table of the first case."""
    folder = first_case / "out" / "south-west-london-2018"
    return json.loads((folder / "results.json").read_text(encoding="utf-8")), (folder / "commands.json.gz").read_bytes()


@pytest.fixture(scope="session")
def map_file(appraised, tmp_path_factory):
    """The map page on disk."""
    from bailiwick.publish.plan_map import map_page

    document, commands = appraised
    path = tmp_path_factory.mktemp("map") / "map.html"
    path.write_text(map_page(document, "BW-0123456789ab", commands), encoding="utf-8")
    return path
