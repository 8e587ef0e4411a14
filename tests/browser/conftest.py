"""Chromium, and the map page of the first case with few accepted sets, built once."""

from __future__ import annotations

import dataclasses
import json
import shutil

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or "/usr/bin/chromium"


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


@pytest.fixture(scope="session")
def chromium():
    """A running Chromium; the tests skip with the line that installs it."""
    sync_api = pytest.importorskip("playwright.sync_api")
    if not shutil.which(CHROMIUM):
        pytest.skip("needs Chromium: apt-get install chromium")
    with sync_api.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()
