"""What goods in orders are called and how they look, to whoever may see the order."""

import re
from collections.abc import Mapping, Sequence
from uuid import UUID

from oncedesk.domain.listings.state import Listing
from oncedesk.domain.orders.state import HeldItem, Part
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import listing_ref
from oncedesk.storage.bought import Bought

# Nothing but a host and its port up to the path, so that no browser reads another host there.
_PLACE = re.compile(r"https://([a-z0-9.-]+(?::[0-9]+)?)(?=[/?#]|$)")


class Look(Record, frozen=True):
    """A title and the address of a picture, as far as there is any."""

    title: str | None = None
    picture: str | None = None


class Looks(Record, frozen=True):
    """`bought` by the orders' ids, `listings` by the ids of their states. `hosts` are those from
    which pictures may load, as the setting has them; None: whoever asks loads none by our pages.
    """

    bought: Mapping[UUID, Sequence[Bought]]
    listings: Mapping[UUID, Listing]
    hosts: str | None

    def of(self, *, order: UUID, part: Part, item: HeldItem) -> Look:
        """As it was bought. What came in its place since, or was told without, as it is now."""
        now = self.listings.get(listing_ref(merchant=part.merchant, listing=item.listing).id)
        title = None if now is None else now.title
        picture = None if now is None else now.picture
        what = (part.number, item.listing, item.terms.variant)
        for one in self.bought.get(order, ()):
            if (one.part, one.listing, one.variant) == what:
                title, picture = one.title or title, one.picture or picture
        if picture is not None and self.hosts is not None and not may_load(picture, self.hosts):
            picture = None
        return Look(title, picture)


def may_load(picture: str, hosts: str) -> bool:
    """Whether it is at one of these hosts: `img.example`, or `*.img.example` for all below it."""
    place = _PLACE.match(picture.lower())
    return place is not None and any(
        place[1].endswith(host[1:]) if host.startswith("*.") else place[1] == host
        for host in hosts.split()
    )


def sources(hosts: str) -> str:
    """The same for a Content-Security-Policy."""
    return "".join(f" https://{host}" for host in hosts.split())
