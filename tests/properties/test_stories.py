"""Stories of one consumer's orders, everything at once: remedies of all kinds, disputes, goods on
their way, refunds that fail or are sent although they failed, money that goes without us, charges,
compensations, payouts, recoveries. What must hold stands in `stories/holds.py`.

Each move throws dice of its own, whose seed is the number that a failure prints with it; what was
said and what became of it is printed, too. The suite plays few, mostly the same. Others, as many
as one likes: `STORIES=2000 pytest tests/properties/test_stories.py`, with any `--hypothesis-seed`.
"""

import os
from random import Random

from hypothesis import Phase, note, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from tests.properties.stories.ending import AT_LAST, ends
from tests.properties.stories.holds import ALWAYS
from tests.properties.stories.moves import MOVES
from tests.properties.stories.story import Story
from tests.properties.stories.telling import ships

STORIES = os.environ.get("STORIES")
FEW = 40
SEEDS = st.integers(0, 2**24 - 1)


class Stories(RuleBasedStateMachine):
    story: Story
    habits: list[float]

    @initialize(seed=SEEDS)
    def begins(self, seed: int) -> None:
        """In each story some things happen more often than in others."""
        dice = Random(seed)
        self.story = Story(dice)
        self.habits = [often * dice.choice((0.2, 1, 1, 3)) for often in MOVES.values()]
        for _ in range(dice.choice((0, 2, 4))):
            ships(self.story, dice)

    @rule(seed=SEEDS)
    def happens(self, seed: int) -> None:
        dice = Random(seed)
        (move,) = dice.choices(list(MOVES), self.habits)
        note(f"{move.__name__}:")
        move(self.story, dice)
        for holds in ALWAYS:
            holds(self.story)

    def teardown(self) -> None:
        if hasattr(self, "story"):
            ends(self.story)
            for holds in AT_LAST:
                holds(self.story)


Stories.TestCase.settings = settings(
    max_examples=int(STORIES or FEW),
    derandomize=not STORIES,
    stateful_step_count=80,
    print_blob=True,
    phases=(Phase.explicit, Phase.generate),
)
TestStories = Stories.TestCase
