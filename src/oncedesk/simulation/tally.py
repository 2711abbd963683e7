"""What was checked, how often, and what was found wrong."""

from msgspec import Struct

SHOWN_MAX = 5


class Check(Struct):
    """One kind of check: how many things it looked at, and which of them were wrong."""

    name: str
    done: int = 0
    breaches: int = 0
    shown: list[str] = []


class Tally:
    """All checks of a run, by name; each keeps a few examples of what it found."""

    def __init__(self, names: tuple[str, ...]) -> None:
        self.checks = {name: Check(name) for name in names}

    def looked(self, name: str, number: int = 1) -> None:
        self.checks[name].done += number

    def breach(self, name: str, what: str) -> None:
        check = self.checks[name]
        check.breaches += 1
        if len(check.shown) < SHOWN_MAX:
            check.shown.append(what)

    def expect(self, name: str, holds: bool, what: str) -> None:  # noqa: FBT001 - what is checked
        check = self.checks[name]
        check.done += 1
        if not holds:
            self.breach(name, what)

    @property
    def breaches(self) -> int:
        return sum(check.breaches for check in self.checks.values())
