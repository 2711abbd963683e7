"""Which packs are meant: a folder, a market whose pack comes along, or a stored pack."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.rulepack import Pack
from oncedesk.rules.loading import (
    RuleFolder,
    builtin_markets,
    load_builtin,
    load_folder,
    market_folders,
)

SHOWN_MAX = 8


class PackNotFound(LookupError):
    """Nothing, or more than one thing, goes by this name; the message says what there is."""


class Chosen(Record, frozen=True):
    """The packs that a name stands for, one a market."""

    name: str
    packs: tuple[Pack, ...]


def choose(name: str, *, at: date | None, stored: Sequence[Pack]) -> Chosen:
    """The packs of this name: of a folder as it reads `at` a day, or else in the end.

    Raises PackInvalid where a folder cannot be used, and PackNotFound.
    """
    folder = Path(name)
    if folder.is_dir():
        return Chosen(name, tuple(_read(load_folder(one), at) for one in market_folders(folder)))
    if folder.exists():
        raise PackNotFound(f"{name!r} is no folder")
    if name in builtin_markets():
        return Chosen(name, (_read(load_builtin(name), at),))
    found = [pack for pack in stored if name in (pack.hash, pack.version)]
    if len(found) == 1:
        return Chosen(name, (found[0],))
    known = _listed(found or stored)
    if found:
        raise PackNotFound(f"several stored packs are of version {name!r}, name a hash: {known}")
    raise PackNotFound(
        f"{name!r} is no folder, no pack that comes along ({', '.join(builtin_markets())}) "
        f"and no stored pack: {known}"
    )


def _read(folder: RuleFolder, at: date | None) -> Pack:
    return folder.pack(at or folder.days()[-1])


def _listed(packs: Sequence[Pack]) -> str:
    shown = [f"{pack.market} {pack.version} {pack.hash}" for pack in packs[:SHOWN_MAX]]
    more = [f"and {len(packs) - SHOWN_MAX} more"] if len(packs) > SHOWN_MAX else []
    return ", ".join([*shown, *more]) or "none is stored"
