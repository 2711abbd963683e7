"""The generated marketplace: the same by the same seed, in both languages, nobody real in it."""

import hashlib
import re
from datetime import UTC, datetime
from random import Random
from string import Formatter
from typing import Any

import msgspec
import pytest

from oncedesk.domain.conversations.subjects import SubjectKind
from oncedesk.domain.shared.gate.looking import Gate
from oncedesk.engine.codec import Codec
from oncedesk.engine.entry import Entry
from oncedesk.rules.loading import load_builtin
from oncedesk.simulation.dice import Dice
from oncedesk.simulation.parcels import Fate, draw_fate
from oncedesk.simulation.plans import Draw, Moment, Plan
from oncedesk.simulation.tables import Pair, Topic, goods, market_names, people_names, phrases
from oncedesk.simulation.words import Sayings
from oncedesk.simulation.world import Size, World, generate
from oncedesk.wiring import DECIDERS

AT = datetime(2026, 3, 3, 12, 0, tzinfo=UTC)
SKILLS = tuple(sorted(load_builtin("cn").pack(AT.date()).skills))
SLOTS = {
    "goods", "variant", "defect", "gift", "ask", "tell", "price", "less", "shop", "host", "carrier",
    "city", "day", "order", "buyer",
}  # fmt: skip
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def marketplace(seed: int, *, cases: int = 900) -> tuple[World, list[Plan]]:
    chance = Random(seed)
    world = generate(cases=cases, chance=chance, skills=SKILLS)
    stories = Draw(world, chance)
    return world, [stories.story(Moment(AT)) for _ in range(cases)]


def sayings_of(world: World) -> Sayings:
    return Sayings(Entry(Codec(DECIDERS), b"secret", lambda: Gate(())), world)


def fingerprint(world: World, plans: list[Plan]) -> str:
    def plain(value: Any) -> Any:
        assert isinstance(value, Dice)
        return [value.throw() for _ in range(64)]

    return hashlib.sha256(msgspec.json.encode((world, plans), enc_hook=plain)).hexdigest()


def test_the_same_seed_makes_the_same_marketplace() -> None:
    one, again, other = (fingerprint(*marketplace(seed)) for seed in (5, 5, 6))

    assert one == again
    assert one != other


def test_no_phone_number_can_be_anybodys() -> None:
    _, plans = marketplace(1)
    phones = {plan.person.phone for plan in plans}

    unused = re.compile(r"\+86 000 0000 \d{4}|\+44 7700 900\d{3}")
    assert [phone for phone in phones if not unused.fullmatch(phone)] == []
    assert len(phones) > 500


def test_merchants_are_of_all_sizes_and_some_never_answer_or_have_nobody() -> None:
    world, plans = marketplace(2)

    assert {one.size for one in world.merchants} == set(Size)
    assert [one for one in world.merchants if one.silent]
    assert [one for one in world.merchants if one.unstaffed]
    assert {one.size for one in world.merchants if one.silent or one.unstaffed} <= {
        Size.MEDIUM,
        Size.SMALL,
    }
    sold = {size: sum(plan.listing.merchant in ids(world, size) for plan in plans) for size in Size}
    assert sold[Size.LARGE] / len(ids(world, Size.LARGE)) > 4 * sold[Size.SMALL] / len(
        ids(world, Size.SMALL)
    )


def ids(world: World, size: Size) -> set[object]:
    return {one.id for one in world.merchants if one.size is size}


def test_what_was_seen_in_a_show_is_shown_in_it() -> None:
    world, plans = marketplace(3)
    creators = {one.id for one in world.creators}

    seen = [plan for plan in plans if plan.show is not None]
    assert seen
    for plan in seen:
        assert plan.show is not None
        assert plan.subject.kind is SubjectKind.NONE or plan.show.creator == plan.creator
        assert plan.show.creator in creators
        assert plan.listing.id in {one.id for one in plan.show.listings}
    live = [show for creator in world.creators for show in creator.shows if show.live]
    assert {offer.kind for show in live for offer in show.offers} == {"gift", "price", "day"}


def test_parcels_are_about_as_often_late_as_their_carrier_is() -> None:
    world, _ = marketplace(9)
    stories = Draw(world, Random(9))
    quiet = [stories.story(Moment(AT, calls=False)) for _ in range(6_000)]

    for carrier in world.carriers:
        fates = [draw_fate(plan) for plan in quiet if plan.carrier.id == carrier.id]
        share = 100 * fates.count(Fate.LATE) / len(fates)
        # Some of their parcels have another fate before that.
        assert 0.75 * carrier.late - 3 < share < carrier.late + 3, (carrier.name, share)


def test_names_differ_and_are_in_both_languages() -> None:
    world, _ = marketplace(4, cases=9_000)

    for group in (world.merchants, world.creators, world.agencies, world.carriers):
        assert len({one.name.zh for one in group}) == len({one.name.en for one in group})
        assert len({one.name.zh for one in group}) == len(group)
    assert all(CHINESE.search(one.name.zh) for one in world.merchants)
    assert not any(CHINESE.search(one.name.en) for one in world.merchants)


def test_both_languages_have_the_same_topics_and_only_known_names_in_braces() -> None:
    chinese, english = phrases("zh"), phrases("en")

    assert [(one.name, one.issue) for one in chinese.topic] == [
        (one.name, one.issue) for one in english.topic
    ]
    for spoken in (chinese, english):
        tables = [spoken.shared, *spoken.topic]
        texts = [
            text
            for table in tables
            for kind, lines in msgspec.structs.asdict(table).items()
            if kind not in ("name", "issue")
            for text in lines
        ]
        named = {name for text in texts for _, name, _, _ in Formatter().parse(text) if name}
        assert named <= SLOTS, named - SLOTS
    assert not any(CHINESE.search(text) for topic in english.topic for text in spoken_in(topic))
    bare = [re.sub(r"{\w+}", "", text) for topic in chinese.topic for text in spoken_in(topic)]
    assert [text for text in bare if re.search("[A-Za-z]{3}", text)] == []


def spoken_in(topic: Topic) -> list[str]:
    kinds = (topic.first, topic.answer, topic.question, topic.reply, topic.settled)
    return [text for kind in kinds for text in kind]


def test_every_issue_of_the_market_has_words() -> None:
    known = {one.issue for one in phrases("zh").topic}

    # Consumers come about all of them but those that only we open.
    ours = {"dispute", "fake_tracking", "not_coming", "remedy_review"}
    assert set(load_builtin("cn").pack(AT.date()).issues) - known == ours


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_is_said_fits_its_story(language: str) -> None:
    world, plans = marketplace(7)
    sayings = sayings_of(world)
    told = [plan for plan in plans if plan.language == language]
    said = set()
    for plan in told:
        issue = plan.issue
        said |= {
            sayings.first(plan, issue=issue),
            sayings.answer(plan, issue=issue, turn=0, first=True),
            sayings.question(plan, issue=issue, turn=0),
            sayings.more(plan, issue=issue, turn=0),
            sayings.settled(plan, issue=issue, turn=0),
            sayings.chase(plan),
            sayings.again(plan),
            sayings.between(plan),
            sayings.found(plan),
            sayings.note(plan),
        }

    assert [text for text in said if "{" in text or not text.strip()] == []
    assert [text for text in said if bool(CHINESE.search(text)) != (language == "zh")] == []
    assert len(said) > 3 * len(told), "stories differ in what is said"


def test_the_tables_of_goods_and_names_are_complete() -> None:
    pairs: list[Pair] = []
    for category in goods().category:
        assert category.items
        assert all(item.lowest_minor < item.highest_minor for item in category.items)
        pairs += [category.name, *category.makes, *category.variants, *category.defects]
        pairs += category.gifts
    names = market_names()
    pairs += [*names.brands, *names.shops, *names.nicknames, *names.rooms, *names.agencies]
    assert [pair for pair in pairs if not pair.zh or not pair.en or CHINESE.search(pair.en)] == []
    assert sum(one.weight for one in names.carrier) == 100
    assert len(set(people_names().given)) == len(people_names().given)
