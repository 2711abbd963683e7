"""How the gate looks: through disguises, at the right places, in bounded time and always alike."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oncedesk.domain.shared.gate.folding import fold
from oncedesk.domain.shared.gate.looking import Gate
from oncedesk.domain.shared.gate.phrases import PhraseInvalid, check_phrase, patterns
from oncedesk.domain.shared.gate.rules import HITS_MAX, GateRules, GateWords, Hit, HitKind
from tests.specs.gate.test_corpus import CASES, GATE, found


def spoken(*words: str) -> Gate:
    return Gate([GateRules(words=(GateWords("w", HitKind.RATING, words),))])


@pytest.mark.parametrize(
    ("text", "hit"),
    [
        ("电话 138 1234 5678 谢谢", Hit(HitKind.PHONE, 3, 16)),
        ("是\u200b1\u200b3８12345678", Hit(HitKind.PHONE, 2, 14)),
        ("“ｖ\u200bｘ： kefu001”", Hit(HitKind.MESSENGER, 1, 13)),
        ("ﬁ jane@example.com", Hit(HitKind.EMAIL, 2, 18)),
        ("Mail an info@müller.de bitte", Hit(HitKind.EMAIL, 8, 22)),
        ("Mail an jörg.weiß@web.de bitte", Hit(HitKind.EMAIL, 8, 24)),
        ("Oder bei müller-möbel.de bestellen", Hit(HitKind.LINK, 9, 24)),
    ],
)
def test_says_where_it_stands_in_the_text_as_it_was_written(text: str, hit: Hit) -> None:
    verdict = GATE.look(text)
    assert verdict is not None
    assert hit in verdict.hits


def test_the_same_rules_make_the_same_gate_in_whatever_order() -> None:
    a = GateWords("a", HitKind.RATING, ("five stars", "给..好评"))
    b = GateWords("b", HitKind.THREAT, ("走着瞧",))
    one = Gate([GateRules(words=(a, b), hosts=("x.com",))])
    other = Gate([GateRules(words=(b,)), GateRules(words=(a,), hosts=("x.com",))])
    assert one.name == other.name != Gate([GateRules(words=(a,))]).name
    for _, text in CASES:
        assert one.look(text) == other.look(text)


def test_too_many_hits_are_drawn_together_and_cover_all() -> None:
    text = "13812345678 和 a@b.com，" * (HITS_MAX + 1)
    verdict = GATE.look(text)
    assert verdict is not None
    kinds = {hit.kind: hit for hit in verdict.hits}
    assert len(kinds) == len(verdict.hits) == 2
    assert (kinds[HitKind.PHONE].start, kinds[HitKind.EMAIL].end) == (0, len(text) - 1)


def test_without_rules_numbers_and_addresses_are_still_found() -> None:
    bare = Gate(())
    verdict = bare.look("13812345678，加微信，https://oncedesk.example")
    assert verdict is not None
    assert [hit.kind for hit in verdict.hits] == [HitKind.PHONE, HitKind.LINK]


PIECES = [
    *("1", "13", "1 ", "0", "o", "+1", "-", ".", "微", "微信", "加", "vx", "v x ", "q", "@", "a@"),
    *("a.", "www.", "http://", "://", "点com", "撤", "撤 ", "好评", "给", "给 好", "kill ", "you "),
    *("review ", "your ", "\u200b", "一", "幺三", "①", "１", " dot ", " at ", "(at)", "(", ")"),
    *("\n", "é", "а", "find y"),
]


@settings(max_examples=60)
@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=4), st.sampled_from(PIECES))
def test_comes_to_an_end_whatever_is_repeated(pieces: list[str], last: str) -> None:
    """A pattern that backtracks would not: what takes milliseconds would take years."""
    text = ("".join(pieces) * 100_000)[:100_000] + last
    verdict = GATE.look(text)
    assert verdict is None or len(verdict.hits) <= HITS_MAX


@given(st.text(max_size=200))
def test_every_place_lies_in_the_text(text: str) -> None:
    verdict = GATE.look(text)
    assert verdict == GATE.look(text)
    for hit in () if verdict is None else verdict.hits:
        assert 0 <= hit.start < hit.end <= len(text)


@given(st.text(alphabet=st.sampled_from("微信号加１2３abc ．\u200b❤éİß㍻"), max_size=40))
def test_folding_keeps_every_character_at_its_place(text: str) -> None:
    folded = fold(text)
    for place in range(len(folded.text)):
        start, end = folded.span(place, place + 1)
        assert end - start == 1
        assert folded.text[place] in fold(text[start]).text


def test_nothing_before_or_after_hides_what_is_said() -> None:
    for kinds, text in CASES:
        verdict = GATE.look(f"您好。 {text} 。谢谢")
        assert kinds <= {hit.kind.value for hit in (() if verdict is None else verdict.hits)}, text


@pytest.mark.parametrize("around", ["{}", "您看：{}"], ids=["plain", "folded"])
@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("138\n1234\n5678", {"phone"}),
        ("138\r\n1234\r\n5678", {"phone"}),
        ("138\t1234\t5678", {"phone"}),
        ("一三八\n一二三四\n五六七八", {"phone"}),
        ("加\n微\n信", {"messenger"}),
        ("微信:\nabc12345", {"messenger"}),
        ("微信：\r\nabc12345", {"messenger"}),
        ("399\n299\n1000", set()),
        ("支持微信付款\nHello", set()),
        ("柜子打不开\n五星红旗多少钱", set()),
    ],
)
def test_a_line_break_hides_nothing_and_parts_what_is_not_one(
    around: str, text: str, kinds: set[str]
) -> None:
    assert found(around.format(text)) == kinds


@pytest.mark.parametrize(
    "phrase",
    [
        *("", " a b", "Give", "a", "a..b", "..好评", "好评..", "a..b..c..好评", "{id}微信"),
        *("微信{id}x", "x" * 41, "好...评论"),
    ],
)
def test_refuses_what_is_no_phrase(phrase: str) -> None:
    with pytest.raises(PhraseInvalid):
        check_phrase(phrase)


def test_a_phrase_is_found_in_spite_of_fillers_and_in_whole_words_only() -> None:
    gate = spoken("five stars", "加v", "给..好评", "vx..{id}")
    for text in ("Five  Stars!", "加 V", "加v。", "给我们一个好评", "VX：abc123", "vx 是 12345"):
        assert gate.look(text) is not None, text
    for text in (
        "fivestarship",
        "加vip",
        "给。好评",
        "给一二三四五六七好评",
        "avx abc123",
        "vx ab",
    ):
        assert gate.look(text) is None, text


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("напиши в телеграм", "Просто напиши в Телеграм, там дешевле"),
        ("viber..номер", "дай viber твой номер"),
        ("στο βάιμπερ", "γράψε μου στο βάιμπερ"),
        ("hors de l’appli", "payez hors de l’appli"),
        ("ไลน์ไอดี", "ขอไลน์ไอดีหน่อย"),
        ("ไลน์ไอดี", "ขอไลน์ไอดีหน่อย ❤️"),
    ],
)
def test_a_phrase_is_found_in_whatever_letters_it_is_written(phrase: str, text: str) -> None:
    check_phrase(phrase)
    assert spoken(phrase).look(text) is not None
    assert spoken(phrase).look(f"2 {text[:3]}") is None


def test_no_pattern_can_repeat_without_end() -> None:
    for one in patterns(["给..好评..吧", "whatsapp..{id}"]):
        assert "*?" not in one.replace(r"·~|*", "")
        assert "+" not in one
