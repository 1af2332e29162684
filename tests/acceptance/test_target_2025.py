"""Target 2025: the settlement of two intensity targets."""

import pytest
from sqlmodel import Session, select

from service.errors import SamePersonError
from service.pdf.rendering import shared_renderer
from service.registers.operations import change_row
from service.settings import Settings
from service.targets.catalogue import TARGETS
from service.targets.models import ApprovedSettlementError, OutputValue
from service.targets.schemas import OutputValueInput
from service.targets.settlement import NotSettledError, approve_settlement, draft_settlement, settle
from service.targets.settlement_report import render_settlement
from tests.targets.company import ENGINEER, NOW, REVIEWER, a_settled_company

TARGET = TARGETS[2025]


def rows(session: Session) -> dict[tuple[str, str], dict[str, object]]:
    content = settle(session, TARGET, at=NOW)
    return {(row["indicator"], row["basis"]): row for row in content["rows"] if not row["with_toll"]}


def set_price_index(session: Session, index: float) -> None:
    """Change nothing of 2025 but selling prices: what was made is the same 7,500 at prices of 2021."""
    row = session.exec(select(OutputValue).where(OutputValue.year == 2025)).one()
    fields = OutputValueInput(year=2025, current_price_10k_cny=7_500 * index, price_index=index, source="annual accounts")
    change_row(session, OutputValue, row.id, fields, version=row.version, by=ENGINEER, at=NOW)
    session.flush()


def test_given_base_and_2025_inputs_it_reports_met_or_missed_for_energy_and_co2_in_three_bases(
    session: Session, settings: Settings
) -> None:
    a_settled_company(session, settings)

    found = rows(session)

    met = {key: row["met"] for key, row in found.items() if key[1] != "absolute"}
    assert met == {
        ("energy", "current_price"): False,
        ("energy", "constant_price"): True,
        ("energy", "per_tonne"): True,
        ("co2", "current_price"): False,
        ("co2", "constant_price"): True,
        ("co2", "per_tonne"): True,
    }


def test_it_reports_the_arithmetic(session: Session, settings: Settings) -> None:
    """Energy: 10 GWh x 0.1229 + 50,000 Nm3 x 1.33 kgce = 1,295.5 tce in 2021, 1,474.8 + 89.775 = 1,564.575 in 2025."""
    a_settled_company(session, settings)

    energy = rows(session)["energy", "per_tonne"]

    assert energy["base_amount"] == pytest.approx(1_229 + 66.5)
    assert energy["base"] == pytest.approx(1.2955)
    assert energy["required"] == pytest.approx(0.9 * 1.2955)
    assert energy["actual_amount"] == pytest.approx(1_474.8 + 89.775)
    assert (energy["base_volume"], energy["actual_volume"]) == (1_000, 1_500)
    assert energy["actual"] == pytest.approx(1.04305)
    assert energy["gap"] == pytest.approx((1.04305 - 0.9 * 1.2955) * 1_500)


def test_changing_the_price_index_alone_flips_current_prices_but_not_per_tonne(session: Session, settings: Settings) -> None:
    a_settled_company(session, settings)
    cheap = rows(session)

    set_price_index(session, 1.0)
    dear = rows(session)

    assert (cheap["co2", "current_price"]["met"], dear["co2", "current_price"]["met"]) == (False, True)
    assert (cheap["energy", "current_price"]["met"], dear["energy", "current_price"]["met"]) == (False, True)
    assert cheap["co2", "per_tonne"] == dear["co2", "per_tonne"]
    assert cheap["co2", "constant_price"]["met"] is dear["co2", "constant_price"]["met"] is True


def test_it_is_flagged_when_prices_decide(session: Session, settings: Settings) -> None:
    a_settled_company(session, settings)
    decided = settle(session, TARGET, at=NOW)["price_decides"]

    set_price_index(session, 1.0)

    assert decided == ["energy", "co2"]
    assert settle(session, TARGET, at=NOW)["price_decides"] == []


def test_it_names_the_inventories_that_it_rests_on_and_what_the_plan_leaves_open(session: Session, settings: Settings) -> None:
    a_settled_company(session, settings)

    content = settle(session, TARGET, at=NOW)

    assert [year["year"] for year in content["years"]] == [2021, 2025]
    assert all(len(year["inventory"]["sha256"]) == 64 and year["inventory"]["snapshot_id"] for year in content["years"])
    assert "scope" in content["not_defined_in_the_plan"]
    drift = content["factor_drift"]
    assert drift["difference_t_co2"] == pytest.approx(drift["by_location_t_co2"] - drift["at_base_factors_t_co2"])


def test_another_person_approves_it_and_then_it_never_changes(session: Session, settings: Settings) -> None:
    a_settled_company(session, settings)
    draft = draft_settlement(session, TARGET, by=ENGINEER, at=NOW)
    session.flush()
    with pytest.raises(SamePersonError, match="another person"):
        approve_settlement(session, TARGET, version=1, by=ENGINEER, at=NOW)

    approve_settlement(session, TARGET, version=1, by=REVIEWER, at=NOW)
    session.flush()

    with pytest.raises(ApprovedSettlementError):
        draft_settlement(session, TARGET, by=ENGINEER, at=NOW)
    draft.content = {}
    with pytest.raises(ApprovedSettlementError):
        session.flush()


def test_figures_that_moved_on_are_not_approved(session: Session, settings: Settings) -> None:
    a_settled_company(session, settings)
    draft_settlement(session, TARGET, by=ENGINEER, at=NOW)
    session.flush()

    set_price_index(session, 0.9)

    with pytest.raises(NotSettledError, match="Draw it up anew"):
        approve_settlement(session, TARGET, version=1, by=REVIEWER, at=NOW)


def test_an_open_year_is_not_settled(session: Session) -> None:
    with pytest.raises(NotSettledError, match="inventory of 2021 is not closed"):
        settle(session, TARGET, at=NOW)


def test_the_statement_as_pdf_is_the_same_every_time(session: Session, settings: Settings) -> None:
    a_settled_company(session, settings)
    row = draft_settlement(session, TARGET, by=ENGINEER, at=NOW)

    first, second = (render_settlement(row, settings=settings, renderer=shared_renderer()) for _ in range(2))

    assert first.startswith(b"%PDF-")
    assert first == second
