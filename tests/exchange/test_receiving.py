"""What partners send is kept as it came, flagged where a rule doubts it, and counts only after a review."""

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from service.database import Database
from service.errors import ConflictError, InvalidInputError, SamePersonError
from service.exchange import asking
from service.exchange.models import (
    OutgoingRequest,
    Partner,
    ReceivedEvent,
    ReceivedFootprint,
    ReceivedState,
    RequestState,
)
from service.exchange.offering import OfferInput, nearest_day, offer
from service.exchange.receiving import UnreadableFootprintError, read_footprint, receive, set_aside
from service.settings import Settings
from service.submissions import operations as submissions
from service.submissions.models import Depth, Submission, SubmissionStatus
from service.submissions.queries import entries_of
from service.suppliers.models import Supplier, SupplierType
from tests.conftest import NOW, MovableClock
from tests.exchange.deployment import Deployment, a_deployment, a_document, an_open_request, reachable_partner
from tests.exchange.partner_machine import answer, partner_machine
from tests.exchange.server import BY
from tests.exchange.test_conversion import version_2
from tests.submissions.builders import an_accepted

COKE = "needle_coke_green_oil"
OTHER = "user:01999999-0000-7000-8000-00000000000b"


@pytest.fixture
def deployment(sqlite_database: Database, settings: Settings, clock: MovableClock) -> Iterator[Deployment]:
    open_settings = settings.model_copy(update={"exchange_allow_private_addresses": True})
    with partner_machine() as machine:
        yield a_deployment(sqlite_database, open_settings, clock, machine, supplier_type=SupplierType.COKE)


def keep(deployment: Deployment, document: dict[str, Any]) -> ReceivedFootprint:
    with deployment.database.writing() as session:
        partner = session.get_one(Partner, deployment.partner_id)
        return receive(session, read_footprint(document), partner=partner, supplier_id=deployment.supplier_id, by=BY, at=NOW)


def hand_in(session: Session, received: ReceivedFootprint, *, flow: str = COKE, remark: str | None = None) -> Submission:
    fresh = session.get_one(ReceivedFootprint, received.id)
    return offer(session, fresh, OfferInput(flow=flow, remark=remark), version=fresh.version, by=BY, at=NOW)


# ---- Events of partners ----


def test_an_answer_closes_the_request_that_it_names_and_brings_its_footprints(deployment: Deployment) -> None:
    with deployment.database.writing() as session:
        request = an_open_request(session, deployment.partner_id, flow=COKE)
    document = a_document()

    deployment.hear("RequestFulfilledEvent", {"requestEventId": str(request.id), "pfs": [document]})

    received = deployment.one(ReceivedFootprint)
    assert deployment.one(OutgoingRequest).state is RequestState.FULFILLED
    assert (received.original, received.flow, received.request_id) == (document, COKE, request.id)


def test_a_refusal_closes_the_request_with_the_partners_words(deployment: Deployment) -> None:
    with deployment.database.writing() as session:
        request = an_open_request(session, deployment.partner_id)

    error = {"code": "NotFound", "message": "We make no coke any more."}
    deployment.hear("RequestRejectedEvent", {"requestEventId": str(request.id), "error": error})

    closed = deployment.one(OutgoingRequest)
    assert (closed.state, closed.reason) == (RequestState.REJECTED, "NotFound: We make no coke any more.")


@pytest.mark.parametrize("whose", ["another partner's", "nobody's", "no id at all"])
def test_an_answer_touches_only_open_requests_to_the_partner_that_sends_it(deployment: Deployment, whose: str) -> None:
    with deployment.database.writing() as session:
        other = reachable_partner(session, deployment.settings, base_url="https://other.example", client_id="other")
        request = an_open_request(session, other.id)
    named = {"another partner's": str(request.id), "nobody's": str(uuid.uuid4()), "no id at all": "e-1"}[whose]

    deployment.hear("RequestFulfilledEvent", {"requestEventId": named, "pfs": [a_document()]})

    assert deployment.rows(ReceivedFootprint) == []
    assert deployment.one(OutgoingRequest).state is RequestState.OPEN
    assert "no open request" in deployment.one(ReceivedEvent).problem


def test_published_footprints_are_fetched_from_the_registered_address_and_not_from_that_in_the_event(
    deployment: Deployment,
) -> None:
    footprint_id = deployment.machine.offer(a_document())

    deployment.hear("PublishedEvent", {"pfIds": [footprint_id]})  # its source says https://elsewhere.example

    assert str(deployment.one(ReceivedFootprint).footprint_id) == footprint_id
    assert ("GET", f"/3/footprints/{footprint_id}") in deployment.machine.heard


def test_a_successor_replaces_what_it_names(deployment: Deployment) -> None:
    former = keep(deployment, a_document())
    successor = deployment.machine.offer(a_document(precedingPfIds=[str(former.footprint_id), str(uuid.uuid4())]))

    deployment.hear("PublishedEvent", {"pfIds": [successor]})

    states = {str(one.footprint_id): one.state for one in deployment.rows(ReceivedFootprint)}
    assert states == {str(former.footprint_id): ReceivedState.REPLACED, successor: ReceivedState.RECEIVED}


def test_one_partner_cannot_replace_what_another_has_sent(deployment: Deployment) -> None:
    former = keep(deployment, a_document())
    with deployment.database.writing() as session:
        other = reachable_partner(session, deployment.settings, base_url=deployment.machine.base_url, client_id="other")
    successor = deployment.machine.offer(a_document(precedingPfIds=[str(former.footprint_id)]))

    deployment.hear("PublishedEvent", {"pfIds": [successor]}, partner_id=other.id)

    with deployment.database.reading() as session:
        assert session.get_one(ReceivedFootprint, former.id).state is ReceivedState.RECEIVED


def test_what_is_not_there_does_not_keep_the_rest_away(deployment: Deployment) -> None:
    there = deployment.machine.offer(a_document())

    deployment.hear("PublishedEvent", {"pfIds": [str(uuid.uuid4()), there]})

    assert str(deployment.one(ReceivedFootprint).footprint_id) == there
    assert "404" in deployment.one(ReceivedEvent).problem


@pytest.mark.parametrize(
    "broken",
    [
        answer({"code": "InternalError"}, status=500),
        (200, {}, b'{"data": {"id": '),
        (200, {}, b'{"data": []}'),
        (200, {}, b"[]"),
        (200, {"content-length": "10000000000"}, b"{"),
        (301, {"location": "/3/footprints/again"}, b""),
    ],
    ids=["500", "truncated", "wrong type", "no object", "ten gigabytes", "redirect"],
)
def test_a_broken_answer_is_asked_for_again_and_has_one_effect(deployment: Deployment, broken: Any) -> None:
    footprint_id = deployment.machine.offer(a_document())
    deployment.machine.script = lambda _method, path, _body: broken if path.startswith("/3/footprints/") else None
    deployment.hear("PublishedEvent", {"pfIds": [footprint_id]})
    assert (deployment.rows(ReceivedFootprint), deployment.one(ReceivedEvent).handled_at) == ([], None)

    deployment.machine.script = lambda _method, _path, _body: None
    deployment.clock.move(timedelta(minutes=1))
    deployment.work()
    deployment.work()

    assert len(deployment.rows(ReceivedFootprint)) == 1
    assert deployment.one(ReceivedEvent).handled_at is not None


def test_a_partner_that_stays_broken_ends_as_an_event_without_effect_that_people_see(deployment: Deployment) -> None:
    deployment.machine.script = lambda _method, path, _body: answer({}, status=500) if path.startswith("/3/") else None
    deployment.hear("PublishedEvent", {"pfIds": [str(uuid.uuid4())]})
    deployment.work_until(timedelta(hours=12))

    event = deployment.one(ReceivedEvent)
    assert event.handled_at is not None
    assert "500" in event.problem


# ---- Looking into a partner's list ----


def look(deployment: Deployment) -> OutgoingRequest:
    with deployment.database.writing() as session:
        request = an_open_request(session, deployment.partner_id)
        asking.look(session, request, at=NOW)
    deployment.work()
    found: OutgoingRequest = deployment.one(OutgoingRequest)
    return found


def test_a_list_is_read_page_by_page_to_its_end(deployment: Deployment) -> None:
    deployment.machine.page_size = 2
    ids = {deployment.machine.offer(a_document()) for _ in range(5)}

    assert look(deployment).state is RequestState.FULFILLED
    assert {str(one.footprint_id) for one in deployment.rows(ReceivedFootprint)} == ids
    assert deployment.machine.heard.count(("GET", "/3/footprints")) == 3  # 2 + 2 + 1


@pytest.mark.parametrize("following", ["https://elsewhere.example/3/footprints?from=2", "//elsewhere.example/3/footprints"])
def test_a_next_page_on_another_machine_is_not_asked_for(deployment: Deployment, following: str) -> None:
    page = answer({"data": [a_document()]}, link=f'<{following}>; rel="next"')
    deployment.machine.script = lambda _method, path, _body: page if path.startswith("/3/footprints") else None

    request = look(deployment)

    assert (request.state, deployment.rows(ReceivedFootprint)) == (RequestState.OPEN, [])
    assert request.problem is not None
    assert "another machine" in str(request.problem)


def test_a_list_without_an_end_is_left(deployment: Deployment) -> None:
    page = answer({"data": []}, link=f'<{deployment.machine.base_url}/3/footprints>; rel="next"')
    deployment.machine.script = lambda _method, path, _body: page if path.startswith("/3/footprints") else None

    assert look(deployment).state is RequestState.OPEN
    assert deployment.machine.heard.count(("GET", "/3/footprints")) == 100


def test_open_requests_are_looked_for_every_day_until_they_are_answered(deployment: Deployment) -> None:
    request = look(deployment)
    assert request.state is RequestState.OPEN
    deployment.machine.offer(a_document())

    deployment.clock.move(timedelta(days=1))
    with deployment.database.writing() as session:
        asking.look(session, session.get_one(OutgoingRequest, request.id), at=deployment.clock())
    deployment.work()

    assert deployment.one(OutgoingRequest).state is RequestState.FULFILLED


# ---- Keeping ----


def test_flags_refuse_nothing_and_are_kept_in_both_languages(deployment: Deployment) -> None:
    received = keep(deployment, a_document(pcf_pcfExcludingBiogenicUptake="7"))

    sums = [one for one in received.findings if one["rule"] == "PCF-R3"]
    assert sums
    assert sums[0]["message_zh"] != sums[0]["message_en"]


def test_the_same_footprint_is_kept_once_and_a_changed_one_under_its_id_is_flagged_and_not_taken(deployment: Deployment) -> None:
    document = a_document()
    keep(deployment, document)
    keep(deployment, document)
    keep(deployment, {**document, "productNameCompany": "something else"})

    kept = deployment.one(ReceivedFootprint)
    assert kept.document["productNameCompany"] == "AG-300"
    assert [one["rule"] for one in kept.findings if "same id" in one["message_en"]] == ["PCF-R13"]


def test_a_deprecated_footprint_is_not_to_be_decided_on_any_more(deployment: Deployment) -> None:
    document = a_document()
    keep(deployment, document)
    keep(deployment, {**document, "status": "Deprecated"})

    kept = deployment.one(ReceivedFootprint)
    assert (kept.state, kept.document["status"], kept.original["status"]) == (ReceivedState.REPLACED, "Deprecated", "Active")


def test_version_2_is_kept_as_it_came_beside_its_conversion(deployment: Deployment) -> None:
    original = version_2()
    received = keep(deployment, original)

    assert received.is_converted
    assert received.original == original
    assert received.document["pcf"]["pcfExcludingBiogenicUptake"] == "200.0"


def test_a_document_without_an_id_is_refused(deployment: Deployment) -> None:
    with pytest.raises(UnreadableFootprintError):
        keep(deployment, a_document(id="AG-300"))


# ---- Into the review ----


def test_a_footprint_becomes_a_questionnaire_that_another_person_must_accept(deployment: Deployment) -> None:
    received = keep(deployment, a_document())
    with deployment.database.writing() as session:
        submission = hand_in(session, received)
        entries = entries_of(session, submission.id)

        assert (submission.status, submission.depth) == (SubmissionStatus.SUBMITTED, Depth.FOOTPRINT)
        assert (str(submission.period_start), str(submission.period_end)) == ("2025-01-01", "2025-12-31")
        assert (entries["own_pcf"].entered, entries["own_pcf"].unit) == ("9840.00", "kgCO2e/t")  # 9.840 kg per 1 kg
        assert entries["own_primary_share"].entered == "46.2"
        assert (entries["own_pcf_year_end"].entered, entries["coke_type"].entered) == ("2025-12-31", "needle_oil_green")
        submissions.start_review(session, submission, by=BY, at=NOW)
        with pytest.raises(SamePersonError):
            submissions.accept(session, submission, version=submission.version, by=BY, at=NOW)
        submissions.accept(session, submission, version=submission.version, by=OTHER, at=NOW)


def test_a_footprint_of_several_units_is_counted_per_tonne_of_mass(deployment: Deployment) -> None:
    received = keep(deployment, version_2())  # 200.0 kg CO2e per 80 kg
    with deployment.database.writing() as session:
        submission = hand_in(session, received)

        assert entries_of(session, submission.id)["own_pcf"].entered == "2500.0"  # 200.0 / 80 x 1000


def test_answers_accepted_for_the_same_period_are_kept_beside_it(deployment: Deployment) -> None:
    received = keep(deployment, a_document())
    with deployment.database.writing() as session:
        supplier = session.get_one(Supplier, deployment.supplier_id)
        supplier.supplier_type = SupplierType.TOLL
        before = an_accepted(session, supplier=supplier)
        submission = hand_in(session, received, flow="graphitised_powder")
        known, now = entries_of(session, before.id), entries_of(session, submission.id)

        assert submission.depth == before.depth
        assert {field: now[field] for field in known if not field.startswith("own_")} == {
            field: entry for field, entry in known.items() if not field.startswith("own_")
        }
        assert now["own_pcf"].entered == "9840.00"


def test_a_figure_that_a_check_doubts_needs_a_remark(deployment: Deployment) -> None:
    received = keep(deployment, a_document(pcf_pcfExcludingBiogenicUptake="0.0098"))  # somebody read t as kg
    with pytest.raises(InvalidInputError) as doubted, deployment.database.writing() as session:
        hand_in(session, received)
    assert set(doubted.value.fields) == {"remark"}

    with deployment.database.writing() as session:
        assert hand_in(session, received, remark="checked with the supplier").status is SubmissionStatus.SUBMITTED


@pytest.mark.parametrize(
    "document",
    [
        a_document(pcf_productMassPerDeclaredUnit=None),
        a_document(pcf_productMassPerDeclaredUnit="0"),
        a_document(pcf_pcfExcludingBiogenicUptake="about ten"),
        a_document(pcf_referencePeriodEnd="2024-01-01T00:00:00Z"),
        a_document(pcf_referencePeriodStart=None),
    ],
)
def test_what_gives_no_figure_per_mass_and_period_cannot_be_handed_in(deployment: Deployment, document: dict[str, Any]) -> None:
    received = keep(deployment, document)
    with pytest.raises(InvalidInputError), deployment.database.writing() as session:
        hand_in(session, received)
    assert deployment.rows(Submission) == []


def test_one_decision_is_taken_once(deployment: Deployment) -> None:
    received = keep(deployment, a_document())
    with deployment.database.writing() as session:
        fresh = session.get_one(ReceivedFootprint, received.id)
        set_aside(session, fresh, reason="another product", version=fresh.version, by=BY, at=NOW)
    with pytest.raises(ConflictError), deployment.database.writing() as session:
        hand_in(session, received)
    with deployment.database.reading() as session:
        assert session.exec(select(Submission)).all() == []


@pytest.mark.parametrize(
    ("written", "day"),
    [
        (datetime(2026, 1, 1, tzinfo=UTC), "2026-01-01"),
        (datetime(2025, 12, 31, 16, tzinfo=UTC), "2026-01-01"),  # midnight in Shanghai
        (datetime(2025, 12, 31, 23, 59, 59, tzinfo=UTC), "2026-01-01"),  # the last second, for the end
        (datetime(2026, 1, 1, 5, tzinfo=UTC), "2026-01-01"),  # midnight in New York
    ],
)
def test_an_instant_is_the_beginning_of_the_day_that_was_meant(written: datetime, day: str) -> None:
    assert str(nearest_day(written)) == day
