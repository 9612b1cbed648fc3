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
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from bench import ROOT
from bench.desk_today import PASSWORD, desk_of_today
from tests.servers import free_port
from verst.clock import parse_instant

MOMENT = "2022-09-26T09:00Z"
PICTURES = {
    "board": ("/?at={at}&lang=en", 1100, 900, "light"),
    "crossing": ("/c/verkhny-lars?at={at}&lang=en", 1100, 1100, "light"),
    "map": ("/m/all?at={at}&lang=en", 1100, 1000, "light"),
    "map-region": ("/m/caucasus?at={at}&lang=ru", 1100, 1000, "light"),
    "dark": ("/c/verkhny-lars?at={at}&lang=uk", 1100, 900, "dark"),
    "phone": ("/?at={at}&lang=ru", 360, 740, "light"),
    "phone-crossing": ("/c/verkhny-lars?at={at}&lang=ru", 360, 740, "light"),
    "phone-answer": ("/ask?q=Можно ли пешком через Ларс?&at={at}&lang=ru", 360, 740, "light"),
    "arabic": ("/?at={at}&lang=ar", 360, 740, "light"),
    "kazakh": ("/r/kazakhstan?at={at}&lang=kk", 360, 740, "dark"),
}
KEPT = "caches.match('/last-board').then((kept) => Boolean(kept))"


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
    for name, (path, width, height, scheme) in PICTURES.items():
        page = browser.new_page(
            viewport={"width": width, "height": height},
            color_scheme=scheme,  # type: ignore[arg-type]
            java_script_enabled=False,
        )
        page.goto(address + path.format(at=MOMENT))
        page.screenshot(path=str(folder / f"{name}.png"))
        page.close()
        print(f"screenshots: {name}.png")


def take_offline(browser: Browser, address: str, folder: Path, stop: Callable[[], None]) -> None:
    """The last board on a phone whose network is gone."""
    page = browser.new_page(viewport={"width": 360, "height": 740})
    page.goto(f"{address}/?lang=en")
    for _ in range(400):  # a waited-for function that answers with a promise is not waited for
        if page.evaluate(KEPT):
            break
        page.wait_for_timeout(50)
    else:
        sys.exit("screenshots: the browser did not keep the board")
    stop()
    page.clock.set_fixed_time(datetime.now(UTC) + timedelta(hours=3, minutes=1))
    page.goto(f"{address}/?lang=en")
    page.screenshot(path=str(folder / "offline.png"))
    print("screenshots: offline.png")


def take_desk(browser: Browser, folder: Path) -> None:
    """The queue of a moderator, over the archive's busiest day as if it were today."""
    with tempfile.TemporaryDirectory() as home, desk_of_today(Path(home), parse_instant(MOMENT)[0]) as (address, code):
        for name, lang, width, height in (("desk", "en", 1100, 1100), ("desk-phone", "ru", 360, 740)):
            page = browser.new_page(viewport={"width": width, "height": height})
            page.goto(f"{address}/desk/log-in?lang={lang}")
            for field, value in (("name", "owl"), ("password", PASSWORD), ("code", code())):
                page.fill(f"#{field}", value)
            page.click("main button")
            page.locator("article.item").first.focus()
            page.screenshot(path=str(folder / f"{name}.png"))
            page.close()
            print(f"screenshots: {name}.png")


def stop_process(process: subprocess.Popen[bytes]) -> None:
    """End the board."""
    process.terminate()
    process.wait(30)


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
            take_desk(browser, ROOT / "docs" / "img")
            take_offline(browser, address, ROOT / "docs" / "img", lambda: stop_process(process))
            browser.close()
        finally:
            stop_process(process)


if __name__ == "__main__":
    main()
