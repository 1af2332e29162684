"""What the reviewer says of answers, and that answers grow too old, is seen in the footprint."""

import math
from datetime import UTC, datetime

import pytest
from sqlmodel import Session

from lca_models.uncertainty.distributions import Lognormal, Triangular
from lca_models.uncertainty.monte_carlo import Simulation
from service.footprints import operations
from service.footprints.models import FootprintRecord
from service.footprints.uncertainty import simulate_record
from service.products.models import Product
from service.submissions.expiry import expire_outdated
from service.submissions.models import EvidenceKind, Submission, SubmissionStatus
from service.submissions.operations import accept
from service.submissions.rating import rate
from service.submissions.ratings import Rating
from tests.builders import NOW, a_product, a_supplier
from tests.footprints.builders import RELEASER, a_record, a_toll_product
from tests.submissions.builders import REVIEWER, a_review

KWH = "graphitization_electricity_kwh_per_kg"
FIELDS = ("product_out", "furnace_electricity", "auxiliary_electricity")


def reviewed(session: Session, rating: Rating | None) -> tuple[Product, Submission]:
    """Return a product whose only toll plant's answers were accepted with a rating."""
    supplier = a_supplier(session)
    submission = a_review(session, supplier=supplier)
    if rating is not None:
        rate(session, submission, dict.fromkeys(FIELDS, rating), by=REVIEWER, at=NOW)
    accept(session, submission, version=submission.version, by=REVIEWER, at=NOW)
    product = a_product(session)
    product.furnace = "box"
    return a_toll_product(session, product, supplier), submission


def sigma_of(session: Session, record: FootprintRecord) -> float:
    parameters = simulate_record(session, record).headline.parameters
    term = next(one for one in parameters if one.name == KWH).terms[0]
    assert isinstance(term.distribution, Lognormal)
    return term.distribution.sigma


def width_of(found: Simulation) -> float:
    return found.percentile(95) - found.percentile(5)


def test_the_scores_of_the_reviewer_are_the_spread_of_the_value(session: Session) -> None:
    best, _ = reviewed(session, Rating(grade=EvidenceKind.METERED, reliability=1))
    worse, _ = reviewed(session, Rating(grade=EvidenceKind.CALCULATED, reliability=4, temporal=3))

    # Basic variance of the logarithm 0.0006; reliability 4 adds 0.008, temporal 3 adds 0.002 (ecoinvent 3).
    assert sigma_of(session, a_record(session, best)) == pytest.approx(math.sqrt(0.0006))
    assert sigma_of(session, a_record(session, worse)) == pytest.approx(math.sqrt(0.0006 + 0.008 + 0.002))


def test_a_lower_rating_widens_the_footprint_and_worsens_its_ratings_but_moves_no_value(session: Session) -> None:
    best = a_record(session, reviewed(session, Rating(grade=EvidenceKind.METERED, reliability=1))[0])
    worse = a_record(
        session, reviewed(session, Rating(grade=EvidenceKind.CALCULATED, reliability=5, temporal=4, technological=3))[0]
    )

    narrow, wide = (simulate_record(session, one).headline for one in (best, worse))
    assert width_of(wide) > 1.2 * width_of(narrow)
    assert worse.total_kg_co2e_per_kg == best.total_kg_co2e_per_kg
    of_best, of_worse = best.result["data_quality"]["by_stage"]["P3"], worse.result["data_quality"]["by_stage"]["P3"]
    assert of_worse["primary_data_share"] == of_best["primary_data_share"]
    assert best.inputs_sha256 != worse.inputs_sha256


def test_what_the_reviewer_calls_an_estimate_is_no_primary_data(session: Session) -> None:
    said = a_record(session, reviewed(session, None)[0])
    judged = a_record(session, reviewed(session, Rating(grade=EvidenceKind.ESTIMATED, reliability=4))[0])

    assert (said.provenance[KWH]["kind"], judged.provenance[KWH]["kind"]) == ("primary", "secondary")
    assert judged.shares["primary"] < said.shares["primary"]


def test_answers_are_in_use_as_soon_as_a_released_footprint_rests_on_them(session: Session) -> None:
    product, submission = reviewed(session, None)
    record = a_record(session, product)
    assert submission.status is SubmissionStatus.ACCEPTED

    operations.release(session, record, version=record.version, by=RELEASER, at=NOW)

    session.refresh(submission)
    assert submission.status is SubmissionStatus.IN_USE


def test_expired_answers_give_way_to_the_default_with_lower_quality(session: Session) -> None:
    product, submission = reviewed(session, None)
    before = a_record(session, product)
    assert expire_outdated(session, valid_months=24, timezone="Asia/Shanghai", at=datetime(2028, 1, 1, tzinfo=UTC)) == [submission]

    after = a_record(session, product)

    (part,) = after.provenance[KWH]["parts"]
    assert (part["kind"], part["value"], part["expired"]) == ("default", after.provenance[KWH]["default"], submission.number)
    assert before.provenance[KWH]["parts"][0]["kind"] == "primary"
    parameters = simulate_record(session, after).headline.parameters
    assert isinstance(next(one for one in parameters if one.name == KWH).terms[0].distribution, Triangular)
    for name in ("technology", "geography", "time"):
        assert after.result["data_quality"][name] >= before.result["data_quality"][name]
    assert after.result["data_quality"]["primary_data_share"] <= before.result["data_quality"]["primary_data_share"]
    assert after.shares["primary"] == 0.0 < before.shares["primary"]


def test_a_supplier_that_never_answered_has_no_expired_answers(session: Session) -> None:
    product = a_product(session)
    record = a_record(session, a_toll_product(session, product, a_supplier(session)))

    assert {part["expired"] for part in record.provenance[KWH]["parts"]} == {""}
