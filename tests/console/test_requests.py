import html
import re
from collections.abc import Callable
from datetime import date

import pytest
from starlette.testclient import TestClient

from service.accounts.models import Role
from service.database import Database
from service.submissions import queries
from service.submissions.models import Submission, SubmissionStatus
from service.suppliers.models import Supplier
from service.suppliers.rules import find_request_problems, is_recommended_period, last_full_year
from tests import builders
from tests.conftest import SignIn

Form = Callable[..., dict[str, str]]
TODAY = date(2026, 11, 22)
DATES = {"period_start": "2025-01-01", "period_end": "2025-12-31", "deadline": "2026-12-15"}


@pytest.fixture
def supplier(database: Database) -> Supplier:
    with database.writing() as session:
        return builders.a_supplier(session)


def submissions(database: Database) -> list[queries.SubmissionRow]:
    with database.reading() as session:
        return list(queries.find_submissions(session))


def ask(client: TestClient, form: Form, supplier: Supplier, **changes: str) -> tuple[int, str]:
    answer = client.post("/console/requests", data=form(supplier_id=str(supplier.id), **DATES | changes))
    return answer.status_code, html.unescape(answer.text)


def link_in(page: str) -> str:
    found = re.search(r"http://127\.0\.0\.1:8000(/r/[\w-]+)", page)
    assert found is not None
    return found[1]


def test_a_request_shows_its_link_once_with_messages_in_both_languages(
    client: TestClient, sign_in: SignIn, form: Form, supplier: Supplier, database: Database
) -> None:
    sign_in(Role.PROCUREMENT)

    status, page = ask(client, form, supplier, message="Thank you for your help")
    link = link_in(page)
    later = client.get(f"/console/requests/{submissions(database)[0].id}").text

    assert status == 200
    assert page.count(link) == 3  # the field, the Chinese and the English message
    assert "2026-12-15" in page
    assert client.get(link).status_code == 200
    assert link not in later
    assert "Thank you for your help" in later
    assert submissions(database)[0].status is SubmissionStatus.INVITED


def test_sending_the_form_twice_makes_one_request(
    client: TestClient, sign_in: SignIn, form: Form, supplier: Supplier, database: Database
) -> None:
    sign_in(Role.ENGINEER)

    ask(client, form, supplier)
    status, page = ask(client, form, supplier)

    assert status == 409
    assert submissions(database)[0].number in page
    assert len(submissions(database)) == 1


def test_dates_that_can_not_work_are_explained_beside_their_fields(
    client: TestClient, sign_in: SignIn, form: Form, supplier: Supplier, database: Database
) -> None:
    sign_in(Role.ENGINEER)

    _, past = ask(client, form, supplier, deadline="2026-11-21")
    _, future = ask(client, form, supplier, period_start="2027-01-01", period_end="2027-06-30")

    assert "The deadline 2026-11-21 has passed; choose today, 2026-11-22, or later." in past
    assert 'value="2026-11-21"' in past
    assert "The period starts on 2027-01-01, in the future" in future
    assert submissions(database) == []


def test_the_deadline_must_leave_the_supplier_the_whole_period() -> None:
    start, end = date(2026, 1, 1), date(2026, 12, 31)

    problems = find_request_problems(period_start=start, period_end=end, deadline=date(2026, 12, 31), today=TODAY)

    assert set(problems) == {"deadline"}
    assert find_request_problems(period_start=start, period_end=end, deadline=date(2027, 1, 1), today=TODAY) == {}


def test_twelve_months_are_recommended_and_last_year_is_offered() -> None:
    assert is_recommended_period(*last_full_year(TODAY))
    assert is_recommended_period(date(2024, 1, 1), date(2024, 12, 31))  # a leap year
    assert not is_recommended_period(date(2025, 1, 1), date(2025, 6, 30))


def test_a_new_link_ends_the_old_one_and_revoking_ends_both(
    client: TestClient, sign_in: SignIn, form: Form, supplier: Supplier, database: Database
) -> None:
    sign_in(Role.ENGINEER)
    first = link_in(ask(client, form, supplier)[1])
    address = f"/console/requests/{submissions(database)[0].id}"

    second = link_in(client.post(f"{address}/link", data=form()).text)
    after_new = (client.get(first).status_code, client.get(second).status_code)
    client.post(f"{address}/revoke", data=form())

    assert after_new[0] in {404, 410}
    assert after_new[1] == 200
    assert client.get(second).status_code in {404, 410}
    assert "No link opens this request now" in client.get(address).text


def test_a_deadline_is_extended_and_never_shortened(
    client: TestClient, sign_in: SignIn, form: Form, supplier: Supplier, database: Database
) -> None:
    sign_in(Role.PROCUREMENT)
    ask(client, form, supplier)
    address = f"/console/requests/{submissions(database)[0].id}/deadline"

    answers = [client.post(address, data=form(deadline=day)).status_code for day in ("2027-01-15", "2026-12-31", "soon")]

    assert answers == [303, 422, 422]
    assert submissions(database)[0].deadline == date(2027, 1, 15)


def test_a_withdrawn_request_is_closed(
    client: TestClient, sign_in: SignIn, form: Form, supplier: Supplier, database: Database
) -> None:
    sign_in(Role.ENGINEER)
    link = link_in(ask(client, form, supplier)[1])
    address = f"/console/requests/{submissions(database)[0].id}"

    client.post(f"{address}/withdraw", data=form())

    assert client.get(link).status_code in {404, 410}
    assert submissions(database)[0].number not in client.get("/console/requests").text
    assert submissions(database)[0].number in client.get("/console/requests?status=closed").text


def test_the_list_counts_the_days(client: TestClient, sign_in: SignIn, database: Database) -> None:
    with database.writing() as session:
        for deadline in (date(2026, 11, 20), date(2026, 11, 22), date(2026, 12, 2)):
            submission: Submission = builders.a_submission(session)
            submission.deadline = deadline
    sign_in(Role.AUDITOR)

    page = client.get("/console/requests").text

    for words in ("2 days late", "Today", "10 days left"):
        assert words in page


def test_a_status_that_is_no_choice_is_explained(client: TestClient, sign_in: SignIn) -> None:
    sign_in(Role.AUDITOR)

    assert "“lost” is not one of the choices" in client.get("/console/requests?status=lost").text


@pytest.mark.parametrize("role", [Role.SALES, Role.REVIEWER, Role.AUDITOR, Role.ADMIN])
def test_others_follow_requests_but_do_not_make_them(
    client: TestClient, sign_in: SignIn, form: Form, supplier: Supplier, role: Role
) -> None:
    sign_in(role)

    assert client.get("/console/requests").status_code == 200
    assert ask(client, form, supplier)[0] == 403


def test_a_supplier_that_is_switched_off_is_not_asked(
    client: TestClient, sign_in: SignIn, form: Form, supplier: Supplier, database: Database
) -> None:
    sign_in(Role.ENGINEER)
    client.post(f"/console/suppliers/{supplier.id}/active", data=form(active="false"))

    status, page = ask(client, form, supplier)

    assert status == 422
    assert "switched off; pick one" in page
    assert submissions(database) == []
