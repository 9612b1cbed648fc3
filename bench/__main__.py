"""Every benchmark, one after another, each in a process of its own: ``python -m bench``."""

from __future__ import annotations

import subprocess
import sys

from bench import ROOT

LEFT_OUT = {
    "screenshots",
    "queue_series",
    "fusion_tables",
    "command",
    "chaos_clock",
    "bot_day",
    "fast_clock",
    "telegram",
    "alerting",
    "bare_files",
    "bare_push",
    "readers",
    "live_rate",
    "paper",
}


def main() -> None:
    failed = []
    for file in sorted((ROOT / "bench").glob("[a-z]*.py")):
        if file.stem not in LEFT_OUT:
            done = subprocess.run([sys.executable, "-m", f"bench.{file.stem}"], cwd=ROOT, check=False)
            failed += [file.stem] if done.returncode else []
    sys.exit(f"bench: failed: {', '.join(failed)}" if failed else 0)


if __name__ == "__main__":
    main()
