"""Every SELECT on versions of the scoring method; scores get their method from here and nowhere else."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from functools import lru_cache
from typing import Any, Final

from sqlmodel import Session, col, select

from service.errors import NotFoundError
from service.green_score.method import ScoringMethod, method_from, shipped_content
from service.green_score.models import MethodStatus, MethodVersion
from service.green_score.stored_facts import hash_of

SYSTEM: Final = "system"
_HEAD: Final = ("version", "effective_from")
"""Parts of a table that stand in columns of their own."""


def method_in_force(session: Session, on: date) -> tuple[MethodVersion, ScoringMethod]:
    """Return the version in force on a day, the latest that had begun; before the first one, the first one.

    The shipped version may not be stored yet: who lets a row rest on it calls `method_operations.keep_method` first.
    """
    versions = released_versions(session)
    begun = [one for one in versions if one.effective_from <= on]
    found = begun[-1] if begun else versions[0]
    return found, method_of(found)


def released_versions(session: Session) -> list[MethodVersion]:
    """Return all released versions with the shipped one, by the day from which they count."""
    stored = session.exec(select(MethodVersion).where(MethodVersion.status == MethodStatus.RELEASED)).all()
    return sorted(_with_shipped(stored), key=lambda one: (one.effective_from, one.label))


def all_versions(session: Session) -> list[MethodVersion]:
    """Return all versions, drafts too, the latest day first."""
    stored = session.exec(select(MethodVersion)).all()
    return sorted(_with_shipped(stored), key=lambda one: (one.effective_from, one.label), reverse=True)


def get_version(session: Session, label: str) -> MethodVersion:
    """Return a version by its label."""
    found = find_version(session, label)
    if found is None:
        raise NotFoundError
    return found


def find_version(session: Session, label: str) -> MethodVersion | None:
    """Return a version by its label, also the shipped one where it is not stored yet."""
    found = session.exec(select(MethodVersion).where(MethodVersion.label == label)).first()
    shipped = shipped_version()
    return shipped if found is None and label == shipped.label else found


def proposed_versions(session: Session) -> Sequence[MethodVersion]:
    """Return the versions that wait for another person's decision."""
    statement = select(MethodVersion).where(MethodVersion.status == MethodStatus.PROPOSED).order_by(col(MethodVersion.label))
    return session.exec(statement).all()


def labels(session: Session) -> frozenset[str]:
    """Return the labels taken."""
    return frozenset({*session.exec(select(MethodVersion.label)), shipped_version().label})


def method_of(version: MethodVersion) -> ScoringMethod:
    """Return the method of a version."""
    return method_from({**version.content, "version": version.label, "effective_from": version.effective_from})


def shipped_version() -> MethodVersion:
    """Return the version that comes with the software, as a row that is not stored yet; its id is always the same."""
    content = shipped_content()
    table = shipped_table()
    hashed = hash_of(table)
    began: date = content["effective_from"]
    return MethodVersion(
        id=uuid.uuid5(uuid.NAMESPACE_OID, f"{content['version']} {hashed}"),
        label=content["version"],
        content=dict(table),
        content_hash=hashed,
        effective_from=began,
        status=MethodStatus.RELEASED,
        notes="",
        created_by=SYSTEM,
        created_at=datetime.combine(began, time(), tzinfo=UTC),
        released_by=SYSTEM,
        released_at=datetime.combine(began, time(), tzinfo=UTC),
    )


@lru_cache
def shipped_table() -> Mapping[str, Any]:
    """Return the shipped table without its label and day, as a row keeps it."""
    return {name: part for name, part in shipped_content().items() if name not in _HEAD}


def _with_shipped(stored: Sequence[MethodVersion]) -> list[MethodVersion]:
    shipped = shipped_version()
    return list(stored) if any(one.label == shipped.label for one in stored) else [shipped, *stored]
