"""What is sold and where it is shown: listings, videos, and live rooms with what they promise."""

from collections.abc import Sequence
from enum import StrEnum
from random import Random
from uuid import UUID

from oncedesk.domain.shared.ids import derived_id
from oncedesk.domain.shared.records import Record
from oncedesk.simulation.tables import Category, Item, Pair

PRESALE_PERCENT = 7


class Form(Record, frozen=True):
    """A variant of a listing, and its price."""

    id: UUID
    price_minor: int


class Listing(Record, frozen=True):
    """Something that a merchant sells, at `price_minor`; `goods` is what people call it."""

    id: UUID
    merchant: UUID
    category: Category
    title: Pair
    goods: Pair
    price_minor: int
    presale: bool

    @property
    def variants(self) -> tuple[Form, ...]:
        """As it is shown, and one each that costs the same, more, and less."""
        ids = (derived_id("simulated variant", self.id, str(n)) for n in range(4))
        prices = (self.price_minor * percent // 100 for percent in (100, 100, 125, 75))
        return tuple(map(Form, ids, prices))


class OfferKind(StrEnum):
    """What a live room can promise aloud."""

    GIFT = "gift"
    PRICE = "price"
    DAY = "day"


class Offer(Record, frozen=True):
    """What was promised of a listing, in the host's words. `less_minor` is off its price."""

    kind: OfferKind
    listing: UUID
    words: Pair
    gift: Pair
    less_minor: int


class Show(Record, frozen=True):
    """A live session or a video, what is shown in it, and what was promised aloud."""

    id: UUID
    creator: UUID
    title: Pair
    live: bool
    listings: tuple[Listing, ...]
    offers: tuple[Offer, ...]


def draw_listings(
    *, merchant: UUID, brand: Pair, category: Category, number: int, chance: Random
) -> tuple[Listing, ...]:
    """So many of a merchant's; the same thing may be sold in several makes."""
    made = []
    for n in range(number):
        item, make = chance.choice(category.items), chance.choice(category.makes)
        # Prices end in nine, as they do.
        price = chance.randint(item.lowest_minor, item.highest_minor) // 1_000 * 1_000 + 900
        made.append(
            Listing(
                id=derived_id("simulated listing", merchant, str(n)),
                merchant=merchant,
                category=category,
                title=_title(brand, make, item),
                goods=Pair(item.zh, item.en),
                price_minor=price,
                presale=chance.random() * 100 < PRESALE_PERCENT,
            )
        )
    return tuple(made)


def draw_show(
    *, creator: UUID, name: Pair, number: int, listings: Sequence[Listing], chance: Random
) -> Show:
    """A creator's show of some of these; the first is a live session, most others are videos."""
    live = number == 0 or chance.random() < 0.4
    shown = tuple(chance.sample(listings, k=min(len(listings), chance.randint(3, 9))))
    first = shown[0].goods
    kind = Pair("直播专场", "live") if live else Pair("种草视频", "video")
    return Show(
        id=derived_id("simulated show", creator, str(number)),
        creator=creator,
        title=Pair(f"{name.zh}·{first.zh}{kind.zh}", f"{name.en}: {first.en}, {kind.en}"),
        live=live,
        listings=shown,
        offers=tuple(_offer(one, chance) for one in shown) if live else (),
    )


def money(minor: int, *, language: str) -> str:
    """An amount as people write it here."""
    amount = f"{minor // 100}" if minor % 100 == 0 else f"{minor // 100}.{minor % 100:02}"
    return f"¥{amount}" if language == "en" else f"{amount}元"


def _title(brand: Pair, make: Pair, item: Item) -> Pair:
    return Pair(f"{brand.zh} {make.zh}{item.zh}", f"{brand.en} {make.en} {item.en}")


def _offer(listing: Listing, chance: Random) -> Offer:
    kind = chance.choices(list(OfferKind), (50, 30, 20))[0]
    gift = chance.choice(listing.category.gifts)
    less = max(500, listing.price_minor // 1_000 * 100)
    zh, en = money(less, language="zh"), money(less, language="en")
    words = {
        OfferKind.GIFT: Pair(
            f"拍{listing.goods.zh}就送{gift.zh}！",
            f"Order the {listing.goods.en} and get {gift.en}!",
        ),
        OfferKind.PRICE: Pair(f"今晚直播间立减{zh}！", f"Tonight only: {en} off!"),
        OfferKind.DAY: Pair("今天拍，明天就发！", "Order today, and it leaves tomorrow!"),
    }[kind]
    return Offer(kind, listing.id, words, gift, less)
