import uuid
from collections.abc import Callable
from datetime import date

import pytest
from sqlmodel import Session

from service.errors import FieldError
from service.i18n import explain
from service.monitoring import queries
from service.monitoring.closing import ClosedYearError, close_year, reopen_year
from service.monitoring.entering import Effect, EntryRefusedError, Taken, enter_month, findings_of, withdraw_entry
from service.monitoring.models import ActivityEntry, Door, EmissionSource, EntryKeptError
from service.monitoring.schemas import EntryInput
from service.products.models import Plant
from tests.builders import a_plant
from tests.monitoring.builders import NOW, a_meter, a_source, an_entry

MAY = date(2026, 5, 1)
Enter = Callable[..., Taken]


@pytest.fixture
def plant(session: Session) -> Plant:
    return a_plant(session)


@pytest.fixture
def enter(session: Session, plant: Plant) -> Enter:
    """Enter one source's May and return what it did."""

    def enter_one(source: EmissionSource, amount: str, *, month: date = MAY, **more: object) -> Taken:
        typed = EntryInput.model_validate({"source_id": source.id, "month": month, "amount": amount, **more})
        return enter_month(session, plant.id, month, [typed], today=NOW.date(), by="user:a", at=NOW, door=Door.FORM)[0]

    return enter_one


def refusal(error: EntryRefusedError, source: EmissionSource, field: str) -> str:
    return explain("en", error.of_source[source.id, field])


def test_an_amount_in_wan_kwh_is_kept_in_kwh(session: Session, plant: Plant, enter: Enter) -> None:
    source = a_source(session, plant, "electricity_purchased")

    taken = enter(source, "123.5 万度", unit="万kWh")

    assert (taken.effect, taken.entry.amount, taken.entry.typed, taken.entry.typed_unit) == (
        Effect.NEW,
        1_235_000.0,
        "123.5 万度",
        "万kWh",
    )


def test_litres_of_diesel_become_tonnes_by_the_density_of_the_unit_registry(session: Session, plant: Plant, enter: Enter) -> None:
    source = a_source(session, plant, "diesel")

    assert enter(source, "1000", unit="L_diesel").entry.amount == pytest.approx(1000 * 0.8275 / 1000)


def test_the_same_again_changes_nothing_and_another_figure_takes_its_place(session: Session, plant: Plant, enter: Enter) -> None:
    source = a_source(session, plant, "natural_gas")
    first = enter(source, "500")

    assert enter(source, "500").effect is Effect.SAME
    corrected = enter(source, "520")

    assert (corrected.effect, corrected.entry.version) == (Effect.CHANGED, 2)
    assert [one.id for one in queries.history_of(session, source.id, MAY)] == [corrected.entry.id, first.entry.id]
    assert [one.amount for one in queries.monthly_amounts(session, start=MAY, end=MAY)] == [520]


@pytest.mark.parametrize(
    ("amount", "more", "field", "words"),
    [
        ("-3", {}, "amount", "-3 is below zero"),
        ("12 t", {}, "amount", "has a unit that is not offered"),
        ("twelve", {}, "amount", "is not a number"),
        ("12", {"unit": "MWh"}, "amount", "The unit “MWh” is not offered here; choose one of: Nm3, 万Nm3, m3"),
        ("12", {"properties": {"fixed_carbon": "0.5"}}, "fixed_carbon", "is not measured for this source"),
        ("12", {"properties": {"ncv": "900"}}, "ncv", "900 can't be right; it lies between 0 and 60 GJ"),
        ("12", {"reading_start": "5"}, "reading_end", "at both ends"),
    ],
)
def test_what_can_not_be_read_is_refused_beside_its_box(
    session: Session, plant: Plant, enter: Enter, *, amount: str, more: dict[str, object], field: str, words: str
) -> None:
    source = a_source(session, plant, "natural_gas")

    with pytest.raises(EntryRefusedError) as caught:
        enter(source, amount, **more)

    assert words in refusal(caught.value, source, field)


def test_a_month_that_is_not_over_or_before_the_source_began_is_refused(session: Session, plant: Plant, enter: Enter) -> None:
    source = a_source(session, plant, "natural_gas", starts=date(2026, 4, 1))

    with pytest.raises(EntryRefusedError) as running:
        enter(source, "5", month=date(2026, 11, 1))
    with pytest.raises(EntryRefusedError) as early:
        enter(source, "5", month=date(2026, 3, 1))

    assert "2026-11 is not over yet" in refusal(running.value, source, "amount")
    assert "is counted from 2026-04 to …, so not in 2026-03" in refusal(early.value, source, "amount")


def test_a_source_of_another_site_is_refused(session: Session, enter: Enter) -> None:
    foreign = a_source(session, a_plant(session), "natural_gas")

    with pytest.raises(EntryRefusedError) as caught:
        enter(foreign, "5")

    assert "This site has no such source" in refusal(caught.value, foreign, "source_id")


def test_three_times_the_usual_month_needs_a_reason_and_shows_the_arithmetic(session: Session, plant: Plant, enter: Enter) -> None:
    source = a_source(session, plant, "natural_gas")
    for month, amount in ((1, 100.0), (2, 110.0), (3, 90.0), (4, 100.0)):
        an_entry(session, source, date(2026, month, 1), amount)

    with pytest.raises(EntryRefusedError) as caught:
        enter(source, "1000")
    kept = enter(source, "1000", reason="New line since May.")

    # the middle of 90, 100, 100, 110 is 100, and 1000 is 10 times that
    assert "1,000 Nm³ is 10 times 100 Nm³, the middle of the 4 months before" in refusal(caught.value, source, "reason")
    assert kept.entry.reason == "New line since May."
    assert [one.rule for one in findings_of(session, plant.id, MAY)] == ["far_from_median"]


def test_electricity_per_tonne_is_compared_with_what_is_usual(session: Session, plant: Plant, enter: Enter) -> None:
    source = a_source(session, plant, "electricity_purchased")
    an_entry(session, a_source(session, plant, "anode_output"), MAY, 100.0)

    with pytest.raises(EntryRefusedError) as caught:
        enter(source, "10000")

    # 10,000 kWh over 100 t is 100 kWh/t; usual are 200 to 20,000
    assert "10,000 kWh over 100 t of anode material is 100 kWh per tonne, outside the usual 200–20,000" in refusal(
        caught.value, source, "reason"
    )


def test_the_counter_of_the_meter_must_say_the_amount_and_begin_where_it_ended(
    session: Session, plant: Plant, enter: Enter
) -> None:
    source = a_source(session, plant, "electricity_purchased", meter=a_meter(session, plant, multiplier=40))
    an_entry(session, source, date(2026, 4, 1), 4000, reading_start=0, reading_end=100)

    with pytest.raises(EntryRefusedError) as differs:
        enter(source, "5000", reading_start="100", reading_end="200")
    with pytest.raises(EntryRefusedError) as gap:
        enter(source, "4000", reading_start="110", reading_end="210")

    # (200 - 100) x 40 = 4,000
    assert "(200 − 100) × 40 = 4,000 kWh, but 5,000 kWh is given" in refusal(differs.value, source, "reason")
    assert "starts at 110, but the month before ended at 100" in refusal(gap.value, source, "reason")
    assert enter(source, "4000", reading_start="100", reading_end="200").effect is Effect.NEW


def test_sub_meters_that_count_more_than_their_main_meter_are_named(session: Session, plant: Plant, enter: Enter) -> None:
    main_meter = a_meter(session, plant)
    main = a_source(session, plant, "electricity_purchased", meter=main_meter)
    parts = [a_source(session, plant, "electricity_purchased", meter=a_meter(session, plant, parent=main_meter)) for _ in range(2)]
    an_entry(session, main, MAY, 1000)
    an_entry(session, parts[0], MAY, 700)

    with pytest.raises(EntryRefusedError) as caught:
        enter(parts[1], "400")

    # 700 + 400 = 1,100 is more than 1,000 and the 2 % that meters may differ
    words = refusal(caught.value, parts[1], "reason")
    assert "= 1,100 kWh, more than the main meter" in words
    assert all(one.name_en in words for one in (main, *parts))
    assert enter(parts[1], "319").effect is Effect.NEW


def test_more_given_to_others_than_bought_and_made_names_both_sides(session: Session, plant: Plant, enter: Enter) -> None:
    bought, exported = (a_source(session, plant, key) for key in ("electricity_purchased", "electricity_exported"))
    an_entry(session, bought, MAY, 1000)

    with pytest.raises(EntryRefusedError) as caught:
        enter(exported, "1001")

    assert "Electricity given to others against what was bought and made" in refusal(caught.value, exported, "reason")
    assert enter(exported, "1000").effect is Effect.NEW


def test_a_finding_reads_in_chinese_with_the_units_of_the_reader(session: Session, plant: Plant, enter: Enter) -> None:
    source = a_source(session, plant, "water_fresh")

    with pytest.raises(EntryRefusedError) as caught:
        enter(source, "3000000")

    words = explain("zh-CN", caught.value.of_source[source.id, "reason"])
    assert "3,000,000 t" in words
    assert "If the figure is right" not in words


def test_a_closed_year_takes_no_figures_until_it_is_reopened_with_a_reason(session: Session, plant: Plant, enter: Enter) -> None:
    source = a_source(session, plant, "natural_gas")
    close_year(session, 2026, by="user:a", at=NOW)

    with pytest.raises(ClosedYearError, match="2026"):
        enter(source, "5")
    reopen_year(session, 2026, reason="A bill was forgotten.", by="user:a", at=NOW)

    assert enter(source, "5").effect is Effect.NEW


def test_a_withdrawn_figure_leaves_its_month_missing_not_zero(session: Session, plant: Plant, enter: Enter) -> None:
    source = a_source(session, plant, "natural_gas", starts=MAY)
    entry = enter(source, "5").entry

    withdraw_entry(session, entry.id, reason="Belongs to the other site.", by="user:a", at=NOW)

    assert [(one.source.id, one.month) for one in queries.missing_months(session, start=MAY, end=MAY)] == [(source.id, MAY)]
    assert queries.monthly_amounts(session, start=MAY, end=MAY) == []


def test_an_entry_can_not_be_edited(session: Session, plant: Plant, enter: Enter) -> None:
    entry = enter(a_source(session, plant, "natural_gas"), "5").entry

    with pytest.raises(EntryKeptError, match="amount"), session.begin_nested():
        entry.amount = 6.0


def test_three_doors_come_to_one_state(session: Session) -> None:
    """Row by row, each by another door and in another order: the same figures stand, and the same is odd about them."""
    states = []
    for doors in ((Door.FORM,) * 3, (Door.FORM, Door.WORKBOOK, Door.API)):
        plant = a_plant(session)
        sources = [a_source(session, plant, key) for key in ("electricity_purchased", "natural_gas", "anode_output")]
        typed = [
            EntryInput(source_id=one.id, month=MAY, amount=amount, reason="stopped for a month")
            for one, amount in zip(sources, ("90万度", "5000", "10 t"), strict=True)
        ]
        for door, one in sorted(zip(doors, typed, strict=True), key=lambda pair: pair[0] is Door.FORM):
            enter_month(session, plant.id, MAY, [one], today=NOW.date(), by="user:a", at=NOW, door=door)
        states.append(_state(session, plant, sources))

    assert states[0] == states[1]
    assert len(states[0][1]) == 2


def _state(session: Session, plant: Plant, sources: list[EmissionSource]) -> tuple[object, set[tuple[int, str]]]:
    places = {str(one.id): place for place, one in enumerate(sources)}
    entries: list[ActivityEntry] = list(queries.current_entries(session, start=MAY, end=MAY, plant_id=plant.id))
    figures = sorted((places[str(one.source_id)], one.amount, one.typed_unit, one.reason) for one in entries)
    return figures, {(places[one.field], one.rule) for one in findings_of(session, plant.id, MAY)}


def test_a_source_twice_in_one_month_is_refused(session: Session, plant: Plant) -> None:
    source = a_source(session, plant, "natural_gas")
    twice = [EntryInput(source_id=source.id, month=MAY, amount=amount) for amount in ("5", "6")]

    with pytest.raises(EntryRefusedError) as caught:
        enter_month(session, plant.id, MAY, twice, today=NOW.date(), by="user:a", at=NOW, door=Door.API)

    assert isinstance(caught.value.of_source[source.id, "amount"], FieldError)


def test_an_unknown_entry_is_not_found(session: Session) -> None:
    with pytest.raises(Exception, match="does not exist"):
        queries.get_entry(session, uuid.uuid4())
