"""`oncedesk webhooks`: who is told of what by HTTP, and what became of it."""

import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Annotated, TypeVar
from uuid import UUID

import msgspec
from cyclopts import App, Parameter
from rich.console import Console
from rich.text import Text

from oncedesk.cli.printing import listing, print_listing
from oncedesk.cli.session import complain, parts, run, settings_or_exit
from oncedesk.cli.webhooks_shown import deliveries_table, endpoints_table, in_words
from oncedesk.connectors.webhooks.managing import EndpointWithSecret, Replay, Webhooks
from oncedesk.domain.shared.decider import Actor, Refusal, Role
from oncedesk.domain.shared.refs import PLATFORM, Desk, desk_of
from oncedesk.engine.webhooks.model import COUNTED_MAX, DeliveryStatus
from oncedesk.http.shapes.webhooks import (
    DeliveryShape,
    EndpointCountedShape,
    EndpointShape,
    counted_shape,
    delivery_shape,
    endpoint_shape,
    secret_shape,
)

console = Console()
app = App(
    name="webhooks",
    help="Webhooks: tell others by HTTP what happens, and look after what goes to them.",
)
OPERATOR = Actor(Role.ADMIN)
T = TypeVar("T")
EndpointId = Annotated[UUID, Parameter(name="ID")]


@app.command
def add(
    url: str,
    /,
    *,
    topic: Annotated[tuple[str, ...], Parameter(negative=())] = (),
    desk: str = "platform",
    note: str = "",
    json: bool = False,
) -> int:
    """Tell this URL what happens from now on, and print the secret that its receiver needs.

    Parameters
    ----------
    url
        Where to: https, and not into a network that is not public.
    topic
        What of, again for each topic; all that it may be told of if not given.
    desk
        Whose it is: `platform` for the marketplace's own, which sees everything, or `merchant:ID`
        or `creator:ID`, which see the cases that lie with that desk.
    note
        A word for people.
    json
        Print one JSON object.
    """
    owner = _desk(desk)

    async def work(webhooks: Webhooks) -> EndpointWithSecret | Refusal:
        return await webhooks.add(
            actor=OPERATOR, desk=owner, url=url, topics=topic or None, note=note
        )

    def show(added: EndpointWithSecret) -> None:
        console.print(f"Added {added.endpoint.id}.", highlight=False)
        _print_secret(added)

    return _run(work, show, json=secret_shape if json else None)


@app.command(name="list")
def list_(*, desk: str | None = None, json: bool = False) -> int:
    """Show the endpoints, the oldest first.

    Parameters
    ----------
    desk
        Only those of this desk: `platform`, `merchant:ID` or `creator:ID`.
    json
        Print them as JSON.
    """
    owner = None if desk is None else _desk(desk)

    async def work(webhooks: Webhooks) -> list[EndpointShape] | Refusal:
        found = await webhooks.list(actor=OPERATOR, desk=owner)
        return found if isinstance(found, Refusal) else [endpoint_shape(one) for one in found]

    def show(found: list[EndpointShape]) -> None:
        if not found:
            console.print("There are no endpoints: nothing leaves, and nothing waits.")
            return
        print_listing(endpoints_table(found))

    return _run(work, show, json=_same if json else None)


@app.command
def show(id_: EndpointId, /, *, json: bool = False) -> int:
    """Show one endpoint, and how many of its deliveries wait, were taken or were given up.

    Parameters
    ----------
    id_
        The endpoint's id.
    json
        Print one JSON object.
    """

    async def work(webhooks: Webhooks) -> EndpointCountedShape | Refusal:
        found = await webhooks.show(id_, actor=OPERATOR)
        return found if isinstance(found, Refusal) else counted_shape(found)

    def show_it(found: EndpointCountedShape) -> None:
        table = listing("", "")
        table.show_header = False
        for name, value in msgspec.structs.asdict(found).items():
            words = ", ".join(value) if isinstance(value, tuple) else in_words(value)
            table.add_row(name.replace("_", " "), Text(words))
        print_listing(table)

    return _run(work, show_it, json=_same if json else None)


@app.command
def disable(id_: EndpointId, /, *, reason: str = "disabled by an operator") -> int:
    """Send nothing there any more; what waits is given up.

    Parameters
    ----------
    id_
        The endpoint's id.
    reason
        Why. Everybody who sees the endpoint sees it.
    """

    async def work(webhooks: Webhooks) -> str | Refusal:
        refused = await webhooks.disable(id_, actor=OPERATOR, reason=reason)
        return refused or f"Disabled {id_}."

    return _run(work, _say)


@app.command
def enable(id_: EndpointId, /, *, json: bool = False) -> int:
    """Send there again from now on. What was given up meanwhile: oncedesk webhooks replay.

    Parameters
    ----------
    id_
        The endpoint's id.
    json
        Print one JSON object.
    """

    async def work(webhooks: Webhooks) -> EndpointWithSecret | Refusal:
        return await webhooks.enable(id_, actor=OPERATOR)

    def show_it(enabled: EndpointWithSecret) -> None:
        console.print(f"Enabled {id_}.", highlight=False)
        _print_secret(enabled)

    return _run(work, show_it, json=secret_shape if json else None)


@app.command
def remove(id_: EndpointId, /) -> int:
    """Forget an endpoint; what waits for it is never sent.

    Parameters
    ----------
    id_
        The endpoint's id.
    """

    async def work(webhooks: Webhooks) -> str | Refusal:
        return await webhooks.remove(id_, actor=OPERATOR) or f"Removed {id_}."

    return _run(work, _say)


@app.command
def rotate(id_: EndpointId, /, *, json: bool = False) -> int:
    """Change an endpoint's secret and print the new one. For a day the old one signs as well.

    Parameters
    ----------
    id_
        The endpoint's id.
    json
        Print one JSON object.
    """

    async def work(webhooks: Webhooks) -> EndpointWithSecret | Refusal:
        return await webhooks.rotate(id_, actor=OPERATOR)

    return _run(work, _print_secret, json=secret_shape if json else None)


@app.command
def replay(
    id_: EndpointId,
    /,
    *,
    delivery: UUID | None = None,
    since: datetime | None = None,
    failed: bool = False,
) -> int:
    """Send deliveries again, under the same ids.

    Parameters
    ----------
    id_
        The endpoint's id.
    delivery
        This one.
    since
        All of what happened since then, such as 2026-11-30T08:00:00 (UTC unless it says otherwise).
    failed
        Those that were given up; with `--since` only of what happened since then.
    """
    moment = since.replace(tzinfo=UTC) if since is not None and since.tzinfo is None else since

    async def work(webhooks: Webhooks) -> str | Refusal:
        what = Replay(delivery=delivery, since=moment, failed=failed)
        count = await webhooks.replay(id_, actor=OPERATOR, what=what)
        if isinstance(count, Refusal):
            return count
        return f"Sent again, as soon as a started engine comes to it: {count:,}."

    return _run(work, _say)


@app.command
def send_now(id_: EndpointId, /, *, delivery: UUID | None = None) -> int:
    """Send at once what waits for its next attempt, as its receiver is back.

    Parameters
    ----------
    id_
        The endpoint's id.
    delivery
        Only this one, and before it what it waits for.
    """

    async def work(webhooks: Webhooks) -> str | Refusal:
        count = await webhooks.send_now(id_, actor=OPERATOR, delivery=delivery)
        if isinstance(count, Refusal):
            return count
        if not count:
            return "Nothing waits for its next attempt: it is due, or there is nothing."
        more = " or more" if count == COUNTED_MAX else ""
        return f"Sent now, as soon as a started engine comes to it: {count:,}{more}."

    return _run(work, _say)


@app.command
def deliveries(
    id_: EndpointId,
    /,
    *,
    status: DeliveryStatus | None = None,
    before: UUID | None = None,
    limit: int = 20,
    json: bool = False,
) -> int:
    """Show what went or goes to an endpoint, the newest first.

    Parameters
    ----------
    id_
        The endpoint's id.
    status
        Only those that wait, were taken, or were given up (failed).
    before
        Those before this delivery: the last one that was shown.
    limit
        How many, at most 200.
    json
        Print them as JSON.
    """

    async def work(webhooks: Webhooks) -> list[DeliveryShape] | Refusal:
        found = await webhooks.deliveries(
            id_, actor=OPERATOR, status=status, before=before, limit=limit
        )
        if isinstance(found, Refusal):
            return found
        return [delivery_shape(one) for one in found]

    def show_it(found: list[DeliveryShape]) -> None:
        if found:
            print_listing(deliveries_table(found))
        else:
            console.print("There are none.")

    return _run(work, show_it, json=_same if json else None)


@app.command
def test(id_: EndpointId, /) -> int:
    """Send a signed ping to an endpoint now, and show what came back.

    Parameters
    ----------
    id_
        The endpoint's id.
    """

    async def work(webhooks: Webhooks) -> str | Refusal:
        outcome = await webhooks.test(id_, actor=OPERATOR)
        if isinstance(outcome, Refusal):
            return outcome
        came = f"{outcome.code} {outcome.answer}".strip()
        if not outcome.taken:
            code = "webhook_not_taken"
            return Refusal(code, came if outcome.code is not None else outcome.answer)
        return f"Taken: {came}"

    return _run(work, _say)


def _run(
    work: Callable[[Webhooks], Awaitable[T | Refusal]],
    show: Callable[[T], None],
    *,
    json: Callable[[T], object] | None = None,
) -> int:
    """Do it on the configured database; a refusal is one line and a 1."""

    async def on_database() -> int:
        async with parts(settings_or_exit()) as built:
            found = await work(built.webhooks)
        if isinstance(found, Refusal):
            line = f"Refused: {found.code}: {found.detail}" if found.detail else found.code
            complain(line)
            return 1
        if json is not None:
            sys.stdout.write(msgspec.json.encode(json(found)).decode() + "\n")
        else:
            show(found)
        return 0

    return run(on_database())


def _desk(name: str) -> Desk:
    try:
        return desk_of(name)
    except ValueError:
        line = f"--desk: expected {PLATFORM}, merchant:ID or creator:ID, got {name!r}"
        complain(line)
        sys.exit(2)


def _say(line: str) -> None:
    console.print(line, markup=False, highlight=False, soft_wrap=True)


def _print_secret(found: EndpointWithSecret) -> None:
    console.print("Its receiver verifies with this secret:")
    console.print(found.secret, markup=False, highlight=False, soft_wrap=True)


def _same(found: object) -> object:
    return found
