"""A made-up town to break: a valid case, small edits of it, and what the reader says to them."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from bailiwick import casefile
from bailiwick.errors import CaseError

TOWN = Path(__file__).parent / "town"


def tree(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() if p.is_file() else b"" for p in sorted(folder.rglob("*"))}


@pytest.fixture
def town(tmp_path) -> Path:
    """A copy of the valid case, free to be edited."""
    return Path(shutil.copytree(TOWN, tmp_path / "town"))


@pytest.fixture
def edit(town) -> Callable[..., Path]:
    """A function that replaces text in a file of the town, all or one of its occurrences; it must be there."""

    def edited(path: str, old: str, new: str, count: int = 1) -> Path:
        file = town / path
        text = file.read_text(encoding="utf-8")
        assert old in text, f"the test edits text that is not in {path}"
        file.write_text(text.replace(old, new, count), encoding="utf-8")
        return town

    return edited


@pytest.fixture
def refused(town) -> Callable[..., CaseError]:
    """A function that loads the town, expects a CaseError, and proves that nothing was written meanwhile."""

    def error(**how: object) -> CaseError:
        before = tree(town.parent)
        with pytest.raises(CaseError) as caught:
            casefile.load(town, **how)
        assert tree(town.parent) == before
        return caught.value

    return error
