"""Does any code know London?  Its names belong in catalogue, sources and cases."""

from __future__ import annotations

import ast
import re
from pathlib import Path

SRC = Path(__file__).resolve().parents[1] / "src" / "bailiwick"
NAMES = re.compile(r"London|Metropolitan|MOPAC|Thames|Kingston|Wandsworth|Richmond|Merton|Islington|\bE0[59]\d{6}")
TEXTS = {".js", ".css", ".html", ".j2", ".toml", ".json"}
EXPLAINED = {"publish/glossary.toml", "publish/crosswalks.toml"}


def spoken(path: Path) -> list[str]:
    """What a file says to a reader or compares with: text constants of Python but for docstrings, lines of others."""
    text = path.read_text(encoding="utf-8")
    if not NAMES.search(text):
        return []
    if path.suffix != ".py":
        return text.splitlines()
    tree = ast.parse(text)
    told = {id(node.body[0].value) for node in ast.walk(tree)
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and node.body
            and isinstance(node.body[0], ast.Expr)}
    return [node.value for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told]


def test_nothing_outside_catalogue_and_sources_names_london():
    found = []
    for path in sorted(SRC.rglob("*")):
        where = path.relative_to(SRC).as_posix()
        if where.startswith(("catalogue/", "sources/")) or where in EXPLAINED or path.suffix not in {".py", *TEXTS}:
            continue
        found += [f"{where}: {text[:100]}" for text in spoken(path) if NAMES.search(text)]
    assert not found
