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

_CODES: Mapping[int, str] = {
    401: "credentials_missing credentials_invalid token_invalid token_replayed login_failed "
    "session_ended",
    403: "not_allowed scope_missing csrf_failed origin_foreign only_consumer_withdraws "
    "reason_not_yours",
    404: "not_found case_unknown conversation_unknown order_unknown agent_unknown desk_unknown "
    "party_unknown relief_unknown part_unknown webhook_unknown delivery_unknown "
    "remedy_unknown refund_unknown item_unknown account_unknown recovery_unknown budget_unknown "
    "parcel_unknown payment_unknown place_unknown presale_unknown shipment_unknown",
    405: "method_not_allowed",
    408: "body_too_slow body_incomplete",
    409: "stale_version idempotency_key_reused case_closed pack_differs call_back_not_offered "
    "waiting_for_consumer party_erased party_differs valid_from_taken already_in_force "
    "planned_too_many relief_differs case_resolved not_announced relief_late reliefs_too_many "
    "not_referred notice_too_short relief_running not_a_creator already_holds "
    "management_overlaps managements_too_many not_published agent_differs legal_hold "
    "relief_unpublished relief_too_late relief_length cancel_before_order automatic_reply "
    "estimate_before_order "
    "holds_too_many case_leaving agent_absent not_member skill_missing language_missing "
    "agent_full shipments_too_many shipment_differs not_held promise_settled consent_superseded "
    "consent_used "
    "promise_unknown shift_past order_cancelled same_desk case_apart question_limit "
    "promise_unmet "
    "window_over platform_stays_open shift_overlaps shifts_too_many too_many_cases order_differs "
    "consent_before_order case_in_part not_assigned desk_closed case_open membership_overlaps "
    "memberships_too_many referred_already desk_differs order_too_large promise_before_order "
    "amendment_in_past login_exists key_exists key_made_before webhook_exists webhook_limit "
    "webhook_disabled "
    "webhook_changed webhook_secret_changed attachments_too_many attachments_day_full "
    "attachment_erased flags_changed reveal_suspended "
    "nothing_left nothing_was_paid remedies_too_many lines_too_many remedy_decided "
    "amount_changed in_dispute "
    "dispute_not_open evidence_too_much decided_before objection_too_late objected_before "
    "nothing_to_object second_person_not_asked second_person_same refund_on_its_way "
    "refund_settled refund_failed refund_not_sent route_not_needed outside_too_many "
    "remedy_not_offered too_late payout_differs payout_exceeds_escrow "
    "payouts_too_many budget_spent holder_differs "
    "contest_not_open contest_too_late contested_before goods_not_due goods_on_their_way "
    "milestones_only nothing_to_contest nothing_to_inspect outside_differs parcel_of_another "
    "parcels_too_many part_shipped place_stays presale_not_offered presale_over presale_paid "
    "presale_unpaid price_not_protected prices_too_many refund_replaced remedy_closed "
    "message_erased translation_off backtest_running reopened_before return_not_asked "
    "return_not_missed routes_too_many rating_unfit rating_final rating_over "
    "last_admin desk_unrelated languages_too_many views_too_many case_barred not_queued",
    413: "body_too_large attachment_too_large",
    415: "media_type_unsupported attachment_type_unknown attachment_type_mismatch",
    416: "range_unsatisfiable",
    422: "body_invalid body_too_deep parameter_invalid cursor_invalid idempotency_key_missing "
    "if_match_invalid key_invalid command_invalid command_too_large text_invalid seal_differs "
    "time_in_past time_too_far span_empty time_in_future time_implausible valid_from_past "
    "parts_missing parts_too_many items_too_many payments_too_many quantity_not_positive "
    "discount_exceeds_price amount_negative amount_too_large agency_unknown promises_conflict "
    "handover_unknown tracking_code_unknown message_empty message_too_long reason_missing "
    "reason_invalid consent_missing amendment_unclear breaks_wrong subject_incomplete "
    "timezone_unknown presale_too_far limits_reversed window_empty window_in_past market_unknown "
    "pack_unknown password_weak shares_not_100 webhook_url webhook_target webhook_topics "
    "webhook_topics_of_platform webhook_note webhook_reason replay_what message_blocked "
    "attachment_unknown attachment_damaged attachment_empty conversation_missing purpose_missing "
    "currency_differs currency_unknown amount_differs amount_not_in_part shares_not_whole "
    "payer_unknown line_twice "
    "quantity_exceeds_bought parts_mixed refund_exceeds_paid agent_missing creator_unknown "
    "payout_empty whisper_not_internal "
    "evidence_missing owner_wrong place_twice presale_price_differs presale_window "
    "promise_before_payment "
    "price_above_shown quantity_exceeds_returned route_missing slot_empty template_invalid "
    "variable_unknown card_foreign card_unclear mention_unknown call_to_consumer recording_invalid",
    429: "too_many_requests too_many_attempts too_many_streams too_many_uploads",
    431: "headers_too_large",
    500: "internal_error",
    503: "overloaded stopping parked timed_out database_away provider_away files_away "
    "translator_away",
}
_REMEDY_CODES: Mapping[int, str] = {
    404: "charge_unknown refund_unknown remedy_unknown",
    409: "amount_changed amount_differs balance_insufficient balance_left "
    "balance_not_stored change_under_way charge_settled currency_differs decided_before "
    "dispute_not_open evidence_too_much in_dispute method_differs method_same "
    "methods_too_many not_a_consumer not_a_merchant not_after_another not_late_yet nothing_left "
    "nothing_was_paid "
    "nothing_to_object objected_before objection_too_late counter_offer_gone offer_stands "
    "outside_too_many price_changed quantity_exceeds_bought "
    "reason_not_accepted refund_exceeds_paid refund_failed refund_not_sent refund_on_its_way "
    "refund_settled remedies_too_many remedy_decided remedy_not_offered replacement_differs "
    "replacement_not_offered replacement_same replacement_too_cheap risk_not_found "
    "route_not_needed second_person_not_asked second_person_same too_late variant_unavailable",
    422: "address_missing address_not_wanted agent_missing amount_needed amount_not_in_part "
    "amount_not_positive evidence_needed evidence_unknown facts_needed item_unknown "
    "kind_not_offered line_twice lines_missing lines_too_many listing_unknown method_missing "
    "method_unknown parts_mixed payer_unknown reason_unknown replacement_needed "
    "replacements_too_many shares_not_whole variant_twice variant_unknown",
}
"""Those of remedies, and of what they ask of wallets and listings."""
STATUS: Mapping[str, int] = {
    code: status
    for table in (_CODES, _REMEDY_CODES)
    for status, codes in table.items()
    for code in codes.split()
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
