"""Does the example of the reference page run?"""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "response.md"


def test_the_example_runs_and_gives_an_interval():
    code = re.search(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.S)
    names: dict[str, object] = {}
    exec(compile(code.group(1), str(PAGE), "exec"), names)  # noqa: S102
    change = names["change"]
    assert np.isfinite(change.low[-1, 0])
    assert change.low[-1, 0] <= change.mean[-1, 0] <= change.high[-1, 0]
