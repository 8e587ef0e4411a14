"""What are all the measures, assumptions, commands and words?  Pages of reference, written from the code itself.

`python -m bailiwick.publish.reference docs/reference` writes them; a test fails when they are out of date.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from bailiwick import catalogue
from bailiwick.appraisal import MEASURES
from bailiwick.errors import CaseError
from bailiwick.findings import Measure
from bailiwick.publish import words, written
from bailiwick.publish.section_method import glossary

_BETTER = {"higher": "more is better", "lower": "less is better", "neither": "neither way is better"}
_COMMAND = re.compile(r"^  ([a-z][a-z-]*)  ", re.MULTILINE)
_WIDTH = "100"


def pages() -> dict[str, str]:
    """The pages of reference by their path below docs/."""
    return {
        "reference/measures.md": measures_page(MEASURES),
        "reference/assumptions.md": assumptions_page(_assumptions()),
        "reference/commands.md": commands_page(),
        "glossary.md": glossary_page(),
    }


def measures_page(measures: Sequence[Measure]) -> str:
    """Every measure with its definition, unit, direction, role and reference, room by room."""
    parts = ["# Measures", "", "Each measure gives, for each area under one command, one number or the reason why "
             "there is none. This page is written by `make docs` from the code.", ""]
    for room in dict.fromkeys(m.name.split(".")[0] for m in measures):
        parts += [f"## {room.capitalize()}", ""]
        for m in (m for m in measures if m.name.startswith(room + ".")):
            parts += [f"### {m.title}", "", f"`{m.name}`", "", m.definition, "", *_lines({
                "Unit": m.unit, "Printed to": _precision(m.decimals), "Direction": _BETTER[m.better],
                "Role": m.role, "Asked of": "one command" if m.scope == "command" else "a whole option",
                "Areas add up by": m.combine, "Smallest change that matters": words.trimmed(m.smallest_that_matters),
                "Method": m.reference, "Sources": "; ".join(m.sources)}), ""]
    return _joined(parts)


def assumptions_page(assumptions: Mapping[str, Mapping[str, object]]) -> str:
    """Every assumption of the catalogue with its value, range, unit, kind, source or holder, room by room."""
    parts = ["# Assumptions", "", "Every number that can be disputed and that a case may override. A guess names who "
             "knows better. This page is written by `make docs` from the catalogue.", ""]
    for room in dict.fromkeys(name.split(".")[0] for name in assumptions):
        parts += [f"## {room.capitalize()}", "", "| name | what | value (range) | unit | kind | from |",
                  "|---|---|---|---|---|---|"]
        for name, told in assumptions.items():
            if name.startswith(room + "."):
                value, low, high = (_number(told.get(key)) for key in ("value", "low", "high"))
                source = told.get("source") or f"guess; ask: {told.get('holder', '')}"
                parts.append(_row((f"`{name}`", told.get("title", ""), f"{value} ({low} to {high})",
                                   told.get("unit", ""), told.get("kind", ""), source)))
        parts.append("")
    return _joined(parts)


def commands_page() -> str:
    """The help of every command, as it is printed."""
    top = _help()
    parts = ["# Commands", "", "What each command prints for `--help`. This page is written by `make docs`.", "",
             "```", top, "```", ""]
    for name in _COMMAND.findall(top.partition("Commands:")[2]):
        parts += [f"## `bailiwick {name}`", "", "```", _help(name), "```", ""]
    return _joined(parts)


def glossary_page() -> str:
    """The words of the field in plain English."""
    parts = ["# Glossary", "", "The words used in the report, in plain English. This page is written by `make docs`.",
             ""]
    for term, meaning in glossary():
        parts += [f"**{term}**: {meaning}", ""]
    return _joined(parts)


def main(arguments: Sequence[str]) -> None:
    """Write the pages below the folder that holds the one named, docs/reference by default."""
    folder = Path(arguments[0] if arguments else "docs/reference")
    if folder.name != "reference":
        raise CaseError("reference", "folder", got=str(folder), expected="a folder named reference, as docs/reference")
    for path, text in pages().items():
        place = folder.parent / path
        written(place.parent, {place.name: text.encode()})


def _assumptions() -> dict[str, Mapping[str, object]]:
    found: dict[str, Mapping[str, object]] = {}
    for name in catalogue.names("assumptions"):
        text = catalogue.folder("assumptions").joinpath(f"{name}.toml").read_text(encoding="utf-8")
        found.update({key: told for key, told in tomllib.loads(text).items() if isinstance(told, dict)})
    return dict(sorted(found.items()))


def _help(*command: str) -> str:
    told = {**os.environ, "COLUMNS": _WIDTH, "TERMINAL_WIDTH": _WIDTH, "NO_COLOR": "1"}
    done = subprocess.run([sys.executable, "-m", "bailiwick", *command, "--help"], capture_output=True, text=True,
                          check=True, env=told)
    said = "\n".join(line.rstrip() for line in done.stdout.strip().splitlines())
    return said.replace("python -m bailiwick", "bailiwick")


def _precision(decimals: int) -> str:
    if decimals < 0:
        return f"the nearest {10 ** -decimals:,}"
    return "whole numbers" if decimals == 0 else words.count(decimals, "decimal")


def _lines(told: Mapping[str, str]) -> list[str]:
    return [f"- {label}: {said}" for label, said in told.items() if said]


def _row(cells: Iterable[object]) -> str:
    return "| " + " | ".join(str(cell).replace("|", "/").replace("\n", " ") for cell in cells) + " |"


def _number(value: object) -> str:
    return words.trimmed(float(value)) if isinstance(value, int | float) else ""


def _joined(parts: Sequence[str]) -> str:
    return "\n".join(parts).rstrip() + "\n"


if __name__ == "__main__":
    main(sys.argv[1:])
