"""How fast does the map page open, look a plan up and redraw, and how large is it?  Prints; asserts nothing.

    python benchmarks/map.py OUT/map.html

It also draws a made-up place of 625 areas from their points alone, the size of a city by its wards.
"""

from __future__ import annotations

import random
import shutil
import statistics
import sys
import time
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from bailiwick.publish.maps import Outlines, cells
from bailiwick.publish.plan_shapes import land

RUNS = 5
TIMES = """() => {
  const areas = [...document.querySelectorAll('#equal select')], codes = location.hash.slice(3);
  const times = (work, runs) => { const found = []; for (let k = 0; k < runs; k += 1) {
    const start = performance.now(); work(k); found.push(performance.now() - start); }
    return found.sort((a, b) => a - b); };
  const looked = times(() => lookedUp(codes), 200);
  const drawn = times((k) => { const box = areas[k % areas.length]; box.value = String(k % 12);
    box.dispatchEvent(new Event('change')); document.body.getBoundingClientRect(); }, 60);
  return { looked: looked[100], drawn: drawn[30], worst: drawn[57], areas: areas.length };
}"""


def opened(page: Page, address: str) -> dict[str, float]:
    """First paint and the moment when plans can be looked up, in milliseconds."""
    page.goto("about:blank")
    page.goto(address)
    page.wait_for_selector("html[data-ready=yes]", state="attached")
    page.wait_for_function("performance.getEntriesByName('first-contentful-paint').length > 0")
    return {"paint": page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime"),
            "ready": page.evaluate("performance.now()")}


def wards(count: int = 625) -> float:
    """Processor seconds to lay out so many areas grown from random points."""
    chance = random.Random(625)
    sites = {f"W{i}": (chance.random() * 58000, chance.random() * 45000) for i in range(count)}
    start = time.process_time()
    land(Outlines({code: [cell] for code, cell in cells(sites).items()}, (), True, "", {}))
    return time.process_time() - start


def main(path: Path) -> None:
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        found = [opened(page, path.resolve().as_uri()) for _ in range(RUNS)]
        opened(page, path.resolve().as_uri() + "#draw")
        times = page.evaluate(TIMES)
        browser.close()
    print(f"size: {path.stat().st_size:,} bytes")
    for name in ("paint", "ready"):
        values = [f[name] for f in found]
        print(f"{name}: median {statistics.median(values):.0f} ms, largest {max(values):.0f} ms of {RUNS}")
    print(f"look a plan up on every measure: {times['looked']:.2f} ms")
    print(f"redraw {times['areas']} areas with figures and layout: median {times['drawn']:.1f} ms, "
          f"95th of 100 {times['worst']:.1f} ms")
    print(f"lay out 625 areas from points: {wards():.1f} processor seconds")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
