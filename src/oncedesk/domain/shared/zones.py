"""Time zones by name, of the kind that mean the same on every machine."""

from zoneinfo import ZoneInfo

_OF_A_MACHINE = ("localtime", "posixrules", "factory")


def zone_named(name: str) -> ZoneInfo | None:
    """The zone of the time zone database, or None if it has none of that name."""
    if _is_of_a_machine(name):
        return None
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None


def _is_of_a_machine(name: str) -> bool:
    """Beside the zones that mean the same everywhere, machines keep what they are set to, and
    copies of all zones with and without leap seconds, which not every machine has."""
    lower = name.lower()  # some file systems do not tell them apart
    return lower in _OF_A_MACHINE or lower.startswith(("posix/", "right/"))
