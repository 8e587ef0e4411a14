"""Which files was a case read from, who published them, and are they the files that the case lists?"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path, PurePosixPath

from bailiwick import catalogue
from bailiwick.case import Input
from bailiwick.casefile_files import content_of, json_document, sha256, stands, toml
from bailiwick.casefile_problems import Problems
from bailiwick.casefile_schema import PackageTable, ResourceTable, checked
from bailiwick.errors import CaseError

DATA_FOLDERS = ("areas", "data")
_PACKAGE = "datapackage.json"


class Shelf:
    """The files of one case, and the packaged ones it uses, each read once and remembered with its hash."""

    def __init__(self, folder: Path, label: str) -> None:
        self.folder, self.label = folder, label
        self.listed: dict[str, ResourceTable] = {}
        self._own: dict[str, bytes] = {}
        self._shipped: dict[str, str] = {}

    def has(self, path: str) -> bool:
        """Whether the case folder has something of this path."""
        return stands(self.folder / path)

    def own(self, path: str) -> bytes:
        """The bytes of a file of the case, given by its path inside the folder; CaseError outside it or unreadable."""
        where = f"{self.label}/{path}"
        pure = PurePosixPath(path)
        if not path or pure.is_absolute() or ".." in pure.parts or "\\" in path or "\x00" in path:
            raise CaseError(self.label, "path", got=path, expected="a path inside the case folder, as data/crimes.csv",
                            hint="copy the file into the folder data of the case")
        if path not in self._own:
            self._own[path] = content_of(self.folder / path, where)
        return self._own[path]

    def shipped(self, path: str) -> bytes:
        """The bytes of a packaged file, given by its path inside the catalogue."""
        shelf, name = path.split("/", 1)
        data = content_of(catalogue.folder(shelf).joinpath(name), f"catalogue/{path}")  # type: ignore[arg-type]
        self._shipped[path] = sha256(data)
        return data

    def shipped_system(self, name: str) -> None:
        """The files of a packaged area system, remembered as read."""
        document = toml(self.shipped(f"areas/{name}.toml"), f"catalogue/areas/{name}.toml")
        files = document.data.get("files")
        for file in sorted(str(file) for file in files.values()) if isinstance(files, dict) else ():
            self.shipped(f"areas/{file}")

    def local_systems(self) -> tuple[str, ...]:
        """The names of the area systems that the case folder brings along."""
        return tuple(sorted(file.stem for file in (self.folder / "areas").glob("*.toml")))

    def data_files(self) -> tuple[str, ...]:
        """The paths of all files in the folders data and areas, hidden ones aside."""
        found = [
            file.relative_to(self.folder).as_posix()
            for name in DATA_FOLDERS for file in (self.folder / name).rglob("*")
            if file.is_file() and not file.name.startswith(".")
        ]
        return tuple(sorted(found))

    def hash_of(self, path: str) -> str:
        """The sha256 of a file of the case."""
        return sha256(self.own(path))

    def data_hashes(self) -> list[tuple[str, str]]:
        """Path and sha256 of each data file that can move a number, the packaged ones too, sorted."""
        own = [(path, sha256(data)) for path, data in self._own.items() if path.split("/")[0] in DATA_FOLDERS]
        absent = [(path, _digits(entry)) for path, entry in self.listed.items() if entry.restricted]
        shipped = [(f"catalogue/{path}", told) for path, told in self._shipped.items()
                   if path.split("/")[0] in ("areas", "tables")]
        return sorted({*own, *absent, *shipped})

    def digest(self, text: str) -> str:
        """The sha256 of a text, with its name in front."""
        return "sha256:" + sha256(text.encode())

    def inputs(self) -> tuple[Input, ...]:
        """Every file read, sorted by path, and the restricted ones that enter by hash only."""
        own = [self._input(path, sha256(data)) for path, data in self._own.items() if path != _PACKAGE]
        own += [self._input(path, _digits(entry)) for path, entry in self.listed.items()
                if entry.restricted and path not in self._own]
        return tuple(sorted((*own, *map(_packaged, self._shipped.items())), key=lambda found: found.path))

    def _input(self, path: str, told: str) -> Input:
        entry = self.listed.get(path)
        if entry is None:
            return Input(path, told, "the authors of the case", "as the case", "", "")
        return Input(path, told, entry.publisher, "; ".join(licence.name for licence in entry.licenses),
                     entry.first_published, next((s.path for s in entry.sources if s.path), ""), entry.restricted)


def _digits(entry: ResourceTable) -> str:
    return entry.hash.removeprefix("sha256:")


@lru_cache(maxsize=1)
def _catalogue_entries() -> Mapping[str, ResourceTable]:
    entries = [ResourceTable.model_validate({**entry, "vintage": entry.get("vintage") or "-",
                                             "first_published": entry.get("first_published") or "-"})
               for entry in catalogue.resources()]
    return {entry.path: entry for entry in entries}


def _packaged(file: tuple[str, str]) -> Input:
    path, told = file
    entry = _catalogue_entries().get(path)
    if entry is None:
        return Input(f"catalogue/{path}", told, "bailiwick", "Apache-2.0", "", "")
    return Input(f"catalogue/{path}", told, entry.publisher, "; ".join(licence.name for licence in entry.licenses),
                 entry.first_published.strip("-"), next((s.path for s in entry.sources if s.path), ""))


def package_of(shelf: Shelf, problems: Problems) -> None:
    """The list of data files in datapackage.json, remembered on the shelf after checking it against the folder."""
    where = f"{shelf.label}/{_PACKAGE}"
    try:
        document = json_document(shelf.own(_PACKAGE), where)
    except CaseError as error:
        problems.absorb(error)
        return
    package = checked(PackageTable, document, problems)
    for n, entry in enumerate(package.resources if package else ()):
        place = ("resources", n)
        if entry.path in shelf.listed:
            problems.tell(document, (*place, "path"), got=entry.path, expected="each file listed once",
                          hint="delete one of the two")
        shelf.listed[entry.path] = entry
        if entry.restricted and not entry.hash:
            problems.tell(document, (*place, "hash"), got="nothing", expected="the hash of a restricted file",
                          hint="sha256sum FILE prints it: restricted files enter by their hash")
        if entry.restricted and not shelf.has(entry.path):
            continue
        try:
            found = shelf.hash_of(entry.path)
        except CaseError as error:
            problems.absorb(error)
            continue
        if entry.hash and found != _digits(entry):
            problems.tell(document, (*place, "hash"), got=f"{entry.path} with the sha256 {found[:16]}...",
                          expected=_digits(entry)[:16] + "...",
                          hint=f"the file has changed: undo that, or write sha256:{found}")


def unlisted(shelf: Shelf, tables: Mapping[str, str], problems: Problems) -> None:
    """A problem for each data file, and each table of the case, that datapackage.json does not list."""
    if not shelf.has(_PACKAGE):
        return
    own = [path for path in tables.values() if not path.startswith("catalogue:")]
    for path in sorted({*shelf.data_files(), *(path for path in own if shelf.has(path))} - set(shelf.listed)):
        problems.absorb(CaseError(
            f"{shelf.label}/{_PACKAGE}", "resources", got=f"no entry for {path}",
            expected="an entry with path, publisher, licenses, first_published, vintage for every data file",
            hint="add an entry, or take the file out of the folder"))
