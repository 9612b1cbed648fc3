"""Pictures of the board for the documentation, by the machine's own Chromium: ``python -m bench.screenshots``."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from bench import ROOT
from tests.servers import free_port

MOMENT = "2022-09-26T09:00Z"
PICTURES = {
    "board": ("/?at={at}&lang=en", 1100, 900),
    "crossing": ("/c/verkhny-lars?at={at}&lang=en", 1100, 1100),
    "phone": ("/?at={at}&lang=ru", 390, 844),
    "phone-crossing": ("/c/verkhny-lars?at={at}&lang=ru", 390, 844),
    "arabic": ("/?at={at}&lang=ar", 390, 844),
}


def wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    """Until the board answers; ends with a message when it does not within five minutes."""
    until = time.monotonic() + 300
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except (urllib.error.URLError, TimeoutError, ConnectionError):
            time.sleep(0.5)
    sys.exit("screenshots: the board did not answer")


def take(browser: Browser, address: str, folder: Path) -> None:
    """Every picture, without a script's help, at the size of a desk's or a phone's screen."""
    for name, (path, width, height) in PICTURES.items():
        page = browser.new_page(viewport={"width": width, "height": height}, java_script_enabled=False)
        page.goto(address + path.format(at=MOMENT))
        page.screenshot(path=str(folder / f"{name}.png"))
        page.close()
        print(f"screenshots: {name}.png")


def main() -> None:
    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if program is None:
        sys.exit("screenshots: no Chromium here; apt-get install chromium")
    with tempfile.TemporaryDirectory() as home, sync_playwright() as play:
        port = free_port()
        verst = Path(sys.executable).parent / "verst"
        process = subprocess.Popen([str(verst), "up", "--port", str(port)], env={**os.environ, "VERST_HOME": home})
        try:
            address = f"http://127.0.0.1:{port}"
            wait_for(address, process)
            browser = play.chromium.launch(
                executable_path=program, args=["--no-sandbox", "--disable-quic", "--disable-background-networking"]
            )
            take(browser, address, ROOT / "docs" / "img")
            browser.close()
        finally:
            process.terminate()
            process.wait(30)


if __name__ == "__main__":
    main()
