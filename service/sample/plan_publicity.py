"""What the sample company says in public, whom it talks to, whom it compares itself with, and one comparison of variants."""

import tomllib
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from importlib.resources import files
from typing import Any, Final

from sqlmodel import Session, select

from service.clock import day_at
from service.eco_design.models import QualityLimit
from service.eco_design.operations import decide, make_comparison
from service.eco_design.schemas import ComparisonInput, DecisionInput, QualityLimitInput, VariantInput
from service.footprints.models import FootprintRecord, FootprintStatus
from service.publicity import claims, figures, posts
from service.publicity.models import FigureKind, PeerFigure, StakeholderContact
from service.publicity.schemas import ClaimInput, ContactInput, PeerFigureInput, PostInput, ProofInput
from service.registers.operations import add_row
from service.sample.cast import Cast
from service.settings import Settings

Row = Mapping[str, Any]

PUBLISHED_AGO: Final = timedelta(days=90)
LAPSED_AGO: Final = timedelta(days=350)
RELEASED: Final = (2024,)
WAITING: Final = 2023


@lru_cache
def publicity() -> Row:
    """Return the data file."""
    return tomllib.loads((files("service.sample") / "data" / "plan_publicity.toml").read_text(encoding="utf-8"))


def load_publicity(session: Session, cast: Cast, *, settings: Settings, at: datetime) -> None:
    """Write, approve and publish; an engineer writes, a member of the committee approves."""
    for row in publicity()["posts"]:
        _post(session, cast, row, settings=settings, at=at)
    for row in publicity()["claims"]:
        _claim(session, cast, row, settings=settings, at=at)
    claims.lapse_claims(session, by="system", at=at, on=day_at(at, settings.timezone))
    _figures(session, cast, at=at)
    _registers(session, cast, settings=settings, at=at)
    _comparison(session, cast, at=at)


def _post(session: Session, cast: Cast, row: Row, *, settings: Settings, at: datetime) -> None:
    writer, approver, then = cast.actor("engineer"), cast.actor("committee"), at - PUBLISHED_AGO
    texts = {name: value for name, value in row.items() if name not in {"days", "published"}}
    day = day_at(at, settings.timezone) + timedelta(days=row["days"]) if "days" in row else None
    post = posts.write_post(session, PostInput(**texts, event_on=day), by=writer, at=then, is_sample=True)
    if row["published"]:
        posts.approve_post(session, post.id, version=post.version, by=approver, at=then)
        posts.publish_post(session, post.id, version=post.version, by=writer, at=then)


def _claim(session: Session, cast: Cast, row: Row, *, settings: Settings, at: datetime) -> None:
    writer, approver = cast.actor("engineer"), cast.actor("committee")
    then = at - (LAPSED_AGO if row["state"] == "lapsed" else PUBLISHED_AGO)
    texts = {name: value for name, value in row.items() if name not in {"proof", "state"}}
    owner = cast.people["engineer"].id
    claim = claims.write_claim(session, ClaimInput(**texts), owner_id=owner, by=writer, at=then, is_sample=True)
    if row["state"] == "draft":
        return
    today, proof = day_at(at, settings.timezone), row["proof"]
    fields = ProofInput(
        kind=proof["kind"],
        reference=proof["reference"],
        valid_from=today + timedelta(days=proof["from"]),
        valid_until=today + timedelta(days=proof["until"]),
    )
    day = day_at(then, settings.timezone)
    claims.add_proof(session, claim.id, fields, by=writer, at=then, on=day, is_sample=True)
    claims.approve_claim(session, claim.id, version=claim.version, by=approver, at=then)
    claims.publish_claim(session, claim.id, version=claim.version, by=writer, at=then, on=day)


def _figures(session: Session, cast: Cast, *, at: datetime) -> None:
    for year in (*RELEASED, WAITING):
        figures.propose_figures(session, FigureKind.EMISSIONS, year, by=cast.actor("engineer"), at=at, is_sample=True)
    for year in RELEASED:
        figures.release_figures(session, FigureKind.EMISSIONS, year, by=cast.actor("committee"), at=at)


def _registers(session: Session, cast: Cast, *, settings: Settings, at: datetime) -> None:
    by, today = cast.actor("engineer"), day_at(at, settings.timezone)
    for row in publicity()["contacts"]:
        due = today + timedelta(days=row["due"]) if "due" in row else None
        texts = {name: value for name, value in row.items() if name not in {"days", "due"}}
        contact = ContactInput(**texts, on_day=today + timedelta(days=row["days"]), follow_up_by=due)
        add_row(session, StakeholderContact, contact, by=by, at=at, is_sample=True)
    for row in publicity()["benchmark"]:
        add_row(session, PeerFigure, PeerFigureInput(**row), by=by, at=at, is_sample=True)
    for row in publicity()["quality_limits"]:
        fields = {name: value for name, value in row.items() if name != "product"}
        limit = QualityLimitInput(**fields, product_id=cast.products[row["product"]].id)
        add_row(session, QualityLimit, limit, by=by, at=at, is_sample=True)


def _comparison(session: Session, cast: Cast, *, at: datetime) -> None:
    row = publicity()["comparison"]
    product = cast.products[row["product"]]
    statement = select(FootprintRecord).where(
        FootprintRecord.product_id == product.id, FootprintRecord.status == FootprintStatus.RELEASED
    )
    record = session.exec(statement).first()
    if record is None:
        return
    variants = [
        VariantInput(name=one["name"], scenarios=one["scenarios"], cost_cny_per_kg=one["cost"], quality=one.get("quality", {}))
        for one in row["variants"]
    ]
    wanted = ComparisonInput(title=row["title"], record_id=record.id, base_cost_cny_per_kg=row["base_cost"], variants=variants)
    made = make_comparison(session, wanted, carbon_limits=(), by=cast.actor("engineer"), at=at, is_sample=True)
    decide(session, made.id, DecisionInput(variant=1, reason=row["reason"]), by=cast.actor("committee"), at=at)
