"""Masked data is enough to recognise and not enough to use."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oncedesk.domain.shared.gate.rules import Hit, HitKind
from oncedesk.domain.shared.masking import (
    mask_email,
    mask_name,
    mask_phone,
    mask_text,
)
from oncedesk.domain.shared.persons import Person, person_of, person_text


@pytest.mark.parametrize(
    ("mask", "value", "shown"),
    [
        (mask_phone, "13812341234", "138****1234"),
        (mask_phone, "138 1234 1234", "138****1234"),
        (mask_phone, "+49 171 2345678", "+49******5678"),
        (mask_phone, "12345678", "****78"),
        (mask_phone, "110", "***"),
        (mask_name, "张三", "张*"),
        (mask_name, "欧阳小明", "欧**"),
        (mask_name, "Jane Doe", "J*** D***"),
        (mask_email, "jane@example.com", "j***@e***.com"),
        (mask_email, "nonsense", "***"),
    ],
)
def test_shows_so_much(mask: object, value: str, shown: str) -> None:
    assert callable(mask)
    assert mask(value) == shown


def test_a_person_is_kept_as_a_text_and_other_texts_stay_what_they_were() -> None:
    person = Person(name="张三", phone="138")
    assert person_of(person_text(person)) == person
    for text in ("张三 138", "{not json", "[1]", "{}x"):
        assert person_of(text) == Person(other=text)


def test_a_message_is_masked_where_it_is_marked() -> None:
    text = "我是张三，电话13812341234，邮箱 jane@example.com，https://evil.example/a?b"
    phone, email = text.index("138"), text.index("jane")
    link = text.index("https")
    masks = [
        Hit(HitKind.LINK, link, len(text)),
        Hit(HitKind.PHONE, phone, phone + 11),
        Hit(HitKind.EMAIL, email, email + 16),
        Hit(HitKind.CODE, 0, 0),
    ]
    assert mask_text(text, masks) == (
        "我是张三，电话138****1234，邮箱 j***@e***.com，https://evil.example/***"
    )


def test_what_overlaps_is_masked_once() -> None:
    assert mask_text("0123456789", [Hit(HitKind.MESSENGER, 2, 6), Hit(HitKind.PHONE, 4, 9)]) == (
        "01***9"
    )


@given(
    st.text(max_size=40),
    st.lists(st.tuples(st.sampled_from(HitKind), st.integers(0, 50), st.integers(0, 20))),
)
def test_every_mark_whatever_it_is_gives_a_text(
    text: str, marks: list[tuple[HitKind, int, int]]
) -> None:
    masks = [Hit(kind, start, start + length) for kind, start, length in marks]
    shown = mask_text(text, masks)
    covered = {i for hit in masks for i in range(hit.start, hit.end)}
    kept = "".join(one for place, one in enumerate(text) if place not in covered)
    left = iter(shown)
    assert all(one in left for one in kept), "what is not marked is all there, in its order"
