"""The pages of reference say what the code says, and are kept up to date by `make docs`."""

from __future__ import annotations

from pathlib import Path

import pytest

from bailiwick.appraisal import MEASURES
from bailiwick.errors import CaseError
from bailiwick.publish import reference

DOCS = Path(__file__).resolve().parents[2] / "docs"


@pytest.mark.parametrize("path", ["reference/measures.md", "reference/assumptions.md", "reference/commands.md",
                                  "glossary.md"])
def test_the_committed_page_is_what_the_code_says(path):
    makers = {"reference/measures.md": lambda: reference.measures_page(MEASURES),
              "reference/assumptions.md": lambda: reference.assumptions_page(reference._assumptions()),
              "reference/commands.md": reference.commands_page, "glossary.md": reference.glossary_page}
    assert (DOCS / path).read_text(encoding="utf-8") == makers[path](), "out of date: run `make docs`"


def test_a_measure_is_told_with_unit_direction_and_precision(measures):
    page = reference.measures_page(measures)
    assert "### People for each commander" in page
    assert "- Direction: less is better" in page
    assert "- Printed to: the nearest 1,000" in page
    assert all(f"`{m.name}`" in page for m in measures)


def test_cells_that_hold_a_bar_do_not_break_the_table():
    page = reference.assumptions_page({"room.a": {"title": "a | b", "value": 1, "low": 0, "high": 2, "unit": "km",
                                                  "kind": "guess", "holder": "x"}})
    assert "| a / b | 1 (0 to 2) | km | guess | guess; ask: x |" in page


def test_pages_are_written_below_a_folder_named_reference_only(tmp_path, monkeypatch):
    monkeypatch.setattr(reference, "pages", lambda: {"reference/a.md": "A\n", "glossary.md": "G\n"})
    reference.main([str(tmp_path / "reference")])
    assert (tmp_path / "reference" / "a.md").read_text(encoding="utf-8") == "A\n"
    assert (tmp_path / "glossary.md").exists()
    with pytest.raises(CaseError, match="reference"):
        reference.main([str(tmp_path)])
