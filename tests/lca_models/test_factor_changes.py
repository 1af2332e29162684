"""What changes between two sets of electricity factors."""

import pytest

from lca_models import load_model
from lca_models.batch import Case
from lca_models.calculation import calculate_footprint
from lca_models.errors import DirectCo2FactorError, FactorSetError
from lca_models.factor_changes import changed_factors, changed_results, tables_between, with_electricity

MODEL = load_model()
BEFORE, AFTER = tables_between(MODEL.electricity, before="footprint_2023", after="footprint_2024")
KWH = 16.474237846749997


def test_the_default_falls_by_its_electricity_times_the_difference_of_the_averages() -> None:
    (change,) = changed_results(MODEL, BEFORE, AFTER, [Case()])

    assert change.difference_kg_co2e == pytest.approx(KWH * (0.5777 - 0.6205))
    assert change.after_kg_co2e == pytest.approx(calculate_footprint(MODEL).total_kg_co2e, rel=1e-12)
    assert change.parameters["electricity_kg_co2e_per_kwh"] == (0.6205, 0.5777)


def test_the_stages_sum_to_the_difference() -> None:
    (change,) = changed_results(MODEL, BEFORE, AFTER, [Case(parameters={"furnace": "box"})])

    assert sum(change.by_stage_kg_co2e.values()) == pytest.approx(change.difference_kg_co2e, rel=1e-12)
    assert change.by_stage_kg_co2e["P7"] == 0.0


def test_what_does_not_rest_on_the_set_does_not_change() -> None:
    cases = [Case(electricity="province:CN-NM"), Case(parameters={"electricity_kg_co2e_per_kwh": 0.3})]

    for change in changed_results(MODEL, BEFORE, AFTER, cases):
        assert change.difference_kg_co2e == 0.0
        assert change.parameters == {}


def test_the_report_agrees_with_calculations_one_by_one() -> None:
    case = Case(parameters={"contract_wind_share": 0.5, "toll_share": 0.5}, electricity="market")

    (change,) = changed_results(MODEL, BEFORE, AFTER, [case])

    older = calculate_footprint(with_electricity(MODEL, BEFORE), case.parameters, electricity="market")
    assert change.before_kg_co2e == pytest.approx(older.total_kg_co2e, rel=1e-12)


def test_the_factors_that_differ_are_listed_with_both_values() -> None:
    changes = {one.kind: (one.before, one.after) for one in changed_factors(BEFORE, AFTER)}

    assert changes["pcf_lifecycle_average"] == (0.6205, 0.5777)
    assert changes["pcf_lifecycle_td_incl_losses"] == (None, 0.0327)
    assert "pcf_lifecycle_generation_nuclear" not in changes  # 0.0065 in both


def test_a_model_with_other_factors_has_another_hash() -> None:
    assert with_electricity(MODEL, BEFORE).content_hash not in {MODEL.content_hash, with_electricity(MODEL, AFTER).content_hash}


def test_sets_of_different_families_are_not_compared() -> None:
    with pytest.raises(FactorSetError, match=r"“footprint_2024” \(footprint\) and “screening_2023” \(screening\)"):
        tables_between(MODEL.electricity, before="footprint_2024", after="screening_2023")
    with pytest.raises(DirectCo2FactorError):
        tables_between(MODEL.electricity, before="footprint_2024", after="direct_co2_2023")
