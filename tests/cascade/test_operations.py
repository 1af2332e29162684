import pytest
from sqlmodel import Session, select

from lca_models.model import load_model
from service.accounts.models import Organisation
from service.cascade import operations
from service.errors import ConflictError, InvalidInputError
from service.footprints.models import FootprintSource
from service.jobs.models import Job
from service.mail.models import MailMessage
from service.modelling.queries import active_model
from service.settings import Settings
from service.submissions import operations as submissions
from service.submissions.answers import Entry
from service.submissions.models import Submission, SubmissionStatus
from service.submissions.queries import accepted_answers
from service.suppliers.models import Supplier, SupplierType
from tests.builders import PERIOD, a_product, a_supplier
from tests.cascade.builders import accept_answers, asked
from tests.footprints.builders import TOLL_ANSWERS, a_record, a_toll_product, an_accepted_submission
from tests.submissions.builders import NOW, SUPPLIER_ACTOR, an_invited_submission


def test_who_is_asked_is_a_company_of_its_own_under_no_name(session: Session, settings: Settings) -> None:
    submission = an_invited_submission(session)

    request = asked(session, submission, settings=settings)

    other = session.get_one(Submission, request.upstream_submission_id)
    supplier, organisation = session.get_one(Supplier, other.supplier_id), session.get_one(Organisation, other.organisation_id)
    assert organisation.name_en == "A supplier of Mengtan Toll"
    assert organisation.name_zh == "蒙炭代工的供应商"
    assert (supplier.supplier_type, supplier.contact_email) == (SupplierType.COKE, None)
    assert (other.period_start, other.period_end, other.status) == (*PERIOD, SubmissionStatus.INVITED)
    assert other.organisation_id != submission.organisation_id
    assert "Mengtan Toll" in (other.message or "")
    assert "Hidden Coke" not in str([organisation, supplier, other])


def test_a_mail_goes_to_the_address_given_and_is_not_among_those_about_the_request(session: Session, settings: Settings) -> None:
    request = asked(session, an_invited_submission(session), settings=settings, email="coke@hidden.example")

    (mail,) = session.exec(select(MailMessage)).all()
    assert (mail.recipient, mail.about) == ("coke@hidden.example", f"upstream_request:{request.id}")
    assert f"{settings.base_url}/r/" in mail.body


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"flow": "green_petroleum_coke"}, "flow"),
        ({"name": " "}, "name"),
        ({"name": "x" * 101}, "name"),
        ({"email": "nobody"}, "email"),
    ],
)
def test_what_can_not_be_asked_is_said_by_field(session: Session, settings: Settings, changes: dict[str, str], field: str) -> None:
    given = {"flow": "packing_coke_net", "name": "Coke Ltd", "email": "", **changes}

    with pytest.raises(InvalidInputError) as caught:
        operations.ask(session, an_invited_submission(session), **given, settings=settings, by=SUPPLIER_ACTOR, at=NOW)

    assert list(caught.value.fields) == [field]


def test_one_supplier_is_asked_for_each_material_until_that_is_taken_back(session: Session, settings: Settings) -> None:
    submission = an_invited_submission(session)
    first = asked(session, submission, settings=settings)

    with pytest.raises(ConflictError, match="already"):
        asked(session, submission, settings=settings)
    withdrawn = first.upstream_submission_id
    operations.take_back(session, first, by=SUPPLIER_ACTOR, at=NOW)
    session.flush()
    second = asked(session, submission, settings=settings)

    assert session.get_one(Submission, withdrawn).status is SubmissionStatus.WITHDRAWN
    assert second.upstream_submission_id != withdrawn


def test_who_was_asked_by_a_customer_does_not_ask_on(session: Session, settings: Settings) -> None:
    request = asked(session, an_invited_submission(session), settings=settings)
    other = session.get_one(Submission, request.upstream_submission_id)

    with pytest.raises(ConflictError, match="direct suppliers"):
        asked(session, other, settings=settings, flow="green_petroleum_coke")


def test_nobody_is_asked_for_a_request_that_was_declined(session: Session, settings: Settings) -> None:
    submission = an_invited_submission(session)
    submissions.decline(session, submission, reason="No meters", by=SUPPLIER_ACTOR, at=NOW)

    with pytest.raises(ConflictError, match="closed"):
        asked(session, submission, settings=settings)


def test_accepting_the_answers_asks_for_their_footprint_once(session: Session, settings: Settings) -> None:
    request = asked(session, an_invited_submission(session), settings=settings)

    accept_answers(session, request)

    jobs = session.exec(select(Job).where(Job.name == "calculate_upstream_footprint")).all()
    assert [job.payload for job in jobs] == [{"request_id": str(request.id)}]


def test_the_footprint_is_that_of_the_models_calciner_with_the_answers(session: Session, settings: Settings) -> None:
    request = asked(session, an_invited_submission(session), settings=settings)
    accept_answers(session, request)

    operations.calculate(session, request.id, active_model(session))

    # 1 / 0.75 kg of green coke and 0.7 kg of CO2 in the place of 1.346 kg and 0.72338 kg; all else as in the build.
    model = load_model()
    green = model.factors.life_cycle["green_petroleum_coke"].value
    build = model.builds["U1_calcined_petroleum_coke"]
    others = sum(
        one.amount * model.factors.life_cycle[one.flow].value
        for one in build.exchanges
        if one.direction == "input" and one.flow != "green_petroleum_coke"
    )
    assert request.kg_co2e_per_kg == pytest.approx(green / 0.75 + 0.7 + others, rel=1e-9)
    assert request.own_share is not None
    assert 0.9 < request.own_share <= 1.0


def test_a_footprint_of_its_own_counts_whole(session: Session, settings: Settings) -> None:
    request = asked(session, an_invited_submission(session), settings=settings)
    own = Entry(entered="1,340", unit="kgCO2e/t")
    accept_answers(session, request, {"own_pcf": own, "evidence_source": Entry(entered="metered")})

    operations.calculate(session, request.id, active_model(session))

    assert request.kg_co2e_per_kg == pytest.approx(1.34)
    assert request.own_share == 1.0


def test_answers_that_make_no_footprint_leave_the_default(session: Session, settings: Settings) -> None:
    submission = an_accepted_submission(session, a_supplier(session))
    request = asked(session, submission, settings=settings)
    accept_answers(session, request, {"coke_type": Entry(entered="petroleum_green"), "evidence_source": Entry(entered="metered")})

    operations.calculate(session, request.id, active_model(session))

    assert request.kg_co2e_per_kg is None
    answers = accepted_answers(session, [submission.supplier_id], period_start=PERIOD[0], period_end=PERIOD[1])
    assert answers[submission.supplier_id].upstream == {}


def test_a_products_footprint_uses_it_and_rests_on_both_questionnaires(session: Session, settings: Settings) -> None:
    supplier = a_supplier(session)
    submission = an_accepted_submission(session, supplier, TOLL_ANSWERS)
    product = a_toll_product(session, a_product(session), supplier)
    before = a_record(session, product)
    request = asked(session, submission, settings=settings)
    accept_answers(session, request)
    request.kg_co2e_per_kg, request.own_share = 0.5, 1.0
    session.flush()

    after = a_record(session, product)

    # 0.2 kg of packing coke net and what the sold coke changes: linear in its factor.
    default = float(before.parameters["packing_coke_kg_co2e_per_kg"])
    per_factor = before.result["by_process_and_flow"]["P3_graphitisation:acheson_crucible"]["packing_coke_net"] / default
    made = before.total_kg_co2e_per_kg - after.total_kg_co2e_per_kg
    assert after.parameters["packing_coke_kg_co2e_per_kg"] == 0.5
    assert made == pytest.approx(per_factor * (default - 0.5), rel=1e-6)
    sources = session.exec(select(FootprintSource.submission_id).where(FootprintSource.footprint_id == after.id)).all()
    assert set(sources) == {submission.id, request.upstream_submission_id}


def test_answers_that_may_no_longer_be_used_count_no_more(session: Session, settings: Settings) -> None:
    submission = an_accepted_submission(session, a_supplier(session))
    request = asked(session, submission, settings=settings)
    other = accept_answers(session, request)
    operations.calculate(session, request.id, active_model(session))

    def counted() -> int:
        found = accepted_answers(session, [submission.supplier_id], period_start=PERIOD[0], period_end=PERIOD[1])
        return len(found[submission.supplier_id].upstream)

    assert counted() == 1
    other.status = SubmissionStatus.EXPIRED
    session.add(other)
    session.flush()
    assert counted() == 0
