"""What a verifier's pages have beside them: the cases, and the pages of the case that is open."""

import re
import uuid

from service.accounts.access import Context
from service.accounts.models import Role
from service.errors import N_
from service.i18n import translate
from service.verification import queries
from service.verification.models import VerificationCase
from service.verifier_room.cases import today_of
from service.web.templating import NavigationItem

_CASE = re.compile(r"^/room/cases/([0-9a-f-]{36})(?:/|$)")


def room_navigation(context: Context) -> tuple[NavigationItem, ...]:
    """Return the entries for a verifier; none for anybody else."""
    asking = context.principal
    if asking is None or Role.VERIFIER not in asking.roles:
        return ()
    path = context.request.url.path
    cases = NavigationItem(label=translate(context.locale, N_("Verifications")), href="/room", active=path == "/room")
    case = _case_in(context, path)
    return (cases,) if case is None else (cases, *_of_case(context, case, path))


def _case_in(context: Context, path: str) -> VerificationCase | None:
    found = _CASE.match(path)
    open_cases = queries.open_cases_of(context.session, context.asking.organisation_id, today=today_of(context)) if found else ()
    return next((case for case in open_cases if found and case.id == uuid.UUID(found[1])), None)


def _of_case(context: Context, case: VerificationCase, path: str) -> list[NavigationItem]:
    base = f"/room/cases/{case.id}"
    entries: list[tuple[str, str, int | None]] = [(translate(context.locale, N_("Overview")), base, None)]
    entries += [
        (f"{row.grade} · {row.number}", f"{base}/footprints/{row.id}", None) for row in queries.rows_of(context.session, case.id)
    ]
    waiting = queries.open_comments(context.session, case.id)
    entries += [
        (translate(context.locale, N_("Questions")), f"{base}/questions", waiting or None),
        (translate(context.locale, N_("Evidence pack")), f"{base}/pack", None),
        (translate(context.locale, N_("Statement")), f"{base}/statement", None),
    ]
    return [
        NavigationItem(
            label=label,
            href=href,
            active=path == href or (href != base and path.startswith(f"{href}/")),
            count=count,
            group=case.number,
        )
        for label, href, count in entries
    ]
