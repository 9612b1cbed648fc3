"""What is deployed: the wheel holds all it needs, and the units and settings beside it name what is there."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import httpx
import pytest
from typer.main import get_command

from tests.house import ROOT
from verst.cli import app
from verst.web.publish import put

DEPLOY = ROOT / "deploy"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    words = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder]
    subprocess.run(words, cwd=ROOT, check=True, capture_output=True)
    return next(folder.glob("*.whl"))


def test_the_wheel_holds_every_file_of_the_package_and_nothing_else(wheel: Path) -> None:
    inside = {name for name in zipfile.ZipFile(wheel).namelist() if not name.split("/")[0].endswith(".dist-info")}
    said = subprocess.run(["git", "ls-files", "verst"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    tracked = {name for name in said.splitlines() if (ROOT / name).is_file()}
    assert tracked <= inside, sorted(tracked - inside)[:5]
    assert {name.split("/")[0] for name in inside} == {"verst"}


def test_it_works_from_the_wheel_alone(wheel: Path, tmp_path: Path) -> None:
    zipfile.ZipFile(wheel).extractall(tmp_path / "site")
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); import verst.cli as c; assert sys.argv[1] in c.__file__; "
        "sys.argv = ['verst', 'shelves']; c.main()"
    )
    words = [sys.executable, "-c", code, str(tmp_path / "site")]
    done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0 and "languages" in done.stdout.lower() + done.stderr.lower(), done.stderr


@pytest.mark.parametrize("unit", sorted(DEPLOY.glob("*.service")), ids=lambda unit: unit.name)
def test_every_unit_starts_a_command_that_is_there(unit: Path) -> None:
    text = unit.read_text(encoding="utf-8")
    found = re.search(r"^ExecStart=/opt/verst/bin/verst (\S+)(.*)$", text, re.M)
    assert found is not None
    command, words = get_command(app), [found[1], *found[2].split()]
    while hasattr(command, "commands"):
        command = command.commands[words.pop(0)]
    known = {name for option in command.params for name in (*option.opts, *option.secondary_opts)}
    assert set(re.findall(r"--[a-z-]+", found[2])) <= known
    umask = "0022" if command.name == "publish" else "0077"  # what is published is for everybody
    assert "NoNewPrivileges=yes" in text and f"UMask={umask}" in text and "User=verst" in text


def test_the_units_are_well_formed(tmp_path: Path) -> None:
    analyse = shutil.which("systemd-analyze")
    if analyse is None:
        pytest.skip("systemd-analyze is not here")
    for unit in DEPLOY.glob("*.service"):
        text = (
            unit.read_text(encoding="utf-8")
            .replace("/opt/verst/bin/verst", "/bin/true")
            .replace("User=verst", "User=root")
        )
        (tmp_path / unit.name).write_text(text, encoding="utf-8")
    units = [str(unit) for unit in tmp_path.glob("*.service")]
    done = subprocess.run([analyse, "verify", "--man=no", *units], capture_output=True, text=True, check=False)
    wrong = [line for line in done.stderr.splitlines() if "verst" in line and "Unknown" in line]
    assert wrong == []


def test_no_log_of_readers_is_set_up() -> None:
    assert (DEPLOY / "nginx.conf").read_text().count("access_log off") == 2
    assert "access_log off" in (DEPLOY / "nginx-files.conf").read_text()
    for name in ("Caddyfile", "Caddyfile.files"):
        assert not re.search(r"^\s*log\b", (DEPLOY / name).read_text(), re.M)


def test_nginx_gives_what_is_published_packed_and_nothing_else(tmp_path: Path) -> None:
    from bench.static import served

    if shutil.which("nginx") is None:
        pytest.skip("nginx is not here")
    page, body = b"<p>board</p>" * 100, tmp_path / "files"
    put(body / "en" / "index.html", page)
    (body / ".verst-published").write_text("en/index.html\n")
    with served(tmp_path, body) as address:
        packed = httpx.get(f"{address}/en/index.html", headers={"Accept-Encoding": "gzip"})
        assert packed.content == page and packed.headers["content-encoding"] == "gzip"
        assert "charset=utf-8" in packed.headers["content-type"] and "max-age=60" in packed.headers["cache-control"]
        again = {"If-None-Match": packed.headers["etag"], "Accept-Encoding": "gzip"}
        assert httpx.get(f"{address}/en/index.html", headers=again).status_code == 304
        assert httpx.get(f"{address}/.verst-published").status_code == 404


def test_the_container_starts_what_is_there() -> None:
    text = (DEPLOY / "Containerfile").read_text()
    command = get_command(app).commands["up"]  # type: ignore[attr-defined]
    known = {name for option in command.params for name in (*option.opts, *option.secondary_opts)}
    last = text.strip().splitlines()[-1]
    assert last.startswith('CMD ["verst", "up"') and set(re.findall(r"--[a-z-]+", last)) <= known
    extras = re.search(r"\[([a-z,]+)\]", text)
    offered = tomllib.loads((DEPLOY.parent / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert extras is not None and set(extras[1].split(",")) <= offered["optional-dependencies"].keys()
