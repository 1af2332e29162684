from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.i18n import LOCALES
from service.submissions.answers import Entry, read_all
from service.submissions.models import Absence, Depth
from service.submissions.plausibility import Level, Observation, Surroundings, examine, explain_observation
from service.submissions.questionnaire import questions_for
from tests.submissions.builders import TOLL_ANSWERS

TYPED = st.one_of(st.floats(min_value=0, max_value=1e15).map(repr), st.text(max_size=12), st.sampled_from(["0", "box", "CN-NM"]))


def observe(supplier_type: str = "TOLL", base: Mapping[str, Entry] = TOLL_ANSWERS, **changes: Entry) -> Sequence[Observation]:
    questions = questions_for(supplier_type, Depth.FIRST)
    return examine(questions, read_all(questions, {**base, **changes}), Surroundings(supplier_type=supplier_type))


def found(observations: Sequence[Observation], key: str) -> Observation:
    return next(one for one in observations if one.key == key)


def words(one: Observation) -> str:
    return explain_observation("en", one.template, one.values)


def test_plausible_answers_raise_nothing() -> None:
    assert observe() == []


def test_the_kwh_per_tonne_of_a_furnace_are_shown_with_their_arithmetic_and_the_unit_that_was_meant() -> None:
    # 912 kWh over 960 t is 0.95 kWh/t; 912 万kWh would be 9,500 kWh/t, inside 7,500-11,500.
    one = found(observe(furnace_electricity=Entry(entered="912", unit="kWh")), "furnace_electricity.outside_furnace_range")

    assert one.level is Level.WARNING
    assert words(one) == (
        "Electricity of the furnaces 912 kWh over Material returned 960 t is 0.95 kWh/t, "
        "outside the 7,500–11,500 kWh/t of this furnace type (Box furnace). "
        "Was Electricity of the furnaces, 912 kWh, meant as 912 ×10⁴ kWh?"
    )


def test_the_same_words_in_chinese() -> None:
    one = found(observe(furnace_electricity=Entry(entered="1,500", unit="万kWh")), "furnace_electricity.outside_furnace_range")

    assert explain_observation("zh-CN", one.template, one.values) == (
        "石墨化炉用电 15,000,000 kWh 除以出料量 960 t 为 15,625 kWh/t，超出该炉型（箱体炉）7,500–11,500 kWh/t 的范围。"
    )


@pytest.mark.parametrize(
    ("furnace", "low", "high"),
    [("acheson_crucible", 10_000, 16_500), ("box", 7_500, 11_500), ("inner_string", 8_000, 11_500), ("continuous", 4_500, 9_000)],
)
def test_each_furnace_type_has_the_range_of_the_model(furnace: str, low: int, high: int) -> None:
    def is_doubted(kwh_per_t: float) -> bool:
        entry = Entry(entered=str(kwh_per_t * 960), unit="kWh")
        observations = observe(furnace_type=Entry(entered=furnace), furnace_electricity=entry)
        return any(one.key == "furnace_electricity.outside_furnace_range" for one in observations)

    assert [is_doubted(value) for value in (low - 1, low, high, high + 1)] == [True, False, False, True]


def test_inside_the_range_but_far_from_the_default_is_an_information() -> None:
    # 16 GWh / 960 t = 16,667 kWh/t is outside; 4,650 kWh/t in a continuous furnace is 22 % below 6,000; 8,500 is +42 %.
    observations = observe(
        furnace_type=Entry(entered="continuous"),
        furnace_electricity=Entry(entered="8160000", unit="kWh"),  # 8,500 kWh/t
        packing_coke_net=Entry(entered="0", unit="t"),
    )

    one = found(observations, "furnace_electricity.far_from_default")
    assert one.level is Level.INFO
    assert words(one) == "8,500 kWh/t differs by +42 % from the model's default of 6,000 kWh/t."


def test_output_above_input_is_doubted() -> None:
    one = found(observe(product_out=Entry(entered="1,020", unit="t")), "product_out.ratio_outside_limits")

    assert words(one) == "Material returned 1,020 t over Material received 1,000 t is 1.02 t/t, outside the usual 0.85–1."


def test_output_far_below_input_is_doubted() -> None:
    one = found(observe(product_out=Entry(entered="800", unit="t")), "product_out.ratio_outside_limits")

    assert words(one) == "Material returned 800 t over Material received 1,000 t is 0.8 t/t, outside the usual 0.85–1."


def test_green_electricity_above_the_bill_is_doubted() -> None:
    observations = observe(green_electricity=Entry(entered="14001", unit="万kWh"))

    assert words(found(observations, "green_electricity.part_above_whole")).startswith(
        "Green electricity 140,010,000 kWh is more than Electricity of the site 140,000,000 kWh"
    )


def test_a_site_that_bought_less_than_its_furnaces_took_is_doubted() -> None:
    # 912 万kWh + 28.8 万kWh = 940.8 万kWh, of which five per cent for meters are 47.04: 893.76 万kWh are just enough.
    def is_doubted(bought: str) -> bool:
        observations = observe(product_output=Entry(entered="1000", unit="t"), grid_electricity=Entry(entered=bought, unit="万kWh"))
        return "grid_electricity.site_below_furnaces" in {one.key for one in observations}

    assert (is_doubted("893.7"), is_doubted("893.8")) == (True, False)


def test_packing_coke_above_the_furnace_range_is_doubted() -> None:
    # 480 t / 960 t = 0.5 t/t; a box furnace takes 0.05 to 0.35.
    one = found(observe(packing_coke_net=Entry(entered="480", unit="t")), "packing_coke_net.outside_furnace_range")

    assert "0.5 t/t, outside the 0.05–0.35 t/t" in words(one)


def test_a_single_value_outside_its_limits_suggests_the_unit_that_fits() -> None:
    pitch = {"distillation_fuel": Entry(entered="2400", unit="GJ/t")}

    one = found(observe("PITCH", pitch), "distillation_fuel.outside_limits")

    assert words(one) == ("2,400 GJ/t is outside the usual 0.5–8 GJ/t. Was Fuel of distillation, 2,400 GJ/t, meant as 2,400 MJ/t?")


def test_the_co2_of_calcination_is_compared_with_the_default() -> None:
    # 1.0 / 0.72338 - 1 = 38 %
    one = found(observe("COKE", {"calcination_co2": Entry(entered="1.0")}), "calcination_co2.far_from_default")

    assert words(one) == "1 tCO2/t differs by +38 % from the model's default of 0.72338 tCO2/t.".replace("tCO2/t", "t CO₂/t")


def test_a_required_question_without_an_answer_is_an_error() -> None:
    observations = observe(natural_gas=Entry())

    assert found(observations, "natural_gas.missing").level is Level.ERROR


def test_not_knowing_is_an_answer_if_it_says_why() -> None:
    unexplained = observe(natural_gas=Entry(absent=Absence.UNKNOWN))
    explained = observe(natural_gas=Entry(absent=Absence.UNKNOWN, note="The landlord's meter"))

    assert found(unexplained, "natural_gas.reason").level is Level.ERROR
    assert [one.level for one in explained] == [Level.INFO]


def test_not_knowing_what_everything_is_divided_by_is_no_answer() -> None:
    observations = observe(product_out=Entry(absent=Absence.UNKNOWN, note="no scales"))

    assert found(observations, "product_out.essential").level is Level.ERROR


def test_a_value_and_the_word_that_there_is_none_exclude_each_other() -> None:
    observations = observe(natural_gas=Entry(entered="5", unit="Nm3", absent=Absence.UNKNOWN, note="?"))

    assert found(observations, "natural_gas.value_and_none").level is Level.ERROR


def test_what_cannot_be_read_is_an_error_beside_its_field() -> None:
    one = observe(charge_in=Entry(entered="1,0", unit="t"))[0]

    assert (one.field, one.level) == ("charge_in", Level.ERROR)


@given(
    st.dictionaries(
        st.sampled_from([question.key for question in questions_for("TOLL", Depth.FIRST)]),
        st.builds(
            Entry,
            entered=st.one_of(
                st.floats(min_value=0, max_value=1e15).map(repr), st.text(max_size=12), st.sampled_from(["0", "box", "CN-NM"])
            ),
            unit=st.sampled_from(["t", "kg", "kWh", "万kWh", "Nm3", "m3", None, "x"]),
            absent=st.sampled_from([None, *Absence]),
            note=st.sampled_from([None, "why"]),
        ),
    )
)
def test_whatever_is_typed_every_observation_can_be_read_in_both_languages(entries: Mapping[str, Entry]) -> None:
    questions = questions_for("TOLL", Depth.FIRST)

    for one in examine(questions, read_all(questions, entries), Surroundings(supplier_type="TOLL")):
        for locale in LOCALES:
            assert "%(" not in explain_observation(locale, one.template, one.values)
