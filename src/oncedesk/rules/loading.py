"""Loads the rule pack of a market from its folder: all of it right, or none of it.

A folder holds TOML files; how they are named does not matter, only the tables in them (see
docs/reference/rule-packs.md).
"""

from collections.abc import Sequence
from datetime import date
from functools import cache, lru_cache
from pathlib import Path

from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.rulepack import Pack
from oncedesk.rules.problems import PackError, PackInvalid
from oncedesk.rules.reading import Placed, read_written
from oncedesk.rules.references import unknown_names
from oncedesk.rules.resolving import change_days, resolve
from oncedesk.rules.rows import PackHead

PACKS_FOLDER = Path(__file__).parent / "packs"
"""The packs that come with the program, a folder a market."""


SAMPLES = ("tau_retail",)
"""Packs of shops that are no market of ours: they hold where somebody asks for them."""


class RuleFolder(Record, frozen=True):
    """The rows of one market, checked on every day on which anything changes."""

    head: PackHead
    rows: Sequence[Placed]

    @property
    def market(self) -> str:
        return self.head.market

    def days(self) -> tuple[date, ...]:
        """The days on which another pack begins to hold; the first is the pack's first day."""
        return change_days(self.head, self.rows)

    def pack(self, day: date) -> Pack:
        """The pack as it reads on this day. Raises PackInvalid before the pack's first day."""
        return resolve(self.head, self.rows, day)


class ChangesTooOften(Exception):
    """The folder changes on more days than its reader has time for."""


def load_folder(folder: Path, *, days_max: int | None = None) -> RuleFolder:
    """Read and check a market's folder. Raises PackInvalid with every error in it.

    Rows are checked one by one, then against each other, then as the whole that they make on each
    day; a later step is left out where it would only repeat the errors of an earlier one. The last
    step takes its time for each day: with more than `days_max` ChangesTooOften is raised before.
    """
    written = read_written(folder)
    errors = [*written.errors, *unknown_names(written)]
    if errors or written.head is None:
        raise PackInvalid(errors)
    found = RuleFolder(head=written.head, rows=tuple(written.rows))
    days = found.days()
    if days_max is not None and len(days) > days_max:
        raise ChangesTooOften(f"on {len(days)} days, not at most {days_max}")
    wrong: dict[tuple[str, str], PackError] = {}
    for day in days:
        try:
            found.pack(day)
        except PackInvalid as invalid:
            for error in invalid.errors:
                wrong.setdefault((error.file, error.key), error)
    if wrong:
        raise PackInvalid(wrong.values())
    return found


@cache
def load_builtin(market: str) -> RuleFolder:
    """The pack of a market that comes with the program; PackInvalid where there is none.

    Read once in a process: what comes with the program stays as it is while it runs.
    """
    if market not in builtin_markets():
        known = ", ".join(builtin_markets())
        raise PackInvalid([PackError(file=market, key="", expected=f"expected one of {known}")])
    return load_folder(PACKS_FOLDER / market)


@lru_cache(maxsize=8)
def builtin_pack(market: str, day: date) -> Pack:
    """What `load_builtin` finds, as it reads on this day; put together once in a process."""
    return load_builtin(market).pack(day)


def builtin_markets() -> tuple[str, ...]:
    return tuple(sorted(path.parent.name for path in PACKS_FOLDER.glob("*/pack.toml")))


def first_markets() -> tuple[str, ...]:
    """Those whose pack holds from the start where nobody has published another."""
    return tuple(market for market in builtin_markets() if market not in SAMPLES)


def market_folders(folder: Path) -> tuple[Path, ...]:
    """The folder itself if it holds TOML files, else those of its folders that do."""
    if any(folder.glob("*.toml")) or not folder.is_dir():
        return (folder,)
    return tuple(sorted({path.parent for path in folder.glob("*/*.toml")})) or (folder,)
