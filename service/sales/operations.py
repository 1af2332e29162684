"""Every write of the sales pages: certificates for customers, share links, answer sheets."""

import hashlib
import secrets
import uuid
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

from sqlmodel import Session, col, update

from service.accounts.models import Organisation
from service.accounts.tokens import hash_token
from service.audit.operations import record as audit
from service.certificates import operations as certificates
from service.certificates.models import Certificate
from service.certificates.queries import get_customer
from service.errors import N_, FieldError, InvalidInputError, NotFoundError, StaleVersionError
from service.footprints.models import FootprintRecord
from service.sales import queries, rules
from service.sales.mapping import MappedCell
from service.sales.models import AnswerSheet, ShareLink
from service.sales.schemas import IssueForInput, SheetInput
from service.settings import Settings

RandomBytes = Callable[[int], bytes]
MOST_CELLS: Final = 200


def issue_for(
    session: Session, record: FootprintRecord, fields: IssueForInput, *, by: str, at: datetime, settings: Settings
) -> Certificate:
    """Issue a certificate for a customer; where the customer has a valid one of this product, its next revision.

    Raises
    ------
    ServiceError
        As `certificates.operations.issue` and `supersede`.

    """
    customer = _customer(session, fields.customer_id)
    present = queries.find_renewable(session, record.id, customer.id)
    if present is None:
        return certificates.issue(
            session,
            record,
            customer=customer,
            part_no=fields.part_no,
            valid_until=fields.valid_until,
            by=by,
            at=at,
            settings=settings,
        )
    return certificates.supersede(
        session,
        present,
        record,
        part_no=fields.part_no,
        valid_until=fields.valid_until,
        version=present.version,
        by=by,
        at=at,
        settings=settings,
    )


def make_link(
    session: Session,
    certificate: Certificate,
    *,
    days: int,
    by: str,
    at: datetime,
    random: RandomBytes = secrets.token_bytes,
) -> tuple[ShareLink, str]:
    """Make a link to a certificate; its secret is returned this once and stored as a hash.

    Parameters
    ----------
    days
        1 to 90.

    """
    rules.check_shareable(certificate)
    secret = random(rules.TOKEN_BYTES).hex()
    link = ShareLink(
        certificate_id=certificate.id,
        token_hash=hash_token(secret),
        expires_at=rules.expiry(at, days),
        created_by=by,
        created_at=at,
    )
    session.add(link)
    session.flush()  # the audit trail names it
    audit(session, "share_link_created", of=link, by=by, at=at, number=certificate.number, expires_at=link.expires_at)
    return link, secret


def revoke_link(session: Session, link: ShareLink, *, by: str, at: datetime) -> None:
    """End a link at once; ending it twice changes nothing."""
    if link.revoked_at is not None:
        return
    link.revoked_at = at
    link.version += 1
    audit(session, "share_link_revoked", of=link, by=by, at=at)


def count_download(session: Session, link: ShareLink, *, at: datetime) -> None:
    """Count one download by whoever has the link."""
    session.exec(
        update(ShareLink)
        .where(col(ShareLink.id) == link.id)
        .values(downloads=ShareLink.downloads + 1, last_download_at=at)
        .execution_options(synchronize_session=False)
    )
    audit(session, "share_link_opened", of=link, by="anonymous", at=at)


def store_sheet(
    session: Session, fields: SheetInput, content: bytes, cells: Sequence[MappedCell], *, by: str, at: datetime
) -> AnswerSheet:
    """Keep a customer's workbook with the mapping suggested for it."""
    customer = _customer(session, fields.customer_id)
    sheet = AnswerSheet(
        customer_id=customer.id,
        name=fields.name,
        workbook=content,
        workbook_sha256=hashlib.sha256(content).hexdigest(),
        cells=[one.as_json() for one in cells],
        saved_by=by,
        saved_at=at,
        is_sample=customer.is_sample,
    )
    session.add(sheet)
    session.flush()  # the audit trail names it
    audit(session, "answer_sheet_created", of=sheet, by=by, at=at, sha256=sheet.workbook_sha256)
    return sheet


def save_mapping(session: Session, sheet: AnswerSheet, cells: Sequence[MappedCell], *, version: int, by: str, at: datetime) -> None:
    """Keep which figure goes where.

    Raises
    ------
    InvalidInputError
        A cell stands in it twice, or there are too many.
    StaleVersionError
        Somebody else has saved meanwhile.

    """
    if sheet.version != version:
        raise StaleVersionError
    places = [(one.sheet, one.cell) for one in cells]
    if len(places) > MOST_CELLS or len(set(places)) < len(places):
        message = N_("A cell takes one figure, and a mapping at most %(most)s cells; take the ones that are double out.")
        raise InvalidInputError({"": FieldError(message, most=MOST_CELLS)})
    sheet.cells = [one.as_json() for one in cells]
    sheet.saved_by, sheet.saved_at = by, at
    sheet.version += 1
    audit(session, "answer_sheet_changed", of=sheet, by=by, at=at, cells=len(cells))


def delete_sheet(session: Session, sheet: AnswerSheet, *, by: str, at: datetime) -> None:
    """Forget a customer's workbook; nothing rests on it."""
    audit(session, "answer_sheet_deleted", of=sheet, by=by, at=at)
    session.delete(sheet)


def note_filled(session: Session, answer_sheet_id: uuid.UUID, *, number: str, by: str, at: datetime) -> None:
    """Write down that a workbook was filled from a certificate."""
    sheet = queries.get_sheet(session, answer_sheet_id)
    audit(session, "answer_sheet_filled", of=sheet, by=by, at=at, certificate=number)


def _customer(session: Session, customer_id: uuid.UUID) -> Organisation:
    try:
        return get_customer(session, customer_id)
    except NotFoundError as error:
        message = N_("This is no active customer; pick one from the list.")
        raise InvalidInputError({"customer_id": FieldError(message)}) from error
