"""Task 2, roll-out of proven technology; and the promise that goes with it: one solve, attributed without a rest."""

import itertools
from collections.abc import Callable

import pytest
from fastapi import FastAPI
from sqlmodel import Session
from starlette.testclient import TestClient

from service.accounts.models import Role
from service.measures.curves import cost_curve
from service.measures.effects import joint_effect
from tests.conftest import SignIn
from tests.measures.builders import YEAR, a_made_product, a_measure, ids

Form = Callable[..., dict[str, str]]


def test_joint_effect_differs_from_the_sum_when_measures_interact_and_is_attributed_to_100_percent(
    app: FastAPI, client: TestClient, sign_in: SignIn
) -> None:
    with app.state.database.writing() as session:
        product = a_made_product(session)
        measures = [
            a_measure(session, product, lever="furnace", parameters={"furnace": "continuous"}),
            a_measure(session, product, lever="process_yield", parameters={"finishing_yield": 0.995}),
        ]
    sign_in(Role.ENGINEER)

    answer = client.post(
        "/api/v1/measures/solve",
        json={"measure_ids": [str(one) for one in ids(*measures)], "year": YEAR},
        headers={"x-csrf-token": client.headers["x-test-csrf"]},
    )

    assert answer.status_code == 200, answer.text
    effect = answer.json()
    for line, joint in effect["avoided_t_co2"].items():
        assert sum(one["attributed_t_co2"][line] for one in effect["measures"]) == pytest.approx(joint, abs=1e-6)
    own = "electricity_location"
    assert effect["avoided_t_co2"][own] != pytest.approx(effect["sum_of_alone_t_co2"][own], rel=1e-4)
    (on_product,) = effect["products"]
    avoided_kg = on_product["before_kg_co2e_per_kg"] - on_product["after_kg_co2e_per_kg"]
    assert sum(on_product["attributed_kg_co2e_per_kg"].values()) == pytest.approx(avoided_kg)


def test_the_order_of_the_cost_curve_does_not_change_its_total(session: Session) -> None:
    product = a_made_product(session)
    measures = [
        a_measure(session, product, lever="furnace", parameters={"furnace": "continuous"}, capex_cny={YEAR: 2e7}),
        a_measure(session, product, lever="process_yield", parameters={"finishing_yield": 0.995}, savings_cny=1e6),
        a_measure(session, lever="own_generation", plant_id=product.plant_id, amount_per_year=1e6, capex_cny={YEAR: 4e6}),
    ]

    totals = [cost_curve(session, order, year=YEAR, rate=0.08).steps[-1].to_t_co2 for order in itertools.permutations(measures)]

    assert totals == pytest.approx([joint_effect(session, measures, year=YEAR).joint_t_co2] * len(totals))
