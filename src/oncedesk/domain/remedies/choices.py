"""What can be asked for now, all of it in one look: each kind and reason as its preview would say.

For a page that shows what there is instead of letting somebody try what there is not.
"""

from collections.abc import Iterator
from itertools import islice

from msgspec.structs import replace

from oncedesk.domain.remedies.eligibility import reasons_for
from oncedesk.domain.remedies.messages.asking import Wish
from oncedesk.domain.remedies.preview import Asked, Preview, preview
from oncedesk.domain.remedies.purchase import stage_of
from oncedesk.domain.remedies.words import RemedyKind
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.remedy_rules import ANY

CHOICES_MAX = 100
LOOKED_AT_MAX = 400
"""A pack has some hundred rules; nobody's question makes us look at more than this."""
_TO_BE_SAID = {
    "replacement_needed": "replacements",
    "method_missing": "method",
    "amount_needed": "amount_minor",
}


class Choice(Record, frozen=True, kw_only=True):
    """A wish that is possible. `needs` is the field without which it has no preview yet."""

    wish: Wish
    preview: Preview | None
    needs: str = ""


def choices(asked: Asked) -> tuple[Choice, ...]:
    """What is possible of the part that `asked.wish` names, in the order of kinds and reasons."""
    return tuple(islice(_possible(asked), CHOICES_MAX))


def _possible(asked: Asked) -> Iterator[Choice]:
    for wish in islice(_wishes(asked), LOOKED_AT_MAX):
        found = preview(replace(asked, wish=wish))
        if isinstance(found, Preview):
            needs = "address" if wish.kind is RemedyKind.CHANGE_ADDRESS else ""
            yield Choice(wish=wish, preview=found, needs=needs)
        elif found.code in _TO_BE_SAID:
            yield Choice(wish=wish, preview=None, needs=_TO_BE_SAID[found.code])


def _wishes(asked: Asked) -> Iterator[Wish]:
    """Each kind with each reason for which some rule gives it at this stage."""
    part = asked.purchase.parts[asked.wish.part - 1]
    stage = stage_of(asked.purchase, part)
    for kind in RemedyKind:
        reasons = set(reasons_for(pack=asked.pack, kind=kind, stage=stage))
        if ANY in reasons:
            reasons |= set(asked.pack.remedies.reasons)
        for reason in sorted(reasons - {ANY}):
            yield Wish(kind=kind, reason=reason, part=part.number)
