"""A partner's footprint as supplier data: a questionnaire of its supplier, reviewed like any other before it counts."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from pydantic import Field
from sqlmodel import Session

from service.audit.operations import record
from service.conformance.amounts import amount_of
from service.conformance.footprint import time_of
from service.errors import N_, ConflictError, FieldError, InvalidInputError
from service.exchange.models import ReceivedFootprint, ReceivedState
from service.exchange.receiving import claim
from service.green_score.materials import materials
from service.submissions import operations as submissions
from service.submissions.answers import Entry
from service.submissions.handover import observe
from service.submissions.models import Depth, Door, EvidenceKind, Submission
from service.submissions.plausibility import Level
from service.submissions.queries import entries_of, find_accepted
from service.submissions.questionnaire import find_question
from service.suppliers.flows import flows_of_type
from service.suppliers.models import Supplier
from service.web.forms import FormInput

KG_PER_T: Final = 1000
DIGITS: Final = 6
"""Significant digits that are kept of kg CO2e per t; declared footprints have four."""
TIME_TO_REVIEW: Final = timedelta(days=30)
_HALF_A_DAY: Final = timedelta(hours=12)
_STANDARDS: Final = {"ISO14067": "iso_14067", "GB/T 24067": "gbt_24067", "GBT24067": "gbt_24067"}
_PACT: Final = "pact"
_ACTIVE: Final = "Active"
_LONGEST_ENTRY: Final = 200


class OfferInput(FormInput):
    """How a person offers a received footprint to the review."""

    flow: str = Field(min_length=1, max_length=60)
    remark: str | None = Field(default=None, max_length=1000)


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferedFacts:
    """What a footprint says in the terms of the questionnaire.

    Attributes
    ----------
    kg_co2e_per_t
        From cradle to gate, without biogenic uptake, per tonne of the product without packaging.
    period_start, period_end
        First and last day of the data.

    """

    kg_co2e_per_t: Decimal
    period_start: date
    period_end: date
    entries: Mapping[str, Entry]


def offer(session: Session, received: ReceivedFootprint, fields: OfferInput, *, version: int, by: str, at: datetime) -> Submission:
    """Hand a footprint in for its supplier; answers accepted for the same period are kept beside it.

    Raises
    ------
    ConflictError
        Nobody has said whose it is, it is not active any more, somebody has decided on it, or a request for the period is open.
    InvalidInputError
        For `flow`; for `remark` if a check doubts the figure; for the whole form if the document lacks what is needed.

    """
    supplier = _supplier_of(session, received)
    if fields.flow not in {flow.key for flow in flows_of_type(supplier.supplier_type)}:
        raise InvalidInputError({"flow": FieldError(N_("Choose one of the materials that this supplier delivers."))})
    if find_question(supplier.supplier_type, "own_pcf") is None:
        raise ConflictError(
            N_("The footprint of this type of supplier is calculated from its answers; a finished one is not used.")
        )
    facts = facts_of(received.document, flow=fields.flow, footprint_id=received.footprint_id)
    claim(received, version)
    submission = _hand_in(session, supplier, facts, remark=fields.remark, by=by, at=at, is_file=received.partner_id is None)
    received.state, received.flow, received.submission_id = ReceivedState.OFFERED, fields.flow, submission.id
    session.add(received)
    record(
        session,
        "received_footprint_offered",
        of=received,
        by=by,
        at=at,
        organisation_id=supplier.organisation_id,
        number=submission.number,
        flow=fields.flow,
    )
    return submission


def facts_of(document: Mapping[str, Any], *, flow: str, footprint_id: uuid.UUID) -> OfferedFacts:
    """Return what a PACT v3 document says in the terms of the questionnaire.

    Raises
    ------
    InvalidInputError
        For the whole form: it names no figure, mass or period that could be used.

    """
    pcf = document.get("pcf")
    found: Mapping[str, Any] = pcf if isinstance(pcf, dict) else {}
    kg_co2e, mass_kg = amount_of(found.get("pcfExcludingBiogenicUptake")), amount_of(found.get("productMassPerDeclaredUnit"))
    start, end = time_of(found.get("referencePeriodStart")), time_of(found.get("referencePeriodEnd"))
    if kg_co2e is None or mass_kg is None or mass_kg <= 0:
        raise _unusable(N_("It states no footprint per mass: pcfExcludingBiogenicUptake or productMassPerDeclaredUnit is missing."))
    if start is None or end is None or nearest_day(start) >= nearest_day(end):
        raise _unusable(N_("It states no reference period from an earlier to a later day."))
    last_day = nearest_day(end) - timedelta(days=1)
    per_t = _rounded(kg_co2e / mass_kg * KG_PER_T)
    entries = _entries(document, found, per_t=per_t, last_day=last_day, flow=flow, footprint_id=footprint_id)
    return OfferedFacts(kg_co2e_per_t=per_t, period_start=nearest_day(start), period_end=last_day, entries=entries)


def nearest_day(instant: datetime) -> date:
    """Return the day at whose beginning an instant lies, or would lie where it was written.

    Midnight in Shanghai is 16:00 of the day before in UTC, and some write the last second of a period for its end.
    """
    return (instant.astimezone(UTC) + _HALF_A_DAY).date()


def _supplier_of(session: Session, received: ReceivedFootprint) -> Supplier:
    if received.state is not ReceivedState.RECEIVED:
        raise ConflictError(N_("This footprint has been offered, set aside or replaced already."))
    if received.document.get("status") != _ACTIVE:
        raise ConflictError(N_("Its maker has deprecated this footprint; ask for the one that replaces it."))
    if received.supplier_id is None:
        raise ConflictError(N_("Say on the partner's page first which supplier it is; then its footprints can be used."))
    return session.get_one(Supplier, received.supplier_id)


def _hand_in(
    session: Session, supplier: Supplier, facts: OfferedFacts, *, remark: str | None, by: str, at: datetime, is_file: bool
) -> Submission:
    present = find_accepted(session, supplier.id, period_start=facts.period_start, period_end=facts.period_end)
    known = {} if present is None else entries_of(session, present.id)
    submission = submissions.plan(
        session,
        supplier,
        period_start=facts.period_start,
        period_end=facts.period_end,
        deadline=at.date() + TIME_TO_REVIEW,
        message=None,
        depth=Depth.FOOTPRINT if present is None else present.depth,
        prefill=False,
        by=by,
        at=at,
    )
    submissions.begin_uninvited(session, submission, by=by, at=at)
    entries = {**known, **{field: entry for field, entry in facts.entries.items() if find_question(supplier.supplier_type, field)}}
    submissions.save_draft(session, submission, entries, by=by, at=at, door=Door.WEB if is_file else Door.API)
    submissions.submit(session, submission, by=by, at=at, reasons=_reasons(session, submission, remark))
    return submission


def _reasons(session: Session, submission: Submission, remark: str | None) -> Mapping[str, str]:
    """Give the person's remark as the reason for every doubt; ask for one if there are doubts and no remark."""
    doubts = [one for one in observe(session, submission) if one.level is Level.WARNING]
    if doubts and not (remark or "").strip():
        first = FieldError(doubts[0].template, **doubts[0].values)
        problem = FieldError(N_("Say why the figures are right, because a check doubts them: %(doubt)s"), doubt=first)
        raise InvalidInputError({"remark": problem})
    return {one.key: remark or "" for one in doubts}


def _entries(
    document: Mapping[str, Any],
    pcf: Mapping[str, Any],
    *,
    per_t: Decimal,
    last_day: date,
    flow: str,
    footprint_id: uuid.UUID,
) -> Mapping[str, Entry]:
    share, valid_until = amount_of(pcf.get("primaryDataShare")), time_of(document.get("validityPeriodEnd"))
    verification = pcf.get("verification")
    verifier = verification.get("providerName") if isinstance(verification, dict) else None
    stated = materials()[flow].stated if flow in materials() else ""
    texts: dict[str, str | None] = {
        "own_pcf_boundary": "cradle_to_gate",  # of every footprint of the network (PACT Methodology, 3.1)
        "own_pcf_standard": _standard(pcf),
        "own_pcf_assurance": "third_party" if isinstance(verification, dict) and verification else "no_assurance",
        "own_pcf_verifier": verifier[:_LONGEST_ENTRY] if isinstance(verifier, str) and verifier.isprintable() else None,
        "own_pcf_year_end": last_day.isoformat(),
        "own_pcf_valid_until": nearest_day(valid_until).isoformat() if valid_until else None,
        "coke_type": stated or None,
    }
    entries = {field: Entry(entered=text) for field, text in texts.items() if text}
    entries["own_pcf"] = Entry(
        entered=f"{per_t:f}", unit="kgCO2e/t", evidence_kind=EvidenceKind.CALCULATED, note=f"PACT: urn:uuid:{footprint_id}"
    )
    if share is not None:
        entries["own_primary_share"] = Entry(entered=f"{share:f}", unit="%")
    return entries


def _standard(pcf: Mapping[str, Any]) -> str:
    named = pcf.get("crossSectoralStandards")
    found = [_STANDARDS[one] for one in (named if isinstance(named, list) else []) if isinstance(one, str) and one in _STANDARDS]
    return found[0] if found else _PACT


def _rounded(value: Decimal) -> Decimal:
    """Return a figure with six significant digits, without an exponent."""
    return Decimal(f"{value:.{DIGITS}g}")


def _unusable(template: str) -> InvalidInputError:
    return InvalidInputError({"": FieldError(template)})
