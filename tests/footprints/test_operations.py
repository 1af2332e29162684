from datetime import date, timedelta

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from lca_models.model import load_model
from service.audit.models import AuditEvent
from service.errors import InvalidInputError, InvalidTransitionError, SamePersonError, StaleVersionError
from service.footprints.models import FootprintRecord, FootprintStatus, ImmutableRecordError
from service.footprints.operations import calculate, release
from service.footprints.queries import find_records, is_stale, sources_of, stale_footprints
from service.footprints.rules import NewerFootprintError, StaleFootprintError
from service.products.models import ProductInput
from service.products.rules import WeightsError
from service.submissions.models import SubmissionStatus
from tests.builders import NOW, PERIOD, a_product, a_supplier
from tests.footprints.builders import CALCULATOR, RELEASER, TOLL_ANSWERS, a_record, a_supply, a_toll_product, an_accepted_submission


def test_a_product_without_answers_gets_the_model_default(session: Session) -> None:
    record = a_record(session, a_product(session))

    assert record.total_kg_co2e_per_kg == pytest.approx(12.48, abs=0.02)
    assert record.default_total_kg_co2e_per_kg == record.total_kg_co2e_per_kg
    assert record.shares == pytest.approx({"primary": 0.0, "secondary": 0.0, "default": 1.0})
    assert record.drivers == []
    assert record.number == "F-2026-0001"


def test_accepted_answers_replace_the_default_of_their_process(session: Session) -> None:
    supplier = a_supplier(session)
    submission = an_accepted_submission(session, supplier)

    record = a_record(session, a_toll_product(session, a_product(session), supplier))

    # 0.985 x 1.015 kg graphitised per kg packed; 13.3 instead of 13.0 kWh at 0.5777
    electricity = next(one for one in record.drivers if (one["stage"], one["flow"]) == ("P3", "electricity_cn_grid"))
    assert electricity["kg_co2e"] - electricity["default"] == pytest.approx(0.3 * 0.5777 * 0.985 * 1.015)
    difference = sum(one["kg_co2e"] - one["default"] for one in record.drivers)
    assert difference == pytest.approx(record.total_kg_co2e_per_kg - record.default_total_kg_co2e_per_kg)
    assert sources_of(session, record.id) == {submission.number: submission.id}
    assert record.shares["primary"] > 0.6


def test_a_record_explains_itself(session: Session) -> None:
    supplier = a_supplier(session)
    an_accepted_submission(session, supplier)

    record = a_record(session, a_toll_product(session, a_product(session), supplier))

    assert record.model_version == load_model().model_version
    assert record.result["oracle_relative_difference"] <= 1e-12
    assert sum(record.result["by_stage"].values()) == pytest.approx(record.total_kg_co2e_per_kg, rel=1e-12)
    assert sum(record.shares.values()) == pytest.approx(1.0, abs=1e-12)
    assert set(record.provenance) == set(record.parameters)
    assert len(record.inputs_sha256) == 64
    assert [event.action for event in session.exec(select(AuditEvent))] == ["model_version_kept", "footprint_calculated"]


def test_the_headline_is_national_the_provinces_are_marked_screening(session: Session) -> None:
    supplier = a_supplier(session, province_code="CN-NM")
    an_accepted_submission(session, supplier)

    record = a_record(session, a_toll_product(session, a_product(session), supplier))

    views = {view["view"]: view for view in record.views}
    assert list(views) == ["national", "provinces", "market", "eu_draft", "china_label"]
    assert views["national"]["total_kg_co2e"] == record.total_kg_co2e_per_kg
    assert [view["is_screening"] for view in record.views] == [False, True, False, False, False]
    # toll plant in Inner Mongolia 0.7507, maker in Guangdong 0.522
    assert views["provinces"]["graphitization_kg_co2e_per_kwh"] == pytest.approx(0.7507, abs=5e-4)
    assert views["provinces"]["kg_co2e_per_kwh"] == pytest.approx(0.522, abs=5e-4)
    by_hand = 13.3 * 0.985 * 1.015 * (views["provinces"]["graphitization_kg_co2e_per_kwh"] - 0.5777)
    assert views["provinces"]["by_stage"]["P3"] - views["national"]["by_stage"]["P3"] == pytest.approx(by_hand)


def test_the_market_view_counts_evidenced_contracts_and_residual_mix_for_the_rest(session: Session) -> None:
    supplier = a_supplier(session)
    an_accepted_submission(session, supplier)

    record = a_record(session, a_toll_product(session, a_product(session), supplier))

    market = record.views[2]
    # 6 of 30 GWh are green (photovoltaic through the grid 0.0592), the rest residual mix 0.708; the maker has no contracts
    assert market["graphitization_kg_co2e_per_kwh"] == pytest.approx(0.2 * 0.0592 + 0.8 * 0.708, abs=1e-3)
    assert market["kg_co2e_per_kwh"] == pytest.approx(0.708, abs=1e-3)


def test_the_eu_draft_ignores_contracts_and_the_china_label_leaves_the_rest_at_the_average(session: Session) -> None:
    supplier = a_supplier(session)
    an_accepted_submission(session, supplier)

    record = a_record(session, a_toll_product(session, a_product(session), supplier))

    eu_draft, china_label = record.views[3:]
    assert eu_draft["total_kg_co2e"] == pytest.approx(record.total_kg_co2e_per_kg, rel=1e-12)
    # 6 of 30 GWh are green (photovoltaic through the grid 0.0592), the rest national average 0.5777
    assert china_label["graphitization_kg_co2e_per_kwh"] == pytest.approx(0.2 * 0.0592 + 0.8 * 0.5777)
    assert china_label["kg_co2e_per_kwh"] == 0.5777


def test_what_the_plant_has_evidence_for_counts_in_the_views_that_know_it(session: Session) -> None:
    product = a_product(session)
    a_supply(session, product, instrument="contract", technology="hydro", percent=50.0)
    a_supply(session, product, instrument="direct_line", technology="wind", percent=10.0)

    record = a_record(session, product)

    factors = {view["view"]: view["kg_co2e_per_kwh"] for view in record.views}
    assert factors["national"] == 0.5777
    # 0.5 hydro over the grid 0.0194, 0.1 wind at the power station 0.0324; the rest residual, or the average
    assert factors["market"] == pytest.approx(0.5 * 0.0194 + 0.1 * 0.0324 + 0.4 * 0.7082)
    assert factors["eu_draft"] == pytest.approx(0.1 * 0.0324 + 0.9 * 0.5777)
    assert factors["china_label"] == pytest.approx(0.5 * 0.0194 + 0.1 * 0.0324 + 0.4 * 0.5777)
    plant = record.views[2]["sites"][0]
    assert (plant["contract_share"], plant["direct_line_share"]) == (0.5, 0.1)


def test_evidence_of_another_period_counts_for_nothing(session: Session) -> None:
    product = a_product(session)
    a_supply(session, product, period=(date(2023, 1, 1), date(2023, 12, 31)))

    record = a_record(session, product)

    assert record.views[2]["kg_co2e_per_kwh"] == 0.7082


def test_green_power_without_evidence_counts_as_residual_mix(session: Session) -> None:
    supplier = a_supplier(session)
    an_accepted_submission(session, supplier, {**TOLL_ANSWERS, "evidence_source": "estimated"})

    record = a_record(session, a_toll_product(session, a_product(session), supplier))

    assert record.views[2]["graphitization_kg_co2e_per_kwh"] == pytest.approx(0.708, abs=1e-3)


def test_an_own_power_plant_of_a_toll_plant_does_not_hide_behind_the_national_average(session: Session) -> None:
    supplier = a_supplier(session)
    an_accepted_submission(session, supplier, {**TOLL_ANSWERS, "power_source": "captive"})

    record = a_record(session, a_toll_product(session, a_product(session), supplier))

    # coal-fired generation 0.924 in every view
    assert [view["graphitization_kg_co2e_per_kwh"] for view in record.views] == pytest.approx([0.924] * 5)


def test_the_same_inputs_are_never_two_records(session: Session) -> None:
    product = a_product(session)
    first = a_record(session, product)

    again = a_record(session, product, by="user:another", at=NOW + timedelta(hours=1))

    assert again.id == first.id
    assert find_records(session).total == 1


def test_new_inputs_make_a_new_record_and_leave_the_old_one_as_it_was(session: Session) -> None:
    product = a_product(session)
    first = a_record(session, product)
    before = (first.total_kg_co2e_per_kg, first.inputs_sha256, dict(first.parameters))
    product.recipe = {"milling_electricity_kwh_per_kg": 1.5}
    product.version += 1

    second = a_record(session, product)

    assert second.number == "F-2026-0002"
    assert (first.total_kg_co2e_per_kg, first.inputs_sha256, first.parameters) == before
    # 0.6 kWh more per kg shaped powder, 1.0771 kg shaped per kg product
    shaped = 1.015 * 0.985 * 1.05 * 1.026
    assert second.total_kg_co2e_per_kg - first.total_kg_co2e_per_kg == pytest.approx(0.6 * shaped * 0.5777)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("total_kg_co2e_per_kg", 1.0),
        ("result", {}),
        ("parameters", {}),
        ("provenance", {}),
        ("inputs_sha256", "0" * 64),
        ("views", []),
    ],
)
def test_a_records_numbers_can_not_be_changed(session: Session, column: str, value: object) -> None:
    record = a_record(session, a_product(session))

    with pytest.raises(ImmutableRecordError, match=column), session.begin_nested():
        setattr(record, column, value)


def test_a_record_can_not_be_deleted(session: Session) -> None:
    record = a_record(session, a_product(session))

    with pytest.raises(ImmutableRecordError), session.begin_nested():
        session.delete(record)


def test_a_second_person_releases_and_the_earlier_release_is_replaced(session: Session) -> None:
    product = a_product(session)
    first = release(session, a_record(session, product), version=1, by=RELEASER, at=NOW)
    product.recipe = {"milling_electricity_kwh_per_kg": 1.5}
    product.version += 1
    second = a_record(session, product, at=NOW + timedelta(days=1))

    release(session, second, version=1, by=RELEASER, at=NOW + timedelta(days=1))

    session.refresh(first)
    assert (first.status, second.status) == (FootprintStatus.REPLACED, FootprintStatus.RELEASED)
    assert (second.released_by, second.version) == (RELEASER, 2)


def test_who_calculated_may_not_release(session: Session) -> None:
    record = a_record(session, a_product(session), by=CALCULATOR)

    with pytest.raises(SamePersonError, match=record.number):
        release(session, record, version=record.version, by=CALCULATOR, at=NOW)


def test_a_release_of_what_somebody_else_changed_is_refused(session: Session) -> None:
    record = a_record(session, a_product(session))

    with pytest.raises(StaleVersionError):
        release(session, record, version=record.version + 1, by=RELEASER, at=NOW)


def test_a_record_is_released_once(session: Session) -> None:
    record = release(session, a_record(session, a_product(session)), version=1, by=RELEASER, at=NOW)

    with pytest.raises(InvalidTransitionError):
        release(session, record, version=record.version, by=RELEASER, at=NOW)


def test_an_older_calculation_is_not_released_over_a_newer_one(session: Session) -> None:
    product = a_product(session)
    older = a_record(session, product)
    product.recipe = {"milling_electricity_kwh_per_kg": 1.5}
    newer = a_record(session, product, at=NOW + timedelta(days=1))
    release(session, newer, version=1, by=RELEASER, at=NOW + timedelta(days=1))

    with pytest.raises(NewerFootprintError, match=newer.number):
        release(session, older, version=1, by=RELEASER, at=NOW + timedelta(days=2))


def test_the_database_refuses_a_second_released_record_of_a_product_and_period(session: Session) -> None:
    product = a_product(session)
    release(session, a_record(session, product), version=1, by=RELEASER, at=NOW)
    product.recipe = {"milling_electricity_kwh_per_kg": 1.5}
    other = a_record(session, product)
    other.status = FootprintStatus.RELEASED

    with pytest.raises(IntegrityError), session.begin_nested():
        session.flush()


def test_a_superseded_submission_makes_the_record_stale_and_unreleasable(session: Session) -> None:
    supplier = a_supplier(session)
    submission = an_accepted_submission(session, supplier)
    record = a_record(session, a_toll_product(session, a_product(session), supplier))
    assert stale_footprints(session) == set()

    submission.status = SubmissionStatus.SUPERSEDED
    session.flush()

    assert stale_footprints(session) == {record.id}
    with pytest.raises(StaleFootprintError):
        release(session, record, version=1, by=RELEASER, at=NOW)


def test_answers_accepted_later_make_the_record_stale_until_it_is_calculated_again(session: Session) -> None:
    supplier = a_supplier(session)
    product = a_toll_product(session, a_product(session), supplier)
    record = a_record(session, product)

    an_accepted_submission(session, supplier)

    assert is_stale(session, record.id)
    assert not is_stale(session, a_record(session, product).id)


def test_answers_that_another_record_rests_on_still_make_this_one_stale(session: Session) -> None:
    supplier = a_supplier(session)
    product, other = (a_toll_product(session, a_product(session), supplier) for _ in range(2))
    record = a_record(session, product)
    an_accepted_submission(session, supplier)

    of_other = a_record(session, other)

    assert is_stale(session, record.id)
    assert not is_stale(session, of_other.id)
    assert stale_footprints(session) == {record.id}


def test_answers_for_another_period_do_not_make_a_record_stale(session: Session) -> None:
    supplier = a_supplier(session)
    record = a_record(session, a_toll_product(session, a_product(session), supplier))

    an_accepted_submission(session, supplier, period=(date(2024, 1, 1), date(2024, 12, 31)))

    assert not is_stale(session, record.id)


def test_a_wider_questionnaire_that_a_narrower_one_outranks_does_not_make_a_record_stale(session: Session) -> None:
    supplier = a_supplier(session)
    an_accepted_submission(session, supplier, period=(date(2024, 1, 1), date(2025, 12, 31)))
    narrow = an_accepted_submission(session, supplier)

    record = a_record(session, a_toll_product(session, a_product(session), supplier))

    assert list(sources_of(session, record.id).values()) == [narrow.id]
    assert not is_stale(session, record.id)


def test_a_changed_product_makes_its_record_stale(session: Session) -> None:
    product = a_product(session)
    record = a_record(session, product)

    product.version += 1
    session.flush()

    assert is_stale(session, record.id)


@pytest.mark.parametrize(("start", "end"), [(PERIOD[1], PERIOD[0]), (date(2020, 1, 1), date(2025, 12, 31))])
def test_a_period_that_is_none_is_refused_beside_its_field(session: Session, start: date, end: date) -> None:
    with pytest.raises(InvalidInputError) as raised:
        calculate(session, a_product(session), period_start=start, period_end=end, by=CALCULATOR, at=NOW)

    assert list(raised.value.fields) == ["period_end"]


def test_shares_that_nobody_knows_are_an_error_and_no_guess(session: Session) -> None:
    product = a_product(session, toll_share=1.0)
    for name in ("甲", "乙"):
        supplier = a_supplier(session, name_zh=name)
        session.add(ProductInput(product_id=product.id, flow="graphitised_powder", supplier_id=supplier.id, share=None))
    session.flush()

    with pytest.raises(WeightsError):
        a_record(session, product)
    assert session.exec(select(FootprintRecord)).all() == []
