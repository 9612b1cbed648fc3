"""Documentation cannot rot: what the program knows is made from it, what is written by hand is checked against it."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from bench import paper
from docs import generate
from tests.house import ROOT, python_files, tracked, tree

PAGES = [file for file in tracked() if file.suffix == ".md"]


@pytest.mark.parametrize("document", generate.pages(), ids=lambda file: file.name)
def test_made_parts_are_true(document: Path) -> None:
    assert generate.make_page(document) == document.read_text(encoding="utf-8"), "run: make docs"


def test_every_shelf_has_its_page() -> None:
    made = {found.group(2) for page in generate.pages() for found in generate.BLOCK.finditer(page.read_text())}
    assert made == set(generate.MAKERS)


@pytest.mark.parametrize("document", PAGES, ids=lambda file: file.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(document: Path) -> None:
    for link in re.findall(r"\]\(([^)#\s]+)", document.read_text(encoding="utf-8")):
        if "://" not in link:
            assert (document.parent / link).exists(), f"{link} leads nowhere"


def _settings_read() -> set[str]:
    return {
        node.value
        for file in python_files("verst", "tests", "bench")
        for node in ast.walk(tree(file))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and re.fullmatch(r"VERST_[A-Z_]+", node.value)
    }


def test_every_setting_is_told() -> None:
    told = set(re.findall(r"VERST_[A-Z_]+", (ROOT / "docs" / "settings.md").read_text()))
    assert _settings_read() <= told
    assert told <= _settings_read(), "a setting is told that nothing reads"


def test_errors_and_exit_codes_are_told() -> None:
    page = (ROOT / "docs" / "errors.md").read_text()
    for node in ast.walk(tree(ROOT / "verst" / "errors.py")):
        if isinstance(node, ast.ClassDef):
            assert node.name in page, node.name
            for line in node.body:
                if isinstance(line, ast.Assign) and isinstance(line.value, ast.Constant):
                    assert f"| {line.value.value} |" in page, f"exit code of {node.name}"


def test_readme_names_the_two_commands_and_its_pictures_are_there() -> None:
    readme = (ROOT / "README.md").read_text()
    assert "make run" in readme and "make test" in readme
    pictures = re.findall(r'(?:src="|!\[[^]]*\]\()([^")]+)', readme)
    assert pictures and all((ROOT / picture).is_file() for picture in pictures)


def test_what_is_on_paper_follows_from_what_was_measured() -> None:
    page = paper.PAGE.read_text(encoding="utf-8")
    assert paper.block(page, "bench.paper") == paper.tell(paper.read_page(page), paper.MILLIONS), (
        "run: python -m bench.paper --write"
    )


def test_every_benchmark_is_told() -> None:
    page = (ROOT / "bench" / "README.md").read_text()
    modules = [file.stem for file in python_files("bench") if not file.stem.startswith("_")]
    assert [name for name in modules if f"| `{name}` |" not in page] == []
