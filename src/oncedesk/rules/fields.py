"""One value of a row against the type it should have, with a reason that a writer understands."""

from collections.abc import Mapping
from enum import Enum
from typing import Any, Literal, get_args, get_origin

import msgspec
from msgspec import Struct

_VALUE_SHOWN_MAX = 60
_NOTHING_AFTER = r"$(?!\\n)"
"""How our patterns end, as an error quotes them: `$` alone also matches before a line break."""


def field_types(struct: type[Struct]) -> Mapping[str, Any]:
    """The keys of a row, as written, and their types."""
    return {field.encode_name: field.type for field in msgspec.structs.fields(struct)}


def required_keys(struct: type[Struct]) -> tuple[str, ...]:
    return tuple(field.encode_name for field in msgspec.structs.fields(struct) if field.required)


def why_not(value: object, type_: Any) -> str:
    """Why this value does not have this type (`expected ...`), or an empty text if it has."""
    try:
        msgspec.convert(value, type_)
    except msgspec.ValidationError as error:
        return _expected(str(error), value, type_)
    return ""


def _expected(reason: str, value: object, type_: Any) -> str:
    choices = _choices(type_)
    if choices:
        return f"expected one of {', '.join(choices)}, got {value!r}"
    if "RFC3339" in reason:
        return f"expected a date like 2026-11-30, got {value!r}"
    reason = reason.replace("`", "").replace(_NOTHING_AFTER, "$").removesuffix(".0")
    got = f", got {value!r}" if "got" not in reason and len(repr(value)) <= _VALUE_SHOWN_MAX else ""
    return f"{reason[0].lower()}{reason[1:]}{got}"


def _choices(type_: Any) -> tuple[str, ...]:
    if get_origin(type_) is Literal:
        return get_args(type_)
    if isinstance(type_, type) and issubclass(type_, Enum):
        return tuple(str(member.value) for member in type_)
    return ()
