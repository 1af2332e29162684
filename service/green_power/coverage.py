"""What a site's electricity of a year is covered by, and how that stands to the duty to consume renewable electricity."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlmodel import Session, col, select

from service.green_power import queries
from service.green_power.models import (
    CertificateStatus,
    ClaimStatus,
    ConsumptionWeight,
    GreenCertificate,
    Instrument,
    SupplyClaim,
    Technology,
)
from service.green_power.rules import KWH_PER_CERTIFICATE, months_of, valid_until
from service.green_power.weights import Weight, shipped_weights
from service.monitoring.queries import electricity_consumed_kwh
from service.products.models import Plant
from service.products.queries import all_plants

_PERCENT = 100.0
# Nuclear power has certificates of its own kind and is not renewable.
_RENEWABLE = frozenset(Technology) - {Technology.NUCLEAR}


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteCoverage:
    """What a site's electricity of a year is covered by.

    Attributes
    ----------
    consumed_kwh
        None where a month is missing: then no share is known.
    metered_kwh, certificates_kwh
        Of approved claims: by a line or own plant, and by cancelled certificates, traded with the power or bought alone; each kWh
        in one of the two.
    proposed_kwh
        Of claims that nobody has decided; counts nowhere.
    renewable_kwh
        Part of the claimed kWh that is renewable: without nuclear power.
    has_taken_over
        Whether entries from before the ledger are among them, which are shares without kWh of their own.

    """

    plant: Plant
    year: int
    consumed_kwh: float | None
    metered_kwh: float
    certificates_kwh: float
    proposed_kwh: float
    renewable_kwh: float
    has_taken_over: bool

    @property
    def claimed_kwh(self) -> float:
        """All that is claimed."""
        return self.metered_kwh + self.certificates_kwh

    @property
    def unclaimed_kwh(self) -> float | None:
        """What counts as residual mix under the contract view."""
        return None if self.consumed_kwh is None else max(0.0, self.consumed_kwh - self.claimed_kwh)

    @property
    def share(self) -> float | None:
        """Claimed part of the site's electricity, 0 to 1."""
        return self.claimed_kwh / self.consumed_kwh if self.consumed_kwh else None


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyCoverage:
    """How a site stands to its province's weight of a year: a yardstick, since graphite anode is no listed sector.

    Attributes
    ----------
    weight
        None where no weight of this year is known; another year's never takes its place.
    required_kwh
        Weight times consumption; None where either is not known.
    ratio
        Renewable kWh over the required ones; 1 is the duty fulfilled.

    """

    weight: Weight | None
    required_kwh: float | None
    ratio: float | None


def site_coverages(session: Session, *, year: int) -> Sequence[SiteCoverage]:
    """Return what every site's electricity of a year is covered by."""
    return [site_coverage(session, plant, year=year) for plant in all_plants(session)]


def site_coverage(session: Session, plant: Plant, *, year: int) -> SiteCoverage:
    """Return what a site's electricity of a year is covered by."""
    start, end = months_of(year)
    consumed = electricity_consumed_kwh(session, plant.id, start=start, end=end)
    claims = [one for one in queries.find_claims(session, plant_id=plant.id, year=year) if _within(one, start, end)]
    approved = [(one, _kwh(one, consumed)) for one in claims if one.status is ClaimStatus.APPROVED]
    return SiteCoverage(
        plant=plant,
        year=year,
        consumed_kwh=consumed,
        metered_kwh=sum(kwh for one, kwh in approved if one.instrument is Instrument.DIRECT_LINE),
        certificates_kwh=sum(kwh for one, kwh in approved if one.instrument is Instrument.CONTRACT),
        proposed_kwh=sum(one.kwh or 0.0 for one in claims if one.status is ClaimStatus.PROPOSED),
        renewable_kwh=sum(kwh for one, kwh in approved if one.technology in _RENEWABLE),
        has_taken_over=any(one.taken_over_share is not None for one, _ in approved),
    )


def duty_coverage(session: Session, coverage: SiteCoverage) -> DutyCoverage:
    """Return how a site stands to its province's weight of the year."""
    weight = weight_of(session, coverage.plant.province_code, coverage.year)
    required = weight.total * coverage.consumed_kwh if weight is not None and coverage.consumed_kwh is not None else None
    return DutyCoverage(weight=weight, required_kwh=required, ratio=coverage.renewable_kwh / required if required else None)


def weight_of(session: Session, province_code: str, year: int) -> Weight | None:
    """Return a province's weight of a year: as an administrator entered it, else as shipped; None: not known."""
    query = select(ConsumptionWeight).where(
        ConsumptionWeight.province_code == province_code,
        ConsumptionWeight.year == year,
        col(ConsumptionWeight.ended_at).is_(None),
    )
    entered = session.exec(query).first()
    if entered is None:
        return shipped_weights().get((province_code, year))
    return Weight(
        province_code=province_code,
        year=year,
        total=entered.total_percent / _PERCENT,
        nonhydro=entered.nonhydro_percent / _PERCENT,
        document=entered.document,
        note="",
    )


def expiring(session: Session, *, on: date, within_days: int = 90) -> Sequence[GreenCertificate]:
    """Return held certificates that run out within some days and are not cancelled, the first to run out first."""
    last = on + timedelta(days=within_days)
    held = queries.find_certificates(session, status=CertificateStatus.HELD)
    found = [one for one in held if on <= valid_until(one.generation_month) <= last]
    return sorted(found, key=lambda one: (one.generation_month, one.first_code))


def unspent_kwh(session: Session, plant_id: uuid.UUID, *, year: int) -> float:
    """Return the kWh of a year's cancelled certificates that no claim has spent yet."""
    rows = queries.find_certificates(session, plant_id=plant_id, status=CertificateStatus.CANCELLED, year=year)
    return sum(one.mwh for one in rows if one.claim_id is None) * KWH_PER_CERTIFICATE


def _within(claim: SupplyClaim, start: date, end: date) -> bool:
    return start <= claim.period_start and claim.period_end <= end


def _kwh(claim: SupplyClaim, consumed: float | None) -> float:
    if claim.kwh is not None:
        return claim.kwh
    return (claim.taken_over_share or 0.0) * (consumed or 0.0)
