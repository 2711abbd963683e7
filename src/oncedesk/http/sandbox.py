"""An installation with generated data: whoever reaches it is shown the way in."""

from collections.abc import Callable

from oncedesk.domain.shared.records import Record


class OfferedLogin(Record, frozen=True, kw_only=True):
    """A log-in that anybody may use, and as whom that is, in both languages."""

    name: str
    password: str
    zh: str
    en: str

    def __repr__(self) -> str:
        return f"OfferedLogin({self.name!r})"


class Sandbox(Record, frozen=True, kw_only=True):
    """What is offered; `consumer` is the token of a consumer's session, and `help_link` makes the
    way to that consumer's help page: each is good once."""

    log_ins: tuple[OfferedLogin, ...]
    consumer: str
    help_link: Callable[[], str]

    def __repr__(self) -> str:
        return f"Sandbox({self.log_ins!r})"
