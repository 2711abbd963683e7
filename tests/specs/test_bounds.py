"""Every word in a command is bounded and on one line, and every moment has its zone."""

import re
from collections.abc import Iterator
from typing import Annotated, Any

import msgspec
import pytest
from msgspec import inspect

from oncedesk.domain.shared.bounds import bounded
from oncedesk.domain.shared.refs import Kind
from oncedesk.wiring import DECIDERS

Short = Annotated[str, bounded("[a-z]{1,8}", max_length=8)]


def leaves(kind: inspect.Type, path: str, seen: frozenset[type] = frozenset()) -> Iterator[Any]:
    """Every word and moment that can stand in a value of this type, with where it stands."""
    match kind:
        case inspect.StrType() | inspect.DateTimeType():
            yield path, kind
        case inspect.StructType() if kind.cls not in seen:
            for field in kind.fields:
                yield from leaves(
                    field.type, f"{path}.{kind.cls.__name__}.{field.name}", seen | {kind.cls}
                )
        case inspect.UnionType():
            for one in kind.types:
                yield from leaves(one, path, seen)
        case inspect.VarTupleType() | inspect.ListType() | inspect.SetType():
            yield from leaves(kind.item_type, path, seen)
        case inspect.TupleType():
            for one in kind.item_types:
                yield from leaves(one, path, seen)
        case inspect.DictType():
            yield from leaves(kind.key_type, path, seen)
            yield from leaves(kind.value_type, path, seen)
        case _:
            assert not isinstance(kind, inspect.AnyType), f"{path} can be anything"


LEAVES = [
    found
    for decider in DECIDERS
    for found in leaves(inspect.type_info(decider.commands), decider.kind.value)
]
WORDS = [found for found in LEAVES if isinstance(found[1], inspect.StrType)]
MOMENTS = [found for found in LEAVES if isinstance(found[1], inspect.DateTimeType)]


@pytest.mark.parametrize(("where", "kind"), WORDS, ids=[where for where, _ in WORDS])
def test_every_word_is_bounded_and_is_one_line(where: str, kind: inspect.StrType) -> None:
    assert kind.max_length is not None, f"{where} can be of any length"
    assert kind.pattern is not None, f"{where} can hold anything"

    def fits(word: str) -> bool:
        assert kind.pattern is not None
        assert kind.max_length is not None
        return len(word) <= kind.max_length and re.search(kind.pattern, word) is not None

    samples = [
        word
        for begins in ("", "https://a.example/", "138****")
        for letter in ("a", "A", "0")
        for length in range(kind.max_length + 1 - len(begins))
        if fits(word := begins + letter * length)
    ]
    assert samples, f"{where} accepts nothing"
    for sample in samples:
        for bad in ("\n", "\0", "\r\n"):
            assert not fits(sample + bad), f"{where} accepts {sample + bad!r}"
            assert not fits(bad + sample), f"{where} accepts {bad + sample!r}"
        assert len(sample) < kind.max_length or not re.search(kind.pattern, sample + sample[-1:])


@pytest.mark.parametrize(("where", "kind"), MOMENTS, ids=[where for where, _ in MOMENTS])
def test_every_moment_has_its_zone(where: str, kind: inspect.DateTimeType) -> None:
    """Without one it cannot be compared, and deciding would fail instead of refusing."""
    assert kind.tz is True, f"{where} may be a moment of nowhere"


def test_there_are_words_in_every_kind_of_command() -> None:
    kinds = {one.kind.value for one in DECIDERS} - {Kind.EVIDENCE.value}
    assert {where.partition(".")[0] for where, _ in WORDS} == kinds


@pytest.mark.parametrize("word", ["", "a" * 9, "a\n", "\n", "a\0", "a b", "A"])
def test_a_bound_refuses_what_does_not_fit_as_a_whole(word: str) -> None:
    assert msgspec.convert("abc", Short) == "abc"
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(word, Short)
