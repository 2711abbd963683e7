"""What tests see of a page: its accessibility, its looks, its errors."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

ROOT = Path(__file__).parents[2]
AXE = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"
SCREENSHOTS = ROOT / "screenshots"
WIDTHS = {"phone": 360, "desk": 1440}
_HEIGHT = 900


def serious(page: Page) -> Sequence[str]:
    """What WCAG 2.2 AA finds serious or critical on the page as it stands, one line each."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found: Any = page.evaluate(
        """() => axe.run(document, {
            runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
        })"""
    )
    return [
        f"{one['id']}: {node['target']} {node['failureSummary']}"
        for one in found["violations"]
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"]
    ]


def looks(page: Page, name: str, *, widths: Sequence[str] = ("desk",), ready: str = "h1") -> None:
    """Pictures of the page in both languages, light and dark, in a folder that is not committed;
    and in each of them nothing serious, and nothing wider than the window. It is `ready` when what
    this selects is there; a page that listens is never idle."""
    first = page.evaluate("localStorage.getItem('oncedesk.language')")
    for language in ("zh", "en"):
        page.evaluate("(one) => localStorage.setItem('oncedesk.language', one)", language)
        page.reload()
        page.locator(ready).first.wait_for()
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            for width in widths:
                page.set_viewport_size({"width": WIDTHS[width], "height": _HEIGHT})
                about = f"{name}-{language}-{scheme}-{width}"
                page.screenshot(path=SCREENSHOTS / f"{about}.png")
                assert not page.evaluate(
                    "document.documentElement.scrollWidth > window.innerWidth"
                ), f"{about}: wider than the window"
            wrong = serious(page)
            assert not wrong, f"{name}-{language}-{scheme}: " + "\n".join(wrong)
    page.evaluate("(one) => localStorage.setItem('oncedesk.language', one)", first or "en")
    page.emulate_media(color_scheme="light")
    page.reload()
