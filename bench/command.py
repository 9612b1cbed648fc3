"""Posts read as a person would have them read: through the command ``verst claims``."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bench import ROOT


def read_with_command(posts: Sequence[dict[str, Any]], *options: str) -> list[list[dict[str, Any]]]:
    """The claims of each post, as ``verst claims`` prints them; raises CalledProcessError when the command fails."""
    program = Path(sys.executable).parent / "verst"
    lines = "".join(json.dumps(post, ensure_ascii=False) + "\n" for post in posts)
    with tempfile.TemporaryDirectory() as home:
        env = {**os.environ, "VERST_HOME": home, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
        told = subprocess.run(
            [str(program), "claims", *options, "-"], input=lines, env=env, capture_output=True, text=True, check=True
        )
    read = [json.loads(line) for line in told.stdout.splitlines()]
    assert [line["id"] for line in read] == [post["id"] for post in posts], "one line for each post, in their order"
    return [line["claims"] for line in read]
