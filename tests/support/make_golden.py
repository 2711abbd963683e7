"""Writes the golden samples that are missing; never touches one that is there.

Run `python -m tests.support.make_golden` after adding an event type or a kind of state, and commit
what it writes. A sample says how rows of the past look, so once it is released it never changes.
"""

import sys
from pathlib import Path

from oncedesk.wiring import DECIDERS
from tests.support.samples import recorded_types, written

GOLDEN = Path(__file__).parents[1] / "golden"


def main() -> None:
    for decider in DECIDERS:
        folder = GOLDEN / decider.kind.value
        folder.mkdir(parents=True, exist_ok=True)
        for kind in recorded_types(decider):
            path = folder / f"{kind.__name__}.json"
            if not path.exists():
                path.write_bytes(written(decider, kind))
                sys.stdout.write(f"{path.relative_to(GOLDEN)}\n")


if __name__ == "__main__":
    main()
