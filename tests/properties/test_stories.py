"""Stories of one consumer's orders, everything at once: remedies of all kinds, disputes, goods on
their way, refunds that fail or are sent although they failed, money that goes without us, charges,
compensations, payouts, recoveries. What must hold stands in `stories/holds.py`.

Each story throws its own dice, whose seed is in the test's name; what was said and what became of
it is printed where something does not hold. For others, and for longer: `STORIES=1000-3000 pytest
tests/properties/test_stories.py`.
"""

import os
from random import Random

import pytest

from tests.properties.stories.ending import AT_LAST, ends
from tests.properties.stories.holds import ALWAYS
from tests.properties.stories.moves import MOVES
from tests.properties.stories.story import Story
from tests.properties.stories.telling import ships

FIRST, LAST = map(int, os.environ.get("STORIES", "1-40").split("-"))


@pytest.mark.parametrize("seed", range(FIRST, LAST + 1))
def test_what_must_hold_does_in_each_story(seed: int) -> None:
    dice = Random(seed)
    story = Story(dice)
    # In each story some things happen more often than in others.
    habits = [often * dice.choice((0.2, 1, 1, 3)) for often in MOVES.values()]
    for _ in range(dice.choice((0, 2, 4))):
        ships(story, dice)
    for _ in range(dice.choice((20, 40, 80))):
        (move,) = dice.choices(list(MOVES), habits)
        print(f"{move.__name__}:")
        move(story, dice)
        for holds in ALWAYS:
            holds(story)
    ends(story)
    for holds in AT_LAST:
        holds(story)
