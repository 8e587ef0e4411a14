"""The page on case files lists every key that the reader knows, with its meaning and what holds when it is left out."""

from __future__ import annotations

import re
import shutil
import tomllib
from pathlib import Path
from typing import get_args

import pytest

from bailiwick import casefile
from bailiwick import casefile_schema as schema
from bailiwick.casefile_files import bundled
from bailiwick.errors import CaseError
from bailiwick.tables import SCHEMAS

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "case-file.md"
TABLES = (schema.CaseTable, schema.RolesTable, schema.AreasTable, schema.EvaluationTable, schema.SiteTable,
          schema.ModelTable, schema.OptionTable, schema.CommandTable, schema.PostTable, schema.GateTable,
          schema.EvidenceTable, schema.PilotTable, schema.PhaseTable, schema.ScenarioTable, schema.AssumptionTable,
          schema.ClaimTable, schema.ResourceTable)


def row(name: str, field) -> str:
    words = [word for word in get_args(field.annotation) if isinstance(word, str)]
    meaning = (field.description or "") + (": " + ", ".join(f"`{word}`" for word in words) if len(words) > 1 else "")
    if field.is_required():
        without = "required"
    elif field.default_factory is not None or field.default in ("", None, [], {}):
        without = "nothing"
    else:
        without = f"`{str(field.default).lower()}`"
    return f"| `{name}` | {meaning} | {without} |"


@pytest.mark.parametrize("table", TABLES, ids=lambda t: t.__name__)
def test_every_key_is_on_the_page(table):
    page = PAGE.read_text(encoding="utf-8").splitlines()
    for name, field in table.model_fields.items():
        assert row(field.alias or name, field) in page


def test_every_table_of_data_is_on_the_page():
    page = PAGE.read_text(encoding="utf-8")
    for name, table in SCHEMAS.items():
        assert f"| `{name}` | {', '.join(table.names)} | {', '.join(table.key)} |" in page


def test_the_override_of_the_how_to_loads(edit):
    guide = PAGE.parents[1] / "how-to" / "bring-your-own-merger.md"
    example = guide.read_text(encoding="utf-8").split("```toml\n")[2].split("```")[0]
    town = edit("case.toml", '[assumptions."response.cars', example + '\n[assumptions."response.cars')
    assert casefile.load(town).value("finance.pay.london_allowance") == 0


def test_the_example_of_a_message_is_what_is_said(tmp_path):
    folder = Path(shutil.copytree(bundled()["south-west-london-2018"], tmp_path / "south-west-london-2018"))
    text = folder.joinpath("case.toml").read_text(encoding="utf-8")
    folder.joinpath("case.toml").write_text(text.replace('"E09000024"', '"Mertn"', 1), encoding="utf-8")
    example = PAGE.read_text(encoding="utf-8").split("```text\n")[1].split("\n```")[0]
    with pytest.raises(CaseError) as caught:
        casefile.load(folder)
    assert re.sub(r"line \d+", "line N", str(caught.value)) == re.sub(r"line \d+", "line N", example)


def test_every_example_in_toml_parses():
    page = PAGE.read_text(encoding="utf-8")
    examples = [block.split("```")[0] for block in page.split("```toml\n")[1:]]
    assert len(examples) >= 3
    for example in examples:
        assert tomllib.loads(example)
