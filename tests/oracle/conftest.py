"""Engines written apart from ours, loaded from their files."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

HERE = Path(__file__).resolve()


def module_at(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def twins() -> ModuleType:
    return module_at(HERE.parents[2] / "benchmarks" / "response_twins.py")


@pytest.fixture(scope="session")
def full_model() -> ModuleType:
    return module_at(HERE.parent / "full_model.py")


@pytest.fixture(scope="session")
def towns() -> ModuleType:
    return module_at(HERE.parents[1] / "response" / "conftest.py")
