"""The house rules: floors, sizes, names, and what must never be written."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "bailiwick"
MODULES = sorted(SOURCE.rglob("*.py"))
BIN = Path(sys.executable).parent
VAGUE = {"utils", "util", "common", "base", "misc", "manager", "helpers"}


def is_kernel(path: Path) -> bool:
    return path.stem == "kernel" or path.stem.startswith("kernel_")


def functions(path: Path):
    """Each function of a module, and whether it stands inside another."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    inner = {id(node) for outer in found for node in ast.walk(outer) if node is not outer}
    return [(node, id(node) in inner) for node in found]


def body_lines(function: ast.FunctionDef) -> int:
    body = function.body[1:] if ast.get_docstring(function) else function.body
    return (function.end_lineno - body[0].lineno + 1) if body else 0


def tracked() -> list[Path]:
    done = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip("not a git checkout: the list of files is not known")
    return [ROOT / line for line in done.stdout.splitlines() if (ROOT / line).is_file()]


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(SOURCE)))
def test_a_module_is_short_named_well_and_says_what_it_answers(path):
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= (600 if is_kernel(path) else 400)
    assert not VAGUE & set(path.relative_to(SOURCE).with_suffix("").parts)
    if text.strip():
        assert ast.get_docstring(ast.parse(text)), "a module opens with the question it answers"


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(SOURCE)))
def test_functions_are_short_with_few_parameters_and_documented(path):
    for function, nested in functions(path):
        where = f"{path.name}:{function.lineno} {function.name}"
        assert body_lines(function) <= (80 if is_kernel(path) else 40), where
        given = function.args.posonlyargs + function.args.args + function.args.kwonlyargs
        if not is_kernel(path) and not path.stem.startswith("cli"):
            assert len([a for a in given if a.arg not in ("self", "cls")]) <= 6, where
        if not function.name.startswith("_") and path.stem != "__main__":
            assert nested or ast.get_docstring(function), f"{where}: a public function has a docstring"


def test_rooms_and_floors_and_lint_and_types():
    for command in (["ruff", "check", "--no-cache", "src", "tests", "benchmarks"], ["lint-imports", "--no-cache"],
                    ["mypy"]):
        done = subprocess.run([str(BIN / command[0]), *command[1:]], cwd=ROOT, capture_output=True, text=True,
                              check=False)
        assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout[-4000:]}{done.stderr[-2000:]}"


def test_there_are_at_most_eight_sub_packages_two_deep():
    packages = [p.parent for p in SOURCE.rglob("__init__.py") if p.parent != SOURCE]
    rooms = {p.relative_to(SOURCE).parts[0] for p in packages} - {"catalogue"}
    assert len(rooms) <= 8
    assert all(len(p.relative_to(SOURCE).parts) <= 2 for p in packages)


def test_help_answers_fast_because_it_imports_no_room():
    code = ("import sys; from bailiwick.cli import app; "
            "print([m for m in ('numpy','pandas','numba','scipy','altair','jinja2','pydantic') if m in sys.modules])")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_nothing_names_a_machine_or_a_registry():
    hosts = [f"{name}.org" for name in ("pypi", "pythonhosted", "npmjs", "debian")]
    folders = [f"/{name}/" for name in ("root", "tmp")] + [f"{ROOT.parent}/"]
    words = "|".join(re.escape(word) for word in hosts + folders)
    for path in tracked():
        if path.suffix in (".png", ".gz") or path == Path(__file__):
            continue
        found = re.search(words, path.read_text(encoding="utf-8", errors="replace"))
        assert not found, f"{path.relative_to(ROOT)}: {found.group(0) if found else ''}"


def test_no_secret_cache_or_large_file_is_kept():
    for path in tracked():
        assert path.stat().st_size < 400_000, path
        assert not {"__pycache__", ".venv", "out"} & set(path.relative_to(ROOT).parts), path


def test_the_locks_pin_every_package_by_hash_and_name_no_address():
    for name in ("run.lock", "dev.lock"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert "://" not in text
        pins = [line for line in text.splitlines() if re.match(r"^[a-z0-9].*==", line)]
        assert pins and text.count("--hash=sha256:") >= len(pins)
    run = {line.split(" ")[0] for line in (ROOT / "run.lock").read_text().splitlines() if "==" in line}
    dev = {line.split(" ")[0] for line in (ROOT / "dev.lock").read_text().splitlines() if "==" in line}
    assert run <= dev, "the test set holds the run-time set, pinned alike"


def test_the_architecture_page_names_every_room():
    page = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    tops = {p.name for p in SOURCE.iterdir() if not p.name.startswith(("__", "casefile_", "choices_"))
            and (p.suffix == ".py" or (p / "__init__.py").exists())}
    missing = sorted(name for name in tops if f"`{name.removesuffix('.py')}" not in page)
    assert not missing, f"ARCHITECTURE.md does not mention {missing}"
    named = set(re.findall(r"^\| `([a-z_]+)", page, re.MULTILINE))
    gone = sorted(n for n in named if not (SOURCE / n).exists() and not (SOURCE / f"{n}.py").exists())
    assert not gone, f"ARCHITECTURE.md names what is not there: {gone}"
