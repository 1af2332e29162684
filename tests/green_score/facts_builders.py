"""Facts of the worked example; a test changes only what it is about."""

from dataclasses import replace
from datetime import date
from typing import Any

from service.compliance.models import CertificateKind, Proof, RecordArea, Violation
from service.green_score.facts import (
    Anchors,
    CertificateFacts,
    EarlierFootprint,
    ElectricityFacts,
    EnergyFacts,
    Facts,
    FootprintFacts,
    PortalFacts,
    RecordFacts,
    Shown,
    ViolationFacts,
)

ON = date(2026, 1, 31)
VALID = date(2027, 6, 30)

FOOTPRINT = FootprintFacts(
    kg_co2e_per_kg=4.10,
    gsd=1.15,
    period_end=date(2025, 12, 31),
    primary_data_share=0.62,
    dqr=2.2,
    verification="desk_audit",
    verified_until=None,
    earlier=EarlierFootprint(kg_co2e_per_kg=4.30, period_end=date(2023, 12, 31)),
    earlier_was_due=True,
)
ELECTRICITY = ElectricityFacts(
    renewable_mwh={"own_generation": 200.0, "unbundled_certificates": 250.0, "without_cancellation": 300.0},
    total_mwh=1000.0,
    required_share=0.30,
    proof=Proof.METERED,
)
ENERGY = EnergyFacts(kwh_per_t=6300.0, advanced=5500.0, access=6500.0, limit=7500.0, levels_source="test", proof=Proof.METERED)


def a_certificate(**fields: Any) -> CertificateFacts:
    """Return a verified certificate that is valid on the day of the example."""
    columns: dict[str, Any] = {
        "valid_until": VALID,
        "covers_site": True,
        "is_contract_only": False,
        "is_verified": True,
        "proof": Proof.VERIFIED,
    }
    return CertificateFacts(**({"proof": Proof.VERIFIED} | columns | fields))


def records(*violations: ViolationFacts, searched_on: date | None = date(2026, 1, 15)) -> RecordFacts:
    """Return what registers say, looked up lately."""
    return RecordFacts(searched_on=searched_on, violations=violations)


def a_violation(violation: Violation = Violation.FINE_SMALL, **fields: Any) -> ViolationFacts:
    """Return a violation that happened a year before the day of the example, not remedied."""
    columns: dict[str, Any] = {"happened_on": date(2025, 1, 31), "is_remedied": False}
    return ViolationFacts(violation=violation, **(columns | fields))


EXAMPLE = Facts(
    on=ON,
    category="default",
    anchors=Anchors(kg_co2e_per_kg=5.0, best_ratio=0.5, worst_ratio=2.0, origin="default"),
    footprint=FOOTPRINT,
    electricity=ELECTRICITY,
    energy=ENERGY,
    energy_is_limited=True,
    certificates={
        CertificateKind.ISO_14001: a_certificate(),
        CertificateKind.ISO_14064_1: a_certificate(is_verified=False, proof=Proof.DOCUMENT),
        CertificateKind.ISO_45001: a_certificate(),
        CertificateKind.ISO_9001: a_certificate(),
    },
    shown={
        "B3": Shown(level="monthly", proof=Proof.METERED),
        "D1": Shown(level="quantified", proof=Proof.DOCUMENT),
        "D2": Shown(number=0.8, proof=Proof.DOCUMENT),
        "E2": Shown(number=0.45, proof=Proof.DOCUMENT),
        "E3": Shown(level="full", proof=Proof.METERED),
        "F1": Shown(number=0.9, proof=Proof.METERED),
        "F2": Shown(number=0.25, proof=Proof.METERED),
    },
    records={RecordArea.ENVIRONMENT: records(a_violation()), RecordArea.CONDUCT: records()},
    portal=PortalFacts(accepted_share=0.92, days_late=(10.0,), evidence_share=0.85, corrected_share=0.0, refuses_data=False),
    not_applicable=frozenset({"E1"}),
)
"""Section by section the worked example; its electricity is 200 + 0.6 x 250 + 0 x 300 = 350 of 1 000 MWh."""


def changed(**fields: Any) -> Facts:
    """Return the example with other facts."""
    return replace(EXAMPLE, **fields)


def with_footprint(**fields: Any) -> Facts:
    """Return the example with another footprint."""
    return changed(footprint=replace(FOOTPRINT, **fields))


def with_portal(**fields: Any) -> Facts:
    """Return the example with other observations."""
    return changed(portal=replace(EXAMPLE.portal, **fields))
