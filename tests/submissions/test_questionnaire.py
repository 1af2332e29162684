import pytest

from service.i18n import catalogue
from service.submissions.answers import Entry, read_entry
from service.submissions.models import Depth
from service.submissions.questionnaire import all_texts, current_registry, find_question, groups_for, questions_for
from service.suppliers.models import SupplierType


@pytest.mark.parametrize("supplier_type", SupplierType)
def test_a_first_request_has_at_most_fifteen_questions(supplier_type: SupplierType) -> None:
    assert 1 <= len(questions_for(supplier_type, Depth.FIRST)) <= 15


@pytest.mark.parametrize("supplier_type", SupplierType)
def test_each_question_is_asked_once_and_stands_on_one_screen(supplier_type: SupplierType) -> None:
    keys = [question.key for question in questions_for(supplier_type, Depth.FIRST)]
    on_screens = [question.key for group in groups_for(supplier_type, Depth.FIRST) for question in group.questions]

    assert len(set(keys)) == len(keys)
    assert on_screens == keys


@pytest.mark.parametrize(
    ("supplier_type", "keys"),
    [
        (
            "TOLL",
            (
                "furnace_type charge_in product_out furnace_electricity auxiliary_electricity power_source packing_coke_net "
                "packing_coke_sold"
            ),
        ),
        (
            "COKE",
            (
                "coke_type coking_yield calcination_yield calciner_gas calciner_electricity calcination_co2 transport_distance "
                "co_products"
            ),
        ),
        ("PITCH", "pitch_type tar_input distillation_fuel electricity_per_t steam_per_t"),
        ("CRUCIBLE", "crucible_mass crucible_cycles block_electricity block_gas machining_loss"),
        ("GAS", "nitrogen_electricity"),
        ("PACKAGING", "packaging_mass recycled_share trips"),
        ("LOGISTICS", "route_distance transport_mode vehicle_energy load_share empty_return_share fuel_use"),
    ],
)
def test_the_fields_that_footprints_read_are_asked(supplier_type: str, keys: str) -> None:
    asked = {question.key for question in questions_for(supplier_type, Depth.FIRST)}

    assert asked >= {"site_province", "evidence_source", "own_pcf", *keys.split()}


def test_every_text_of_the_questionnaire_is_translated() -> None:
    missing = [text for text in all_texts() if text not in catalogue("zh-CN")]

    assert missing == []


def test_limits_come_from_the_field_list_in_the_unit_they_refer_to() -> None:
    furnace = find_question("TOLL", "furnace_electricity")
    grid = find_question("TOLL", "grid_electricity")
    coking_value = find_question("PITCH", "coking_value")
    assert furnace
    assert grid
    assert coking_value

    assert (furnace.limits["kWh/t"].low, furnace.limits["kWh/t"].high) == (4000, 17500)
    assert grid.limits["kWh"].high == 1_000_000 * 10_000  # 1 000 000 万kWh
    assert (coking_value.limits["%"].low, coking_value.limits["%"].high) == (35, 80)


def test_fuel_of_vehicles_has_limits_for_each_kind_of_energy() -> None:
    fuel = find_question("LOGISTICS", "fuel_use")
    assert fuel

    assert {unit: (limits.low, limits.high) for unit, limits in fuel.limits.items()} == {
        "L/100km": (15, 55),
        "kg/100km": (15, 50),
        "kWh/100km": (60, 220),
    }
    assert read_entry(fuel, Entry(entered="120", unit="kWh/100km")).unit == "kWh/100km"


def test_examples_can_be_read_and_lie_within_the_limits() -> None:
    for supplier_type in SupplierType:
        for question in questions_for(supplier_type, Depth.FULL):
            if question.example is None:
                continue
            reading = read_entry(question, Entry(entered=question.example[0], unit=question.example[1]))
            assert reading.error is None, question.key
            limits = question.limits.get(reading.unit or "")
            if limits and question.per is None and reading.value is not None:
                assert (limits.low or 0) <= reading.value <= (limits.high or float("inf")), question.key


def test_a_province_brings_its_name_in_both_languages() -> None:
    question = find_question("TOLL", "site_province")
    assert question
    choice = question.choice("CN-NM")
    assert choice

    assert (choice.label("zh-CN"), choice.label("en")) == ("内蒙古", "Inner Mongolia")


def test_a_value_is_kept_in_the_canonical_unit() -> None:
    question = find_question("TOLL", "furnace_electricity")
    assert question

    assert read_entry(question, Entry(entered="1,235", unit="万kWh")).value == 12_350_000


@pytest.mark.parametrize(
    ("key", "entry", "words"),
    [
        ("furnace_type", Entry(entered="plasma"), "not one of the choices"),
        ("furnace_electricity", Entry(entered="5", unit="GJ"), "no unit for this"),
        ("furnace_electricity", Entry(entered="-5", unit="kWh"), "below zero"),
        ("product_out", Entry(entered="0", unit="t"), "Zero"),
    ],
)
def test_an_entry_that_cannot_be_used_says_why(key: str, entry: Entry, words: str) -> None:
    question = find_question("TOLL", key)
    assert question

    reading = read_entry(question, entry)

    assert reading.value is None
    assert words in str(reading.error)


def test_a_yield_above_one_hundred_percent_is_an_error() -> None:
    question = find_question("COKE", "coking_yield")
    assert question

    assert "more than 100 %" in str(read_entry(question, Entry(entered="120", unit="%")).error)


def test_every_row_of_the_field_list_is_asked_at_full_depth() -> None:
    asked = {question.row for questions in current_registry().by_type.values() for question in questions}

    assert asked == {f"Q{number:03}" for number in range(1, 99)}


@pytest.mark.parametrize("supplier_type", SupplierType)
def test_the_full_questionnaire_begins_with_the_first_request(supplier_type: SupplierType) -> None:
    first, full = ({question.key for question in questions_for(supplier_type, depth)} for depth in (Depth.FIRST, Depth.FULL))

    assert first < full
    assert len(full) > 50


def test_a_ratio_refers_to_a_question_that_is_asked_with_it() -> None:
    for supplier_type in SupplierType:
        for depth in Depth:
            questions = questions_for(supplier_type, depth)
            asked = {question.key for question in questions}
            for question in questions:
                assert question.per is None or question.per in asked, (supplier_type, depth, question.key)
                assert question.at_most is None or question.at_most in asked, (supplier_type, depth, question.key)


def test_limits_of_the_own_plant_hold_for_its_totals_over_its_tonnes() -> None:
    milling = find_question("MAKER", "shaped_powder_out")
    furnace = find_question("MAKER", "furnace_electricity")
    film = find_question("MAKER", "film_use")
    assert milling
    assert furnace
    assert film

    assert (milling.per, milling.limits["t/t"].low, milling.limits["t/t"].high) == ("coke_in", 0.45, 0.98)  # 45 to 98 %
    assert (furnace.limits["kWh/t"].low, furnace.limits["kWh/t"].high) == (4000, 17500)
    assert (film.limits["kg/t"].low, film.limits["kg/t"].high) == (None, 40)  # 2 to 40 kg/t is of all packaging together
