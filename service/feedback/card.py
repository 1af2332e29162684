"""Everything that a supplier is given back for accepted answers, gathered for a page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from lca_models.model import Model
from service.errors import N_, ConflictError
from service.feedback import queries
from service.feedback.effect import Effect, effect_of, strongest
from service.feedback.improvements import Improvement, improvements
from service.feedback.own_footprint import OwnFootprint, location_total, own_footprint, process_total
from service.feedback.own_steps import NoOwnFootprintError, own_step
from service.feedback.peers import Position, position_among
from service.feedback.queries import Usage
from service.modelling.queries import active_model, model_of
from service.submissions.models import Submission
from service.submissions.queries import AcceptedAnswers, understood_answers
from service.submissions.rules import USABLE


class NotAcceptedError(ConflictError):
    """A footprint is given back for accepted answers only."""

    code = "not-accepted"


@dataclass(frozen=True, slots=True, kw_only=True)
class TrendPoint:
    """One period of the supplier's own, kg CO2e per unit under the location view of the model in use."""

    period_start: date
    period_end: date
    kg_co2e: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What a supplier is given back.

    Attributes
    ----------
    own
        None where the model can't calculate it; then `refusal` says why.
    trend
        Its accepted periods, the earliest first.
    position
        None where it could give another supplier away.
    effect
        On the maker's products; None while no footprint rests on the answers.
    usage, usage_before
        What these answers, and those of the period before, were used for; the latter None if there were none.

    """

    answers: AcceptedAnswers
    own: OwnFootprint | None
    refusal: NoOwnFootprintError | None
    trend: Sequence[TrendPoint]
    position: Position | None
    improvements: Sequence[Improvement]
    effect: Effect | None
    usage: Usage
    usage_before: Usage | None


def feedback_card(session: Session, submission: Submission) -> Card:
    """Return what a supplier is given back.

    Raises
    ------
    NotAcceptedError
        The answers are not accepted, or newer ones have taken their place.

    """
    model = active_model(session)
    answers = accepted_only(session, submission)
    own, refusal = _own_or_refusal(answers, model)
    before = queries.find_year_before(session, submission)
    return Card(
        answers=answers,
        own=own,
        refusal=refusal,
        trend=_trend(queries.accepted_history(session, submission.supplier_id), model),
        position=_position(session, submission, model) if own else None,
        improvements=improvements(own, model) if own else (),
        effect=_effect(session, submission),
        usage=queries.usage_of(session, submission.id),
        usage_before=queries.usage_of(session, before.id) if before else None,
    )


def accepted_only(session: Session, submission: Submission) -> AcceptedAnswers:
    """Return the answers of an accepted submission; others are refused."""
    if submission.status not in USABLE:
        raise NotAcceptedError(
            N_("The answers of %(number)s are not accepted at present, so there is nothing to give back yet. Come back later."),
            number=submission.number,
        )
    return understood_answers(session, submission)


def _own_or_refusal(answers: AcceptedAnswers, model: Model) -> tuple[OwnFootprint | None, NoOwnFootprintError | None]:
    try:
        return own_footprint(answers, model), None
    except NoOwnFootprintError as error:
        return None, error


def _trend(history: Sequence[AcceptedAnswers], model: Model) -> Sequence[TrendPoint]:
    found = []
    for answers in history:
        try:
            total = location_total(answers, model)
        except NoOwnFootprintError:  # a year in which less was answered leaves a gap
            continue
        found.append(TrendPoint(period_start=answers.period_start, period_end=answers.period_end, kg_co2e=total))
    return found


def _position(session: Session, submission: Submission, model: Model) -> Position | None:
    first = queries.first_accepted(session, submission)
    try:
        product, own = own_step(first, model).step.product(model), process_total(first, model)
    except NoOwnFootprintError:
        return None
    return position_among(own, queries.find_peers(session, submission, model, product=product))


def _effect(session: Session, submission: Submission) -> Effect | None:
    records = queries.latest_records(session, submission.id)
    found = (effect_of(one, model_of(session, one.result["content_hash"]), submission_id=str(submission.id)) for one in records)
    return strongest([one for one in found if one is not None])
