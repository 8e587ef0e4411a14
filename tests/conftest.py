"""What every test may ask for: the size of the run, and the shared data where it stands beside the checkout."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import settings

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"

settings.register_profile("house", deadline=None, max_examples=40, derandomize=True)
settings.load_profile("house")


def pytest_addoption(parser):
    parser.addoption("--long", action="store_true", help="run the full-size work as well")
    parser.addoption("--accept", action="store_true", help="take the present numbers of the cases as the expected ones")


def pytest_collection_modifyitems(config, items):
    items.sort(key=lambda item: item.path.name != "test_docs.py")  # the longest file starts first, so none ends alone
    if config.getoption("--long"):
        return
    for item in items:
        if item.get_closest_marker("long"):
            item.add_marker(pytest.mark.skip(reason="full-size work: run `make test-long`"))


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real data, or a skip that says where it was looked for."""
    if not SHARED.is_dir():
        pytest.skip("needs the real data: the folder shared/data beside the checkout is absent")
    return SHARED


@pytest.fixture(scope="session")
def first_case(tmp_path_factory) -> Path:
    """A folder with `out/south-west-london-2018` as `bailiwick appraise` writes it; for reading only.

    The whole run appraises the first case once: the worker that asks first does it, the others wait.
    """
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    folder, done = shared / "first-case", shared / "first-case.done"
    try:
        folder.mkdir()
    except FileExistsError:
        while not done.exists():
            time.sleep(0.2)
    else:
        ran = subprocess.run([sys.executable, "-m", "bailiwick", "appraise", "south-west-london-2018"], cwd=folder,
                             capture_output=True, text=True, check=False)
        done.write_text(f"{ran.returncode}\n{ran.stdout}\n{ran.stderr}", encoding="utf-8")
    told = done.read_text(encoding="utf-8")
    assert told.startswith("0\n"), told[-3000:]
    return folder


@pytest.fixture(scope="session")
def chromium():
    """One running Chromium for every test of a worker; the tests skip with the line that installs it."""
    sync_api = pytest.importorskip("playwright.sync_api")
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        pytest.skip("needs Chromium: apt-get install chromium")
    with sync_api.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program, args=[
            "--no-sandbox", "--disable-gpu", "--disable-background-networking"])
        yield browser
        browser.close()
