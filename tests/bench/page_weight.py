"""What a visit costs over the wire, as Chromium counts it."""

from playwright.sync_api import sync_playwright

from bench.portal_run import PortalRun
from bench.report import Row

_FIRST, _LATER = 200, 20
_CHROMIUM = "/usr/bin/chromium"
_FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]


def measure_weight(run: PortalRun) -> list[Row]:
    """The first page of a visit with all that it loads, and a later one from a warm cache."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_CHROMIUM, args=_FLAGS)
        page = browser.new_page()
        wire = page.context.new_cdp_session(page)
        wire.send("Network.enable")
        received: list[float] = []
        wire.on("Network.loadingFinished", lambda event: received.append(event["encodedDataLength"]))
        weights = []
        for path in ("/", "/login"):
            received.clear()
            page.goto(run.url + path, wait_until="networkidle")
            weights.append(sum(received) / 1000)
        browser.close()
    return [
        Row("first visit", f"{weights[0]:.0f} kB", f"{_FIRST} kB", good=weights[0] <= _FIRST),
        Row("a later page", f"{weights[1]:.0f} kB", f"{_LATER} kB", good=weights[1] <= _LATER),
    ]
