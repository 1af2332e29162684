"""Every write on comparisons of variants: made once, decided once by another person."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from service.audit.operations import record
from service.eco_design.comparing import as_content, compare_variants, variants_of
from service.eco_design.limits import CarbonLimit, Verdict
from service.eco_design.models import DesignComparison, DesignDecision
from service.eco_design.queries import find_decision, get_comparison
from service.eco_design.schemas import ComparisonInput, DecisionInput
from service.errors import N_, ConflictError, FieldError, InvalidInputError, SamePersonError


class DecidedError(ConflictError):
    """A comparison has been decided on before."""

    code = "comparison-decided"


def make_comparison(
    session: Session,
    wanted: ComparisonInput,
    *,
    carbon_limits: Sequence[CarbonLimit],
    by: str,
    at: datetime,
    is_sample: bool = False,
) -> DesignComparison:
    """Compare variants of a product and keep what came out; errors as in `compare_variants`."""
    found = compare_variants(session, wanted, carbon_limits=carbon_limits)
    comparison = DesignComparison(
        title=wanted.title,
        product_id=found.product_id,
        record_id=wanted.record_id,
        electricity_view=found.electricity_view,
        model_version=found.model_version,
        content=as_content(found),
        made_by=by,
        made_at=at,
        is_sample=is_sample,
    )
    session.add(comparison)
    session.flush()  # its decision refers to it
    record(session, "design_compared", of=comparison, by=by, at=at, record_id=wanted.record_id)
    return comparison


def decide(session: Session, comparison_id: uuid.UUID, fields: DecisionInput, *, by: str, at: datetime) -> DesignDecision:
    """Choose a variant; whoever made the comparison does not choose from it.

    Raises
    ------
    InvalidInputError
        No such variant, or one that breaks a limit of a customer.

    """
    comparison = get_comparison(session, comparison_id)
    if comparison.made_by == by:
        raise SamePersonError(N_("You made this comparison; another person has to choose from it."))
    if find_decision(session, comparison_id) is not None:
        raise DecidedError(N_("This comparison has been decided on before. Make another one to decide again."))
    variants = variants_of(comparison.content)
    if fields.variant >= len(variants):
        raise InvalidInputError({"variant": FieldError(N_("There is no such variant; pick one from the list."))})
    broken = [one for one in variants[fields.variant].limits if one.verdict is Verdict.BROKEN]
    if fields.variant and broken:
        values = {"customer": broken[0].customer, "parameter": broken[0].parameter}
        text = N_(
            "This variant breaks the limit of %(customer)s on “%(parameter)s”. Agree on another limit first, or choose another one."
        )
        raise InvalidInputError({"variant": FieldError(text, **values)})
    decision = DesignDecision(
        comparison_id=comparison_id, **fields.model_dump(), decided_by=by, decided_at=at, is_sample=comparison.is_sample
    )
    session.add(decision)
    record(session, "design_decided", of=decision, by=by, at=at, variant=fields.variant)
    return decision
