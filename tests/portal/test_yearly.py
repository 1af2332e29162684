"""The second year through the portal: totals are typed, everything else is there and confirmed by handing in."""

from fastapi import FastAPI
from starlette.testclient import TestClient

from service.submissions.models import Submission, SubmissionStatus
from service.suppliers.models import Supplier
from tests.portal.visits import enter, invite, send
from tests.submissions.builders import an_accepted

TOTALS_BY_SCREEN = {
    "site": {"product_output": "13000", "product_output_unit": "t"},
    "furnace": {"charge_in": "1100", "charge_in_unit": "t", "product_out": "1050", "product_out_unit": "t"},
    "electricity": {
        "grid_electricity": "14500",
        "grid_electricity_unit": "万kWh",
        "furnace_electricity": "990",
        "furnace_electricity_unit": "万kWh",
        "auxiliary_electricity": "31",
        "auxiliary_electricity_unit": "万kWh",
    },
    "fuels": {"natural_gas": "0", "natural_gas_unit": "Nm3"},
    "packing": {"packing_coke_net": "155", "packing_coke_net_unit": "t"},
}


def test_a_clerk_types_eight_totals_and_hands_in(app: FastAPI, client: TestClient) -> None:
    with app.state.database.writing() as session:
        supplier = session.get_one(Supplier, an_accepted(session, year=2024).supplier_id)
        session.expunge_all()
    invited = invite(app, supplier=supplier)
    enter(client, invited)
    assert "As in your last questionnaire" in client.get(f"{invited.home}/furnace").text

    for screen, typed in TOTALS_BY_SCREEN.items():
        shown = client.get(f"{invited.home}/{screen}").text
        kept = {"furnace_type": "box", "power_source": "grid", "site_province": "CN-NM"}
        there = {name: value for name, value in kept.items() if f'name="{name}"' in shown}
        assert send(client, f"{invited.home}/{screen}", {**there, **typed}).status_code == 303
    check = client.get(f"{invited.home}/check").text
    handed_in = send(client, f"{invited.home}/check", {})

    assert "4 answers are as in your last questionnaire." in check
    assert handed_in.headers["location"].endswith("/receipt")
    with app.state.database.reading() as session:
        assert session.get_one(Submission, invited.submission.id).status is SubmissionStatus.SUBMITTED
    assert sum(not name.endswith("_unit") for typed in TOTALS_BY_SCREEN.values() for name in typed) == 8
