"""Writes the golden samples that are missing; never touches one that is there.

Run `python -m tests.support.make_golden` after adding an event type, a kind of state, or a field to
one, and commit what it writes. A sample says how rows of the past look, so once it is released it
never changes: a grown shape gets one more (`Name.2.json`).

`states.json` says since which migration the states have the fields that they have.
"""

import hashlib
import sys
from pathlib import Path

import msgspec

from oncedesk.domain.shared.decider import Decider
from oncedesk.storage.schema import newest_revision
from oncedesk.wiring import DECIDERS
from tests.support.samples import recorded_types, sample, shape, written

GOLDEN = Path(__file__).parents[1] / "golden"
STATES = GOLDEN / "states.json"


def samples_of(decider: Decider, kind: type) -> list[Path]:
    """The golden files of this type, the oldest first."""
    folder = GOLDEN / decider.kind.value
    found = [folder / f"{kind.__name__}.json", *folder.glob(f"{kind.__name__}.*.json")]
    return sorted(
        (path for path in found if path.exists()), key=lambda path: (len(path.name), path.name)
    )


def has_todays_shape(path: Path, kind: type) -> bool:
    """Whether this sample fills all the fields that the type has by now."""
    today = msgspec.json.decode(msgspec.json.encode(sample(kind, full=True)))
    return bool(shape(msgspec.json.decode(path.read_bytes())["full"]) == shape(today))


def states_by_revision() -> dict[str, dict[str, str]]:
    """By migration, the oldest first: of which fields each kind of state was since then, hashed."""
    return msgspec.json.decode(STATES.read_bytes(), type=dict[str, dict[str, str]])


def todays_states() -> dict[str, str]:
    """Of which fields each kind of state is by now, hashed."""
    return {decider.kind.value: _hashed(decider.state) for decider in DECIDERS}


def _hashed(kind: type) -> str:
    full = msgspec.json.decode(msgspec.json.encode(sample(kind, full=True)))
    return hashlib.sha256(msgspec.json.encode(shape(full))).hexdigest()[:16]


def write_states() -> None:
    """Note today's fields under the newest migration; exit where that has others already."""
    known, today, newest = states_by_revision(), todays_states(), newest_revision()
    if today == list(known.values())[-1]:
        return
    if newest in known:
        sys.exit(
            f"the states have other fields than with migration {newest}: add one more migration, "
            "an empty one if no table changes, so that older programs keep away"
        )
    known[newest] = today
    STATES.write_bytes(msgspec.json.format(msgspec.json.encode(known), indent=2) + b"\n")
    sys.stdout.write(f"{STATES.relative_to(GOLDEN)}\n")


def main() -> None:
    write_states()
    for decider in DECIDERS:
        folder = GOLDEN / decider.kind.value
        folder.mkdir(parents=True, exist_ok=True)
        for kind in recorded_types(decider):
            known = samples_of(decider, kind)
            if known and has_todays_shape(known[-1], kind):
                continue
            number = f".{len(known) + 1}" if known else ""
            path = folder / f"{kind.__name__}{number}.json"
            path.write_bytes(written(decider, kind))
            sys.stdout.write(f"{path.relative_to(GOLDEN)}\n")


if __name__ == "__main__":
    main()
