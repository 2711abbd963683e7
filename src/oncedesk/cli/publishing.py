"""Says what holds in a market from when, after a folder of rules was published."""

from zoneinfo import ZoneInfo

from oncedesk.cli.printing import console, listing, print_listing
from oncedesk.cli.session import errors
from oncedesk.domain.rulebook.state import Publication
from oncedesk.publishing import Published
from oncedesk.wiring import BEGINNING


def print_published(market: str, published: Published) -> None:
    """What holds from when; what may surprise goes to standard error."""
    console.print(f"What holds in {market}")
    table = listing("from", "version", "hash", "")
    for one in published.standing:
        said = "holds" if one == published.standing[0] else "planned before"
        if one in published.new:
            said = "published now"
        table.add_row(_moment(one, published.zone), one.version, one.pack_hash, said)
    print_listing(table)
    if not published.new:
        console.print("There was nothing to publish: all of it holds or is planned already.")
    for one in published.others:
        errors.print(
            f"Planned before, and not from this folder: {one.version} from "
            f"{_moment(one, published.zone)}",
            style="yellow",
            markup=False,
        )


def _moment(one: Publication, zone: ZoneInfo) -> str:
    if one.valid_from == BEGINNING:
        return "the beginning"
    return f"{one.valid_from.astimezone(zone):%Y-%m-%d %H:%M %Z}"
