"""A piece of evidence knows for which orders it was shown, as far as that matters."""

from uuid import UUID

from oncedesk.domain.evidence import DECIDER
from oncedesk.domain.evidence.messages import EvidenceShown, NoteEvidence
from oncedesk.domain.shared.decider import MARKETPLACE
from oncedesk.rules.library import PackLibrary
from tests.support.specs import START, Spec

PHOTO = b"p" * 16
FIRST, SECOND, THIRD = UUID(int=1), UUID(int=2), UUID(int=3)


def note(order: UUID) -> NoteEvidence:
    return NoteEvidence(digest=PHOTO, order=order)


def spec() -> Spec:
    return Spec(DECIDER, PackLibrary([]).at(START))


def test_it_is_noted_once_for_each_order() -> None:
    shown = spec().when(note(FIRST)).then(EvidenceShown(digest=PHOTO, order=FIRST, at=START))
    assert not shown.state.shown_elsewhere(FIRST)
    assert shown.state.shown_elsewhere(SECOND)
    shown.when(note(FIRST)).then_nothing()
    shown.when(note(SECOND)).then_only(EvidenceShown)
    assert shown.state.shown_elsewhere(FIRST)
    shown.when(note(THIRD)).then_nothing()
    assert shown.state.shown_elsewhere(THIRD)


def test_only_the_system_notes_it() -> None:
    spec().when(note(FIRST), by=MARKETPLACE).then_refused("not_allowed")
