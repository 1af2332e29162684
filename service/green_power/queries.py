"""Every SELECT on contracts, certificates and claims, and what follows from approved claims for market-based results."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from service.errors import N_, ConflictError, NotFoundError
from service.green_power.models import (
    CertificateStatus,
    ClaimStatus,
    GreenCertificate,
    Instrument,
    MeteredPower,
    PowerContract,
    Purpose,
    SupplyClaim,
    Technology,
)
from service.green_power.rules import COUNTING, months_of
from service.monitoring.queries import electricity_consumed_kwh, monthly_amounts
from service.products.models import Product, Production
from service.products.queries import get_plant

ROUNDING = 1e-9
"""Shares of one site may add up to a hair above one."""


class UnknownConsumptionError(ConflictError):
    """A claim stands against electricity of which a month is missing, so that its share is not known."""

    code = "electricity-consumption-missing"


class OverclaimedError(ConflictError):
    """Approved claims are more than what a site used, because its meters were corrected since."""

    code = "electricity-overclaimed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimedSupply:
    """Electricity of known origin that an approved claim gives a site within a period.

    Attributes
    ----------
    certificate_ids
        Rows of cancelled certificates behind it; none where it is metered directly or taken over as typed.

    """

    claim_id: uuid.UUID
    technology: Technology
    instrument: Instrument
    kwh: float
    certificate_ids: tuple[uuid.UUID, ...]
    evidence: str
    is_sample: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidencedSupply:
    """Electricity of known origin as a share of what one product's electricity is in a period.

    Attributes
    ----------
    share
        0 to 1.

    """

    claim_id: uuid.UUID
    instrument: Instrument
    technology: Technology
    share: float
    evidence: str
    approved_at: datetime

    @property
    def parameter(self) -> str:
        """The model's parameter for it."""
        return f"{self.instrument.value}_{self.technology.value}_share"


# ---- What others read ----


def claimed_supplies(session: Session, plant_id: uuid.UUID, *, start: date, end: date) -> Sequence[ClaimedSupply]:
    """Return what approved claims give a site in a period: those whose own period lies within it, so none counts twice.

    Raises
    ------
    UnknownConsumptionError
        If an entry taken over as a share stands against months that are missing.

    """
    claims = [one for one in approved_claims(session, plant_id) if start <= one.period_start and one.period_end <= end]
    spent = certificates_by_claim(session, [claim.id for claim in claims])
    return [
        ClaimedSupply(
            claim_id=claim.id,
            technology=claim.technology,
            instrument=claim.instrument,
            kwh=_kwh(session, claim),
            certificate_ids=tuple(one.id for one in spent.get(claim.id, ())),
            evidence=claim.evidence,
            is_sample=claim.is_sample,
        )
        for claim in claims
    ]


def evidenced_supplies(session: Session, product: Product, *, period_start: date, period_end: date) -> Sequence[EvidencedSupply]:
    """Return the shares of a product's electricity that approved claims stand for in the whole of a period.

    A claim for the site counts for all its products alike; one for a product counts against the product's part of the site's
    electricity, which is its part of the output in tonnes.

    Raises
    ------
    UnknownConsumptionError
        If months of the site's electricity are missing.
    OverclaimedError
        If the claims are more than what there was.

    """
    supplies = [
        _evidenced(session, claim, product)
        for claim in approved_claims(session, product.plant_id)
        if claim.period_start <= period_start and period_end <= claim.period_end and claim.product_id in {None, product.id}
    ]
    total = sum(one.share for one in supplies)
    if total > 1.0 + ROUNDING:
        raise OverclaimedError(
            N_(
                "The approved claims for %(start)s to %(end)s are %(percent)s percent of what the plant used. "
                "Correct its meters' figures, or withdraw a claim on the page “Green power”."
            ),
            start=period_start,
            end=period_end,
            percent=f"{total * 100:.4g}",
        )
    return supplies


def shares_of(supplies: Iterable[EvidencedSupply]) -> Mapping[str, float]:
    """Return the shares of supplies by parameter of the model."""
    shares: dict[str, float] = {}
    for one in supplies:
        shares[one.parameter] = shares.get(one.parameter, 0.0) + one.share
    return dict(sorted(shares.items()))


def consumed_kwh(session: Session, plant_id: uuid.UUID, *, start: date, end: date) -> float:
    """Return what a site used.

    Raises
    ------
    UnknownConsumptionError
        If a month is missing, or it used none: a share of it is not known.

    """
    found = electricity_consumed_kwh(session, plant_id, start=start, end=end)
    if not found:
        raise UnknownConsumptionError(
            N_(
                "The electricity that %(plant)s used from %(start)s to %(end)s is not complete. "
                "Enter the missing months on the page “Monthly figures”; without them no share can be claimed."
            ),
            plant=get_plant(session, plant_id).name_zh,
            start=start,
            end=end,
        )
    return found


def product_part(session: Session, product: Product, *, start: date, end: date) -> float | None:
    """Return a product's part of its plant's output in tonnes, 0 to 1; None where its output is not recorded."""
    outputs = select_columns(col(Production.product_id), func.sum(col(Production.output_t))).join(
        Product, col(Product.id) == col(Production.product_id)
    )
    of_the_period = outputs.where(
        col(Product.plant_id) == product.plant_id, col(Production.period_start) >= start, col(Production.period_end) <= end
    ).group_by(col(Production.product_id))
    tonnes: dict[uuid.UUID, float] = {row[0]: row[1] for row in session.execute(of_the_period)}
    return tonnes[product.id] / sum(tonnes.values()) if product.id in tonnes else None


def _kwh(session: Session, claim: SupplyClaim) -> float:
    if claim.kwh is not None:
        return claim.kwh
    assert claim.taken_over_share is not None  # noqa: S101 - a constraint of the table
    return claim.taken_over_share * consumed_kwh(session, claim.plant_id, start=claim.period_start, end=claim.period_end)


def _evidenced(session: Session, claim: SupplyClaim, product: Product) -> EvidencedSupply:
    return EvidencedSupply(
        claim_id=claim.id,
        instrument=claim.instrument,
        technology=claim.technology,
        share=_share(session, claim, product),
        evidence=claim.evidence,
        approved_at=claim.decided_at or claim.proposed_at,
    )


def _share(session: Session, claim: SupplyClaim, product: Product) -> float:
    if claim.taken_over_share is not None:
        return claim.taken_over_share
    consumed = consumed_kwh(session, claim.plant_id, start=claim.period_start, end=claim.period_end)
    if claim.product_id is not None:
        consumed *= product_part(session, product, start=claim.period_start, end=claim.period_end) or 1.0
    return (claim.kwh or 0.0) / consumed


# ---- Contracts and what they delivered ----


def get_contract(session: Session, contract_id: uuid.UUID) -> PowerContract:
    """Return a contract."""
    contract = session.get(PowerContract, contract_id)
    if contract is None:
        raise NotFoundError
    return contract


def find_contracts(session: Session, *, plant_id: uuid.UUID | None = None) -> Sequence[PowerContract]:
    """Return contracts, the latest start first."""
    query = select(PowerContract).order_by(col(PowerContract.starts_on).desc(), PowerContract.number)
    return session.exec(query if plant_id is None else query.where(PowerContract.plant_id == plant_id)).all()


def metered_months(session: Session, contract: PowerContract, *, start: date, end: date) -> Mapping[date, float]:
    """Return the kWh that a contract delivered by month: from its source where it has one, else as entered."""
    if contract.source_id is not None:
        amounts = monthly_amounts(session, start=start, end=end, plant_id=contract.plant_id, with_sub_meters=True)
        return {one.month: one.amount for one in amounts if one.source_id == contract.source_id}
    entered = select(MeteredPower).where(
        MeteredPower.contract_id == contract.id,
        col(MeteredPower.month).between(start, end),
        col(MeteredPower.ended_at).is_(None),
    )
    return {one.month: one.kwh for one in session.exec(entered.order_by(col(MeteredPower.month)))}


# ---- Certificates ----


def get_certificate(session: Session, certificate_id: uuid.UUID) -> GreenCertificate:
    """Return a row of certificates."""
    certificate = session.get(GreenCertificate, certificate_id)
    if certificate is None:
        raise NotFoundError
    return certificate


def find_certificates(
    session: Session,
    *,
    plant_id: uuid.UUID | None = None,
    status: CertificateStatus | None = None,
    year: int | None = None,
    contract_id: uuid.UUID | None = None,
) -> Sequence[GreenCertificate]:
    """Return rows of certificates, the latest generation first."""
    query = select(GreenCertificate).order_by(
        col(GreenCertificate.generation_month).desc(), GreenCertificate.project_code, GreenCertificate.first_number
    )
    if plant_id is not None:
        query = query.where(GreenCertificate.plant_id == plant_id)
    if status is not None:
        query = query.where(GreenCertificate.status == status)
    if contract_id is not None:
        query = query.where(GreenCertificate.contract_id == contract_id)
    if year is not None:
        start, end = months_of(year)
        query = query.where(col(GreenCertificate.generation_month).between(start, end))
    return session.exec(query).all()


def find_overlapping(session: Session, *, project: str, first: str, last: str) -> GreenCertificate | None:
    """Return a row that holds one of the certificates of a block already."""
    query = select(GreenCertificate).where(
        GreenCertificate.project_code == project,
        col(GreenCertificate.first_number) <= last,
        col(GreenCertificate.last_number) >= first,
    )
    return session.exec(query).first()


def certificates_of_codes(session: Session, codes: Sequence[str]) -> Mapping[str, GreenCertificate]:
    """Return the rows whose first code is one of these, by code."""
    numbers = {code[-15:] for code in codes}
    rows = session.exec(select(GreenCertificate).where(col(GreenCertificate.first_number).in_(numbers)))
    return {row.first_code: row for row in rows if row.first_code in set(codes)}


def certificates_by_claim(session: Session, claim_ids: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, Sequence[GreenCertificate]]:
    """Return the certificates that claims have spent, by claim."""
    rows = session.exec(
        select(GreenCertificate)
        .where(col(GreenCertificate.claim_id).in_(claim_ids))
        .order_by(GreenCertificate.project_code, GreenCertificate.first_number)
    )
    found: dict[uuid.UUID, list[GreenCertificate]] = {}
    for row in rows:
        if row.claim_id is not None:
            found.setdefault(row.claim_id, []).append(row)
    return found


# ---- Claims ----


def get_claim(session: Session, claim_id: uuid.UUID) -> SupplyClaim:
    """Return a claim."""
    claim = session.get(SupplyClaim, claim_id)
    if claim is None:
        raise NotFoundError
    return claim


def find_claims(session: Session, *, plant_id: uuid.UUID | None = None, year: int | None = None) -> Sequence[SupplyClaim]:
    """Return claims of every status, the latest period first; of a year those that touch it."""
    query = select(SupplyClaim).order_by(
        col(SupplyClaim.period_start).desc(), col(SupplyClaim.proposed_at).desc(), col(SupplyClaim.id)
    )
    if plant_id is not None:
        query = query.where(SupplyClaim.plant_id == plant_id)
    if year is not None:
        start, end = months_of(year)
        query = query.where(col(SupplyClaim.period_start) <= end, col(SupplyClaim.period_end) >= start)
    return session.exec(query).all()


def approved_claims(session: Session, plant_id: uuid.UUID) -> Sequence[SupplyClaim]:
    """Return the claims of a site that count, the latest period first."""
    return [one for one in find_claims(session, plant_id=plant_id) if one.status is ClaimStatus.APPROVED]


def counting_claims(session: Session, plant_id: uuid.UUID, *, year: int, besides: uuid.UUID | None = None) -> Sequence[SupplyClaim]:
    """Return the claims of a site-year that hold electricity: approved, or proposed and not yet decided."""
    return [one for one in find_claims(session, plant_id=plant_id, year=year) if one.status in COUNTING and one.id != besides]


def taken_over_kwh(session: Session, claims: Sequence[SupplyClaim]) -> float:
    """Return the kWh of entries that were taken over as shares."""
    return sum(_kwh(session, one) for one in claims if one.taken_over_share is not None)


def product_claims(claims: Sequence[SupplyClaim], product_id: uuid.UUID) -> Sequence[SupplyClaim]:
    """Return the claims for one product among some."""
    return [one for one in claims if one.purpose is Purpose.PRODUCT and one.product_id == product_id]
