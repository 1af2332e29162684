"""Audit events as people read them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from service.accounts.access import Context
from service.accounts.queries import names_of_actors
from service.audit.models import AuditEvent
from service.errors import N_
from service.i18n import Locale, translate

# An action is an object and what was done to it: `submission_accepted`. Longer names first, because one may begin another.
OBJECTS: Mapping[str, str] = {
    "answer_sheet": N_("Answer sheet"),
    "share_link": N_("Link to a certificate"),
    "personal_data": N_("Personal data"),
    "plant_supply": N_("Electricity of a plant"),
    "product_recipe": N_("Recipe"),
    "product_suppliers": N_("Suppliers of a product"),
    "production": N_("Production"),
    "product": N_("Product"),
    "password_reset": N_("New password"),
    "factor_set": N_("Set of electricity factors"),
    "footprint": N_("Footprint"),
    "batch": N_("Recalculation"),
    "answers": N_("Answers"),
    "api_key": N_("Key for programs"),
    "campaign": N_("Campaign"),
    "reminders": N_("Reminders"),
    "certificate": N_("Certificate"),
    "customer": N_("Customer"),
    "evidence": N_("Evidence"),
    "exemption": N_("Flow left out"),
    "invitation": N_("Invitation"),
    "job": N_("Job"),
    "model_draft": N_("Draft of the model"),
    "model_version": N_("Version of the model"),
    "organisation": N_("Organisation"),
    "partner": N_("Partner"),
    "plant": N_("Plant"),
    "purchase": N_("Purchase"),
    "scenario": N_("Scenario"),
    "submission": N_("Submission"),
    "supplier": N_("Supplier"),
    "system_token": N_("Key of a system"),
    "upstream": N_("Question to a supplier's supplier"),
    "user": N_("Person"),
    "verification_case": N_("Verification"),
    "webhook_message": N_("Message to a system"),
    "webhook": N_("Address that hears of events"),
    "workbook": N_("Workbook"),
}
VERBS: Mapping[str, str] = {
    "accepted": N_("accepted"),
    "activated": N_("activated"),
    "applied": N_("taken over"),
    "asked": N_("asked for"),
    "closed": N_("closed"),
    "commented": N_("commented"),
    "member_removed": N_("supplier taken out"),
    "members_added": N_("suppliers added"),
    "notice_sent": N_("letter sent or handed on"),
    "published": N_("published"),
    "resumed": N_("switched on again"),
    "stated": N_("statement recorded"),
    "stopped": N_("stopped"),
    "attached": N_("attached"),
    "bounced": N_("mail came back"),
    "calculated": N_("calculated"),
    "changed": N_("changed"),
    "created": N_("added"),
    "deactivated": N_("switched off"),
    "deadline_extended": N_("deadline extended"),
    "declined": N_("declined by the supplier"),
    "deleted": N_("deleted"),
    "delivered": N_("mail delivered"),
    "described": N_("described"),
    "disabled": N_("disabled"),
    "discarded": N_("discarded"),
    "enabled": N_("enabled"),
    "entered": N_("opened with the PIN"),
    "erased": N_("erased"),
    "expired": N_("expired"),
    "filled": N_("filled"),
    "exported": N_("exported"),
    "in_progress": N_("being filled in"),
    "in_review": N_("review begun"),
    "in_use": N_("in use by a released footprint"),
    "invited": N_("invited"),
    "issued": N_("issued"),
    "extension_asked": N_("asked for more time"),
    "extension_granted": N_("more time granted"),
    "extension_refused": N_("more time refused"),
    "linked": N_("linked"),
    "kept": N_("kept, because a record rests on it"),
    "objected": N_("objection by the supplier"),
    "opened": N_("opened"),
    "packed": N_("evidence packed"),
    "password_set": N_("password set"),
    "planned": N_("planned"),
    "proposed": N_("proposed"),
    "quarantined": N_("locked, because a virus was found"),
    "rated": N_("rated"),
    "recorded": N_("recorded"),
    "refused": N_("refused"),
    "rechecked": N_("calculated again as a check"),
    "released": N_("released"),
    "removed": N_("removed"),
    "rendered": N_("rendered"),
    "replaced": N_("replaced"),
    "retired": N_("retired"),
    "retried": N_("tried again"),
    "returned": N_("returned to the supplier"),
    "revoked": N_("revoked"),
    "roles_changed": N_("roles changed"),
    "saved": N_("saved"),
    "settled": N_("question settled"),
    "signed_in": N_("signed in"),
    "started": N_("started"),
    "submitted": N_("submitted"),
    "superseded": N_("superseded"),
    "totp_enrolled": N_("second factor set up"),
    "totp_removed": N_("second factor removed"),
    "uploaded": N_("uploaded"),
    "viewed": N_("looked at"),
    "grant_added": N_("product granted"),
    "grant_ended": N_("grant of a product ended"),
    "secret_rotated": N_("new secret made"),
    "withdrawn": N_("withdrawn"),
}
ACTORS: Mapping[str, str] = {
    "system": N_("the system"),
    "anonymous": N_("somebody not signed in"),
    "invitation": N_("a supplier by link"),
    "token": N_("another system"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class EventLine:
    """One event in words; what has no words yet is shown by its code."""

    title: str
    at: datetime
    actor: str
    object_type: str
    object_id: str
    note: str


def event_lines(context: Context, events: Sequence[AuditEvent]) -> Sequence[EventLine]:
    """Return events with names and words in the reader's language."""
    names = names_of_actors(context.session, (event.actor for event in events))
    return [
        EventLine(
            title=title_of(event.action, context.locale),
            at=event.at,
            actor=names.get(event.actor) or translate(context.locale, ACTORS.get(event.actor.partition(":")[0], event.actor)),
            object_type=event.object_type,
            object_id=event.object_id,
            note=", ".join(f"{name}: {value}" for name, value in event.details.items()),
        )
        for event in events
    ]


def title_of(action: str, locale: Locale) -> str:
    """Return an action such as `submission_accepted` in words."""
    subject = next((name for name in OBJECTS if action.startswith(name + "_")), None)
    verb = action.removeprefix(f"{subject}_")
    if subject is None or verb not in VERBS:
        return action
    return translate(
        locale, N_("%(subject)s: %(verb)s"), subject=translate(locale, OBJECTS[subject]), verb=translate(locale, VERBS[verb])
    )
