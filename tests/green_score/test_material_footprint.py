"""What a supplier's material counts: its own footprint, or a stand-in that is never better than the market."""

from datetime import date

import pytest
from sqlmodel import Session

from lca_models.model import load_model
from service.compliance.models import Veto, VetoKind
from service.feedback.own_footprint import own_footprint
from service.green_score.answer_queries import latest_answers
from service.green_score.benchmarks import NoBenchmarkError, benchmark_for, freeze_benchmarks
from service.green_score.footprint_queries import material_footprint
from service.green_score.market import Market, dataset_market, ratios
from service.green_score.own_footprints import find_own
from service.green_score.supplier_footprint import Origin
from service.submissions.models import SubmissionStatus
from service.suppliers.models import Supplier, SupplierType
from tests import builders
from tests.footprints.builders import TOLL_ANSWERS, a_toll_supplier, accepted, an_accepted_submission
from tests.green_score.builders import FLOW, NOW, a_benchmark, a_purchase

TODAY = date(2026, 11, 22)
MODEL = load_model()
STATED: dict[str, float | str] = {"coke_type": "petroleum_green", "own_pcf": 570.0, "evidence_source": "billed"}


def a_toll_plant(session: Session, *, kwh: float = 13.0) -> Supplier:
    """Return a toll plant that takes so many kWh per kg, with a purchase of the period."""
    supplier = a_toll_supplier(session)
    answers = {**TOLL_ANSWERS, "furnace_electricity": kwh * 950_000.0, "auxiliary_electricity": 0.0}
    an_accepted_submission(session, supplier, answers)
    a_purchase(session, supplier)
    return supplier


def test_a_toll_plant_counts_the_median_of_its_own_draws(session: Session) -> None:
    supplier = a_toll_plant(session)

    found = material_footprint(session, supplier, FLOW, on=TODAY)

    answers = latest_answers(session, supplier.id, period_end=TODAY)
    assert answers is not None
    own = own_footprint(answers, MODEL).found
    assert (found.origin, found.period_end) == (Origin.OWN, date(2025, 12, 31))
    assert found.kg_co2e_per_kg == pytest.approx(own.percentile(50.0))
    assert found.gsd is not None
    assert 1.0 < found.gsd < 1.6
    assert found.source == f"submission:{answers.submission_id}"


def test_silence_counts_one_and_a_half_times_the_benchmark_or_the_worst_tenth_of_the_peers(session: Session) -> None:
    silent = a_toll_supplier(session)
    a_benchmark(session, kg_co2e_per_kg=5.0, p90_kg_co2e_per_kg=7.0)
    assert material_footprint(session, silent, FLOW, on=TODAY).kg_co2e_per_kg == 7.5  # 1.5 x 5.0 > 7.0

    a_benchmark(session, kg_co2e_per_kg=5.0, p90_kg_co2e_per_kg=9.0, revision=2)
    found = material_footprint(session, silent, FLOW, on=TODAY)

    assert (found.kg_co2e_per_kg, found.origin, found.gsd) == (9.0, Origin.STAND_IN, None)


@pytest.mark.parametrize("status", [SubmissionStatus.EXPIRED, SubmissionStatus.SUPERSEDED, SubmissionStatus.IN_REVIEW])
def test_answers_that_may_not_be_used_are_silence(session: Session, status: SubmissionStatus) -> None:
    supplier = a_toll_supplier(session)
    an_accepted_submission(session, supplier).status = status
    session.flush()

    assert not material_footprint(session, supplier, FLOW, on=TODAY).is_own


def test_nitrogen_is_counted_by_the_kilogram_and_never_for_natural_gas() -> None:
    answers = accepted({"site_province": "CN-GD", "nitrogen_electricity": 0.25, "evidence_source": "metered"}, supplier_type="GAS")

    nitrogen = find_own(answers, "nitrogen", MODEL)

    per_nm3 = own_footprint(answers, MODEL).found.percentile(50.0)
    assert nitrogen is not None
    assert nitrogen.kg_co2e_per_kg == pytest.approx(per_nm3 / 1.249817, rel=1e-5)  # 28.0134 g/mol / 22.414 l/mol
    assert find_own(answers, "natural_gas", MODEL) is None


def test_a_stated_footprint_has_neither_spread_nor_rating_and_holds_only_for_its_own_coke() -> None:
    answers = accepted(STATED | {"own_primary_share": 65.0}, supplier_type="COKE")

    found = find_own(answers, "green_petroleum_coke", MODEL)

    assert found is not None
    assert found.kg_co2e_per_kg == pytest.approx(0.57)  # 570 kg/t / 1,000
    assert found.primary_data_share == pytest.approx(0.65)
    assert (found.gsd, found.dqr, found.is_calculated) == (None, None, False)
    assert find_own(answers, "needle_coke_green_oil", MODEL) is None


@pytest.mark.parametrize("more", [{"own_pcf": 0.0}, {"own_pcf_boundary": "gate_to_gate"}])
def test_a_stated_footprint_of_nothing_or_of_the_plant_alone_does_not_count(more: dict[str, float | str]) -> None:
    assert find_own(accepted({**STATED, **more}, supplier_type="COKE"), "green_petroleum_coke", MODEL) is None


def test_before_five_peers_have_figures_a_dataset_is_the_benchmark(session: Session) -> None:
    for _ in range(4):
        a_toll_plant(session)

    freeze_benchmarks(session, 2026, by="user:x", at=NOW, flows=[FLOW, "green_petroleum_coke"])
    toll, coke = (benchmark_for(session, flow, on=TODAY) for flow in (FLOW, "green_petroleum_coke"))

    assert toll is not None
    assert coke is not None
    assert (toll.origin, toll.p90_kg_co2e_per_kg, coke.origin, coke.kg_co2e_per_kg) == ("dataset", None, "dataset", 0.6)
    # Triangular between 0.25 and 0.9 with its mode at 0.6: P10 = 0.25 + sqrt(0.1 x 0.65 x 0.35) = 0.4008
    assert coke.best_ratio == pytest.approx(0.4008 / 0.6, abs=1e-4)
    assert coke.worst_ratio == 1.5  # P90 = 0.9 - sqrt(0.1 x 0.65 x 0.3) = 0.7604; 0.7604 / 0.6 = 1.27 is raised to 1.5


def test_five_peers_make_the_benchmark_and_a_frozen_one_follows_nobody(session: Session) -> None:
    plants = [a_toll_plant(session, kwh=kwh) for kwh in (9.0, 10.0, 11.0, 12.0, 13.0)]
    own = [material_footprint(session, one, FLOW, on=TODAY).kg_co2e_per_kg for one in plants]
    freeze_benchmarks(session, 2026, by="user:x", at=NOW, flows=[FLOW])
    for _ in range(3):
        a_toll_plant(session, kwh=6.0)

    again = freeze_benchmarks(session, 2026, by="user:x", at=NOW, flows=[FLOW])
    frozen = benchmark_for(session, FLOW, on=TODAY)

    assert again == []
    assert frozen is not None
    assert frozen.origin == "peers"
    assert sorted(own)[2] == pytest.approx(9.50, abs=0.01)
    assert frozen.kg_co2e_per_kg == 10.0  # the nearest preferred number: the median of five is one plant's own
    revised = freeze_benchmarks(session, 2026, by="user:x", at=NOW, flows=[FLOW], revise=True)
    assert [one.revision for one in revised] == [2]
    assert revised[0].kg_co2e_per_kg < frozen.kg_co2e_per_kg


def test_nobody_is_held_against_falsified_figures(session: Session) -> None:
    plants = [a_toll_plant(session, kwh=kwh) for kwh in (9.0, 10.0, 11.0, 12.0, 13.0)]
    veto = Veto(
        supplier_id=plants[0].id,
        kind=VetoKind.FALSIFICATION,
        since=TODAY,
        reason="meters",
        evidence="report",
        raised_by="user:x",
        raised_at=NOW,
    )
    session.add(veto)
    session.flush()

    assert [one.origin for one in freeze_benchmarks(session, 2026, by="user:x", at=NOW, flows=[FLOW])] == ["dataset"]


def test_the_ratios_stay_within_their_bounds() -> None:
    narrow = Market(median=10.0, low=9.9, high=10.1, peers=6, source="")
    wide = Market(median=10.0, low=1.0, high=90.0, peers=6, source="")
    unknown = Market(median=10.0, low=None, high=None, peers=0, source="")

    assert [ratios(one) for one in (narrow, wide, unknown)] == [(0.8, 1.5), (0.3, 3.0), (0.5, 2.0)]


def test_a_material_without_process_and_dataset_has_no_benchmark_and_says_so(session: Session) -> None:
    supplier = builders.a_supplier(session, supplier_type=SupplierType.RESIN)

    assert dataset_market("coating_resin", MODEL) is None
    with pytest.raises(NoBenchmarkError):
        material_footprint(session, supplier, "coating_resin", on=TODAY)
