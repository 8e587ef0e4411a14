"""Documentation that fails when the code moves: every documented command is run, every command is documented."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


def commands() -> list[tuple[str, int]]:
    """Each documented `bailiwick` line of a shell block with the exit code it promises, in the order of the pages."""
    found: list[tuple[str, int]] = []
    for page in PAGES:
        for block in re.findall(r"^```(?:sh|bash|console)\n(.*?)^```", page.read_text(encoding="utf-8"),
                                re.MULTILINE | re.DOTALL):
            joined = block.replace("\\\n", " ")
            for line in joined.splitlines():
                plain = line.split("   #")[0].strip().removeprefix("$ ")
                code = 2 if "expect exit 2" in line else 0
                if plain.startswith("bailiwick ") and (plain, code) not in found:
                    found.append((plain, code))
    return found


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """A folder with what the documented lines read: a panel as the pages describe it, the first case appraised."""
    folder = tmp_path_factory.mktemp("desk")
    rows = ["state,year,packs"]
    for i, state in enumerate(["California", *(f"State {k:02d}" for k in range(1, 25))]):
        for year in range(1970, 2001):
            drop = 12 * (year >= 1989) * (i == 0)
            packs = 130 - 1.5 * (year - 1970) + 3 * ((i * 7 + year * 3) % 11) / 11 + i - drop
            rows.append(f"{state},{year},{packs:.3f}")
    (folder / "panel.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    run(folder, "appraise south-west-london-2018")
    return folder


def run(folder: Path, words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "bailiwick", *shlex.split(words)], cwd=folder, capture_output=True,
                          text=True, check=False, timeout=300)


@pytest.mark.parametrize(("line", "code"), commands())
def test_a_documented_command_runs(desk, line, code):
    done = run(desk, line.removeprefix("bailiwick "))
    assert "Traceback" not in done.stderr, done.stderr[-2000:]
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
