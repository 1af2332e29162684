"""Every write on articles and events: written, approved by another person, published, withdrawn."""

import uuid
from datetime import datetime

from sqlmodel import Session

from service.audit.operations import record
from service.database import flush_unless_taken
from service.errors import N_, FieldError, InvalidInputError, StaleVersionError
from service.publicity.models import Post, PublicationStatus
from service.publicity.queries import get_post
from service.publicity.rules import check_another, check_transition
from service.publicity.schemas import PostInput


def write_post(session: Session, fields: PostInput, *, by: str, at: datetime, is_sample: bool = False) -> Post:
    """Add a draft; two may not have one address."""
    post = Post(**fields.model_dump(), authors=[by], edited_at=at, is_sample=is_sample)
    session.add(post)
    _keep(session, fields)
    record(session, "post_written", of=post, by=by, at=at)
    return post


def change_post(session: Session, post_id: uuid.UUID, fields: PostInput, *, version: int, by: str, at: datetime) -> Post:
    """Change what is not published; it is a draft again, whoever had approved it."""
    post = _lock(session, post_id, version=version)
    if post.status is not PublicationStatus.DRAFT:
        check_transition(post.status, PublicationStatus.DRAFT)
    for name, value in fields.model_dump().items():
        setattr(post, name, value)
    post.status, post.approved_by, post.edited_at = PublicationStatus.DRAFT, None, at
    post.authors = sorted({*post.authors, by})
    post.version += 1
    _keep(session, fields)
    record(session, "post_changed", of=post, by=by, at=at)
    return post


def approve_post(session: Session, post_id: uuid.UUID, *, version: int, by: str, at: datetime) -> Post:
    """Approve a draft that somebody else wrote."""
    post = _lock(session, post_id, version=version)
    check_transition(post.status, PublicationStatus.APPROVED)
    check_another(by, post.authors)
    post.approved_by = by
    return _move(session, post, PublicationStatus.APPROVED, by=by, at=at)


def publish_post(session: Session, post_id: uuid.UUID, *, version: int, by: str, at: datetime) -> Post:
    """Let everybody read what was approved."""
    post = _lock(session, post_id, version=version)
    check_transition(post.status, PublicationStatus.PUBLISHED)
    post.published_at = at
    return _move(session, post, PublicationStatus.PUBLISHED, by=by, at=at)


def withdraw_post(session: Session, post_id: uuid.UUID, *, version: int, by: str, at: datetime) -> Post:
    """Take it from the public pages; its address leads to nothing from now on."""
    post = _lock(session, post_id, version=version)
    check_transition(post.status, PublicationStatus.WITHDRAWN)
    return _move(session, post, PublicationStatus.WITHDRAWN, by=by, at=at)


def _move(session: Session, post: Post, status: PublicationStatus, *, by: str, at: datetime) -> Post:
    post.status = status
    post.version += 1
    record(session, f"post_{status}", of=post, by=by, at=at)
    return post


def _lock(session: Session, post_id: uuid.UUID, *, version: int) -> Post:
    post = get_post(session, post_id, lock=True)
    if post.version != version:
        raise StaleVersionError
    return post


def _keep(session: Session, fields: PostInput) -> None:
    taken = FieldError(N_("Another article or event has the address “%(slug)s” already; choose another one."), slug=fields.slug)
    flush_unless_taken(session, InvalidInputError({"slug": taken}))
