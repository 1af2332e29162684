"""Pages on swapping suppliers: as an engineer sees them, as a buyer, and as nobody else."""

import csv
import io
import re
import uuid
from collections.abc import Callable
from datetime import date

import pytest
from sqlmodel import Session, col, select
from starlette.testclient import TestClient

from service.accounts.models import OrganisationKind, Role
from service.database import Database
from service.products.models import ProductInput
from service.submissions.models import Answer, Submission
from service.swaps.models import FootprintLimit, SwapRun
from tests.builders import NOW, an_organisation
from tests.conftest import RunJobs, SignIn
from tests.console.browsing import submit, words
from tests.footprints.builders import CALCULATOR, a_record
from tests.swaps.stored import Stored, a_stored_product

Form = Callable[..., dict[str, str]]
TOLL, PITCH = "graphitised_powder", "coal_tar_pitch"


@pytest.fixture
def stored(sqlite_database: Database) -> Stored:
    with sqlite_database.writing() as session:
        return a_stored_product(session)


def address(stored: Stored, **percent: float) -> str:
    """The explorer with other shares of the plants."""
    fields = "&".join(f"mix.{TOLL}.{getattr(stored, name).id}={value}" for name, value in percent.items())
    return f"/console/swaps/{stored.product.id}?period_start=2025-01-01&period_end=2025-12-31&{fields}"


def result_of(text: str) -> str:
    """The row of the footprint."""
    found = re.search(r"Footprint, kg CO₂e per kg (\S+) (\S+) (\S+)", text)
    assert found is not None, text
    return found[0]


def test_a_choice_shows_footprint_cost_and_the_price_of_carbon_beside_today(
    client: TestClient, sign_in: SignIn, stored: Stored
) -> None:
    sign_in(Role.ENGINEER)

    today = words(client.get(address(stored)))
    chosen = words(client.get(address(stored, plant=0, efficient=100)))

    assert "This is today's choice" in today
    assert "worth the same at" in chosen
    assert "offer of 2026-11-01" in chosen
    assert "no data: cautious value" in chosen
    assert result_of(today) != result_of(chosen)


def test_the_script_gets_the_same_result_alone(client: TestClient, sign_in: SignIn, stored: Stored) -> None:
    sign_in(Role.PROCUREMENT)
    whole = words(client.get(address(stored, plant=40, efficient=60)))

    alone = client.get(address(stored, plant=40, efficient=60).replace("?", "/result?"))

    assert "<html" not in alone.text
    assert result_of(words(alone)) == result_of(whole)


@pytest.mark.parametrize(
    ("percent", "message"),
    [
        ({"plant": "40", "efficient": "50"}, "add up to 90 percent instead of 100"),
        ({"plant": "forty", "efficient": "60"}, "“forty” is no percentage"),
        ({"plant": "-5", "efficient": "105"}, "“-5” is no percentage"),
        ({"pitch": "100"}, "does not deliver this input"),
    ],
)
def test_a_mix_that_can_not_be_comes_back_with_the_reason(
    client: TestClient, sign_in: SignIn, stored: Stored, percent: dict[str, float], message: str
) -> None:
    sign_in(Role.PROCUREMENT)

    page = client.get(address(stored, **percent))

    assert page.status_code == 422
    assert message in words(page)
    assert all(f'value="{typed}"' in page.text for name, typed in percent.items() if name != "pitch")
    assert message in words(client.get(address(stored, **percent).replace("?", "/result?")))


def a_finished_run(client: TestClient, stored: Stored, run_jobs: RunJobs) -> str:
    """Search all plants and pitches; returns the address of the run."""
    ticked = {
        f"try.{TOLL}": [str(one.id) for one in (stored.plant, stored.efficient, stored.silent)],
        f"try.{PITCH}": [str(one.id) for one in (stored.pitch, stored.other_pitch)],
    }
    started = submit(client, address(stored), ticked, action=f"/console/swaps/{stored.product.id}/runs")
    assert started.status_code == 303, words(started)
    waiting = words(client.get(started.headers["location"]))
    assert "0 of 6 combinations" in waiting
    run_jobs()
    return started.headers["location"]


def test_all_combinations_are_tried_in_the_background_and_their_front_is_shown(
    client: TestClient, sign_in: SignIn, stored: Stored, run_jobs: RunJobs
) -> None:
    sign_in(Role.ENGINEER)

    run = a_finished_run(client, stored, run_jobs)

    page = client.get(run)
    assert "best" in words(page)
    cheap, dear = (words(client.get(f"{run}?price={price}")) for price in (0, 1000))
    assert cheap != dear
    assert "worth the same at" in words(client.get(f"{run}?first=1&second=2"))
    assert "P90 of the footprint" in words(client.get(f"{run}?carbon=p90"))
    assert client.get(f"{run}?price=2000").status_code == 200
    sheet = client.get(f"{run}/export.csv")
    rows = list(csv.reader(io.StringIO(sheet.content.decode("utf-8-sig"))))
    assert len(rows) - 1 >= 2
    assert (sheet.headers["content-disposition"], sheet.headers["x-content-type-options"]) == (
        'attachment; filename="swaps.csv"',
        "nosniff",
    )
    assert client.get(f"{run}/export.xlsx").content[:2] == b"PK"


def test_a_search_can_be_stopped(
    client: TestClient, sign_in: SignIn, stored: Stored, *, run_jobs: RunJobs, form: Form, sqlite_database: Database
) -> None:
    sign_in(Role.PROCUREMENT)
    ticked = {f"try.{TOLL}": [str(stored.plant.id), str(stored.efficient.id)]}
    run = submit(client, address(stored), ticked, action=f"/console/swaps/{stored.product.id}/runs").headers["location"]

    stopped = client.post(f"{run}/cancel", data=form())
    run_jobs()

    assert stopped.status_code == 303
    assert "This search was stopped" in words(client.get(run))
    assert client.post(f"{run}/cancel", data=form()).status_code == 409
    with sqlite_database.reading() as session:
        row = session.exec(select(SwapRun)).one()
        assert (row.front, row.finished_at is not None) == ([], True)


def test_nothing_ticked_or_somebody_else_ticked_starts_nothing(
    client: TestClient, sign_in: SignIn, stored: Stored, form: Form
) -> None:
    sign_in(Role.PROCUREMENT)
    action = f"/console/swaps/{stored.product.id}/runs"
    stranger = {f"try.{TOLL}": str(uuid.uuid4())}

    assert "Tick the suppliers to try" in words(client.post(action, data=form()))
    assert "does not deliver this input" in words(client.post(action, data=form(**stranger)))
    assert "does not deliver this input" in words(client.post(action, data=form(**{f"try.{TOLL}": "x"})))


# ---- Who sees what ----


def test_a_buyer_never_opens_a_search_over_exact_figures(
    client: TestClient, sign_in: SignIn, stored: Stored, run_jobs: RunJobs
) -> None:
    sign_in(Role.ENGINEER)
    exact = a_finished_run(client, stored, run_jobs)
    sign_in(Role.PROCUREMENT)

    assert [client.get(exact + end).status_code for end in ("", "/export.csv", "/export.xlsx")] == [404] * 3
    assert exact not in client.get(address(stored)).text
    rough = a_finished_run(client, stored, run_jobs)
    assert client.get(rough).status_code == 200


def test_what_a_buyer_sees_does_not_move_with_a_plants_meter(
    client: TestClient, sign_in: SignIn, stored: Stored, run_jobs: RunJobs, sqlite_database: Database
) -> None:
    """Two per cent more on the meter change nothing: neither in swaps, nor in mixes of a thousandth, nor in searches."""
    sign_in(Role.PROCUREMENT)
    questions = [
        address(stored),
        address(stored, plant=0, efficient=100),
        *(address(stored, plant=100 - step / 10, efficient=step / 10) for step in (1, 2, 5)),
    ]

    def seen() -> list[str]:
        run = a_finished_run(client, stored, run_jobs)
        parts = [words(client.get(question.replace("?", "/result?"))) for question in questions]
        return [*parts, client.get(f"{run}/export.csv").text]

    before = seen()
    with sqlite_database.writing() as session:
        _use_more(session, stored)

    assert seen() == before
    sign_in(Role.ENGINEER)
    assert words(client.get(questions[0].replace("?", "/result?"))) != before[0]


def _use_more(session: Session, stored: Stored) -> None:
    own = select(Submission.id).where(Submission.supplier_id == stored.plant.id)
    meter = session.exec(select(Answer).where(Answer.field == "furnace_electricity", col(Answer.submission_id).in_(own))).one()
    assert meter.value is not None
    meter.value *= 1.02


@pytest.mark.parametrize("role", [Role.SALES, Role.ADMIN])
def test_others_have_no_swaps(client: TestClient, sign_in: SignIn, stored: Stored, role: Role) -> None:
    sign_in(role)

    assert client.get("/console/swaps").status_code == 403
    assert client.get(address(stored)).status_code == 403


# ---- Customers' limits ----


def a_limit(stored: Stored, customer_id: uuid.UUID, kg_co2e_per_kg: float, *, view: str = "national") -> dict[str, str]:
    return {
        "product_id": str(stored.product.id),
        "customer_id": str(customer_id),
        "limit_kg_co2e_per_kg": str(kg_co2e_per_kg),
        "electricity_view": view,
        "valid_from": "2026-01-01",
        "source": "Contract of 2025-12-01",
    }


def test_a_change_that_crosses_a_limit_is_said_on_the_page_and_in_the_work_queue(
    client: TestClient, sign_in: SignIn, stored: Stored, sqlite_database: Database
) -> None:
    with sqlite_database.writing() as session:
        customer = an_organisation(session, kind=OrganisationKind.CUSTOMER, name_en="Cell Maker")
        before = a_record(session, stored.product).total_kg_co2e_per_kg
    sign_in(Role.ENGINEER)
    limit = round(before + 0.2, 3)
    noted = submit(client, "/console/footprint-limits", a_limit(stored, customer.id, limit))
    within = words(client.get("/console/footprint-limits"))
    quiet = words(client.get("/console"))

    with sqlite_database.writing() as session:
        for named in session.exec(select(ProductInput).where(ProductInput.flow == TOLL)):
            named.supplier_id = stored.silent.id
        stored.product.recipe = {"milling_electricity_kwh_per_kg": 5.0}
        session.merge(stored.product).version += 1
    with sqlite_database.writing() as session:
        a_record(session, session.merge(stored.product), by=CALCULATOR, at=NOW.replace(hour=5))

    over = words(client.get("/console/footprint-limits"))
    assert noted.status_code == 303
    assert "within the limit" in within
    assert "Customers' limits exceeded" not in quiet
    assert "A change has crossed a limit" in over
    assert "Customers' limits exceeded" in words(client.get("/console"))


def test_a_swap_that_crosses_a_limit_says_so(
    client: TestClient, sign_in: SignIn, stored: Stored, sqlite_database: Database
) -> None:
    sign_in(Role.ENGINEER)
    today = float(result_of(words(client.get(address(stored)))).split()[-3])
    with sqlite_database.writing() as session:
        customer = an_organisation(session, kind=OrganisationKind.CUSTOMER, name_en="Cell Maker")
        session.add(
            FootprintLimit(
                product_id=stored.product.id,
                customer_id=customer.id,
                limit_kg_co2e_per_kg=today + 0.5,
                electricity_view="national",
                valid_from=date(2026, 1, 1),
                source="Contract",
                recorded_by="user:x",
                recorded_at=NOW,
            )
        )

    crossed = words(client.get(address(stored, plant=0, silent=100)))
    kept = words(client.get(address(stored)))

    assert "Above a customer's limit" in crossed
    assert "Cell Maker accepts" in crossed
    assert "Above a customer's limit" not in kept
    assert "Headroom to the limit of Cell Maker" in kept


def test_a_limit_can_not_be_moved_until_it_tells_a_buyer_the_footprint(
    client: TestClient, sign_in: SignIn, stored: Stored, sqlite_database: Database
) -> None:
    with sqlite_database.writing() as session:
        customer = an_organisation(session, kind=OrganisationKind.CUSTOMER, name_en="Cell Maker")
        exact = a_record(session, stored.product).total_kg_co2e_per_kg
    sign_in(Role.PROCUREMENT)
    for number in range(-4, 5):
        submit(client, "/console/footprint-limits", a_limit(stored, customer.id, round(exact + 0.05 * number, 4)))

    shown = words(client.get("/console/footprint-limits"))

    rounded = {float(one) for one in re.findall(r"National average (\S+) -?\S+ (?:above|within) the limit", shown)}
    assert len(rounded) == 1
    assert abs(rounded.pop() - exact) > 0.05  # what is compared is the rounded figure, wherever the limit is


def test_bad_limits_are_refused_and_withdrawn_ones_count_no_more(
    client: TestClient, sign_in: SignIn, stored: Stored, sqlite_database: Database, form: Form
) -> None:
    with sqlite_database.writing() as session:
        customer = an_organisation(session, kind=OrganisationKind.CUSTOMER, name_en="Cell Maker")
    sign_in(Role.SALES)
    bad = submit(client, "/console/footprint-limits", a_limit(stored, customer.id, -1))
    submit(client, "/console/footprint-limits", a_limit(stored, customer.id, 12, view="market"))
    with sqlite_database.reading() as session:
        limit_id = session.exec(select(FootprintLimit.id)).one()

    gone = client.post(f"/console/footprint-limits/{limit_id}/withdraw", data=form())

    assert bad.status_code == 422
    assert "must be more than" in words(bad)
    assert gone.status_code == 303
    assert "No limits yet" in words(client.get("/console/footprint-limits"))
    assert client.post(f"/console/footprint-limits/{limit_id}/withdraw", data=form()).status_code == 409
