"""How the service says no: RFC 9457 problems, each with a code that never changes its meaning.

The codes of refusals are the domain's own; this table says which status each is. A code that is
not in it is a conflict with how things stand: 409.
"""

from collections.abc import Iterable, Mapping
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from oncedesk.domain.shared.gate.rules import HITS_MAX, Hit, HitKind

MEDIA_TYPE = "application/problem+json"

CODES: Mapping[int, str] = {
    401: (
        "credentials_invalid credentials_missing login_failed session_ended token_invalid "
        "token_replayed"
    ),
    403: (
        "csrf_failed not_allowed only_consumer_withdraws origin_foreign reason_not_yours "
        "scope_missing"
    ),
    404: (
        "account_unknown agent_unknown budget_unknown case_unknown charge_unknown "
        "conversation_unknown delivery_unknown desk_unknown not_found order_unknown "
        "parcel_unknown part_unknown party_unknown payment_unknown place_unknown presale_unknown "
        "recovery_unknown refund_unknown relief_unknown remedy_unknown shipment_unknown "
        "webhook_unknown"
    ),
    405: "method_not_allowed",
    408: "body_incomplete body_too_slow",
    409: (
        "agent_absent agent_differs agent_full already_holds already_in_force amendment_in_past "
        "amount_changed amount_differs attachment_erased attachments_day_full "
        "attachments_too_many automatic_reply backtest_running balance_insufficient balance_left "
        "balance_not_stored budget_spent call_back_not_offered cancel_before_order case_apart "
        "case_barred case_closed case_in_part case_leaving case_open case_resolved "
        "change_under_way charge_settled consent_before_order consent_superseded consent_used "
        "contest_not_open contest_too_late contested_before counter_offer_gone currency_differs "
        "decided_before delivery_over desk_closed desk_differs desk_unrelated dispute_not_open "
        "estimate_before_order evidence_too_much flags_changed goods_not_due goods_on_their_way "
        "holder_differs holds_too_many idempotency_key_reused in_dispute key_exists "
        "key_made_before language_missing languages_too_many last_admin legal_hold login_exists "
        "management_overlaps managements_too_many membership_overlaps memberships_too_many "
        "message_erased method_differs method_same methods_too_many milestones_only "
        "not_a_consumer not_a_creator not_a_merchant not_after_another not_announced not_assigned "
        "not_held not_late_yet not_member not_published not_queued not_referred nothing_left "
        "nothing_to_contest nothing_to_inspect nothing_to_object nothing_was_paid "
        "notice_too_short objected_before objection_too_late offer_stands order_cancelled "
        "order_differs order_too_large outside_differs outside_too_many pack_differs "
        "parcel_of_another parcels_too_many part_shipped party_differs party_erased "
        "payout_differs payout_exceeds_escrow payouts_too_many place_stays planned_too_many "
        "platform_stays_open presale_not_offered presale_over presale_paid presale_unpaid "
        "price_changed price_not_protected prices_too_many promise_before_order promise_settled "
        "promise_unknown promise_unmet quantity_exceeds_bought question_limit rating_final "
        "rating_over rating_unfit reason_not_accepted referred_already refund_exceeds_paid "
        "refund_failed refund_not_sent refund_on_its_way refund_replaced refund_settled "
        "relief_differs relief_late relief_length relief_running relief_too_late "
        "relief_unpublished reliefs_too_many remedies_too_many remedy_closed remedy_decided "
        "remedy_not_offered reopened_before replacement_differs replacement_not_offered "
        "replacement_same replacement_too_cheap return_not_asked return_not_missed "
        "reveal_suspended risk_not_found route_not_needed routes_too_many same_desk "
        "second_person_not_asked second_person_same shift_overlaps shift_past shifts_too_many "
        "shipment_differs shipments_too_many skill_missing stale_version too_late too_many_cases "
        "translation_off valid_from_taken variant_unavailable views_too_many waiting_for_consumer "
        "webhook_changed webhook_disabled webhook_exists webhook_limit webhook_secret_changed "
        "window_over"
    ),
    413: "attachment_too_large body_too_large",
    415: "attachment_type_mismatch attachment_type_unknown media_type_unsupported",
    416: "range_unsatisfiable",
    422: (
        "address_missing address_not_wanted agency_unknown agent_missing amendment_unclear "
        "amount_needed amount_negative amount_not_in_part amount_not_positive amount_too_large "
        "attachment_damaged attachment_empty attachment_unknown body_invalid body_too_deep "
        "breaks_wrong call_to_consumer card_foreign card_unclear command_invalid "
        "command_too_large consent_missing conversation_missing creator_unknown currency_unknown "
        "cursor_invalid discount_exceeds_price evidence_missing evidence_needed evidence_unknown "
        "facts_needed handover_unknown idempotency_key_missing if_match_invalid item_unknown "
        "items_too_many key_invalid kind_not_offered limits_reversed line_twice lines_missing "
        "lines_too_many listing_unknown market_unknown mention_unknown message_blocked "
        "message_empty message_too_long method_missing method_unknown owner_wrong pack_unknown "
        "parameter_invalid parts_missing parts_mixed parts_too_many password_weak payer_unknown "
        "payments_too_many payout_empty place_twice presale_price_differs presale_too_far "
        "presale_window price_above_shown promise_before_payment promises_conflict "
        "purpose_missing quantity_exceeds_returned quantity_not_positive reason_invalid "
        "reason_missing reason_unknown recording_invalid replacement_needed replacements_too_many "
        "replay_what route_missing seal_differs shares_not_100 shares_not_whole slot_empty "
        "span_empty subject_incomplete template_invalid text_invalid time_implausible "
        "time_in_future time_in_past time_too_far timezone_unknown tracking_code_unknown "
        "valid_from_past variable_unknown variant_twice variant_unknown webhook_note "
        "webhook_reason webhook_target webhook_topics webhook_topics_of_platform webhook_url "
        "whisper_not_internal window_empty window_in_past"
    ),
    429: "too_many_attempts too_many_requests too_many_streams too_many_uploads",
    431: "headers_too_large",
    500: "internal_error",
    503: (
        "database_away files_away overloaded parked provider_away stopping timed_out "
        "translator_away"
    ),
}
"""The codes, each once, by the status that it has."""
STATUS: Mapping[str, int] = {
    code: status for status, codes in CODES.items() for code in codes.split()
}
_TITLES = {
    401: "Not logged in",
    403: "Not allowed",
    404: "Not found",
    405: "Not for this method",
    408: "Too slow",
    409: "Not as things stand",
    413: "Too large",
    415: "Of the wrong type",
    416: "Not that far",
    422: "Malformed",
    429: "Too often",
    431: "Too large",
    500: "Our failure",
    503: "Not now",
}
RETRY_SECONDS = 1


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """What was found in the characters [start, end) of a text, counted in Unicode code points.

    0 and 0 where it was found in a picture.
    """

    kind: HitKind
    start: Annotated[int, Meta(ge=0)]
    end: Annotated[int, Meta(ge=0)]


class Problem(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Why something was not done. `code` is stable, `detail` says what was expected.

    `field` names what of the request was meant, `command_id` the command that failed, `places` what
    of a text it was refused for (`message_blocked`).
    """

    type: Annotated[str, Meta(max_length=120)]
    title: Annotated[str, Meta(max_length=120)]
    status: Annotated[int, Meta(ge=400, le=599)]
    code: Annotated[str, Meta(max_length=60)]
    detail: Annotated[str, Meta(max_length=2000)] = ""
    field: Annotated[str, Meta(max_length=200)] = ""
    command_id: UUID | None = None
    retry_after: Annotated[int, Meta(ge=0)] | None = None
    places: Annotated[tuple[Place, ...], Meta(max_length=HITS_MAX)] = ()


class Refused(Exception):
    """A request ends here, with this problem."""

    def __init__(self, why: Problem) -> None:
        super().__init__(why.code)
        self.problem = why


class CredentialsWrong(Refused):
    """What somebody showed to come in was looked at, and lets nobody in."""


def problem(
    code: str,
    detail: str = "",
    *,
    field: str = "",
    command_id: UUID | None = None,
    retry_after: int | None = None,
    hits: Iterable[Hit] = (),
) -> Problem:
    """The problem with this code. Where it passes by itself, it says when to ask again."""
    status = STATUS.get(code, 409)
    if retry_after is None and status in (429, 503) and code != "parked":
        retry_after = RETRY_SECONDS
    return Problem(
        type=f"urn:oncedesk:problem:{code}",
        title=_TITLES[status],
        status=status,
        code=code,
        detail=detail,
        field=field,
        command_id=command_id,
        retry_after=retry_after,
        places=tuple(Place(kind=hit.kind, start=hit.start, end=hit.end) for hit in hits),
    )


def headers_of(why: Problem) -> list[tuple[bytes, bytes]]:
    """What a response with this problem says beside it."""
    headers = [(b"content-type", MEDIA_TYPE.encode()), (b"cache-control", b"no-store")]
    if why.retry_after is not None:
        headers.append((b"retry-after", str(why.retry_after).encode()))
    if why.status == 401:
        headers.append((b"www-authenticate", b"Bearer"))
    return headers


encode = msgspec.json.Encoder().encode
