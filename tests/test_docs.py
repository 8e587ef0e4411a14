"""Documentation that fails when the code moves: every documented command is run, every command is documented."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


def commands(page: Path) -> list[tuple[str, int]]:
    """Each `bailiwick` line of a page's shell blocks with the exit code it promises, in the order of the page."""
    found = []
    for block in re.findall(r"^```(?:sh|bash|console)\n(.*?)^```", page.read_text(encoding="utf-8"),
                            re.MULTILINE | re.DOTALL):
        for line in block.replace("\\\n", " ").splitlines():
            plain = line.split("   #")[0].strip().removeprefix("$ ")
            if plain.startswith("bailiwick "):
                found.append((plain, 2 if "expect exit 2" in line else 0))
    return found


@pytest.fixture
def desk(first_case, tmp_path):
    """A folder with what the documented lines read: a panel as the pages describe it, the first case appraised."""
    folder = tmp_path / "desk"
    shutil.copytree(first_case, folder)
    rows = ["state,year,packs"]
    for i, state in enumerate(["California", *(f"State {k:02d}" for k in range(1, 25))]):
        for year in range(1970, 2001):
            drop = 12 * (year >= 1989) * (i == 0)
            packs = 130 - 1.5 * (year - 1970) + 3 * ((i * 7 + year * 3) % 11) / 11 + i - drop
            rows.append(f"{state},{year},{packs:.3f}")
    (folder / "panel.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return folder


@pytest.mark.parametrize("page", [page for page in PAGES if commands(page)], ids=lambda page: page.stem)
def test_the_commands_of_a_page_run_in_order(desk, page):
    for line, code in commands(page):
        done = subprocess.run([sys.executable, "-m", *shlex.split(line)], cwd=desk, capture_output=True, text=True,
                              check=False, timeout=300)
        assert "Traceback" not in done.stderr, f"{line}\n{done.stderr[-2000:]}"
        assert done.returncode == code, f"{line}\n{done.stdout[-1000:]}\n{done.stderr[-2000:]}"


def test_every_command_is_documented():
    from typer.main import get_command

    from bailiwick.cli import app

    text = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
    for name in get_command(app).commands:
        assert f"bailiwick {name}" in text, f"no page shows `bailiwick {name}`"


def test_links_between_pages_lead_somewhere():
    for page in PAGES:
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.relative_to(ROOT)} -> {target}"


def test_every_measure_is_in_the_reference():
    from bailiwick.appraisal import MEASURES

    text = "\n".join(p.read_text(encoding="utf-8") for p in sorted((ROOT / "docs/reference").glob("*.md")))
    missing = [m.name for m in MEASURES if m.name not in text]
    assert not missing
