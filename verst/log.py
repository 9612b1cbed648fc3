"""What is said on standard error: words for people, or with ``VERST_LOG=json`` an object a line for machines.

What is said holds no words of posts, no addresses and nothing of readers: whoever calls this sees to it.
"""

from __future__ import annotations

import json
import os
import sys

from verst.clock import iso, now


def log(text: str) -> None:
    """Say something on standard error."""
    print(as_json(text) if os.environ.get("VERST_LOG") == "json" else text, file=sys.stderr)


def as_json(text: str) -> str:
    """A line for machines: when, by which command of which process, and what."""
    command = " ".join(sys.argv[1:3] if sys.argv[1:2] == ["work"] else sys.argv[1:2])  # and nothing it was told
    line = {"at": iso(now()), "process": os.getpid(), "command": command, "text": text}
    return json.dumps(line, ensure_ascii=False)
