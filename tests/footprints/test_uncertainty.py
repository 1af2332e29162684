"""How sure records are: spread by evidence, views by themselves, common draws, and who may ask."""

import uuid
from typing import Any

import numpy as np
import pytest
from sqlmodel import Session
from starlette.testclient import TestClient

from lca_models.uncertainty.distributions import Fixed, Lognormal, Triangular
from lca_models.uncertainty.inputs import Basis, UncertainParameter
from lca_models.uncertainty.sensitivity import variance_contributions
from service.accounts.models import Role
from service.database import Database
from service.footprints.models import FootprintRecord
from service.footprints.uncertainty import RecordUncertainty, compare_uncertainty, simulate_record
from tests.builders import a_product, a_supplier
from tests.conftest import SignIn
from tests.footprints.builders import TOLL_ANSWERS, a_record, a_toll_product, an_accepted_submission

KWH = "graphitization_electricity_kwh_per_kg"


def a_toll_record(session: Session, *, grade: str = "AG-1", toll_share: float = 1.0, **answers: float | str) -> FootprintRecord:
    """Return a record with one toll plant's answers."""
    supplier = a_supplier(session, name_en=f"Toll of {grade}")
    an_accepted_submission(session, supplier, {**TOLL_ANSWERS, **answers})
    product = a_toll_product(session, a_product(session, grade=grade), supplier)
    product.toll_share = toll_share
    return a_record(session, product)


def parameter(found: RecordUncertainty, name: str) -> UncertainParameter:
    return next(one for one in found.headline.parameters if one.name == name)


def test_a_record_of_defaults_is_as_uncertain_as_the_model(session: Session) -> None:
    found = simulate_record(session, a_record(session, a_product(session))).headline

    assert found.point_kg_co2e == pytest.approx(12.48, abs=0.02)
    assert found.median_kg_co2e == pytest.approx(14.0, abs=0.2)
    assert found.sd_kg_co2e == pytest.approx(1.22, abs=0.1)


def test_the_point_value_is_the_stored_footprint_under_every_view(session: Session) -> None:
    record = a_toll_record(session)

    found = simulate_record(session, record)

    assert list(found.by_view) == ["national", "provinces", "market", "eu_draft", "china_label"]
    for view in record.views:
        assert found.by_view[view["view"]].point_kg_co2e == pytest.approx(view["total_kg_co2e"], rel=1e-12), view["view"]


def test_a_metered_answer_is_drawn_as_closely_as_a_meter_reads(session: Session) -> None:
    found = simulate_record(session, a_toll_record(session))

    term = parameter(found, KWH).terms[0]
    # 13.3 kWh/kg, metered: root 0.0006 = 0.0245
    assert isinstance(term.distribution, Lognormal)
    assert term.distribution.median == pytest.approx(13.3)
    assert term.distribution.sigma == pytest.approx(0.0006**0.5)
    assert (term.basis, term.evidence) == (Basis.EVIDENCE, "metered")
    assert term.sources[0].startswith("S-")


def test_measuring_makes_a_footprint_surer(session: Session) -> None:
    plain = simulate_record(session, a_record(session, a_product(session, grade="AG-2"))).headline
    metered = simulate_record(session, a_toll_record(session)).headline

    assert metered.sd_kg_co2e < 0.85 * plain.sd_kg_co2e
    assert variance_contributions(metered)[KWH] < 0.1 < variance_contributions(plain)[KWH]


def test_an_estimate_is_less_sure_than_a_meter(session: Session) -> None:
    metered = parameter(simulate_record(session, a_toll_record(session)), KWH)
    estimated = parameter(simulate_record(session, a_toll_record(session, grade="AG-2", evidence_source="estimated")), KWH)

    assert isinstance(metered.terms[0].distribution, Lognormal)
    assert isinstance(estimated.terms[0].distribution, Lognormal)
    assert estimated.terms[0].distribution.sigma > 3 * metered.terms[0].distribution.sigma


def test_own_furnace_and_toll_plant_are_parts_with_their_own_draws(session: Session) -> None:
    record = a_toll_record(session, toll_share=0.4)

    own, toll = parameter(simulate_record(session, record), KWH).terms

    assert (own.weight, toll.weight) == pytest.approx((0.6, 0.4))
    assert own.distribution == Triangular(low=10.0, mode=13.0, high=16.5)
    assert own.stream == f"{KWH}:acheson_crucible"
    assert toll.stream.startswith(f"{KWH}@")


def test_the_parts_of_every_parameter_sum_to_its_value(session: Session) -> None:
    record = a_toll_record(session, toll_share=0.4, packing_coke_net=250.0)

    for one in simulate_record(session, record).headline.parameters:
        if one.terms:
            assert one.point == pytest.approx(record.parameters[one.name], rel=1e-12), one.name


def test_what_the_set_up_says_is_an_estimate_and_a_choice_stays_certain(session: Session) -> None:
    product = a_product(session)
    product.recipe = {"milling_electricity_kwh_per_kg": 1.1, "needle_coke_share": 0.3}
    found = simulate_record(session, a_record(session, product))

    typed, chosen = parameter(found, "milling_electricity_kwh_per_kg").terms[0], parameter(found, "needle_coke_share").terms[0]
    assert (typed.evidence, typed.sources) == ("estimated", ("recipe",))
    assert typed.stream == f"milling_electricity_kwh_per_kg@{product.id}"
    assert chosen.distribution == Fixed(value=0.3)


def test_a_primary_part_of_an_older_record_counts_as_calculated(session: Session) -> None:
    record = a_toll_record(session)
    provenance = {
        name: dict(one, parts=[_without_evidence(part) for part in one["parts"]]) for name, one in record.provenance.items()
    }
    session.expunge(record)
    older = record.model_copy(update={"provenance": provenance})

    assert parameter(simulate_record(session, older), KWH).terms[0].evidence == "calculated"


def _without_evidence(part: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in part.items() if name != "evidence"}


def test_a_view_whose_factors_were_not_kept_is_left_out(session: Session) -> None:
    record = a_toll_record(session)
    session.expunge(record)
    views = [{name: value for name, value in view.items() if name != "carbonization_kg_co2e_per_kwh"} for view in record.views]
    older = record.model_copy(update={"views": views})

    assert list(simulate_record(session, older).by_view) == ["national"]


def test_the_same_record_is_simulated_alike_every_time(session: Session) -> None:
    record = a_toll_record(session)

    first, again = simulate_record(session, record).headline, simulate_record(session, record).headline

    assert np.array_equal(first.all_kg_co2e, again.all_kg_co2e)


def test_views_differ_by_electricity_alone(session: Session) -> None:
    found = simulate_record(session, a_toll_record(session)).by_view

    national, market = found["national"].values, found["market"].values
    assert {name for name in national if not np.array_equal(national[name], market[name])} == {
        "electricity_kg_co2e_per_kwh",
        "graphitization_electricity_kg_co2e_per_kwh",
        "carbonization_electricity_kg_co2e_per_kwh",
    }


def test_two_products_of_one_toll_plant_share_its_draws(session: Session) -> None:
    supplier = a_supplier(session)
    an_accepted_submission(session, supplier)
    first, second = (
        a_record(session, a_toll_product(session, a_product(session, grade=grade), supplier)) for grade in ("AG-1", "AG-2")
    )

    found = compare_uncertainty(session, first, second)

    assert np.all(found.difference_kg_co2e == 0.0)
    assert any(stream.startswith(f"{KWH}@") for stream in found.common_streams)


def test_toll_plants_with_their_own_submissions_are_drawn_apart(session: Session) -> None:
    first = a_toll_record(session, grade="AG-1")
    second = a_toll_record(session, grade="AG-2")

    found = compare_uncertainty(session, first, second)

    # kWh of two meters: 13.3 x 0.0245 x root 2 x 0.577 = 0.266 kg; packing coke and charge metered apart add to it
    assert found.sd_kg_co2e == pytest.approx(0.27, abs=0.06)
    assert found.sd_kg_co2e < 0.4 * found.sd_if_independent_kg_co2e
    assert 0.4 < found.probability_first_lower < 0.6


def test_a_plant_that_needs_much_less_is_surely_lower(session: Session) -> None:
    frugal = a_toll_record(session, grade="AG-1", furnace_electricity=10_000_000.0)
    usual = a_toll_record(session, grade="AG-2")

    assert compare_uncertainty(session, frugal, usual).probability_first_lower > 0.99


@pytest.fixture
def two_records(database: Database) -> tuple[uuid.UUID, uuid.UUID]:
    """A footprint with a toll plant's answers and one of defaults."""
    with database.writing() as session:
        return a_toll_record(session).id, a_record(session, a_product(session, grade="AG-9")).id


def test_the_api_answers_distribution_shares_and_sources(
    client: TestClient, sign_in: SignIn, two_records: tuple[uuid.UUID, uuid.UUID]
) -> None:
    sign_in(Role.ENGINEER)

    found = client.get(f"/api/v1/footprints/{two_records[0]}/uncertainty").json()

    headline = found["views"][0]
    assert headline["view"] == "national"
    assert headline["percentiles_kg_co2e"]["P5"] < headline["median_kg_co2e"] < headline["percentiles_kg_co2e"]["P95"]
    assert sum(headline["histogram"]["counts"]) == 1000 - headline["left_out"]
    assert 0.9 < sum(found["variance"].values()) <= 1.0
    kwh = next(one for one in found["parameters"] if one["parameter"] == KWH)["terms"][0]
    assert (kwh["shape"], kwh["basis"], kwh["evidence"]) == ("lognormal", "evidence", "metered")
    assert kwh["interval_95"] == pytest.approx([13.3 * 1.0492**-1, 13.3 * 1.0492], rel=1e-3)  # exp(1.96 x 0.0245) = 1.0492
    assert "P1_milling_shaping/PM10" in found["certain_exchanges"]


def test_the_api_compares_two_footprints(client: TestClient, sign_in: SignIn, two_records: tuple[uuid.UUID, uuid.UUID]) -> None:
    sign_in(Role.AUDITOR)
    first, second = two_records

    found = client.get(f"/api/v1/footprints/{first}/uncertainty/{second}").json()
    turned = client.get(f"/api/v1/footprints/{second}/uncertainty/{first}").json()

    assert found["probability_first_lower"] == pytest.approx(1.0 - turned["probability_first_lower"])
    assert found["point_difference_kg_co2e"] == pytest.approx(-turned["point_difference_kg_co2e"])


def test_the_api_answers_sobol_indices_on_demand(
    client: TestClient, sign_in: SignIn, two_records: tuple[uuid.UUID, uuid.UUID]
) -> None:
    sign_in(Role.ENGINEER)
    address = f"/api/v1/footprints/{two_records[1]}/uncertainty"

    plain, asked, odd = (client.get(address, params=query) for query in ({}, {"sobol": 64}, {"sobol": 100}))

    assert plain.json()["sobol"] is None
    found = asked.json()["sobol"]
    assert next(iter(found["total"])) == KWH
    assert found["evaluations"] == 64 * (len(found["total"]) + 2)
    assert odd.status_code == 409
    assert "100 base points are not possible: use a power of two" in odd.text


@pytest.mark.parametrize("draws", ["10", "10001", "many"])
def test_the_api_refuses_too_few_and_too_many_draws(
    client: TestClient, sign_in: SignIn, two_records: tuple[uuid.UUID, uuid.UUID], draws: str
) -> None:
    sign_in(Role.ENGINEER)

    answer = client.get(f"/api/v1/footprints/{two_records[0]}/uncertainty?draws={draws}")

    assert answer.status_code == 422
    assert "draws" in answer.text


@pytest.mark.parametrize("role", [Role.SALES, Role.PROCUREMENT])
def test_who_may_not_see_inputs_may_not_see_their_spread(
    client: TestClient, sign_in: SignIn, two_records: tuple[uuid.UUID, uuid.UUID], role: Role
) -> None:
    sign_in(role)

    for path in (f"/api/v1/footprints/{two_records[0]}/uncertainty", f"/console/footprints/{two_records[0]}/uncertainty"):
        assert client.get(path).status_code == 403
