"""What is wrong with a rule pack, in words that name the place."""

from collections.abc import Iterable

from oncedesk.domain.shared.records import Record


class PackError(Record, frozen=True, order=True):
    """One thing wrong: in which file, under which key (counted from 1), what was expected there."""

    file: str
    key: str
    expected: str

    def __str__(self) -> str:
        return ": ".join(part for part in (self.file, self.key, self.expected) if part)


class PackInvalid(ValueError):
    """A rule pack with errors; none of it is used. `errors` holds every one of them."""

    def __init__(self, errors: Iterable[PackError]) -> None:
        self.errors = tuple(errors)
        assert self.errors
        super().__init__("\n".join(map(str, self.errors)))
