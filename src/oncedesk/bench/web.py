"""How quick the agents' desk is in a browser: to come up, open a case, scroll a long inbox."""

import asyncio
import os
import shutil
import statistics
import sys
from collections.abc import Callable, Collection
from urllib.parse import urlsplit
from uuid import uuid4

import msgspec

from oncedesk.bench.databases import own_marketplace
from oncedesk.bench.measuring import stolen
from oncedesk.bench.served import free_port, served
from oncedesk.bench.town import open_desks, submit_all
from oncedesk.domain.agents.messages import DeskRole, JoinDesk, RegisterAgent, SetSkills
from oncedesk.domain.conversations.messages import Channel, ReceiveContact, Surface
from oncedesk.domain.conversations.subjects import Subject, SubjectKind
from oncedesk.domain.shared.decider import MARKETPLACE
from oncedesk.domain.shared.ids import derived_id
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import PLATFORM
from oncedesk.http.auth.passwords import Passwords
from oncedesk.settings import Settings
from oncedesk.storage.access.logins import Login
from oncedesk.wiring import Parts, build

CASES = 1_000_000
OPENINGS = 20
SCROLL_SECONDS = 20
_AT_ONCE = 2_000
_BROWSERS = (
    *("chromium", "chromium-browser", "chromium-headless-shell"),
    *("google-chrome", "google-chrome-stable"),
)
_NAME, _PASSWORD = "bench@example.com", f"bench {uuid4()}"
_TEXT = "您好，我的订单还没有收到，请帮我看一下物流到哪里了，谢谢。"

# In the page: when something first stands there, in milliseconds since the page was asked for.
_WATCH = """
window.seen = {};
new MutationObserver(() => {
  if (!window.seen.row && document.querySelector(".case-row")) window.seen.row = performance.now();
}).observe(document, { childList: true, subtree: true });
"""
# Milliseconds from a click on the row of this index, scrolled to before, until a message is there.
_OPEN = """
(index) => new Promise((done) => {
  const box = document.querySelector(".rows");
  const row = () => box.querySelector(`[data-index="${index}"] .case-row`);
  const open = () => {
    const link = row();
    const name = new URL(link.href).pathname;
    const began = performance.now();
    const look = () => {
      const there = location.pathname === name && document.querySelector(".message");
      if (there) done(performance.now() - began); else requestAnimationFrame(look);
    };
    link.click();
    requestAnimationFrame(look);
  };
  const find = () => {
    if (row()) row().scrollIntoView({ block: "nearest" });
    else box.scrollTop += box.clientHeight / 2;
    requestAnimationFrame(row() ? open : find);
  };
  find();
})
"""
_CLOSE = """
() => new Promise((done) => {
  const look = () => document.querySelector(".message") ? requestAnimationFrame(look) : done();
  history.back();
  requestAnimationFrame(look);
})
"""
_SCROLL = """
(seconds) => new Promise((done) => {
  const box = document.querySelector(".rows");
  const began = performance.now();
  const found = { frames: 0, waiting: 0, rows: 0 };
  const step = (now) => {
    found.frames += 1;
    // At the end of what is loaded, or over a place where nothing is drawn: that would be waiting.
    const last = [...box.querySelectorAll("li")].at(-1);
    const bottom = box.getBoundingClientRect().bottom;
    const drawn = last && last.getBoundingClientRect().bottom >= bottom - 1;
    const atEnd = box.scrollTop + box.clientHeight >= box.scrollHeight - 1;
    if (!drawn || atEnd) found.waiting += 1;
    box.scrollTop += 200;
    if (now - began < seconds * 1000) return requestAnimationFrame(step);
    found.rows = Number(last?.dataset.index ?? 0);
    done(found);
  };
  requestAnimationFrame(step);
})
"""


class NoBrowser(RuntimeError):
    """There is no browser to measure with; the message says what to install."""


class WebFigures(Record, frozen=True):
    """What `oncedesk bench web --json` prints.

    `opened`: so many cases, each new to the browser, which asked for its messages only then.
    `waiting_frames`: with a part missing.
    """

    cases: int
    first_paint_ms: float
    reload_paint_ms: float
    opened: int
    open_case_p50_ms: float
    open_case_max_ms: float
    scrolled_rows: int
    scroll_frames: int
    waiting_frames: int
    steal_percent: float


class _Scrolled(msgspec.Struct, frozen=True):
    frames: int
    waiting: int
    rows: int


def browser() -> str:
    """Where a Chromium is. Raises NoBrowser, also where nothing drives it."""
    try:
        import playwright.sync_api  # noqa: F401
    except ImportError:
        raise NoBrowser(
            "this needs playwright: a checkout has it (make setup), else pip install playwright"
        ) from None
    for name in _BROWSERS:
        if found := shutil.which(name):
            return found
    raise NoBrowser("this needs a Chromium: on Debian, apt-get install chromium")


async def run(
    url: str, *, settings: Settings, cases: int, progress: Callable[[str], None]
) -> WebFigures:
    """Measure with so many cases waiting. Raises NoBrowser, NoDatabase, ServerFailed."""
    executable = browser()
    async with own_marketplace(url, name="oncedesk_bench_web") as own:
        async with build(own, settings=settings) as parts:
            await _fill(parts, cases, progress)
        port = free_port()
        command = (
            *(sys.executable, "-c", "from oncedesk.cli.main import main; main()"),
            *("serve", "--port", str(port)),
        )
        environment = {**os.environ, "ONCEDESK_DATABASE_URL": own}
        async with served(command, port=port, environment=environment):
            progress("looking")
            return await asyncio.to_thread(_look, executable, f"http://127.0.0.1:{port}", cases)


async def _fill(parts: Parts, cases: int, progress: Callable[[str], None]) -> None:
    """Open cases in the platform's queue, and somebody who may see them and is away."""
    await open_desks(parts)
    engine, agent = parts.engine, uuid4()
    now = engine.clock()
    skill = parts.library.at(now).current("cn").issue("advice").skill
    await submit_all(engine, [RegisterAgent(agent=agent)])
    await submit_all(
        engine,
        [
            SetSkills(agent=agent, skills=(skill,)),
            JoinDesk(agent=agent, desk=PLATFORM, role=DeskRole.AGENT, starts_at=now),
        ],
    )
    password = await Passwords().hashed(_PASSWORD)
    await parts.access.logins.add(
        Login(
            name=_NAME,
            agent=agent,
            role="agent",
            password=password,
            created_at=now,
            created_by="bench",
        )
    )
    seal = engine.entry.seal(_TEXT)

    async def write(number: int) -> None:
        answer = await engine.submit(
            ReceiveContact(
                consumer=derived_id("consumer", str(number)),
                subject=Subject(SubjectKind.LISTING, derived_id("listing", str(number % 5_000))),
                market="cn",
                channel=Channel.APP_CHAT,
                surface=Surface.ORDER,
                digest=seal.digest,
                length=seal.length,
                language="zh",
                issue="advice",
            ),
            principal="bench",
            key=str(number),
            actor=MARKETPLACE,
            text=_TEXT,
        )
        assert answer.accepted, answer

    for first in range(0, cases, _AT_ONCE):
        await asyncio.gather(*(write(n) for n in range(first, min(first + _AT_ONCE, cases))))
        progress(f"{first + _AT_ONCE:,} of {cases:,} cases")


def _look(executable: str, url: str, cases: int) -> WebFigures:
    from playwright.sync_api import sync_playwright

    before = stolen()
    with sync_playwright() as driver:
        started = driver.chromium.launch(
            executable_path=executable, args=["--no-sandbox", "--disable-gpu"]
        )
        page = started.new_context(viewport={"width": 1440, "height": 900}).new_page()
        page.add_init_script(_WATCH)
        page.goto(f"{url}/desk")
        page.get_by_role("textbox").first.fill(_NAME)
        page.locator("input[type=password]").fill(_PASSWORD)
        page.locator("button[type=submit]").click()
        page.get_by_role("tab").nth(1).click()
        page.locator(".case-row").first.wait_for()
        paints = []
        for _ in range(2):
            # The page remembers which list was shown, and comes up with it.
            page.goto(f"{url}/desk")
            page.locator(".case-row").first.wait_for()
            paints.append(float(page.evaluate("window.seen.row")))
        asked: set[str] = set()
        page.on("request", lambda request: asked.add(urlsplit(request.url).path))
        opened, new = [], 0
        for index in range(OPENINGS):
            before_it = _of_messages(asked)
            opened.append(float(page.evaluate(_OPEN, index)))
            new += _of_messages(asked) - before_it
            page.evaluate(_CLOSE)
        scrolled = msgspec.convert(page.evaluate(_SCROLL, SCROLL_SECONDS), _Scrolled)
        started.close()
    after = stolen()
    return WebFigures(
        cases=cases,
        first_paint_ms=round(paints[0], 1),
        reload_paint_ms=round(paints[1], 1),
        opened=new,
        open_case_p50_ms=round(statistics.median(opened), 1),
        open_case_max_ms=round(max(opened), 1),
        scrolled_rows=scrolled.rows,
        scroll_frames=scrolled.frames,
        waiting_frames=scrolled.waiting,
        steal_percent=round(100 * (after[0] - before[0]) / max(after[1] - before[1], 1.0), 2),
    )


def _of_messages(paths: Collection[str]) -> int:
    """How many of these paths are those of a case's messages."""
    return sum(path.endswith("/messages") for path in paths)
