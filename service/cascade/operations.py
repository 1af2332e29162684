"""Every write of the cascade: a supplier asks its own supplier, whose footprint then counts in its answers."""

import uuid
from datetime import datetime

from sqlmodel import Session

from lca_models.model import Model
from service.accounts.models import Organisation, OrganisationKind
from service.audit.operations import record
from service.cascade import footprint, queries, rules
from service.clock import day_at
from service.errors import N_, ConflictError, FieldError, InvalidInputError
from service.i18n import LOCALES, translate
from service.mail.operations import queue
from service.mail.rules import find_address_problem
from service.settings import Settings
from service.submissions import operations as submissions
from service.submissions.mails import invitation_mail
from service.submissions.models import Submission, SubmissionStatus, UpstreamRequest
from service.submissions.parsing import clean_text
from service.submissions.queries import understood_answers
from service.submissions.rules import USABLE
from service.submissions.upstream_queries import find_upstream_request
from service.suppliers.models import Supplier

LONGEST_NAME = 100
MESSAGE = N_(
    "You are asked on behalf of your customer %(customer)s, whom you supply with: %(supply)s. Your answers are read by the "
    "footprint team, reviewers and auditors of %(company)s only. Your customer never sees them: it sees whether you have answered, "
    "and a rounded footprint per kilogram. You don't see its answers either."
)


def ask(
    session: Session, submission: Submission, *, flow: str, name: str, email: str, settings: Settings, by: str, at: datetime
) -> UpstreamRequest:
    """Ask a supplier's own supplier: a company and a questionnaire of its own, with a link that the supplier hands on.

    Parameters
    ----------
    name
        Of the company asked; nobody but who asks is told it.
    email
        Where the link is also sent; empty sends none.

    Raises
    ------
    InvalidInputError
        For `flow`, `name` or `email`.
    ConflictError
        Asked already, too late, or by a company that was itself asked by its customer.

    """
    supply = _checked(session, submission, flow=flow, name=name, email=email)
    supplier = _unnamed_supplier(session, submission, supply, at=at)
    asked = submissions.plan(
        session,
        supplier,
        period_start=submission.period_start,
        period_end=submission.period_end,
        deadline=rules.deadline_for(submission.deadline, today=day_at(at, settings.timezone)),
        message=_message(session, submission, supply, settings),
        by=by,
        at=at,
    )
    request = UpstreamRequest(
        submission_id=submission.id,
        organisation_id=submission.organisation_id,
        upstream_submission_id=asked.id,
        flow=flow,
        name=clean_text(name),
        created_by=by,
        created_at=at,
    )
    session.add(request)
    session.flush()  # the mail refers to it
    link = submissions.invite(session, asked, settings=settings, by=by, at=at)
    if email.strip():
        _send(session, request, asked, supplier, to=email.strip(), link=link, settings=settings, at=at)
    record(session, "upstream_asked", of=request, by=by, at=at, organisation_id=submission.organisation_id, number=asked.number)
    return request


def take_back(session: Session, request: UpstreamRequest, *, by: str, at: datetime) -> None:
    """Withdraw what was asked; its link ends, and another supplier can be asked instead."""
    asked = session.get_one(Submission, request.upstream_submission_id)
    if asked.status not in {SubmissionStatus.DECLINED, SubmissionStatus.EXPIRED}:
        submissions.withdraw(session, asked, by=by, at=at)
    record(session, "upstream_removed", of=request, by=by, at=at, organisation_id=request.organisation_id, number=asked.number)
    session.delete(request)


def calculate(session: Session, request_id: uuid.UUID, model: Model) -> None:
    """Store the footprint that accepted answers come to; where none can be calculated, the default goes on counting."""
    request = session.get(UpstreamRequest, request_id)
    asked = session.get(Submission, request.upstream_submission_id) if request else None
    if request is None or asked is None or asked.status not in USABLE:
        return
    customer = session.get_one(Submission, request.submission_id)
    supply = rules.find_supply(customer.supplier_type, request.flow)
    found = footprint.footprint_of(understood_answers(session, asked), model, made=supply.made if supply else "")
    request.kg_co2e_per_kg = found.kg_co2e_per_kg if found else None
    request.own_share = found.own_share if found else None
    session.add(request)


def _checked(session: Session, submission: Submission, *, flow: str, name: str, email: str) -> rules.Supply:
    supply = rules.find_supply(submission.supplier_type, flow)
    problems: dict[str, FieldError] = {}
    if supply is None:
        problems["flow"] = FieldError(N_("This is not something that you can ask a supplier about."))
    if not clean_text(name):
        problems["name"] = FieldError(N_("Write the company's name, so that you know later whom you asked."))
    elif len(clean_text(name)) > LONGEST_NAME:
        problems["name"] = FieldError(N_("At most %(max)s characters; shorten this."), max=LONGEST_NAME)
    wrong = find_address_problem(email.strip()) if email.strip() else None
    if wrong is not None:
        problems["email"] = wrong
    if problems or supply is None:
        raise InvalidInputError(problems)
    _check_may_ask(session, submission, flow)
    return supply


def _check_may_ask(session: Session, submission: Submission, flow: str) -> None:
    if find_upstream_request(session, submission.id) is not None:
        raise ConflictError(N_("You were asked by a customer yourself; only its direct suppliers can ask on."))
    if submission.status not in rules.ASKING:
        raise ConflictError(N_("This request is closed, so nobody can be asked for it any more."))
    if queries.find_request(session, submission.id, flow) is not None:
        raise ConflictError(N_("You have asked a supplier for this already. Take that back first to ask another one."))


def _unnamed_supplier(session: Session, submission: Submission, supply: rules.Supply, *, at: datetime) -> Supplier:
    """Make the company, under a name that only says whose supplier it is."""
    customer = session.get_one(Organisation, submission.organisation_id)
    name_zh, name_en = rules.supplier_names(customer.name_zh, customer.name_en)
    organisation = Organisation(
        kind=OrganisationKind.SUPPLIER, name_zh=name_zh, name_en=name_en, is_sample=submission.is_sample, created_at=at
    )
    session.add(organisation)
    session.flush()  # the supplier's row refers to it
    supplier = Supplier(
        organisation_id=organisation.id,
        supplier_type=supply.supplier_type,
        owner_id=session.get_one(Supplier, submission.supplier_id).owner_id,
        is_sample=submission.is_sample,
        created_at=at,
    )
    session.add(supplier)
    session.flush()  # the questionnaire refers to it
    return supplier


def _message(session: Session, submission: Submission, supply: rules.Supply, settings: Settings) -> str:
    customer = session.get_one(Organisation, submission.organisation_id)
    names = {
        "zh-CN": (customer.name_zh, settings.company_name_zh),
        "en": (customer.name_en, settings.company_name_en),
    }
    return "\n\n".join(
        translate(locale, MESSAGE, customer=names[locale][0], company=names[locale][1], supply=translate(locale, supply.label))
        for locale in LOCALES
    )


def _send(
    session: Session,
    request: UpstreamRequest,
    asked: Submission,
    supplier: Supplier,
    *,
    to: str,
    link: str,
    settings: Settings,
    at: datetime,
) -> None:
    """Queue the mail apart from those about the questionnaire, whose page would tell the maker's people the address."""
    mail = invitation_mail(asked, supplier, link=link, settings=settings)
    about = f"upstream_request:{request.id}"
    queue(session, to=to, subject=mail.subject, body=mail.body, about=about, organisation_id=asked.organisation_id, at=at)
