"""What all tests share: the folder of third-party material, and the browser of the machine."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from tests.house import ROOT

settings.register_profile("verst", deadline=None, derandomize=True)  # a shared machine is no measure of time
settings.load_profile("verst")


@pytest.fixture(scope="session")
def shared() -> Path:
    """Third-party data and labelled posts, which are not part of the project."""
    folder = Path(os.environ.get("VERST_SHARED", ROOT.parent / "shared"))
    if not folder.is_dir():
        pytest.skip("the shared data is not here (VERST_SHARED names its folder)")
    return folder


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """Run the machine's own Chromium; browser tests are skipped where there is none."""
    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if program is None:
        pytest.skip("no Chromium on this machine (make test installs it where it may)")
    return {
        "executable_path": program,
        "args": ["--headless", "--no-sandbox", "--disable-quic", "--disable-background-networking"],
    }
