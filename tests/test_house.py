"""The house keeps its shape: short files and functions, plain names, floors, nothing of the machine it was built on."""

from __future__ import annotations

import ast
import configparser
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house import ROOT, functions, lines_of_code, named, python_files, tracked, tree

FORBIDDEN_WORDS = {"util", "utils", "helper", "helpers", "manager", "managers", "core"}
# Written in two halves, so that this file does not say what it looks for.
MACHINE = re.compile(
    r"(?<!\w)/wo" + r"rk/|(?<!\w)/ro" + r"ot/|(?<!\w)/ho" + r"me/[a-z]|(?<!\w)/tm" + r"p/|[A-Z]:\\Us" + "ers"
)
REGISTRY = re.compile("py" + r"pi\.org|pythonhos" + r"ted|registry\.np" + r"mjs|index-" + "url|find-" + "links")


@pytest.mark.parametrize("file", python_files("verst", "tests", "bench", "docs"), ids=named)
def test_file_is_short(file: Path) -> None:
    assert len(file.read_text(encoding="utf-8").splitlines()) <= 300, "split it: no file is over 300 lines"


def test_functions_are_short() -> None:
    long = [
        f"{named(file)}:{function.lineno} {function.name} ({lines_of_code(function)} lines)"
        for file in python_files("verst", "bench", "docs")
        for function in functions(file)
        if lines_of_code(function) > 40
    ]
    assert not long, long


def _words(name: str) -> set[str]:
    return set(re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower().split("_"))


def test_names_say_something() -> None:
    vague = [
        named(file)
        for file in tracked()
        if FORBIDDEN_WORDS & {w for p in file.relative_to(ROOT).parts for w in _words(Path(p).stem)}
    ]
    for file in python_files("verst"):
        for node in ast.walk(tree(file)):
            if isinstance(node, ast.ClassDef | ast.FunctionDef) and FORBIDDEN_WORDS & _words(node.name):
                vague.append(f"{named(file)}:{node.lineno} {node.name}")
    assert not vague, vague


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


def test_no_file_names_a_machine_or_a_registry() -> None:
    found = [
        f"{named(file)}: {match.group()}"
        for file in tracked()
        for pattern in (MACHINE, REGISTRY)
        for match in pattern.finditer(_text(file))
    ]
    assert not found, found


def test_the_search_for_machine_paths_finds_one() -> None:
    assert MACHINE.search("see /wo" + "rk/main") and REGISTRY.search("--index-" + "url https://example.org")


def _undocumented(file: Path) -> list[str]:
    module = tree(file)
    missing = [] if ast.get_docstring(module) else [f"{named(file)}: module"]
    for holder in [module, *(node for node in module.body if isinstance(node, ast.ClassDef))]:
        for node in holder.body:
            public = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and node.name[0] != "_"
            if public and isinstance(holder, ast.ClassDef) and holder.name[0] == "_":
                continue
            if public and not ast.get_docstring(node):  # type: ignore[arg-type]
                missing.append(f"{named(file)}: {node.name}")  # type: ignore[attr-defined]
    return missing


def test_everything_public_is_documented() -> None:
    missing = [line for file in python_files("verst") for line in _undocumented(file)]
    assert not missing, missing


CLOCKS = {("datetime", "now"), ("datetime", "utcnow"), ("time", "time"), ("clock", "now"), ("date", "today")}


@pytest.mark.parametrize(
    "file", [f for f in python_files("verst") if f.parent.name in ("reading", "fusion")], ids=named
)
def test_pure_parts_have_no_clock(file: Path) -> None:
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            assert (node.value.id, node.attr) not in CLOCKS, f"line {node.lineno} asks the clock"
        if isinstance(node, ast.ImportFrom) and node.module == "verst.clock":
            assert "now" not in {alias.name for alias in node.names}, f"line {node.lineno} brings a clock"


def test_fusion_never_sees_a_post() -> None:
    for file in python_files("verst"):
        if file.parent.name == "fusion":
            taken = {a.name for n in ast.walk(tree(file)) if isinstance(n, ast.ImportFrom) for a in n.names}
            assert "Post" not in taken, named(file)


def _floors() -> set[str]:
    read = configparser.ConfigParser()
    read.read(ROOT / ".importlinter")
    return set(re.findall(r"verst\.\w+", read["importlinter:contract:floors"]["layers"]))


def test_every_part_stands_on_a_floor() -> None:
    here = {
        f"verst.{file.stem if file.parent.name == 'verst' else file.relative_to(ROOT).parts[1]}"
        for file in python_files("verst")
    }
    assert here - {"verst.__init__", "verst.__main__"} <= _floors()


def _lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).parent / "lint-imports"
    return subprocess.run([str(program), "--no-cache"], cwd=folder, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("file", "line"),
    [
        ("reading/astray.py", "import verst.store"),
        ("reading/astray.py", "import sqlite3"),
        ("model.py", "import verst.shelves"),
    ],
)
def test_a_step_to_the_wrong_floor_is_caught(tmp_path: Path, file: str, line: str) -> None:
    shutil.copytree(ROOT / "verst", tmp_path / "verst", ignore=shutil.ignore_patterns("__pycache__", "archive"))
    shutil.copy(ROOT / ".importlinter", tmp_path)
    path = tmp_path / "verst" / file
    path.write_text((path.read_text() if path.exists() else "") + f"\n{line}\n")
    caught = _lint_imports(tmp_path)
    module = "verst." + file.removesuffix(".py").replace("/", ".")
    assert caught.returncode != 0 and f"{module} ->" in caught.stdout, caught.stdout + caught.stderr


def test_the_floors_hold() -> None:
    done = _lint_imports(ROOT)
    assert done.returncode == 0, done.stdout + done.stderr
