"""What no method of scoring may give away: silence, vagueness, neighbours and names never pay.

Each property is tried on arbitrary facts, not on plausible ones only: expired, contradictory and absurd ones too.
"""

import itertools
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.compliance.models import CertificateKind, Proof, RecordArea, VetoKind, Violation
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
from service.green_score.grading import PreviousGrade
from service.green_score.method import VETOED, shipped_method
from service.green_score.scoring import ScoreResult, score
from service.green_score.stored_facts import facts_as_stored, facts_from

METHOD = shipped_method()
LETTERS = [rule.grade for rule in METHOD.grades]
WORST_FIRST = [VETOED, *reversed(LETTERS)]
ON = date(2026, 11, 23)
ROUNDING = 1e-9

BEST_LEVELS = {"B3": "sub_metered", "D1": "validated", "E3": "full"}
BEST_NUMBERS = {"D2": 1.0, "E1": 1.0, "E2": 1.0, "F1": 0.1, "F2": 1.0}

days = st.integers(min_value=-1500, max_value=700).map(lambda back: ON + timedelta(days=back))
past = st.integers(min_value=-1500, max_value=0).map(lambda back: ON + timedelta(days=back))
shares = st.floats(min_value=0, max_value=1)
kilograms = st.floats(min_value=0.01, max_value=100)
proofs = st.sampled_from(Proof)
left_out = st.frozensets(st.sampled_from(sorted(METHOD.indicators)), max_size=4)

anchors = st.builds(
    Anchors,
    kg_co2e_per_kg=kilograms,
    best_ratio=st.floats(min_value=0.3, max_value=0.8),
    worst_ratio=st.floats(min_value=1.5, max_value=3),
    origin=st.just("default"),
)
footprints = st.builds(
    FootprintFacts,
    kg_co2e_per_kg=kilograms,
    gsd=st.none() | st.floats(min_value=1, max_value=4),
    period_end=past,
    primary_data_share=st.none() | shares,
    dqr=st.none() | st.floats(min_value=1, max_value=5),
    verification=st.sampled_from(sorted(METHOD.ladders["A5"])),
    verified_until=st.none() | days,
    earlier=st.none() | st.builds(EarlierFootprint, kg_co2e_per_kg=kilograms, period_end=past),
    earlier_was_due=st.booleans(),
)
electricity = st.builds(
    ElectricityFacts,
    renewable_mwh=st.dictionaries(st.sampled_from(sorted(METHOD.electricity_credits)), st.floats(min_value=0, max_value=1000)),
    total_mwh=st.floats(min_value=0, max_value=3000),
    required_share=st.none() | shares,
    proof=proofs,
)
energy = st.builds(
    EnergyFacts,
    kwh_per_t=st.floats(min_value=1, max_value=20000),
    advanced=st.just(5500.0),
    access=st.just(6500.0),
    limit=st.just(7500.0),
    levels_source=st.just("test"),
    proof=proofs,
)
certificates = st.dictionaries(
    st.sampled_from(CertificateKind),
    st.builds(
        CertificateFacts,
        valid_until=days,
        covers_site=st.booleans(),
        is_contract_only=st.booleans(),
        is_verified=st.booleans(),
        proof=proofs,
    ),
)
levels = {name: sorted(METHOD.ladders[name]) for name in ("B3", "D1", "E3")}
shown = st.fixed_dictionaries(
    {},
    optional={
        **{name: st.builds(Shown, level=st.sampled_from(words), proof=proofs) for name, words in levels.items()},
        **{name: st.builds(Shown, number=st.floats(0, 3), proof=proofs) for name in ("D2", "E1", "E2", "F1", "F2")},
    },
)
violations = st.builds(ViolationFacts, violation=st.sampled_from(Violation), happened_on=past, is_remedied=st.booleans())
records = st.dictionaries(
    st.sampled_from(RecordArea),
    st.builds(RecordFacts, searched_on=st.none() | past, violations=st.lists(violations, max_size=3).map(tuple)),
)
portals = st.builds(
    PortalFacts,
    accepted_share=st.none() | shares,
    days_late=st.lists(st.floats(min_value=0, max_value=60), max_size=5).map(tuple),
    evidence_share=st.none() | shares,
    corrected_share=st.none() | shares,
    refuses_data=st.booleans(),
)
excellent = Facts(
    on=ON,
    category="default",
    anchors=Anchors(kg_co2e_per_kg=5.0, best_ratio=0.5, worst_ratio=2.0, origin="default"),
    footprint=FootprintFacts(
        kg_co2e_per_kg=2.4,
        gsd=1.05,
        period_end=date(2026, 6, 30),
        primary_data_share=0.9,
        dqr=1.4,
        verification="reasonable",
        verified_until=date(2027, 6, 30),
        earlier=EarlierFootprint(kg_co2e_per_kg=2.6, period_end=date(2025, 6, 30)),
        earlier_was_due=True,
    ),
    electricity=ElectricityFacts(
        renewable_mwh={"own_generation": 900.0}, total_mwh=1000.0, required_share=0.3, proof=Proof.VERIFIED
    ),
    energy=EnergyFacts(kwh_per_t=5400.0, advanced=5500.0, access=6500.0, limit=7500.0, levels_source="test", proof=Proof.VERIFIED),
    energy_is_limited=True,
    certificates={
        kind: CertificateFacts(
            valid_until=date(2027, 6, 30), covers_site=True, is_contract_only=False, is_verified=True, proof=Proof.VERIFIED
        )
        for kind in CertificateKind
    },
    shown={
        **{name: Shown(level=best, proof=Proof.VERIFIED) for name, best in BEST_LEVELS.items()},
        **{name: Shown(number=best, proof=Proof.VERIFIED) for name, best in BEST_NUMBERS.items()},
    },
    records={area: RecordFacts(searched_on=date(2026, 11, 1)) for area in RecordArea},
    portal=PortalFacts(accepted_share=1.0, days_late=(0.0,), evidence_share=1.0, corrected_share=0.0, refuses_data=False),
)


def mostly(good: Any, other: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Return the good part in most cases, or no example would come near a grade's threshold."""
    return st.integers(0, 3).flatmap(lambda number: other if number == 0 else st.just(good))


any_facts = st.builds(
    Facts,
    on=st.just(ON),
    category=st.sampled_from(sorted(METHOD.profiles)),
    anchors=mostly(excellent.anchors, st.none() | anchors),
    footprint=mostly(excellent.footprint, st.none() | footprints),
    electricity=mostly(excellent.electricity, st.none() | electricity),
    energy=mostly(excellent.energy, st.none() | energy),
    energy_is_limited=st.booleans(),
    certificates=mostly(excellent.certificates, certificates),
    shown=mostly(excellent.shown, shown),
    records=mostly(excellent.records, records),
    vetoes=mostly((), st.lists(st.sampled_from(VetoKind), max_size=1).map(tuple)),
    portal=mostly(excellent.portal, portals),
    not_applicable=mostly(frozenset(), left_out),
)
any_previous = st.none() | st.builds(PreviousGrade, by_points=st.sampled_from(LETTERS), is_held=st.booleans())


def without(mapping: Any, key: Any) -> Any:
    """Return a mapping without one of its keys."""
    return {name: value for name, value in mapping.items() if name != key}


def part(name: str, **fields: Any) -> Callable[[Facts], Facts]:
    """Return the change that replaces fields of one part of the facts, where there is one."""

    def change(facts: Facts) -> Facts:
        present = getattr(facts, name)
        return facts if present is None else replace(facts, **{name: replace(present, **fields)})

    return change


SILENCES: dict[str, Callable[[Facts], Facts]] = {
    "footprint": lambda facts: replace(facts, footprint=None),
    "uncertainty": part("footprint", gsd=None),
    "primary data share": part("footprint", primary_data_share=None),
    "data quality": part("footprint", dqr=None),
    "verification": part("footprint", verification="none", verified_until=None),
    "end of the verification": part("footprint", verified_until=None),
    "earlier footprint": part("footprint", earlier=None),
    "electricity": lambda facts: replace(facts, electricity=None),
    "proof of renewable electricity": part("electricity", renewable_mwh={}),
    "required share of the province": part("electricity", required_share=None),
    "proof of electricity": part("electricity", proof=Proof.CLAIM),
    "energy": lambda facts: replace(facts, energy=None),
    "proof of energy": part("energy", proof=Proof.CLAIM),
    "look into environmental registers": lambda facts: replace(facts, records=without(facts.records, RecordArea.ENVIRONMENT)),
    "look into conduct registers": lambda facts: replace(facts, records=without(facts.records, RecordArea.CONDUCT)),
    "accepted share": part("portal", accepted_share=None),
    "answers in time": part("portal", days_late=()),
    "evidence": part("portal", evidence_share=None),
    "corrections": part("portal", corrected_share=None),
    **{
        f"certificate {kind}": lambda facts, kind=kind: replace(facts, certificates=without(facts.certificates, kind))  # type: ignore[misc]
        for kind in CertificateKind
    },
    **{
        f"paper for {name}": lambda facts, name=name: replace(facts, shown=without(facts.shown, name))  # type: ignore[misc]
        for name in ("B3", "D1", "D2", "E1", "E2", "E3", "F1", "F2")
    },
}


def _with_higher_footprint_before(facts: Facts) -> Facts:
    if facts.footprint is None or facts.footprint.earlier is None:
        return facts
    earlier = facts.footprint.earlier
    higher = replace(earlier, kg_co2e_per_kg=1.1 * earlier.kg_co2e_per_kg)
    return replace(facts, footprint=replace(facts.footprint, earlier=higher))


def _of(facts: Facts, name: str, attribute: str) -> float:
    present = getattr(facts, name)
    return 1.0 if present is None else float(getattr(present, attribute))


IMPROVEMENTS: dict[str, Callable[[Facts], Facts]] = {
    "a smaller footprint": lambda facts: part("footprint", kg_co2e_per_kg=_of(facts, "footprint", "kg_co2e_per_kg") * 0.9)(facts),
    "more primary data": part("footprint", primary_data_share=1.0),
    "better data": part("footprint", dqr=1.0),
    "certain data": part("footprint", gsd=1.0),
    "an accredited verification": part("footprint", verification="reasonable", verified_until=ON + timedelta(days=365)),
    "a higher footprint before": _with_higher_footprint_before,
    "only renewable electricity": part("electricity", renewable_mwh={"own_generation": 1e9}),
    "a lower required share": part("electricity", required_share=0.0),
    "verified electricity": part("electricity", proof=Proof.VERIFIED),
    "less energy": lambda facts: part("energy", kwh_per_t=_of(facts, "energy", "kwh_per_t") * 0.9)(facts),
    "verified energy": part("energy", proof=Proof.VERIFIED),
    "all accepted": part("portal", accepted_share=1.0),
    "in time": part("portal", days_late=(0.0,)),
    "all evidence": part("portal", evidence_share=1.0),
    "no corrections": part("portal", corrected_share=0.0),
    "no refusal": part("portal", refuses_data=False),
    "no veto": lambda facts: replace(facts, vetoes=()),
    "no violation": lambda facts: replace(
        facts, records={area: replace(one, violations=()) for area, one in facts.records.items()}
    ),
    "remediation": lambda facts: replace(
        facts,
        records={
            area: replace(one, violations=tuple(replace(violation, is_remedied=True) for violation in one.violations))
            for area, one in facts.records.items()
        },
    ),
    "all certificates": lambda facts: replace(
        facts,
        certificates={
            kind: CertificateFacts(valid_until=ON, covers_site=True, is_contract_only=False, is_verified=True, proof=Proof.VERIFIED)
            for kind in CertificateKind
        },
    ),
    **{
        f"the best level of {name}": lambda facts, name=name, best=best: replace(  # type: ignore[misc]
            facts, shown={**facts.shown, name: Shown(level=best, proof=Proof.VERIFIED)}
        )
        for name, best in BEST_LEVELS.items()
    },
    **{
        f"the best number of {name}": lambda facts, name=name, best=best: replace(  # type: ignore[misc]
            facts, shown={**facts.shown, name: Shown(number=best, proof=Proof.VERIFIED)}
        )
        for name, best in BEST_NUMBERS.items()
    },
}


def height(found: ScoreResult) -> int:
    """Return how good a grade is; a greater number is better."""
    return WORST_FIRST.index(found.grade.letter)


def is_no_better(found: ScoreResult, than: ScoreResult) -> bool:
    """Tell whether neither points nor grade are better, nor the grade that the next period starts from."""
    return (
        found.points.total <= than.points.total + ROUNDING
        and height(found) <= height(than)
        and LETTERS.index(found.grade.by_points) >= LETTERS.index(than.grade.by_points)
    )


@settings(max_examples=150)
@given(facts=any_facts, previous=any_previous)
def test_silence_never_raises_points_or_grade(facts: Facts, previous: PreviousGrade | None) -> None:
    told = score(facts, METHOD, previous=previous)

    for what, silence in SILENCES.items():
        assert is_no_better(score(silence(facts), METHOD, previous=previous), than=told), what


@settings(max_examples=150)
@given(facts=any_facts, previous=any_previous)
def test_whatever_gets_better_lowers_neither_points_nor_grade(facts: Facts, previous: PreviousGrade | None) -> None:
    worse = score(facts, METHOD, previous=previous)

    for what, improvement in IMPROVEMENTS.items():
        assert is_no_better(worse, than=score(improvement(facts), METHOD, previous=previous)), what


@settings(max_examples=40)
@given(facts=any_facts, footprint=footprints, gsd=st.floats(1, 4), factor=st.floats(1, 3), previous=any_previous)
def test_more_uncertainty_never_raises_points_or_grade(
    facts: Facts, footprint: FootprintFacts, gsd: float, factor: float, previous: PreviousGrade | None
) -> None:
    sure, unsure = (
        score(replace(facts, footprint=replace(footprint, gsd=spread)), METHOD, previous=previous) for spread in (gsd, gsd * factor)
    )

    assert is_no_better(unsure, than=sure)


@settings(max_examples=40)
@given(facts=any_facts, name=st.sampled_from(["A5", "C2", "E1", "F1", "H2"]))
def test_what_does_not_apply_is_never_worse_than_what_is_missing(facts: Facts, name: str) -> None:
    missing = replace(
        facts,
        shown=without(facts.shown, name),
        certificates=without(facts.certificates, CertificateKind.ISO_50001),
        not_applicable=frozenset(),
        portal=replace(facts.portal, days_late=()) if name == "H2" else facts.portal,
        footprint=replace(facts.footprint, verification="none") if name == "A5" and facts.footprint else facts.footprint,
    )

    assert is_no_better(score(missing, METHOD), than=score(replace(missing, not_applicable=frozenset({name})), METHOD))


@settings(max_examples=40)
@given(facts=any_facts)
def test_points_sum_to_the_score_and_stay_between_0_and_100(facts: Facts) -> None:
    points = score(facts, METHOD).points

    assert 0 <= points.total <= 100 + ROUNDING
    assert points.total == pytest.approx(sum(one.points for one in points.indicators.values()))
    assert all(-ROUNDING <= one.points <= one.possible + ROUNDING for one in points.indicators.values())
    assert sum(one.possible for one in points.indicators.values()) == pytest.approx(100)
    assert all(0 <= value <= 100 + ROUNDING for value in points.dimensions.values())


@settings(max_examples=40)
@given(facts=any_facts)
def test_stored_facts_give_the_same_score_again(facts: Facts) -> None:
    again = facts_from(facts_as_stored(facts))

    assert score(again, METHOD) == score(facts, METHOD)
    assert facts_as_stored(again) == facts_as_stored(facts)


def ranked(suppliers: dict[str, Facts]) -> list[tuple[float, str]]:
    """Return scores and names, the best first."""
    return sorted(((score(facts, METHOD).points.total, name) for name, facts in suppliers.items()), reverse=True)


@settings(max_examples=15)
@given(many=st.lists(any_facts, min_size=2, max_size=4))
def test_who_else_is_ranked_changes_nobodys_score_or_order(many: list[Facts]) -> None:
    suppliers = {f"supplier {number}": facts for number, facts in enumerate(many)}

    for left_away in suppliers:
        others = ranked(without(suppliers, left_away))
        assert others == [row for row in ranked(suppliers) if row[1] != left_away]


@settings(max_examples=15)
@given(many=st.lists(any_facts, min_size=2, max_size=3))
def test_names_do_not_matter(many: list[Facts]) -> None:
    for order in itertools.permutations(range(len(many))):
        renamed = ranked({f"supplier {number}": many[number] for number in order})
        assert renamed == ranked({f"supplier {number}": facts for number, facts in enumerate(many)})
