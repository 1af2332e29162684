"""Claims: proposed by one person, decided by another, each with the same checks, so that no MWh counts twice."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Final, NoReturn

from sqlmodel import Session

from service.audit.operations import record
from service.errors import N_, FieldError, InvalidInputError, InvalidTransitionError, SamePersonError, StaleVersionError
from service.green_power import queries, rules
from service.green_power.models import (
    CertificateStatus,
    ClaimStatus,
    GreenCertificate,
    Instrument,
    PowerContract,
    Purpose,
    SupplyClaim,
    Technology,
)
from service.green_power.rules import KWH_PER_CERTIFICATE, METERED_KINDS, Room, months_of
from service.green_power.schemas import CertificateClaimInput, ClaimTarget, MeteredClaimInput
from service.products.queries import get_plant, get_product

CERTIFICATES_FIELD: Final = "certificate_codes"
METERED_FIELD: Final = "contract_id"


def propose_certificates(
    session: Session, fields: CertificateClaimInput, *, tolerance_months: int, by: str, at: datetime, is_sample: bool = False
) -> SupplyClaim:
    """Propose to spend cancelled certificates on a site's electricity of a year.

    Parameters
    ----------
    tolerance_months
        How many months before the year a certificate may have been generated.

    Raises
    ------
    InvalidInputError
        Naming the certificate or the site-year, the rule, and what to do.

    """
    get_plant(session, fields.plant_id, lock=True)
    certificates = _certificates(session, fields, tolerance_months=tolerance_months)
    technologies = {one.technology for one in certificates}
    if len(technologies) > 1:
        _refuse(CERTIFICATES_FIELD, FieldError(N_("The certificates are of several technologies; propose one claim for each.")))
    _check_bundles(session, certificates, year=fields.year)
    kwh = sum(one.mwh for one in certificates) * KWH_PER_CERTIFICATE
    claim = _claim(
        fields, Instrument.CONTRACT, technologies.pop(), kwh=kwh, contract_id=_common_contract(certificates), by=by, at=at
    )
    _check_room(session, claim, field=CERTIFICATES_FIELD)
    _propose(session, claim, is_sample=is_sample or any(one.is_sample for one in certificates))
    for one in certificates:
        one.claim_id = claim.id
    return claim


def propose_metered(session: Session, fields: MeteredClaimInput, *, by: str, at: datetime, is_sample: bool = False) -> SupplyClaim:
    """Propose what a line or an own plant delivered to a site in a year, as its meter says."""
    get_plant(session, fields.plant_id, lock=True)
    contract = queries.get_contract(session, fields.contract_id)
    _check_metered(contract, fields)
    room = contract_room(session, contract, year=fields.year)
    kwh = room.most_kwh - room.claimed_kwh if fields.kwh is None else fields.kwh
    if kwh <= 0 or not room.holds(kwh):
        _refuse(METERED_FIELD, _no_room(contract, room, kwh=kwh, year=fields.year))
    claim = _claim(fields, Instrument.DIRECT_LINE, contract.technology, kwh=kwh, contract_id=contract.id, by=by, at=at)
    _check_room(session, claim, field=METERED_FIELD)
    return _propose(session, claim, is_sample=is_sample or contract.is_sample)


def approve_claim(
    session: Session, claim_id: uuid.UUID, *, version: int, tolerance_months: int, by: str, at: datetime
) -> SupplyClaim:
    """Let another person stand for a claim; everything is checked again, because meters may have been corrected since."""
    claim = _undecided(session, claim_id, version=version)
    if claim.proposed_by == by:
        raise SamePersonError(N_("You proposed this claim; another person has to approve it."))
    for one in queries.certificates_by_claim(session, [claim.id]).get(claim.id, ()):
        problem = rules.certificate_problem(one, year=claim.period_start.year, tolerance_months=tolerance_months)
        if problem is not None:
            _refuse("", problem)
    _check_room(session, claim, field="")
    claim.decided_by, claim.decided_at = by, at
    return _moved(session, claim, ClaimStatus.APPROVED, reason=None, by=by, at=at)


def reject_claim(session: Session, claim_id: uuid.UUID, *, version: int, reason: str, by: str, at: datetime) -> SupplyClaim:
    """Refuse a proposal, or take one's own back; its certificates are free again."""
    claim = _undecided(session, claim_id, version=version)
    for one in queries.certificates_by_claim(session, [claim.id]).get(claim.id, ()):
        one.claim_id = None
    claim.decided_by, claim.decided_at = by, at
    return _moved(session, claim, ClaimStatus.REJECTED, reason=reason, by=by, at=at)


def withdraw_claim(session: Session, claim_id: uuid.UUID, *, version: int, reason: str, by: str, at: datetime) -> SupplyClaim:
    """Take back an approved claim; footprints that count it are out of date from then on.

    Its certificates stay spent, since results may have gone out that show them.
    """
    claim = queries.get_claim(session, claim_id)
    _check_version(claim, version)
    if claim.status is not ClaimStatus.APPROVED:
        raise InvalidTransitionError(present=claim.status.value, wanted=ClaimStatus.WITHDRAWN.value, allowed="")
    claim.withdrawn_by, claim.withdrawn_at = by, at
    return _moved(session, claim, ClaimStatus.WITHDRAWN, reason=reason, by=by, at=at)


def contract_room(session: Session, contract: PowerContract, *, year: int, besides: uuid.UUID | None = None) -> Room:
    """Return what of a contract's kWh of a year may still be claimed, by its meter or by certificates bundled with it."""
    start, end = months_of(year)
    delivered = queries.metered_months(session, contract, start=start, end=end)
    bundled = queries.find_certificates(session, contract_id=contract.id, year=year)
    claims = queries.counting_claims(session, contract.plant_id, year=year, besides=besides)
    by_meter = [one for one in claims if one.contract_id == contract.id and one.instrument is Instrument.DIRECT_LINE]
    spent = sum(one.mwh for one in bundled if one.claim_id is not None and one.claim_id != besides)
    return rules.metered_room(
        contract,
        metered_kwh=sum(delivered.values()),
        sold_mwh=sum(one.mwh for one in bundled if one.status is CertificateStatus.SOLD),
        claimed_kwh=rules.claimed_kwh(by_meter) + spent * KWH_PER_CERTIFICATE,
    )


def _certificates(session: Session, fields: CertificateClaimInput, *, tolerance_months: int) -> Sequence[GreenCertificate]:
    codes = rules.same_codes(fields.certificate_codes)
    known = queries.certificates_of_codes(session, codes)
    for code in codes:
        found = known.get(code)
        if found is None or found.plant_id != fields.plant_id:
            message = N_(
                "No row of the site's ledger begins with %(code)s; register the certificate first, or give its row's first code."
            )
            _refuse(CERTIFICATES_FIELD, FieldError(message, code=code))
        elif found.claim_id is not None:
            _refuse(CERTIFICATES_FIELD, _spent(session, found))
        else:
            problem = rules.certificate_problem(found, year=fields.year, tolerance_months=tolerance_months)
            if problem is not None:
                _refuse(CERTIFICATES_FIELD, problem)
    return [known[code] for code in codes]


def _spent(session: Session, certificate: GreenCertificate) -> FieldError:
    claim = queries.get_claim(session, certificate.claim_id) if certificate.claim_id else None
    return FieldError(
        N_("Certificate %(code)s is claimed already, for %(year)s; each MWh counts once. Choose another certificate."),
        code=certificate.first_code,
        year=claim.period_start.year if claim is not None else "-",
    )


def _check_bundles(session: Session, certificates: Sequence[GreenCertificate], *, year: int) -> None:
    """Refuse more certificates of a contract than it delivered: trade and certificates are the same electricity."""
    for contract_id in {one.contract_id for one in certificates if one.contract_id is not None}:
        contract = queries.get_contract(session, contract_id)
        wanted = sum(one.mwh for one in certificates if one.contract_id == contract_id) * KWH_PER_CERTIFICATE
        room = contract_room(session, contract, year=year)
        if not room.holds(wanted, slack_kwh=KWH_PER_CERTIFICATE):  # the last certificate of a month may be rounded up
            _refuse(CERTIFICATES_FIELD, _no_room(contract, room, kwh=wanted, year=year))


def _no_room(contract: PowerContract, room: Room, *, kwh: float, year: int) -> FieldError:
    if contract.attributes_sold:
        return FieldError(
            N_("The certificates of contract %(number)s are sold: its electricity counts as residual mix here."),
            number=contract.number,
        )
    return FieldError(
        N_(
            "Contract %(number)s delivered %(most)s kWh in %(year)s without what was sold, and %(claimed)s kWh of it are claimed; "
            "%(kwh)s kWh more is too much. Enter missing months, or claim less."
        ),
        number=contract.number,
        most=f"{room.most_kwh:,.0f}",
        claimed=f"{room.claimed_kwh:,.0f}",
        kwh=f"{kwh:,.0f}",
        year=year,
    )


def _check_metered(contract: PowerContract, fields: MeteredClaimInput) -> None:
    values = {"number": contract.number}
    if contract.plant_id != fields.plant_id:
        _refuse(METERED_FIELD, FieldError(N_("Contract %(number)s belongs to another site; choose one of this site."), **values))
    if contract.kind not in METERED_KINDS:
        message = N_("Contract %(number)s has no wire of its own; claim it by its cancelled certificates.")
        _refuse(METERED_FIELD, FieldError(message, **values))


def _check_room(session: Session, claim: SupplyClaim, *, field: str) -> None:
    """Refuse to claim more than the site used, or more than any of its products that has claims of its own."""
    year = claim.period_start.year
    others = queries.counting_claims(session, claim.plant_id, year=year, besides=claim.id)
    used = queries.consumed_kwh(session, claim.plant_id, start=claim.period_start, end=claim.period_end)
    kwh = claim.kwh or 0.0
    room = Room(most_kwh=used, claimed_kwh=_held_kwh(session, others))
    if not room.holds(kwh):
        _refuse(field, _too_much(room, kwh=kwh, year=year))
    for product_id in {one.product_id for one in (*others, claim) if one.product_id is not None}:
        part = _part_of(session, claim, product_id)
        shared = _held_kwh(session, [one for one in others if one.purpose is Purpose.SITE]) * part
        room = Room(most_kwh=used * part, claimed_kwh=shared + _held_kwh(session, queries.product_claims(others, product_id)))
        wanted = {product_id: kwh, None: kwh * part}.get(claim.product_id, 0.0)
        if not room.holds(wanted):
            _refuse(field, _too_much(room, kwh=wanted, year=year))


def _held_kwh(session: Session, claims: Sequence[SupplyClaim]) -> float:
    return rules.claimed_kwh(claims) + queries.taken_over_kwh(session, claims)


def _part_of(session: Session, claim: SupplyClaim, product_id: uuid.UUID) -> float:
    product = get_product(session, product_id)
    part = queries.product_part(session, product, start=claim.period_start, end=claim.period_end)
    if product.plant_id != claim.plant_id or part is None:
        message = N_(
            "No output of %(product)s is recorded at this site in %(year)s, so its part of the electricity is not known. "
            "Enter the production first, or claim for the whole site."
        )
        _refuse("product_id", FieldError(message, product=product.grade, year=claim.period_start.year))
    return part


def _too_much(room: Room, *, kwh: float, year: int) -> FieldError:
    return FieldError(
        N_(
            "%(used)s kWh were used in %(year)s and %(claimed)s kWh of them are claimed; %(kwh)s kWh more is too much. "
            "Claim less, or correct the monthly figures."
        ),
        used=f"{room.most_kwh:,.0f}",
        claimed=f"{room.claimed_kwh:,.0f}",
        kwh=f"{kwh:,.0f}",
        year=year,
    )


def _claim(
    fields: ClaimTarget,
    instrument: Instrument,
    technology: Technology,
    *,
    kwh: float,
    contract_id: uuid.UUID | None,
    by: str,
    at: datetime,
) -> SupplyClaim:
    start, end = months_of(fields.year)
    return SupplyClaim(
        plant_id=fields.plant_id,
        product_id=fields.product_id,
        purpose=fields.purpose,
        period_start=start,
        period_end=end,
        evidence=fields.evidence,
        status=ClaimStatus.PROPOSED,
        instrument=instrument,
        technology=technology,
        kwh=kwh,
        contract_id=contract_id,
        proposed_by=by,
        proposed_at=at,
    )


def _common_contract(certificates: Sequence[GreenCertificate]) -> uuid.UUID | None:
    found = {one.contract_id for one in certificates}
    return found.pop() if len(found) == 1 else None


def _undecided(session: Session, claim_id: uuid.UUID, *, version: int) -> SupplyClaim:
    claim = queries.get_claim(session, claim_id)
    _check_version(claim, version)
    if claim.status is not ClaimStatus.PROPOSED:
        raise InvalidTransitionError(present=claim.status.value, wanted=ClaimStatus.APPROVED.value, allowed="")
    get_plant(session, claim.plant_id, lock=True)
    return claim


def _check_version(claim: SupplyClaim, version: int) -> None:
    if claim.version != version:
        raise StaleVersionError


def _propose(session: Session, claim: SupplyClaim, *, is_sample: bool) -> SupplyClaim:
    claim.is_sample = is_sample
    session.add(claim)
    session.flush()  # the event names its id, certificates refer to it
    by, at, year = claim.proposed_by, claim.proposed_at, claim.period_start.year
    record(session, "supply_claim_proposed", of=claim, by=by, at=at, year=year, kwh=claim.kwh, technology=claim.technology)
    return claim


def _moved(session: Session, claim: SupplyClaim, status: ClaimStatus, *, reason: str | None, by: str, at: datetime) -> SupplyClaim:
    claim.status, claim.reason = status, reason
    claim.version += 1
    record(session, f"supply_claim_{status.value}", of=claim, by=by, at=at, year=claim.period_start.year, kwh=claim.kwh)
    return claim


def _refuse(field: str, error: FieldError) -> NoReturn:
    raise InvalidInputError({field: error})
