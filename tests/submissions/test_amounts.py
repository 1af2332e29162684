import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.errors import FieldError
from service.submissions.amounts import parse_amount
from service.submissions.answers import Entry, read_entry
from service.submissions.questionnaire import find_question
from service.submissions.units import convert

POWER = ("万kWh", "kWh", "MWh", "GWh")
GAS = ("万Nm3", "Nm3", "m3")


@pytest.mark.parametrize(
    ("typed", "chosen", "kwh"),
    [
        ("1235", "万kWh", 12_350_000),
        ("1235万度", "万kWh", 12_350_000),  # the same unit, said twice
        ("1235万度", "kWh", 12_350_000),  # 1235 × 10⁴ kWh
        ("1235 万千瓦时", "万kWh", 12_350_000),
        ("1,234.5 万", "万kWh", 12_345_000),  # a sheet with 万kWh in its head and 万 in the cell
        ("1,234.5 万", "kWh", 12_345_000),
        ("１，２３４．５万", "kWh", 12_345_000),
        ("1.2亿", "kWh", 120_000_000),
        ("1.2亿度", "kWh", 120_000_000),
        ("12 350 000 kWh", "kWh", 12_350_000),
        ("1235×10⁴ kWh", "万kWh", 12_350_000),
        ("12350 MWh", "MWh", 12_350_000),
        ("1235万度", None, 12_350_000),
        ("12.35 GWh", None, 12_350_000),
        ("12350000", None, 12_350_000),
    ],
)
def test_electricity_is_understood_as_it_stands_on_bills(typed: str, chosen: str | None, kwh: float) -> None:
    amount = parse_amount(typed, units=POWER, chosen=chosen, canonical="kWh")

    assert convert(amount.number, amount.unit, to="kWh") == kwh


@pytest.mark.parametrize(
    ("typed", "units", "unit", "number"),
    [
        ("35.6万立方米", GAS, "m3", 356_000),
        ("35.6 万标方", GAS, "万Nm3", 35.6),
        ("356000 Nm³", GAS, "Nm3", 356_000),
        ("250 公斤", ("t", "kg"), "kg", 250),
        ("1.2万吨", ("t", "kg"), "t", 12_000),
        ("8.5万吨", ("万t", "t", "m3_water"), "万t", 8.5),
        ("85000立方米", ("万t", "t", "m3_water"), "m3_water", 85_000),
        ("12600 吨标准煤", ("tce", "kgce", "GJ"), "tce", 12_600),
        ("420升", ("t", "kg", "L_diesel"), "L_diesel", 420),
        ("5 次", ("次",), "次", 5),
        ("16500只", ("只",), "只", 16_500),
        ("95%", ("%",), "%", 95),
        ("10 吨", ("GJ", "t_steam"), "t_steam", 10),
    ],
)
def test_the_question_decides_which_unit_a_word_means(typed: str, units: tuple[str, ...], unit: str, number: float) -> None:
    amount = parse_amount(typed, units=units, chosen=None, canonical=units[0])

    assert amount.unit == unit
    assert amount.number == pytest.approx(number, rel=1e-15)


@pytest.mark.parametrize(
    ("typed", "chosen", "words"),
    [
        ("12350000 度", "万kWh", "another unit is chosen"),
        ("35 MWh", "kWh", "another unit is chosen"),
        ("1.2亿", "万kWh", "two ways"),
        ("12 吨", "kWh", "not offered here"),
        ("12 furlongs", "kWh", "more than a number"),
        ("1,23 万", "kWh", "two ways"),
        ("235 10⁴kWh5", "kWh", "more than a number"),
        ("一千万", "kWh", "not a number"),
        ("", "kWh", "not a number"),
    ],
)
def test_what_is_not_clear_is_refused_with_the_way_out(typed: str, chosen: str, words: str) -> None:
    with pytest.raises(FieldError, match=words):
        parse_amount(typed, units=POWER, chosen=chosen, canonical="kWh")


def test_the_answer_keeps_what_was_typed_and_the_unit_it_was_read_in() -> None:
    question = find_question("TOLL", "furnace_electricity")
    assert question

    reading = read_entry(question, Entry(entered="1,235 万", unit="万kWh"))

    assert (reading.value, reading.typed_value, reading.typed_unit) == (12_350_000, 1235, "万kWh")


@given(st.decimals(min_value=0, max_value=10**7, places=3))
def test_wan_behind_a_number_is_ten_thousand_times_it_exactly(number: object) -> None:
    plain = parse_amount(f"{number}", units=POWER, chosen="万kWh", canonical="kWh")
    with_wan = parse_amount(f"{number}万", units=POWER, chosen="kWh", canonical="kWh")

    assert convert(plain.number, "万kWh", to="kWh") == with_wan.number


@given(st.integers(0, 10**9), st.integers(0, 10**9), st.sampled_from(["", "万", "万度", "亿", " 千瓦时"]))
def test_more_typed_is_never_less_meant(first: int, second: int, suffix: str) -> None:
    low, high = sorted((first, second))
    read = [parse_amount(f"{one}{suffix}", units=POWER, chosen=None, canonical="kWh") for one in (low, high)]

    assert convert(read[0].number, read[0].unit, to="kWh") <= convert(read[1].number, read[1].unit, to="kWh")


@given(st.text(max_size=30))
def test_any_text_is_an_amount_or_refused(typed: str) -> None:
    try:
        amount = parse_amount(typed, units=POWER, chosen="kWh", canonical="kWh")
    except FieldError:
        return
    assert amount.unit == "kWh"
