"""Plan, task 3: method versions, a rule library, the same data under two methods."""

import math

import pytest
from sqlmodel import Session

from lca_models import load_model
from lca_models.calculation import calculate_footprint
from lca_models.emissions import GwpSet
from service.certificates.operations import issue
from service.method_library.comparing import compare_methods
from tests.certificates.builders import ISSUER, a_customer, a_record, some_settings
from tests.method_library.builders import NOW, a_method

MEASURED = {"graphitization_electricity_kwh_per_kg": 12.4}


def test_recompute_the_same_data_under_two_method_versions_with_a_diff_report(session: Session) -> None:
    record = a_record(session, parameters=MEASURED)
    ours = a_method(session)
    other = a_method(session, gwp="AR5", fines_allocation="economic", petroleum_coke="energy_allocation")

    found = compare_methods(session, record, ours, other)

    # the two totals, calculated straight from the model
    before = calculate_footprint(load_model(), MEASURED, check=False).total_kg_co2e
    choices: dict[str, float | str] = {**MEASURED, "fines_allocation": "economic", "green_petroleum_coke_kg_co2e_per_kg": 0.46}
    after = calculate_footprint(load_model(), choices, gwp=GwpSet.AR5, check=False).total_kg_co2e
    assert [found.recorded, found.before_total, found.after_total] == pytest.approx([before, before, after], rel=1e-12)
    assert set(found.steps) == {"gwp", "fines_allocation", "green_petroleum_coke_kg_co2e_per_kg"}
    assert math.fsum(found.steps.values()) == pytest.approx(after - before, rel=1e-9)
    assert math.fsum(one.after - one.before for one in found.stages) == pytest.approx(after - before, rel=1e-9)


def test_certificate_cites_one(session: Session) -> None:
    record = a_record(session, parameters=MEASURED)
    a_method(session, gwp="AR5")  # gives another figure, so it is not what the certificate rests on
    ours = a_method(session)

    certificate = issue(
        session, record, customer=a_customer(session), part_no=None, valid_until=None, by=ISSUER, at=NOW, settings=some_settings()
    )

    assert certificate.snapshot["method"]["cites"] == {
        "label": ours.label,
        "standard": "GB/T 24067",
        "edition": "2024",
        "pcr": None,
    }


def test_without_a_released_method_that_gives_the_figure_none_is_cited(session: Session) -> None:
    record = a_record(session, parameters=MEASURED)
    a_method(session, petroleum_coke="economic_allocation")

    certificate = issue(
        session, record, customer=a_customer(session), part_no=None, valid_until=None, by=ISSUER, at=NOW, settings=some_settings()
    )

    assert "cites" not in certificate.snapshot["method"]
