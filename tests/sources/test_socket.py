"""Is there only one place that opens a connection?"""

from __future__ import annotations

import ast
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2] / "src" / "bailiwick"
NETWORK = ("socket", "ssl", "urllib.request", "http.client", "ftplib", "requests", "httpx", "aiohttp", "urllib3")


def imported(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_only_fetch_opens_a_connection():
    found = {path.relative_to(SOURCE).as_posix() for path in SOURCE.rglob("*.py")
             if any(name == n or name.startswith(n + ".") for name in imported(path) for n in NETWORK)}
    assert found == {"sources/fetch.py"}
