"""Every write of versions of the scoring method: draft, edit, propose, release by another person."""

from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from service.audit.operations import record
from service.errors import N_, ConflictError, InvalidTransitionError, NotFoundError, StaleVersionError
from service.green_score import method_queries as queries
from service.green_score import method_rules as rules
from service.green_score.method_cells import changes_between, with_typed
from service.green_score.models import MethodStatus, MethodVersion
from service.green_score.stored_facts import hash_of
from service.suppliers.rescoring import ask_for_scores


def keep_method(session: Session, version: MethodVersion) -> None:
    """Store the shipped version that a row is about to rest on, if it is not stored yet."""
    if session.get(MethodVersion, version.id) is not None:
        return
    try:
        with session.begin_nested():
            session.add(version)
    except IntegrityError:  # another transaction has just stored the same
        return


def create_draft(session: Session, *, notes: str, effective_from: date, by: str, at: datetime) -> MethodVersion:
    """Begin a draft with the table that is in force on the day from which it shall count."""
    parent, _ = queries.method_in_force(session, effective_from)
    draft = MethodVersion(
        label=rules.next_label(effective_from.year, queries.labels(session)),
        content=dict(parent.content),
        content_hash=parent.content_hash,
        effective_from=effective_from,
        notes=notes,
        edited_by=[by],
        created_by=by,
        created_at=at,
    )
    session.add(draft)
    session.flush()  # the label may have been taken in the meantime
    record(session, "scoring_method_drafted", of=draft, by=by, at=at, label=draft.label, parent=parent.label)
    return draft


def change_draft(
    session: Session,
    label: str,
    typed: Mapping[str, str],
    *,
    notes: str,
    effective_from: date,
    version: int,
    by: str,
    at: datetime,
) -> MethodVersion:
    """Give a draft other values, by path of the cell; nothing is stored unless the whole table is right.

    Raises
    ------
    InvalidInputError
        Every cell that can't be used, with its rule and fix.
    ConflictError
        It is proposed or released.

    """
    draft = _lock(session, label, version=version)
    if draft.status is not MethodStatus.DRAFT:
        raise ConflictError(
            N_("Version %(label)s is proposed or released and does not change. Begin a draft and change that."), label=label
        )
    content = with_typed(draft.content, typed)
    changed = [one.cell.path for one in changes_between(draft.content, content)]
    draft.content, draft.content_hash = content, hash_of(content)
    draft.notes, draft.effective_from = notes, effective_from
    draft.edited_by = sorted({*draft.edited_by, by})
    draft.version += 1
    record(session, "scoring_method_changed", of=draft, by=by, at=at, label=label, cells=", ".join(changed)[:2000])
    return draft


def propose(session: Session, label: str, *, version: int, by: str, at: datetime) -> MethodVersion:
    """Ask another person to release a draft."""
    draft = _moved(session, label, MethodStatus.DRAFT, MethodStatus.PROPOSED, version=version)
    present, _ = queries.method_in_force(session, draft.effective_from)
    if present.content_hash == draft.content_hash:
        raise ConflictError(
            N_("Draft %(label)s holds the same table as version %(other)s. Change something first."),
            label=label,
            other=present.label,
        )
    record(session, "scoring_method_proposed", of=draft, by=by, at=at, label=label, hash=draft.content_hash)
    return draft


def send_back(session: Session, label: str, *, version: int, by: str, at: datetime) -> MethodVersion:
    """Make a proposed version a draft again, so that it can be changed."""
    draft = _moved(session, label, MethodStatus.PROPOSED, MethodStatus.DRAFT, version=version)
    record(session, "scoring_method_sent_back", of=draft, by=by, at=at, label=label)
    return draft


def discard(session: Session, label: str, *, version: int, by: str, at: datetime) -> None:
    """Throw a draft away; no score can rest on it."""
    draft = _lock(session, label, version=version)
    if draft.status is not MethodStatus.DRAFT:
        raise InvalidTransitionError(present=draft.status, wanted="discarded", allowed="")
    record(session, "scoring_method_discarded", of=draft, by=by, at=at, label=label, hash=draft.content_hash)
    session.delete(draft)


def release(session: Session, label: str, *, version: int, today: date, by: str, at: datetime) -> MethodVersion:
    """Let another person put a proposed version to use from its day on; it never changes again.

    Raises
    ------
    SamePersonError
        The person began or changed it.
    ConflictError
        Its day is past, or another version counts from the same day.

    """
    proposed = _lock(session, label, version=version)
    taken = {one.effective_from: one.label for one in queries.released_versions(session)}
    rules.check_release(proposed, by=by, today=today, taken=taken)
    proposed.status = MethodStatus.RELEASED
    proposed.version += 1
    proposed.released_by, proposed.released_at = by, at
    record(session, "scoring_method_released", of=proposed, by=by, at=at, label=label, hash=proposed.content_hash)
    if proposed.effective_from == today:  # on a later day the daily run finds that another version is in force
        ask_for_scores(session, None, at=at)
    return proposed


def _moved(session: Session, label: str, present: MethodStatus, wanted: MethodStatus, *, version: int) -> MethodVersion:
    found = _lock(session, label, version=version)
    if found.status is not present:
        raise InvalidTransitionError(present=found.status, wanted=wanted, allowed="")
    found.status = wanted
    found.version += 1
    return found


def _lock(session: Session, label: str, *, version: int) -> MethodVersion:
    found = queries.get_version(session, label)
    stored = session.get(MethodVersion, found.id, with_for_update=True)
    if stored is None:
        raise NotFoundError
    if stored.version != version:
        raise StaleVersionError
    return stored
