"""A batch sees one set of packs; what holds changes by time and publishing, never inside it."""

from datetime import timedelta

import msgspec
import pytest

from oncedesk.domain.rulebook.state import Publication, RulebookState
from oncedesk.domain.shared.rulepack import Pack, PackUnknown
from oncedesk.rules.library import PackLibrary
from oncedesk.rules.storing import seal
from tests.support.given import START, small_pack

DAY = timedelta(days=1)


def pack(version: str, market: str = "cn") -> Pack:
    return seal(msgspec.structs.replace(small_pack(), version=version, market=market))


FIRST, SECOND, ABROAD = pack("1"), pack("2"), pack("1", "eu")


def rulebook(*packs: tuple[Pack, int]) -> RulebookState:
    return RulebookState(
        market=packs[0][0].market,
        publications=tuple(
            Publication(pack.hash, pack.version, START + days * DAY) for pack, days in packs
        ),
    )


def test_the_pack_of_the_day_holds() -> None:
    library = PackLibrary([FIRST, SECOND])
    library.follow(rulebook((FIRST, 0), (SECOND, 7)))
    assert library.at(START).current("cn") == FIRST
    assert library.at(START + 7 * DAY - timedelta(microseconds=1)).current("cn") == FIRST
    assert library.at(START + 7 * DAY).current("cn") == SECOND
    assert library.at(START).current("cn") == FIRST
    with pytest.raises(PackUnknown, match="no rule pack holds in market 'cn'"):
        library.at(START - DAY).current("cn")


def test_old_and_planned_packs_are_found_by_hash() -> None:
    library = PackLibrary([FIRST, SECOND])
    library.follow(rulebook((FIRST, 0)))
    assert library.at(START).by_hash(SECOND.hash) is SECOND
    with pytest.raises(PackUnknown, match="no rule pack 'nope' is stored"):
        library.at(START).by_hash("nope")
    with pytest.raises(PackUnknown, match="no rule pack holds in market 'mars'"):
        library.at(START).current("mars")


def test_a_set_that_was_handed_out_never_changes() -> None:
    library = PackLibrary([FIRST])
    library.follow(rulebook((FIRST, 0)))
    before = library.at(START)
    assert library.at(START + DAY) is before
    library.add([SECOND])
    library.follow(rulebook((FIRST, 0), (SECOND, 1)))
    assert before.current("cn") == FIRST
    assert SECOND.hash not in before.packs
    after = library.at(START + DAY)
    assert after.current("cn") == SECOND
    assert after.hash != before.hash
    assert library.at(START).hash == before.hash


def test_a_set_can_be_made_again_from_what_held() -> None:
    library = PackLibrary.always([FIRST, ABROAD])
    found = library.at(START)
    assert (found.current("cn"), found.current("eu")) == (FIRST, ABROAD)
    again = PackLibrary([ABROAD, SECOND, FIRST]).holding(found.holding)
    assert again.hash == found.hash
    assert again.current("cn") == FIRST
    with pytest.raises(PackUnknown):
        library.holding({"cn": "nope"})


def test_a_rulebook_that_names_an_unknown_pack_changes_nothing() -> None:
    library = PackLibrary([FIRST])
    library.follow(rulebook((FIRST, 0)))
    with pytest.raises(PackUnknown, match="is not stored"):
        library.follow(rulebook((FIRST, 0), (SECOND, 1)))
    assert library.at(START + DAY).current("cn") == FIRST


def test_nothing_holds_by_being_known() -> None:
    with pytest.raises(PackUnknown):
        PackLibrary([FIRST]).at(START).current("cn")
