"""Each check by a hand calculation, just inside and just outside."""

from collections.abc import Mapping, Sequence
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.i18n import LOCALES, catalogue
from service.submissions.answers import Entry, read_all
from service.submissions.models import Absence, Depth
from service.submissions.plausibility import Level, Observation, Surroundings, examine, explain_observation
from service.submissions.plausibility.cases import read_case
from service.submissions.plausibility.examination import find_doubts
from service.submissions.plausibility.relations import relations
from service.submissions.questionnaire import questions_for
from service.suppliers.models import SupplierType
from tests.submissions.builders import TOLL_ANSWERS

YEAR = (date(2025, 1, 1), date(2025, 12, 31))


def seen(
    supplier_type: str, answers: Mapping[str, str | Entry], depth: Depth = Depth.FULL, around: Surroundings | None = None
) -> Sequence[Observation]:
    """Return what is noticed besides what is missing; a bare text is typed in the canonical unit."""
    questions = questions_for(supplier_type, depth)
    units = {question.key: question.unit for question in questions}
    entries = {key: one if isinstance(one, Entry) else Entry(entered=one, unit=units[key]) for key, one in answers.items()}
    noticed = examine(questions, read_all(questions, entries), around or Surroundings(supplier_type=supplier_type))
    return [one for one in noticed if one.rule not in {"missing", "absent"}]


def rules(*args: object, **kwargs: object) -> set[str]:
    return {one.rule for one in seen(*args, **kwargs)}  # type: ignore[arg-type] # handed on as they are


def words(one: Observation) -> str:
    return explain_observation("en", one.template, one.values)


# ---- Balances ----


@pytest.mark.parametrize(("fines", "doubted"), [("100", False), ("99", True)])
def test_coke_into_milling_is_what_came_out_within_five_per_cent(fines: str, *, doubted: bool) -> None:
    # 1,000 t in; 850 + 100 = 950 t out, 5.0 % of 1,000 t missing; 850 + 99 = 949 t, 5.1 %.
    found = rules("MAKER", {"coke_in": "1000", "shaped_powder_out": "850", "fines_out": fines})

    assert ("mass_of_milling" in found) is doubted


def test_a_by_product_left_blank_counts_as_forgotten_and_one_that_is_not_known_as_unknown() -> None:
    coke = {"coke_in": "1000", "shaped_powder_out": "850"}
    unknown = Entry(absent=Absence.UNKNOWN, note="not weighed")

    assert "mass_of_milling" in rules("MAKER", coke)
    assert "mass_of_milling" not in rules("MAKER", {**coke, "fines_out": unknown})
    assert "mass_of_milling" not in rules("MAKER", coke, Depth.FIRST)  # there fines are not asked


@pytest.mark.parametrize(("product", "doubted"), [("805", False), ("804.8", True)])
def test_carbon_of_coke_and_pitch_is_in_product_by_products_and_co2_within_five_per_cent(product: str, *, doubted: bool) -> None:
    # In: 1,000 × 0.918 + (80 + 30) × 0.925 = 1,019.75 t, of which 5 % are 50.99 t.
    # Out: fines 100 × 0.918 = 91.8 t, volatiles (1,000 − 100) × 0.033 + 110 × 0.385 = 72.05 t, so product from 804.91 t on.
    answers = {
        "coke_in": "1000",
        "calcined_coke_in": "0",
        "granulation_pitch": "80",
        "coating_pitch": "30",
        "recycled_graphite_in": "0",
        "product_output": product,
        "finishing_yield": "100",
        "fines_out": "100",
    }

    assert ("carbon_balance" in rules("MAKER", answers)) is doubted


@pytest.mark.parametrize(("bill", "doubted"), [("94900", True), ("95000", False), ("105200", False), ("105300", True)])
def test_electricity_of_all_steps_is_the_bill_within_five_per_cent(bill: str, *, doubted: bool) -> None:
    # 60,000 + 5,000 + 10,000 + 10,000 + 10,000 + 1,000 + 4,000 = 100,000 kWh. 5 % of the larger side: 5,000 of 100,000 against
    # 95,000; 105,200 × 5 % = 5,260 ≥ 5,200; 105,300 × 5 % = 5,265 < 5,300.
    steps = {
        "furnace_electricity": "60000",
        "auxiliary_electricity": "5000",
        "milling_electricity": "10000",
        "granulation_electricity": "10000",
        "coating_electricity": "10000",
        "finishing_electricity": "1000",
        "utilities_electricity": "4000",
    }

    assert ("electricity_sum" in rules("MAKER", {**steps, "grid_electricity": bill})) is doubted


ENERGY = {"grid_electricity": "1000000", "natural_gas": "100000", "natural_gas_heating_value": "35.5", "energy_basis": "calorific"}


@pytest.mark.parametrize(("reported", "doubted"), [("251.5", False), ("251.7", True)])
def test_reported_energy_is_that_of_electricity_and_fuels_within_three_per_cent(reported: str, *, doubted: bool) -> None:
    # 1,000,000 × 0.1229 kgce = 122.9 tce; 100,000 × 35.5 / 29,307.6 = 121.13 tce; together 244.03, and 251.58 × 0.97 = 244.03.
    assert ("total_energy" in rules("TOLL", {**ENERGY, "total_energy": reported})) is doubted


def test_electricity_by_its_equivalent_value_is_recognised() -> None:
    # 1,000,000 × 0.3035 kgce = 303.5 tce + 121.13 tce = 424.63 tce
    one = next(one for one in seen("TOLL", {**ENERGY, "total_energy": "424.6"}) if one.rule == "total_energy")

    assert words(one).endswith(
        "Is electricity counted by its equivalent value (等价值) instead of the calorific one (当量值)? It would then be 244 tce."
    )
    assert "total_energy" not in rules("TOLL", {**ENERGY, "total_energy": "424.6", "energy_basis": "equivalent"})


@pytest.mark.parametrize(("used", "doubted"), [("202", False), ("201.9", True)])
def test_packing_coke_closes_within_three_per_cent(used: str, *, doubted: bool) -> None:
    # 100 + 500 = 600 t against 80 + 300 + 202 = 582 t: 18 t are 3.0 % of 600 t.
    answers = {
        "packing_coke_opening": "100",
        "packing_coke_bought": "500",
        "packing_coke_closing": "80",
        "packing_coke_sold": "300",
        "packing_coke_net": used,
    }

    assert ("packing_coke_balance" in rules("MAKER", answers)) is doubted


def test_tar_that_becomes_neither_pitch_nor_oil_is_asked_for() -> None:
    # 1.85 t/t × 10,000 t = 18,500 t of tar; 10,000 t of pitch + 8,200 t of oils = 18,200 t, 1.6 % less.
    tar = {"tar_input": "1.85", "product_output": "10000"}

    assert "mass_of_distillation" not in rules("PITCH", {**tar, "co_products": "8200"}, Depth.FIRST)
    assert "mass_of_distillation" in rules("PITCH", tar, Depth.FIRST)


@pytest.mark.parametrize(("returned", "doubted"), [("799", True), ("800", False), ("1250", False), ("1251", True)])
def test_material_returned_is_our_share_of_the_output_within_a_fifth(returned: str, *, doubted: bool) -> None:
    # 10 % of 10,000 t are 1,000 t: 200 t less are 20.0 % of 1,000 t, 250 t more 20.0 % of 1,250 t.
    share = {"product_output": "10000", "supply_share": "10", "product_out": returned}

    assert ("share_of_output" in rules("TOLL", share)) is doubted


# ---- Per tonne, units ----


@pytest.mark.parametrize(("returned", "doubted"), [("841", True), ("842", False), ("1010", False), ("1011", True)])
def test_two_weighings_may_make_a_yield_one_per_cent_too_high_or_too_low(returned: str, *, doubted: bool) -> None:
    # From 850 to 1,000 t of 1,000 t: 842 × 1.01 = 850.4, 841 × 1.01 = 849.4; 1,010 × 0.99 = 999.9, 1,011 × 0.99 = 1,000.9.
    found = rules("TOLL", {"charge_in": "1000", "product_out": returned})

    assert ("ratio_outside_limits" in found) is doubted


@pytest.mark.parametrize(("kwh", "doubted"), [("3999000", True), ("4000000", False), ("22000000", False), ("22001000", True)])
def test_electricity_of_a_toll_site_per_tonne_has_a_range(kwh: str, *, doubted: bool) -> None:
    # 1,000 t: from 4,000 to 22,000 kWh/t
    found = rules("TOLL", {"product_output": "1000", "grid_electricity": kwh}, Depth.FIRST)

    assert ("site_electricity_per_t" in found) is doubted


def test_a_lower_range_leaves_zero_alone() -> None:
    found = rules("TOLL", {"product_output": "1000", "natural_gas": "0"}, Depth.FIRST)

    assert "site_gas_per_t" not in found


def test_fuel_of_a_diesel_truck_is_counted_in_litres() -> None:
    truck = {"vehicle_energy": "diesel", "fuel_use": Entry(entered="34", unit="kg/100km")}

    assert "unit_of_other_choice" in rules("LOGISTICS", truck)
    assert "unit_of_other_choice" not in rules("LOGISTICS", {**truck, "fuel_use": Entry(entered="34", unit="L/100km")})


# ---- The past, others, the ledger ----


def with_earlier(**earlier: float | str) -> Surroundings:
    return Surroundings(supplier_type="TOLL", earlier={"furnace_type": "box", **earlier})


@pytest.mark.parametrize(("per_tonne", "doubted"), [(9600.0, False), (9601.0, True)])
def test_a_fifth_more_per_tonne_than_last_time_is_asked_about(per_tonne: float, *, doubted: bool) -> None:
    # 8,000 kWh/t × 1.2 = 9,600 kWh/t, whatever the amounts: 800,000 kWh over 100 t then, 1,000 t now.
    around = with_earlier(furnace_electricity=800_000.0, product_out=100.0)
    now = {"furnace_type": "box", "furnace_electricity": str(per_tonne * 1000), "product_out": "1000"}

    found = [one.key for one in seen("TOLL", now, around=around)]

    assert ("furnace_electricity.drift" in found) is doubted


def test_another_furnace_type_is_not_compared_with_the_past() -> None:
    around = with_earlier(furnace_electricity=800_000.0, product_out=100.0)
    now = {"furnace_type": "acheson_crucible", "furnace_electricity": "13000000", "product_out": "1000"}

    assert "drift" not in rules("TOLL", now, around=around)


def test_what_was_there_last_time_and_is_not_now_is_asked_about() -> None:
    around = with_earlier(packing_coke_sold=800.0)

    assert "no_longer_there" in rules("TOLL", {"furnace_type": "box"}, around=around)
    assert "no_longer_there" in rules("TOLL", {"furnace_type": "box", "packing_coke_sold": "0"}, around=around)


def test_a_figure_far_from_peers_is_asked_about_without_telling_theirs() -> None:
    peers = {"rectifier_loss": (3.9, 4.0, 4.1, 4.2, 4.3, 3.8, 3.7, 4.4)}
    around = Surroundings(supplier_type="TOLL", peers=peers)

    far = next(one for one in seen("TOLL", {"rectifier_loss": "1.01"}, around=around) if one.rule == "far_from_peers")

    assert words(far) == "1.01 % is far from what other suppliers of your kind report. Check the figure and its unit."
    assert "far_from_peers" not in rules("TOLL", {"rectifier_loss": "3"}, around=around)


@pytest.mark.parametrize("field", ["supply_share", "green_contract_share", "own_primary_share"])
def test_what_follows_from_customers_contracts_and_records_is_not_compared_with_peers(field: str) -> None:
    peers = (38.0, 39.0, 40.0, 41.0, 42.0, 43.0, 44.0, 45.0)
    around = Surroundings(supplier_type="TOLL", peers={field: peers, "rectifier_loss": peers})

    found = [one.key for one in seen("TOLL", {field: "0.5", "rectifier_loss": "0.5"}, around=around)]

    assert [key for key in found if key.endswith("far_from_peers")] == ["rectifier_loss.far_from_peers"]


def test_fewer_than_five_peers_are_no_comparison() -> None:
    def is_far(peers: tuple[float, ...]) -> bool:
        around = Surroundings(supplier_type="TOLL", peers={"fgd_reagent": peers})
        return "far_from_peers" in rules("TOLL", {"fgd_reagent": "199"}, around=around)

    assert (is_far((0.2,) * 4), is_far((0.2,) * 5)) == (False, True)


@pytest.mark.parametrize(("tonnes", "doubted"), [("900", False), ("899", True), ("1100", False), ("1101", True)])
def test_toll_work_is_compared_with_the_purchase_ledger(tonnes: str, *, doubted: bool) -> None:
    # 1,000 t in the ledger, ten per cent for stocks and goods under way
    around = Surroundings(supplier_type="TOLL", delivered_t=1000.0)

    assert ("not_as_delivered" in rules("TOLL", {"product_out": tonnes}, around=around)) is doubted


# ---- The period ----


@pytest.mark.parametrize(
    ("start", "end", "rule", "level"),
    [
        ("2025-01-01", "2025-12-31", None, None),
        ("2024-03-01", "2025-02-28", "another_period", Level.WARNING),
        ("2025-01-01", "2025-12-30", "not_twelve_months", Level.WARNING),
        ("2025-12-31", "2025-01-01", "period_reversed", Level.ERROR),
        ("2025-07-01", "2026-06-30", "period_not_over", Level.ERROR),
        ("2022-01-01", "2022-12-31", "period_too_old", Level.WARNING),
    ],
)
def test_the_period_is_twelve_months_that_are_over(start: str, end: str, rule: str | None, level: Level | None) -> None:
    around = Surroundings(supplier_type="TOLL", today=date(2026, 3, 16), period=YEAR)

    found = {one.rule: one.level for one in seen("TOLL", {"data_from": start, "data_to": end}, around=around)}

    assert found.get(rule or "") == level
    assert rule is not None or not found


def test_months_that_are_in_other_accepted_answers_would_count_twice() -> None:
    other = (date(2025, 7, 1), date(2026, 6, 30))
    around = Surroundings(supplier_type="TOLL", today=date(2026, 3, 16), period=YEAR, other_periods=[other])

    one = next(one for one in seen("TOLL", {}, around=around) if one.rule == "period_overlaps")

    assert one.level is Level.INFO  # whoever answers did not choose the period


# ---- Causes, grouping ----


def test_one_figure_in_the_wrong_unit_is_one_finding_on_that_figure() -> None:
    # 960 kg for 960 t puts yield, electricity, auxiliaries and packing coke per tonne out of range.
    answers: dict[str, str | Entry] = {**TOLL_ANSWERS, "product_out": Entry(entered="960", unit="kg")}

    warnings = [one for one in seen("TOLL", answers, Depth.FIRST) if one.level is Level.WARNING]

    assert [one.key for one in warnings] == ["product_out.one_cause"]
    assert words(warnings[0]).startswith("Was Material returned, 960 kg, meant as 960 t? Then these 4 would fit too: (1)")


def test_many_doubts_about_one_figure_without_a_likely_cause_are_one_finding() -> None:
    # 160 t for 960 t: no unit explains it.
    answers: dict[str, str | Entry] = {**TOLL_ANSWERS, "product_out": Entry(entered="160", unit="t")}

    warnings = [one for one in seen("TOLL", answers, Depth.FIRST) if one.level is Level.WARNING]

    assert [one.key for one in warnings] == ["product_out.does_not_fit"]


def test_moist_coke_is_recognised() -> None:
    # 1,000 t of dry coke are 1,087 t with 8 % of water; milling gave 880 + 110 = 990 t.
    coke = {"coke_in": "1087", "coke_moisture": "8", "shaped_powder_out": "880", "fines_out": "110"}

    one = next(one for one in seen("MAKER", coke) if one.rule == "mass_of_milling")

    assert one.field == "coke_in"
    assert "Is it moist instead of dry? It would then be 1,000.04 t." in words(one)


# ---- For all ----


@settings(max_examples=30)
@given(scale=st.floats(min_value=0.2, max_value=5))
def test_scaling_all_totals_of_the_period_changes_no_finding(scale: float) -> None:
    answers = {
        "product_output": 12_500.0,
        "charge_in": 1000.0,
        "product_out": 960.0,
        "grid_electricity": 140e6,
        "furnace_electricity": 16e6,
        "auxiliary_electricity": 2e6,
        "natural_gas": 200_000.0,
        "packing_coke_net": 700.0,
    }

    def keys(times: float) -> set[str]:
        totals = {key: Entry(entered=f"{value * times:.6f}", unit=UNITS[key]) for key, value in answers.items()}
        questions = questions_for("TOLL", Depth.FIRST)
        given = read_all(questions, {**totals, "furnace_type": Entry(entered="box")})
        return {one.key for one in find_doubts(read_case(questions, given, Surroundings(supplier_type="TOLL")))}

    assert keys(scale) == keys(1.0)
    assert keys(1.0)


UNITS = {question.key: question.unit for question in questions_for("TOLL", Depth.FIRST)}
TYPED = st.one_of(
    st.floats(min_value=0, allow_nan=False).map(repr), st.text(max_size=8), st.sampled_from(["0", "1e300", "2025-01-01", "100"])
)


@settings(max_examples=40)
@given(st.data())
def test_whatever_is_typed_examining_never_fails(data: st.DataObject) -> None:
    supplier_type = data.draw(st.sampled_from([one.value for one in SupplierType]))
    questions = questions_for(supplier_type, Depth.FULL)
    asked = data.draw(st.lists(st.sampled_from(questions), max_size=12, unique_by=lambda question: question.key))
    entries = {
        question.key: Entry(entered=data.draw(TYPED), unit=data.draw(st.sampled_from((*question.units, None))))
        for question in asked
    }
    answers = read_all(questions, entries)
    around = Surroundings(
        supplier_type=supplier_type,
        today=date(2026, 3, 16),
        period=YEAR,
        earlier={question.key: data.draw(st.sampled_from((0.0, 1.0, 1e9))) for question in asked},
        peers={question.key: (1.0,) * 6 for question in asked},
        delivered_t=data.draw(st.sampled_from((None, 0.0, 5.0))),
    )

    for one in examine(questions, answers, around):
        assert all("%(" not in explain_observation(locale, one.template, one.values) for locale in LOCALES)


def test_every_relation_is_between_fields_that_its_supplier_types_are_asked() -> None:
    every = relations()
    wanted = [(kind, one.fields) for one in every.balances for kind in one.types]
    wanted += [(kind, one.fields) for one in every.intensities for kind in one.types]
    wanted += [(kind, frozenset({one.field})) for one in every.corrections for kind in one.types]
    wanted += [(kind, frozenset({one.field, one.choice})) for one in every.unit_choices for kind in one.types]
    optional = {"natural_gas_heating_value", "gas_heating_value"}  # of whoever is asked for them
    missing = {
        (kind, field)
        for kind, fields in wanted
        for field in fields - optional - {question.key for question in questions_for(kind, Depth.FULL)}
    }

    assert missing == set()


def test_every_text_of_the_relations_has_its_chinese() -> None:
    assert [text for text in relations().texts() if text not in catalogue("zh-CN")] == []
