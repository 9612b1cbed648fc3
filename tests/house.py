"""What the tests of the house look at: tracked files and the syntax trees of Python files."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@cache
def tracked() -> tuple[Path, ...]:
    """Every file git keeps and that is there."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return tuple(ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file())


def python_files(*folders: str) -> list[Path]:
    """Tracked Python files of these folders of the project."""
    return [file for file in tracked() if file.suffix == ".py" and file.relative_to(ROOT).parts[0] in folders]


def tree(file: Path) -> ast.Module:
    """The syntax tree of one file."""
    return ast.parse(file.read_text(encoding="utf-8"), str(file))


def functions(file: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function and method of one file."""
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def lines_of_code(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """How long a function is from its ``def`` on, its docstring not counted."""
    first = function.body[0]
    said = first.value if isinstance(first, ast.Expr) else None
    told = isinstance(said, ast.Constant) and isinstance(said.value, str)
    prose = (first.end_lineno or first.lineno) - first.lineno + 1 if told else 0
    return (function.end_lineno or function.lineno) - function.lineno + 1 - prose


def named(file: Path) -> str:
    """The file as people would say it: from the project's folder on."""
    return file.relative_to(ROOT).as_posix()
