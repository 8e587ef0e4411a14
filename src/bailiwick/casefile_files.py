"""Where do the files of a case stand, can they be read, and on which line is each key?"""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from bailiwick.catalogue.reading import decoded
from bailiwick.errors import CaseError, nearest

LARGEST_FILE = 20_000_000
Step = str | int
Place = tuple[Step, ...]
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_HEADER = re.compile(r"\s*\[")


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed TOML or JSON file: the name its problems are told under, its text and what the text says."""

    where: str
    text: str = field(repr=False)
    data: Mapping[str, object] = field(repr=False)

    def problem(self, place: Place, *, got: object, expected: str, hint: str = "") -> CaseError:
        """The error at a place: table names, keys and positions (from 0) on the way to it."""
        line = line_of(self.text, place)
        where = f"{self.where}, line {line}" if line else self.where
        return CaseError(where, key_path(self.data, place), got=got, expected=expected, hint=hint)


def bundled() -> dict[str, Path]:
    """The cases that come with bailiwick, by name: in the repository's folder `cases`, or inside the package."""
    package = Path(str(files("bailiwick")))
    found: dict[str, Path] = {}
    for place in (package / "cases", package.parents[1] / "cases"):
        if place.is_dir():
            found.update({p.name: p for p in sorted(place.iterdir()) if (p / "case.toml").exists()})
    return found


def case_folder(path_or_name: str | Path) -> Path:
    """The folder of a case, given as a path or as the name of a bundled case; CaseError when there is none."""
    text = str(path_or_name)
    if not text or "\x00" in text:
        raise CaseError("case", "", got=text or "nothing", expected="a folder, or the name of a bundled case",
                        hint=nearest(text, bundled()))
    path = Path(text)
    if stands(path) and path.is_dir():
        return path
    if stands(path):
        raise CaseError(text, "", got="a file", expected="the folder that holds case.toml",
                        hint=f"give {path.parent}" if path.name == "case.toml" else "give the folder of the case")
    known = bundled()
    if text in known:
        return known[text]
    raise CaseError(text, "", got="no such folder", expected="a folder that holds case.toml, or a bundled case",
                    hint=nearest(text, known) if known else "`bailiwick new NAME --areas SYSTEM` starts one")


def stands(path: Path) -> bool:
    """Whether something stands at this path; a path that no file can have has nothing."""
    try:
        return path.exists()
    except OSError:
        return False


def content_of(file: Traversable | Path, where: str) -> bytes:
    """The bytes of a file; CaseError when it is missing, a folder, unreadable or larger than 20 MB."""
    try:
        if file.is_dir():
            raise CaseError(where, "", got="a folder", expected="a file", hint="move or rename the folder")
        data = file.read_bytes()
    except OSError as error:
        raise CaseError(where, "", got=error.strerror or "no such file", expected="a file that can be read",
                        hint=_beside(file)) from None
    if len(data) > LARGEST_FILE:
        raise CaseError(where, "", got=f"{len(data):,} bytes", expected=f"at most {LARGEST_FILE:,} bytes",
                        hint="keep the figures that the case needs, not the publisher's whole file")
    return data


def _beside(file: Traversable | Path) -> str:
    if isinstance(file, Path) and file.parent.is_dir():
        return nearest(file.name, [entry.name for entry in file.parent.iterdir()])
    return ""


def text_of(data: bytes, where: str) -> str:
    """The text of a UTF-8 file; CaseError for a byte-order mark, another encoding or a binary file."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise CaseError(where, "first bytes", got="UTF-16", expected="UTF-8 text", hint="save the file as UTF-8")
    if b"\x00" in data:
        line = data[: data.index(0)].count(b"\n") + 1
        raise CaseError(f"{where}, line {line}", "", got="a zero byte", expected="UTF-8 text",
                        hint="this is not a text file, or it is damaged")
    return decoded(data, where)


def toml(data: bytes, where: str) -> Document:
    """The parsed TOML of these bytes; CaseError with the line when it cannot be parsed or says nothing."""
    text = text_of(data, where)
    try:
        parsed = tomllib.loads(text)
    except RecursionError:
        raise CaseError(where, "", got="brackets inside brackets, hundreds deep", expected="a TOML file") from None
    except ValueError as error:
        line = re.search(r"at line (\d+)", str(error))
        told = f"{where}, line {line[1]}" if line else where
        raise CaseError(told, "", got=str(error), expected="TOML: key = value, text in double quotes",
                        hint=_toml_hint(text, int(line[1]) if line else 0)) from None
    if not parsed:
        raise CaseError(where, "", got="an empty file", expected="keys and tables",
                        hint="`bailiwick new NAME --areas SYSTEM` writes a case to start from")
    return Document(where, text, parsed)


def _toml_hint(text: str, line: int) -> str:
    lines = text.splitlines()
    if 0 < line <= len(lines):
        return f"look at: {lines[line - 1].strip()[:80]}"
    return "look at the end of the file: a quote or a bracket may be open"


def json_document(data: bytes, where: str) -> Document:
    """The parsed JSON object of these bytes; CaseError with the line when it cannot be parsed."""
    text = text_of(data, where)
    try:
        parsed = json.loads(text)
    except RecursionError:
        raise CaseError(where, "", got="brackets inside brackets, hundreds deep", expected="a JSON file") from None
    except ValueError as error:
        told = f"{where}, line {error.lineno}" if isinstance(error, json.JSONDecodeError) else where
        raise CaseError(told, "", got=str(error), expected="a JSON file") from None
    if not isinstance(parsed, dict):
        raise CaseError(where, "", got=type(parsed).__name__, expected="a JSON object: { ... }")
    return Document(where, text, parsed)


def sha256(data: bytes) -> str:
    """The sha256 of some bytes, in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def key_path(data: object, place: Place) -> str:
    """A place in words: entries of a list by their name where they have one, else by position from 1.

    >>> key_path({"options": [{"name": "cuts"}]}, ("options", 0, "commands", 1, "model"))
    'options.cuts.commands[2].model'
    """
    told = ""
    for step in place:
        data = _inside(data, step)
        if isinstance(step, str):
            told += ("." if told else "") + (step if _BARE.fullmatch(step) else f'"{step}"')
        elif name := _name_of(data):
            told += "." + (name if _BARE.fullmatch(name) else f'"{name}"')
        else:
            told += f"[{step + 1}]"
    return told


def _inside(data: object, step: Step) -> object:
    if isinstance(step, int):
        return data[step] if isinstance(data, list) and step < len(data) else None
    return data.get(step) if isinstance(data, dict) else None


def _name_of(entry: object) -> str:
    if not isinstance(entry, dict):
        return ""
    for key in ("name", "id"):
        if isinstance(entry.get(key), str):
            return str(entry[key])
    if isinstance(entry.get("rank"), str) and isinstance(entry.get("role"), str):
        return f"{entry['rank']}.{entry['role']}"
    return ""


def line_of(text: str, place: Place) -> int:
    """The line of a TOML text on which a place stands, or the nearest line above it that can be told; 0 for none."""
    lines = text.splitlines()
    if not place or not lines or text.lstrip().startswith("{"):
        return 0
    start, rest = _section(lines, place)
    if start < 0:
        return 0
    return _key_line(lines, start, rest)


def _section(lines: list[str], place: Place) -> tuple[int, Place]:
    first = re.escape(str(place[0]))
    if len(place) > 1 and isinstance(place[1], int):
        heads = [n for n, line in enumerate(lines) if re.match(rf"\s*\[\[\s*{first}\s*\]\]", line)]
        return (heads[place[1]], place[2:]) if place[1] < len(heads) else (-1, ())
    if len(place) > 1:
        second = re.escape(str(place[1]))
        for n, line in enumerate(lines):
            if re.match(rf"""\s*\[\s*"?{first}"?\s*\.\s*["']?{second}["']?\s*\]""", line):
                return n, place[2:]
    for n, line in enumerate(lines):
        if re.match(rf"""\s*\[\s*["']?{first}["']?\s*\]""", line):
            return n, place[1:]
    return _top_level(lines, place)


def _top_level(lines: list[str], place: Place) -> tuple[int, Place]:
    for n, line in enumerate(lines):
        if _HEADER.match(line):
            break
        if re.match(rf"""\s*["']?{re.escape(str(place[0]))}["']?\s*[.=]""", line):
            return n, ()
    return -1, ()


def _key_line(lines: list[str], start: int, rest: Place) -> int:
    if not rest:
        return start + 1
    key = re.compile(rf"""\s*["']?{re.escape(str(rest[0]))}["']?\s*=""")
    for n in range(start + 1, len(lines)):
        if _HEADER.match(lines[n]) and "=" not in lines[n]:
            break
        if key.match(lines[n]):
            if len(rest) > 1 and isinstance(rest[1], int):
                return _entry_line(lines, n, rest[1])
            return n + 1
    return start + 1


def _entry_line(lines: list[str], start: int, position: int) -> int:
    entries = []
    for n in range(start + 1, len(lines)):
        if lines[n].strip().startswith("]"):
            break
        if lines[n].strip() and not lines[n].strip().startswith("#"):
            entries.append(n + 1)
    return entries[position] if position < len(entries) else start + 1
