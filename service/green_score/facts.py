"""What is known of a supplier for one material and period: everything that a score rests on, and nothing else.

`gathering` collects them from the database, `valuing` turns them into values from 0 to 100; between the two nothing is looked up,
so that a stored score can be calculated again from its stored facts.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from service.compliance.models import CertificateKind, Proof, RecordArea, VetoKind, Violation


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchors:
    """What a footprint is held against, frozen for a scoring year.

    Attributes
    ----------
    best_ratio, worst_ratio
        Ratios to the benchmark that earn all and nothing, `0 < best < 1 < worst`.

    """

    kg_co2e_per_kg: float
    best_ratio: float
    worst_ratio: float
    origin: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierFootprint:
    """An earlier footprint of the same material by the same method."""

    kg_co2e_per_kg: float
    period_end: date


@dataclass(frozen=True, slots=True, kw_only=True)
class FootprintFacts:
    """A supplier's footprint of what it delivers.

    Attributes
    ----------
    kg_co2e_per_kg
        Median, per kg of material or per kg processed by a toll plant.
    gsd
        Geometric standard deviation from the quality of the data; None where it can't be computed.
    dqr
        Data quality rating from 1 (best) to 5; None where it can't be computed.
    verification
        `none`, `self_check`, `desk_audit`, `limited` or `reasonable`.
    verified_until
        Last day of the verification's validity; None for one that does not end, or none at all.
    earlier
        None where there is none; `earlier_was_due` tells whether there should be.

    """

    kg_co2e_per_kg: float
    gsd: float | None
    period_end: date
    primary_data_share: float | None
    dqr: float | None
    verification: str
    verified_until: date | None
    earlier: EarlierFootprint | None
    earlier_was_due: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ElectricityFacts:
    """Electricity of the period.

    Attributes
    ----------
    renewable_mwh
        By kind of proof, as in the method's `electricity_credits`.
    required_share
        Consumption responsibility weight of the site's province, 0 to 1; None where the official value is not known.

    """

    renewable_mwh: Mapping[str, float]
    total_mwh: float
    required_share: float | None
    proof: Proof


@dataclass(frozen=True, slots=True, kw_only=True)
class EnergyFacts:
    """Energy per tonne against the levels of a standard, all in kWh per t of output."""

    kwh_per_t: float
    advanced: float
    access: float
    limit: float
    levels_source: str
    proof: Proof


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateFacts:
    """A management system's certificate.

    Attributes
    ----------
    is_verified
        Of an inventory by ISO 14064-1: somebody independent has verified it.

    """

    valid_until: date
    covers_site: bool
    is_contract_only: bool
    is_verified: bool
    proof: Proof


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A level or a number that papers show for an indicator.

    Attributes
    ----------
    level
        One of the indicator's levels: `none`, `qualitative`, ...; None where the indicator takes a number.
    number
        A share (0 to 1) or a ratio, as the indicator says; None where it takes a level.

    """

    level: str | None = None
    number: float | None = None
    proof: Proof


@dataclass(frozen=True, slots=True, kw_only=True)
class ViolationFacts:
    """A violation on record."""

    violation: Violation
    happened_on: date
    is_remedied: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordFacts:
    """What public registers say in one area.

    Attributes
    ----------
    searched_on
        When somebody looked; without a look nothing is known.

    """

    searched_on: date | None
    violations: tuple[ViolationFacts, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PortalFacts:
    """What the platform itself has observed.

    Attributes
    ----------
    accepted_share
        Required fields that are accepted over all required ones, 0 to 1.
    days_late
        Of the last four requests, oldest first; 0 when in time.
    evidence_share
        Figures with evidence over all figures, 0 to 1.
    corrected_share
        Figures that had to be corrected after review over all figures, 0 to 1.
    refuses_data
        Data has been refused for more than 90 days, or three reminders went unanswered.

    """

    accepted_share: float | None
    days_late: tuple[float, ...]
    evidence_share: float | None
    corrected_share: float | None
    refuses_data: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """All of it.

    Attributes
    ----------
    on
        Day for which ages and validity are judged.
    category
        Profile of the method.
    shown
        By indicator that papers show and no question asks: A5 apart, B3, D1, D2, E1, E2, E3, F1, F2.
    not_applicable
        Indicators that two people of the maker have approved as not applying.
    energy_is_limited
        A mandatory limit of energy per tonne applies to this kind of plant.
    sources
        By indicator, where its facts come from: `submission:<id>`, `held_certificate:<id>`, `compliance_record:<id>`, ...

    """

    on: date
    category: str
    anchors: Anchors | None
    footprint: FootprintFacts | None
    electricity: ElectricityFacts | None
    energy: EnergyFacts | None
    energy_is_limited: bool
    certificates: Mapping[CertificateKind, CertificateFacts] = field(default_factory=dict)
    shown: Mapping[str, Shown] = field(default_factory=dict)
    records: Mapping[RecordArea, RecordFacts] = field(default_factory=dict)
    vetoes: tuple[VetoKind, ...] = ()
    portal: PortalFacts
    not_applicable: frozenset[str] = frozenset()
    sources: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
