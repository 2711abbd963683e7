"""What tests see of a page: its accessibility, its looks, its errors."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, Route
from playwright.sync_api import TimeoutError as TooLong

ROOT = Path(__file__).parents[2]
AXE = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"
SCREENSHOTS = ROOT / "screenshots"
PICTURES_WANTED = "SCREENSHOTS" in os.environ
"""`make screenshots` does; else nobody looks at what takes its time to draw."""
WIDTHS = {"phone": 360, "desk": 1440}
_HEIGHT = 900
_RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
_RULES_OF_COLOUR = ("color-contrast", "link-in-text-block")
_SETTLED = """(scheme) => {
    const { scrollWidth, dataset } = document.documentElement;
    const shown = dataset.mantineColorScheme ?? scheme;
    const turning = document.getAnimations().some((one) => one instanceof CSSTransition);
    return scrollWidth <= window.innerWidth && shown === scheme && !turning;
}"""
_SETTLED_MS_MAX = 10_000
_UNSETTLED = """() => {
    const { scrollWidth, dataset } = document.documentElement;
    const wide = [...document.querySelectorAll("*")]
        .filter((one) => one.getBoundingClientRect().right > window.innerWidth + 1)
        .map((one) => `${one.tagName}.${one.className}: ${one.textContent.slice(0, 60)}`);
    const turning = document.getAnimations().map((one) => one.effect?.target?.outerHTML ?? "");
    return JSON.stringify({
        scrollWidth, window: window.innerWidth, scheme: dataset.mantineColorScheme,
        wide: wide.slice(-5), turning: turning.map((one) => one.slice(0, 100)).slice(0, 5),
    });
}"""
"""What keeps a page from having settled."""


def serious(page: Page, *, rules: Sequence[str] = _RULES) -> Sequence[str]:
    """What WCAG 2.2 AA finds serious or critical on the page as it stands, one line each."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    # Where what is well would be told too, finding a name for each place takes most of the time.
    found: Any = page.evaluate(
        """(rules) => axe.run(document, { runOnly: rules, resultTypes: ["violations"] })""",
        list(rules),
    )
    return [
        f"{one['id']}: {node['target']} {node['failureSummary']}"
        for one in found["violations"]
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"]
    ]


def looks(page: Page, name: str, *, widths: Sequence[str] = ("desk",), ready: str = "h1") -> None:
    """In both languages, light and dark, there is nothing serious on the page, and nothing wider
    than the window; with pictures of it where they are wanted, in a folder that is not committed.
    It is `ready` when what this selects is there; a page that listens is never idle."""
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
                _settles(page, about, scheme)
                if PICTURES_WANTED:
                    page.screenshot(path=SCREENSHOTS / f"{about}.png")
            # In the dark all is as it was in the light, but for its colours.
            wrong = serious(page, rules=_RULES if scheme == "light" else _RULES_OF_COLOUR)
            assert not wrong, f"{name}-{language}-{scheme}: " + "\n".join(wrong)
    page.evaluate("(one) => localStorage.setItem('oncedesk.language', one)", first or "en")
    page.emulate_media(color_scheme="light")
    page.reload()


def _settles(page: Page, about: str, scheme: str) -> None:
    """It has taken up the window's width and the scheme, which it is told of, not asked for; and
    no colour is on its way to another."""
    try:
        page.wait_for_function(_SETTLED, arg=scheme, timeout=_SETTLED_MS_MAX)
    except TooLong:
        why = page.evaluate(_UNSETTLED)
        raise AssertionError(f"{about}: wider than the window, or not {scheme}: {why}") from None


def lost_answer(route: Route) -> None:
    """What is asked for arrives, and its answer does not."""
    route.fetch()
    route.abort()
