"""Chromium, and the map page of the first case with few accepted sets, built once."""

from __future__ import annotations

import dataclasses
import json

import pytest


@pytest.fixture(scope="session")
def appraised():
    """The results and the command table of the first case, at a dozen draws."""
    from bailiwick import casefile, publish, uncertainty

    case = dataclasses.replace(casefile.load("south-west-london-2018"), draws=12)
    appraisal = uncertainty.appraise(case)
    return json.loads(publish.canonical(publish.results(appraisal))), appraisal.commands


@pytest.fixture(scope="session")
def map_file(appraised, tmp_path_factory):
    """The map page on disk."""
    from bailiwick.publish.plan_map import map_page

    document, commands = appraised
    path = tmp_path_factory.mktemp("map") / "map.html"
    path.write_text(map_page(document, "BW-0123456789ab", commands), encoding="utf-8")
    return path
