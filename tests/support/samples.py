"""Samples of recorded shapes: made from their types, every field filled, always the same way."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any, get_args
from uuid import UUID

import msgspec
from msgspec import inspect

from oncedesk.domain.shared.decider import Decider
from oncedesk.engine.codec import Codec

DAY = datetime(2025, 3, 3, 9, 0, tzinfo=UTC)
WORDS = ("refund", "cn", "CNY", "zh", "0" * 32, "A-1", "text", "138****5678", "https://a.example/1")
NESTED_MAX = 6


def recorded_types(decider: Decider) -> Iterator[type]:
    """Everything of this kind that is stored: its events and its state."""
    yield from get_args(decider.events) or (decider.events,)
    yield decider.state


def sample(kind: type, *, full: bool) -> Any:
    """An instance with all its fields filled, or (not full) with those that it must have."""
    info = inspect.type_info(kind)
    assert isinstance(info, inspect.StructType)
    return _Maker(full).struct(info, 0)


def shape(value: Any) -> Any:
    """Which fields a sample has, whatever stands in them."""
    if isinstance(value, dict):
        return {key: shape(item) for key, item in value.items()}
    if isinstance(value, list):
        return [shape(item) for item in value]
    return None


class _Maker:
    """Fills fields; numbers what it makes, so that no two ids or moments are alike."""

    def __init__(self, full: bool) -> None:
        self._full = full
        self._made = 0

    def struct(self, info: inspect.StructType, depth: int) -> Any:
        values = {
            field.name: self._other_than_default(field, depth + 1)
            for field in info.fields
            if field.required or self._full
        }
        return info.cls(**values)

    def _other_than_default(self, field: inspect.Field, depth: int) -> Any:
        """A default is not written down, so a sample of it would say nothing."""
        made = self.value(field.type, depth)
        if isinstance(made, bool):
            return made if field.default is not True else False
        # What lies too deep to be filled is as empty as its default, however often it is made.
        while made == field.default and made not in ((), {}):
            made = self.value(field.type, depth)
        return made

    def value(self, info: inspect.Type, depth: int) -> Any:
        self._made += 1
        match info:
            case inspect.Metadata():
                return self.value(info.type, depth)
            case inspect.StructType():
                return self.struct(info, depth)
            case inspect.UnionType():
                wanted = [one for one in info.types if not isinstance(one, inspect.NoneType)]
                return self.value(wanted[0], depth) if self._full else self._least(info, depth)
            case inspect.EnumType():
                members = list(info.cls)
                return members[self._made % len(members)]
            case inspect.VarTupleType() | inspect.ListType():
                count = max(info.min_length or 0, 1 if self._full and depth < NESTED_MAX else 0)
                return tuple(self.value(info.item_type, depth + 1) for _ in range(count))
            case inspect.TupleType():
                return tuple(self.value(one, depth + 1) for one in info.item_types)
            case inspect.DictType():
                filled = self._full and depth < NESTED_MAX
                key, item = info.key_type, info.value_type
                return {self.value(key, depth): self.value(item, depth)} if filled else {}
            case _:
                return self._plain(info)

    def _least(self, info: inspect.UnionType, depth: int) -> Any:
        if any(isinstance(one, inspect.NoneType) for one in info.types):
            return None
        return self.value(info.types[0], depth)

    def _plain(self, info: inspect.Type) -> Any:
        match info:
            case inspect.UUIDType():
                return UUID(int=0xA000_0000 + self._made)
            case inspect.DateTimeType():
                return DAY + timedelta(minutes=self._made)
            case inspect.DateType():
                return date(2025, 3, 1 + self._made % 28)
            case inspect.BoolType():
                return True
            case inspect.IntType():
                least = info.ge if info.ge is not None else 1
                most = info.le if info.le is not None else least + 1_000
                return min(least + self._made, most)
            case inspect.StrType():
                return _word(info)
            case inspect.BytesType():
                return bytes(range(info.min_length or info.max_length or 16))
            case _:
                raise NotImplementedError(f"no sample for {info}")


def _word(info: inspect.StrType) -> str:
    for word in WORDS:
        fits = (info.min_length or 0) <= len(word) <= (info.max_length or len(word))
        if fits and (info.pattern is None or re.search(info.pattern, word)):
            return word
    raise NotImplementedError(f"no word matches {info.pattern}")


def written(decider: Decider, kind: type) -> bytes:
    """What a golden file says of a type: samples as JSON, and as the bytes that are stored."""
    codec = Codec([decider])
    samples = {"full": sample(kind, full=True), "least": sample(kind, full=False)}
    stored = {
        f"{name}_stored": codec.encode(one if kind is decider.state else (one,)).hex()
        for name, one in samples.items()
    }
    return msgspec.json.format(msgspec.json.encode({**samples, **stored}), indent=2) + b"\n"
