"""What somebody may do now with what is meant for everybody, as buttons."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from starlette.responses import Response

from service.accounts.access import Context
from service.accounts.models import Role
from service.accounts.pages import see_other
from service.errors import N_
from service.i18n import translate
from service.plan.policies import APPROVER_ROLES, EDITOR_ROLES
from service.publicity.models import PublicationStatus
from service.publicity.rules import TRANSITIONS
from service.web.forms import VersionInput, parse_form


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A button: what it says, where it leads, how it looks."""

    label: str
    action: str
    look: str


_STEPS: Final[Sequence[tuple[PublicationStatus, str, str, str, frozenset[Role]]]] = (
    (PublicationStatus.APPROVED, N_("Approve"), "approve", "primary", APPROVER_ROLES),
    (PublicationStatus.PUBLISHED, N_("Publish"), "publish", "primary", EDITOR_ROLES),
    (PublicationStatus.WITHDRAWN, N_("Withdraw"), "withdraw", "danger", EDITOR_ROLES),
)


def steps_for(context: Context, status: PublicationStatus, path: str) -> list[Step]:
    """Return the steps that follow a status and that the roles of whoever asks allow."""
    return [
        Step(label=translate(context.locale, label), action=f"{path}/{word}", look=look)
        for target, label, word, look, allowed in _STEPS
        if target in TRANSITIONS[status] and context.asking.has(*allowed)
    ]


def take_step(context: Context, step: Callable[..., object], of: uuid.UUID, done: str, **more: object) -> Response:
    """Take a step with what somebody has looked at; its page, which the step's address ends behind, says that it is done."""
    version = parse_form(VersionInput, context.form).version
    step(context.session, of, version=version, by=context.asking.actor, at=context.at, **more)
    return see_other(context, context.request.url.path.rpartition("/")[0], done)
