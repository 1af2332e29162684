"""What a supplier sees and downloads after its answers were accepted."""

import io
import json
from datetime import date, datetime
from decimal import Decimal
from importlib.resources import files
from typing import Any

import jsonschema  # type: ignore[import-untyped] # it ships no types
import pikepdf
import pytest
import yaml  # type: ignore[import-untyped] # it ships no types
from fastapi import FastAPI
from sqlmodel import Session
from starlette.testclient import TestClient

from service.accounts.models import Role
from service.feedback import queries
from service.feedback.card import Card, NotAcceptedError, feedback_card
from service.feedback.effect import Effect, band_of, strongest
from service.feedback.peers import Quarter
from service.modelling.queries import active_model
from service.submissions.models import Submission, SubmissionStatus
from service.suppliers.models import Supplier
from tests import builders
from tests.builders import NOW
from tests.conftest import SignIn
from tests.footprints.builders import TOLL_ANSWERS, a_record, a_toll_product, a_toll_supplier, an_accepted_submission

SCHEMA = files("service.conformance") / "schemas" / "pact-openapi-3.0.4.yaml"
YEAR_BEFORE = (date(2024, 1, 1), date(2024, 12, 31))


def a_plant(session: Session, *, kwh: float, output: float = 950.0, at: datetime = NOW) -> Submission:
    """Return an accepted toll plant that takes so many kWh per kg."""
    answers = {**TOLL_ANSWERS, "product_out": output, "furnace_electricity": kwh * output * 1000, "auxiliary_electricity": 0.0}
    return an_accepted_submission(session, a_toll_supplier(session), answers, decided_at=at)


def test_only_accepted_answers_give_anything_back(session: Session) -> None:
    submission = builders.a_submission(session, status=SubmissionStatus.IN_REVIEW)

    with pytest.raises(NotAcceptedError):
        feedback_card(session, submission)


def test_the_trend_holds_every_accepted_period_and_no_other(session: Session) -> None:
    supplier = a_toll_supplier(session)
    before = an_accepted_submission(session, supplier, {**TOLL_ANSWERS, "furnace_electricity": 13_300_000.0}, period=YEAR_BEFORE)
    now = an_accepted_submission(session, supplier)
    builders.a_submission(session, supplier=supplier, period=(date(2023, 1, 1), date(2023, 12, 31)))

    trend = feedback_card(session, now).trend

    assert [one.period_end for one in trend] == [before.period_end, now.period_end]
    # (13,300,000 - 12,350,000) kWh / 950 t = 1 kWh/kg less, at 0.7507 kg CO2e/kWh in Inner Mongolia
    assert trend[0].kg_co2e - trend[1].kg_co2e == pytest.approx(0.7507)


def test_a_supplier_learns_its_quarter_among_five_others_of_the_same_period(session: Session) -> None:
    others = [a_plant(session, kwh=kwh) for kwh in (10.0, 11.0, 12.0, 14.0, 15.0)]
    own = a_plant(session, kwh=13.0)

    card = feedback_card(session, own)

    assert card.position is not None
    assert (card.position.quarter, card.position.peers) == (Quarter.THIRD, 5)  # 3 of 5 are lower = 0.6
    assert [feedback_card(session, one).position is not None for one in others] == [True] * 5


def test_samples_and_other_periods_are_no_peers(session: Session) -> None:
    for kwh in (10.0, 11.0, 12.0, 14.0):
        a_plant(session, kwh=kwh)
    sample = a_plant(session, kwh=15.0)
    sample.is_sample = True
    an_accepted_submission(session, a_toll_supplier(session), period=YEAR_BEFORE)
    session.flush()

    assert feedback_card(session, a_plant(session, kwh=13.0)).position is None


def test_a_correction_does_not_move_the_position_so_that_nobody_can_feel_for_anothers_figure(session: Session) -> None:
    for kwh in (10.0, 11.0, 12.0, 14.0, 15.0):
        a_plant(session, kwh=kwh)
    first = a_plant(session, kwh=13.0)
    first.status = SubmissionStatus.SUPERSEDED
    better = {**TOLL_ANSWERS, "furnace_electricity": 9.0 * 950_000, "auxiliary_electricity": 0.0}
    corrected = an_accepted_submission(
        session, session.get_one(Supplier, first.supplier_id), better, decided_at=NOW.replace(hour=5)
    )

    card = feedback_card(session, corrected)

    assert card.own is not None
    assert card.own.found.by_flow_kg_co2e["electricity_cn_grid"] == pytest.approx(9.0 * 0.7507)
    assert card.position is not None
    assert card.position.quarter is Quarter.THIRD


def test_peers_come_in_the_order_of_their_first_acceptance(session: Session) -> None:
    a_plant(session, kwh=10.0, output=900.0)
    a_plant(session, kwh=11.0, output=1000.0, at=NOW.replace(hour=1))
    own = a_plant(session, kwh=13.0)
    card = feedback_card(session, own)
    assert card.own is not None

    found = queries.find_peers(session, own, active_model(session), product=card.own.found.product)

    assert [one.output for one in found] == [1000.0, 900.0]


def test_a_suppliers_effect_on_the_product_is_a_band(session: Session) -> None:
    supplier = a_toll_supplier(session)
    submission = an_accepted_submission(session, supplier)
    product = a_toll_product(session, builders.a_product(session), supplier)

    before = feedback_card(session, submission)
    record = a_record(session, product)
    after = feedback_card(session, submission)

    assert (before.effect, before.usage.calculated) == (None, False)
    assert (after.usage.calculated, after.usage.released) == (True, False)
    # 13.3 instead of 13.0 kWh/kg is +0.17, less coke -0.08 and -0.14, more feed +: within 1 % of some 16 kg.
    assert after.effect is Effect.HARDLY
    assert record.provenance["graphitization_electricity_kwh_per_kg"]["value"] == pytest.approx(13.3)


def test_an_own_furnace_type_that_needs_less_lowers_the_product_much(session: Session) -> None:
    supplier = a_toll_supplier(session)
    answers = {**TOLL_ANSWERS, "furnace_electricity": 7.0 * 950_000, "auxiliary_electricity": 0.0}
    submission = an_accepted_submission(session, supplier, answers)
    a_record(session, a_toll_product(session, builders.a_product(session), supplier))

    assert feedback_card(session, submission).effect is Effect.LOWERS_MUCH


@pytest.mark.parametrize(
    ("relative", "band"),
    [
        (-0.2, Effect.LOWERS_MUCH),
        (-0.05, Effect.LOWERS_MUCH),
        (-0.049, Effect.LOWERS),
        (-0.0099, Effect.HARDLY),
        (0.0, Effect.HARDLY),
        (0.01, Effect.RAISES),
        (0.05, Effect.RAISES_MUCH),
    ],
)
def test_bands_are_round(relative: float, band: Effect) -> None:
    assert band_of(relative) is band


def test_of_several_products_the_strongest_effect_is_told() -> None:
    assert strongest([Effect.HARDLY, Effect.RAISES, Effect.LOWERS_MUCH]) is Effect.LOWERS_MUCH
    assert strongest([]) is None


def test_last_years_use_is_told(session: Session) -> None:
    supplier = a_toll_supplier(session)
    an_accepted_submission(session, supplier, period=YEAR_BEFORE)
    now = an_accepted_submission(session, supplier)

    card: Card = feedback_card(session, now)

    assert card.usage_before is not None
    assert not card.usage_before.released


# ---- Through HTTP ----


@pytest.fixture
def supplied(app: FastAPI, sign_in: SignIn) -> Submission:
    """An accepted toll plant whose person is signed in."""
    with app.state.database.writing() as session:
        supplier = a_toll_supplier(session)
        submission = an_accepted_submission(session, supplier)
        organisation = supplier.organisation_id
        session.flush()
        session.expunge_all()
    with app.state.database.writing() as session:
        user = builders.a_user(session, roles=[Role.SUPPLIER])
        user.organisation_id = organisation
        session.flush()
        session.expunge_all()
    sign_in(user=user)
    return submission


def test_the_page_says_what_comes_back(client: TestClient, supplied: Submission) -> None:
    page = client.get(f"/portal/submissions/{supplied.id}/feedback")

    assert page.status_code == 200
    for words in ("Your own footprint", "Use less electricity per tonne", "at least five others", "will be part of the next"):
        assert words in page.text


def test_the_data_file_has_the_shape_of_pact_and_only_decimals_for_figures(client: TestClient, supplied: Submission) -> None:
    answer = client.get(f"/portal/submissions/{supplied.id}/footprint.json")
    document = answer.json()

    jsonschema.Draft202012Validator(pact_schema("ProductFootprint")).validate(document)
    assert answer.headers["content-disposition"] == f'attachment; filename="{supplied.number}-pcf.json"'
    assert answer.headers["content-security-policy"] == "sandbox; default-src 'none'"
    figures = [document["pcf"][name] for name in DECIMALS] + list(document["pcf"]["dqi"].values())
    assert all(Decimal(figure) >= 0 and "E" not in figure for figure in figures)
    assert document["pcf"]["geographyCountrySubdivision"] == "CN-NM"
    assert document["pcf"]["referencePeriodStart"] == "2024-12-31T16:00:00Z"  # midnight of 1 January in China
    assert document["pcf"]["referencePeriodEnd"] == "2025-12-31T16:00:00Z"
    assert "verification" not in document["pcf"]
    assert document["comment"].startswith("Not third-party verified.")


def test_the_file_is_the_same_each_time(client: TestClient, supplied: Submission) -> None:
    first, again = (client.get(f"/portal/submissions/{supplied.id}/footprint.json").content for _ in range(2))

    assert first == again


def test_the_statement_is_a_pdf_that_carries_the_file(client: TestClient, supplied: Submission) -> None:
    pdf = client.get(f"/portal/submissions/{supplied.id}/footprint.pdf")
    data = client.get(f"/portal/submissions/{supplied.id}/footprint.json")

    assert pdf.headers["content-type"] == "application/pdf"
    with pikepdf.open(io.BytesIO(pdf.content)) as opened:
        assert len(opened.pages) == 1
        attached = opened.attachments["pcf.json"].get_file().read_bytes()
    assert json.loads(attached) == data.json()


def test_before_acceptance_there_is_nothing_to_download(app: FastAPI, client: TestClient, supplied: Submission) -> None:
    with app.state.database.writing() as session:
        session.get_one(Submission, supplied.id).status = SubmissionStatus.SUPERSEDED

    for page in ("feedback", "footprint.json", "footprint.pdf"):
        assert client.get(f"/portal/submissions/{supplied.id}/{page}").status_code == 409


def test_another_suppliers_card_is_not_there(app: FastAPI, client: TestClient, supplied: Submission) -> None:
    del supplied
    with app.state.database.writing() as session:
        other = an_accepted_submission(session, a_toll_supplier(session)).id

    for page in ("feedback", "footprint.json", "footprint.pdf"):
        assert client.get(f"/portal/submissions/{other}/{page}").status_code == 404


DECIMALS = (
    *("declaredUnitAmount", "productMassPerDeclaredUnit", "pcfExcludingBiogenicUptake", "pcfIncludingBiogenicUptake"),
    *("fossilGhgEmissions", "fossilCarbonContent", "exemptedEmissionsPercent", "primaryDataShare"),
)


def pact_schema(name: str) -> dict[str, Any]:
    """Return the published schema of one data type, its references kept."""
    api = yaml.safe_load(SCHEMA.read_text(encoding="utf-8"))
    return {"$ref": f"#/components/schemas/{name}", "components": api["components"]}
