"""Each bundled case gives the numbers that its expected.json holds.

A change that is meant is accepted with `pytest tests/golden --accept`, which rewrites the file; the difference then
stands in the commit for everybody to read.  A number may differ in its last printed digit on another platform.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bailiwick import appraisal, casefile
from bailiwick.findings import Unavailable

CASES = sorted((Path(__file__).resolve().parents[2] / "cases").iterdir())


def found(case) -> dict[str, object]:
    """The scheme's numbers and the areas'; of a case with many areas, those of its first three."""
    judged = appraisal.judge(case)
    held = {"scheme", *(case.scheme.scope if len(case.scheme.scope) <= 10 else case.scheme.scope[:3])}
    decimals = {m.name: m.decimals for m in appraisal.MEASURES}
    return {
        "as_of": case.as_of.isoformat(),
        "findings": {
            id: value.reason if isinstance(value, Unavailable) else round(value, decimals[id.split("/")[0]]) + 0.0
            for id, value in sorted(judged.values.items()) if id.rsplit("/", 1)[1] in held
        },
        "gates": {gate.name: gate.state for gate in appraisal.gates(case)},
    }


@pytest.mark.parametrize("folder", CASES, ids=lambda p: p.name)
def test_the_case_gives_the_expected_numbers(folder, request):
    now = found(casefile.load(str(folder)))
    path = folder / "expected.json"
    if request.config.getoption("--accept"):
        path.write_text(json.dumps(now, indent=0, ensure_ascii=False) + "\n", encoding="utf-8")
    expected = json.loads(path.read_text(encoding="utf-8"))
    assert now["gates"] == expected["gates"]
    assert now["findings"].keys() == expected["findings"].keys()
    decimals = {m.name: m.decimals for m in appraisal.MEASURES}
    wrong = [
        f"{id}: {value} now, {expected['findings'][id]} expected" for id, value in now["findings"].items()
        if not same(value, expected["findings"][id], 10.0 ** -decimals[id.split("/")[0]])
    ]
    assert not wrong, "\n".join(wrong[:20]) + "\nif this is meant: pytest tests/golden --accept"


def same(a: object, b: object, unit: float) -> bool:
    if isinstance(a, str) or isinstance(b, str):
        return a == b
    return abs(a - b) <= unit * 1.001
