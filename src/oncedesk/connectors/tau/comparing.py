"""Whether two records say the same: amounts within half a cent, all else exactly."""

from collections.abc import Iterator
from typing import Any

TOLERANCE = 0.005


def differences(ours: Any, theirs: Any, path: str = "") -> Iterator[str]:
    """Where they differ, by the path to it; nothing where they agree."""
    if _is_number(ours) and _is_number(theirs):
        if abs(ours - theirs) > TOLERANCE:
            yield path
    elif isinstance(ours, dict) and isinstance(theirs, dict):
        for key in sorted(ours.keys() | theirs.keys(), key=str):
            here = f"{path}.{key}" if path else str(key)
            if key not in ours or key not in theirs:
                yield here
            else:
                yield from differences(ours[key], theirs[key], here)
    elif isinstance(ours, list) and isinstance(theirs, list):
        if len(ours) != len(theirs):
            yield path
        else:
            for number, (one, other) in enumerate(zip(ours, theirs, strict=True)):
                yield from differences(one, other, f"{path}[{number}]")
    elif isinstance(ours, bool) is not isinstance(theirs, bool) or ours != theirs:
        yield path


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
