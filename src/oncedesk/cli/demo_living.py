"""After the day: the marketplace is served and lives on, and a visitor is shown the way in."""

import asyncio
from functools import partial

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from oncedesk.cli.demo_doors import Doors, close_doors, open_doors, who_is_here
from oncedesk.http.sandbox import OfferedLogin, Sandbox
from oncedesk.logs import set_up_logs
from oncedesk.settings import Settings, masked_url
from oncedesk.simulation.living import live, move_in, rate_at
from oncedesk.simulation.playing import Play
from oncedesk.wiring import build

HOST = "127.0.0.1"
"""And no other: whoever reaches it could be anybody, and the log-ins are for one visitor."""


async def live_on(
    play: Play,
    *,
    settings: Settings,
    url: str,
    port: int,
    scale: float,
    console: Console,
) -> None:
    """Serve it, and let everybody in it go on, until this is cancelled."""
    from oncedesk.http.serving import serving

    # What happens here is looked at through the service; a line a request would bury the log-ins.
    if settings.log_level != "debug":
        set_up_logs(level="error", format_=settings.log_format)
    play.clock.set_going()
    async with build(url, settings=settings) as parts:
        move_in(play, parts)
        await parts.engine.start()
        doors = await open_doors(parts, play, audience=settings.token_audience)
        try:
            async with serving(
                parts, settings=settings, host=HOST, port=port, sandbox=_sandbox(doors)
            ):
                _welcome(console, doors, f"http://{HOST}:{port}", address(settings, url))
                await live(
                    play,
                    rate=rate_at(scale),
                    humans=partial(who_is_here, parts),
                )
        finally:
            await asyncio.shield(close_doors(parts, doors))


def _sandbox(doors: Doors) -> Sandbox:
    """Whoever opens the pages is shown the log-ins there, too."""
    log_ins = tuple(
        OfferedLogin(name=one.name, password=doors.password, zh=one.about.zh, en=one.about.en)
        for one in doors.logins
    )
    return Sandbox(log_ins=log_ins, consumer=doors.token, help_link=doors.help_link)


def address(settings: Settings, url: str) -> str:
    """Where the demo's database is; a password of the server's is not shown."""
    return url if settings.database_url is None else masked_url(url)


def _welcome(console: Console, doors: Doors, url: str, database: str) -> None:
    """Where to look, and as whom."""
    console.rule("平台继续运转 · The marketplace lives on")
    console.print(f"浏览器 · in a browser: {url}/desk", highlight=False)
    console.print(f"接口 · the API: {url}/docs", highlight=False)
    watch = f"ONCEDESK_DATABASE_URL='{database}' oncedesk watch"
    console.print(f"终端 · in a terminal: {watch}", highlight=False, soft_wrap=True)
    console.print("结束 · end: Ctrl-C", highlight=False)
    table = Table(
        title="登录 · Log-ins for /v1/desk/session", title_justify="left", title_style="bold"
    )
    for column in ("name", "password"):
        table.add_column(column, no_wrap=True)
    table.add_column("")
    for login in doors.logins:
        about = f"{login.about.zh} · {login.about.en}"
        table.add_row(login.name, doors.password, escape(about))
    console.print(table, highlight=False)
    for words, secret in (
        ("电商平台后端 · the marketplace's back end, with all rights", doors.key),
        (f"买家{doors.consumer}，一小时内有效 · a consumer, good for an hour", doors.token),
    ):
        console.print(words, highlight=False)
        console.print(f"  Authorization: Bearer {secret}", highlight=False, soft_wrap=True)
    console.print(f"买家{doors.consumer}的帮助页 · their help page", highlight=False)
    console.print(f"  {url}/sandbox/help", highlight=False)
    console.print(
        "登录后，这位客服不再自动处理，由您接手。\n"
        "Whom you log in as acts no more by itself, until you log out: it is you now.",
        highlight=False,
    )
