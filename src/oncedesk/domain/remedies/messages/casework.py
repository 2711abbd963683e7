"""What a case decided by itself becomes at the order's remedies."""

from typing import Annotated

from oncedesk.domain.remedies.messages.base import OfRemedies, ToRemedies
from oncedesk.domain.remedies.words import CaseLink, Number, Reason, RuleId
from oncedesk.domain.shared.bounds import bounded

PackHash = Annotated[str, bounded("[A-Za-z0-9]{0,128}", max_length=128)]


NOTHING_LEFT = "nothing_left"


class GrantForCase(ToRemedies, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """This case's rule decided: give what that says for this part.

    `decision` is the issue's word for it, `pack` the one that said it.
    """

    part: Number
    decision: Reason
    case: CaseLink
    rule: RuleId
    pack: PackHash


class GrantImpossible(OfRemedies, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """What a case decided for this part gives nothing, for this reason: all was given back, for
    instance. Part 0: it was not recorded.
    """

    decision: str
    case: CaseLink
    reason: str
    part: int = 0

    @property
    def needs_person(self) -> bool:
        """There is something left that somebody may give all the same."""
        return bool(self.part) and self.reason != NOTHING_LEFT


CaseworkCommand = GrantForCase
CaseworkEvent = GrantImpossible
