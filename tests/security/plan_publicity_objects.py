"""What the maker says in public, compares and logs, in the world to attack."""

from collections.abc import Mapping
from datetime import timedelta

from sqlmodel import Session, select

from service.accounts.models import User
from service.eco_design.models import DesignComparison, QualityLimit
from service.footprints.models import FootprintRecord
from service.publicity.claims import add_proof, write_claim
from service.publicity.models import (
    ContactKind,
    PeerConfidence,
    PeerFigure,
    PostKind,
    ProofKind,
    StakeholderContact,
)
from service.publicity.posts import write_post
from service.publicity.queries import published_posts
from service.publicity.schemas import ClaimInput, PostInput, ProofInput
from tests.security.furnishing import BY, NOW


def plan_publicity_objects(session: Session) -> Mapping[str, str]:
    """Return ids by the name of their path parameter: drafts that only the maker's people may see, and a published article."""
    post = write_post(session, _post(), by=BY, at=NOW)
    owner = session.exec(select(User)).first()
    record = session.exec(select(FootprintRecord)).first()
    if owner is None or record is None:
        raise AssertionError
    text = {"text_zh": "声明", "text_en": "claim", "basis_zh": "范围", "basis_en": "basis"}
    claim = write_claim(session, ClaimInput(**text), owner_id=owner.id, by=BY, at=NOW)
    today = NOW.date()
    shown = ProofInput(kind=ProofKind.STATEMENT, reference="S-1", valid_from=today, valid_until=today + timedelta(days=9))
    proof = add_proof(session, claim.id, shown, by=BY, at=NOW, on=today)
    contact = StakeholderContact(organisation="Bureau", kind=ContactKind.AUTHORITY, on_day=today, topic="visit", created_at=NOW)
    comparison = DesignComparison(
        title="furnaces",
        product_id=record.product_id,
        record_id=record.id,
        electricity_view=record.electricity_view,
        model_version=record.model_version,
        content={"variants": [_variant()]},
        made_by=BY,
        made_at=NOW,
    )
    limit = QualityLimit(product_id=record.product_id, customer="Cells", parameter="d50", highest=18.0, source="S", created_at=NOW)
    peer = _peer()
    session.add_all([contact, comparison, limit, peer])
    session.flush()
    return {
        "post_id": str(post.id),
        "slug": published_posts(session, PostKind.ARTICLE)[0].slug,
        "claim_id": str(claim.id),
        "proof_id": str(proof.id),
        "contact_id": str(contact.id),
        "comparison_id": str(comparison.id),
        "quality_limit_id": str(limit.id),
        "peer_figure_id": str(peer.id),
    }


def _post() -> PostInput:
    return PostInput(kind=PostKind.ARTICLE, slug="not-yet-public", title_zh="草稿", title_en="Draft", body_zh="一", body_en="One")


def _peer() -> PeerFigure:
    return PeerFigure(
        peer="Peer",
        sector="graphite",
        indicator="pcf",
        value=2.0,
        scope_note="claim",
        source="talk",
        source_year=2023,
        confidence=PeerConfidence.PUBLISHED,
        created_at=NOW,
    )


def _variant() -> dict[str, object]:
    return {
        "name": "",
        "overlays": [],
        "total_kg_co2e": 12.0,
        "by_stage_kg_co2e": {"P3": 12.0},
        "steps": [],
        "is_exact": True,
        "cost_cny_per_kg": None,
        "cny_per_t_co2e": None,
        "quality": {},
        "limits": [],
    }
