"""What can be put on a supplier's file: for each kind of entry its form, and the operation that keeps it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from pydantic import Field as PydanticField
from sqlmodel import SQLModel

from service.accounts.access import Context
from service.compliance import operations
from service.compliance.models import ComplianceRecord, Declaration, HeldCertificate, RecordSearch, Veto
from service.compliance.rules import LARGEST_NUMBERS, LEVELS
from service.compliance.schemas import (
    CertificateInput,
    ClearingInput,
    DeclarationInput,
    RecordInput,
    RemedyInput,
    SearchInput,
    VetoInput,
    WithdrawalInput,
)
from service.compliance.words import (
    AREA_NAMES,
    CERTIFICATE_NAMES,
    LEVEL_NAMES,
    PROOF_NAMES,
    SHOWN_LEVELS,
    VETO_NAMES,
    VIOLATION_NAMES,
)
from service.errors import N_
from service.green_score.indicator_names import INDICATOR_NAMES
from service.green_score.models import NotApplicable
from service.i18n import Locale, translate
from service.procurement import not_applicable
from service.suppliers.models import Supplier
from service.web.forms import FormInput


class EntryKind(StrEnum):
    """Kinds of entries on a supplier's file, as they stand in addresses."""

    CERTIFICATE = "certificate"
    RECORD = "record"
    SEARCH = "search"
    VETO = "veto"
    DECLARATION = "declaration"
    NOT_APPLICABLE = "not-applicable"


class Step(StrEnum):
    """What can be done with an entry, as it stands in addresses."""

    WITHDRAW = "withdraw"
    REMEDY = "remedy"
    VERIFY = "verify"
    CLEAR = "clear"
    APPROVE = "approve"


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of a form.

    Attributes
    ----------
    control
        `text`, `date`, `number`, `words`, `choice` or `tick`.
    choices
        Message id by value.

    """

    name: str
    label: str
    control: str = "text"
    hint: str = ""
    choices: Mapping[str, str] | None = None
    required: bool = True
    maxlength: int | None = None


class NotApplicableInput(FormInput):
    """Why an indicator does not apply to a supplier."""

    indicator: str = PydanticField(max_length=4)
    reason: str = PydanticField(min_length=3, max_length=500)


Write = Callable[[Context, Supplier, Any], SQLModel]
Act = Callable[[Context, Supplier, Any, Any], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A kind of entry: what its form asks and what keeps it."""

    table: type[SQLModel]
    title: str
    lead: str
    schema: type[FormInput]
    fields: Sequence[Field]
    write: Write
    done: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """What can be done with an entry; without fields it is a mere button."""

    title: str
    lead: str
    schema: type[FormInput]
    fields: Sequence[Field]
    act: Act
    done: str


def options(field: Field, locale: Locale) -> Sequence[tuple[str, str]]:
    """Return what a choice offers, in the reader's language."""
    return [(value, translate(locale, label)) for value, label in (field.choices or {}).items()]


def _day(context: Context) -> Any:  # noqa: ANN401 - passed on as keywords
    return {
        "today": context.today,
        "by": context.asking.actor,
        "at": context.at,
    }


def _who(context: Context) -> Any:  # noqa: ANN401 - passed on as keywords
    return {"by": context.asking.actor, "at": context.at}


EVIDENCE = Field(
    name="evidence",
    label=N_("Evidence"),
    hint=N_("File, register entry or letter that you have looked at."),
    maxlength=500,
)
SEEN_PROOFS = {value: label for value, label in PROOF_NAMES.items() if value != "claim"}
SOURCE = Field(name="source", label=N_("Register and document number"), hint=N_("So that others find it again."), maxlength=500)
AREA = Field(name="area", label=N_("Area"), control="choice", choices=AREA_NAMES)
SHOWN = (*LEVELS, *LARGEST_NUMBERS)
ALL_LEVELS = {level: name for levels in SHOWN_LEVELS.values() for level, name in levels.items()}

CERTIFICATE: Final = Entry(
    table=HeldCertificate,
    title=N_("Put a certificate on file"),
    lead=N_("Only what you have looked at. It counts from now on and until its last day."),
    schema=CertificateInput,
    fields=(
        Field(name="kind", label=N_("Certificate"), control="choice", choices=CERTIFICATE_NAMES),
        Field(name="number", label=N_("Certificate number"), maxlength=80),
        Field(name="issuer", label=N_("Issued by"), maxlength=200),
        Field(name="issued_on", label=N_("Issued on"), control="date"),
        Field(name="valid_until", label=N_("Valid until"), control="date"),
        Field(
            name="level",
            label=N_("Level of verification"),
            control="choice",
            choices=LEVEL_NAMES,
            required=False,
            hint=N_("Only for a verified footprint or greenhouse-gas inventory."),
        ),
        Field(name="covers_site", label=N_("The site that delivers to us is in its scope"), control="tick"),
        Field(name="is_contract_only", label=N_("So far only the contract with the certifier is signed"), control="tick"),
        Field(name="proof", label=N_("What you have looked at"), control="choice", choices=SEEN_PROOFS),
        EVIDENCE,
        Field(
            name="checked_on",
            label=N_("Looked up in the register on"),
            control="date",
            required=False,
            hint=N_("Day on which you found it in the issuer's or the national register."),
        ),
    ),
    write=lambda context, supplier, fields: operations.record_certificate(context.session, supplier, fields, **_day(context)),
    done=N_("The certificate is on file."),
)
RECORD: Final = Entry(
    table=ComplianceRecord,
    title=N_("Put a violation on record"),
    lead=N_("It costs points, half as many each year, for three years. Only another person can take it back."),
    schema=RecordInput,
    fields=(
        AREA,
        Field(name="violation", label=N_("Violation"), control="choice", choices=VIOLATION_NAMES),
        Field(name="happened_on", label=N_("Day of the decision"), control="date"),
        Field(name="description", label=N_("What happened"), control="words", maxlength=1000),
        SOURCE,
    ),
    write=lambda context, supplier, fields: operations.record_violation(context.session, supplier, fields, **_day(context)),
    done=N_("The violation is on record."),
)
SEARCH: Final = Entry(
    table=RecordSearch,
    title=N_("Note a look into the registers"),
    lead=N_("Without a look nothing is known, also not that there is nothing. Look once a year at least."),
    schema=SearchInput,
    fields=(AREA, Field(name="searched_on", label=N_("Looked on"), control="date"), SOURCE),
    write=lambda context, supplier, fields: operations.record_search(context.session, supplier, fields, **_day(context)),
    done=N_("The look is noted."),
)
VETO: Final = Entry(
    table=Veto,
    title=N_("Exclude the supplier"),
    lead=N_("Its grade is V from the next score on and it gets no order, until another person clears this with evidence."),
    schema=VetoInput,
    fields=(
        Field(name="kind", label=N_("Reason"), control="choice", choices=VETO_NAMES),
        Field(name="since", label=N_("Since"), control="date"),
        Field(name="reason", label=N_("What happened"), control="words", maxlength=1000),
        EVIDENCE,
    ),
    write=lambda context, supplier, fields: operations.raise_veto(context.session, supplier, fields, **_day(context)),
    done=N_("The supplier is excluded."),
)
DECLARATION: Final = Entry(
    table=Declaration,
    title=N_("Note what papers show"),
    lead=N_("For what no questionnaire asks. The newest paper of an indicator counts."),
    schema=DeclarationInput,
    fields=(
        Field(name="indicator", label=N_("Indicator"), control="choice", choices={name: INDICATOR_NAMES[name] for name in SHOWN}),
        Field(
            name="level",
            label=N_("Level"),
            control="choice",
            choices=ALL_LEVELS,
            required=False,
            hint=N_("For metering, targets and substances."),
        ),
        Field(
            name="number",
            label=N_("Share or ratio"),
            control="number",
            required=False,
            hint=N_("For the others: a share as 0.45 for 45 %, or a ratio to the target or benchmark."),
        ),
        Field(name="proof", label=N_("What stands behind it"), control="choice", choices=PROOF_NAMES),
        EVIDENCE,
        Field(name="period_end", label=N_("Last day that it speaks of"), control="date"),
    ),
    write=lambda context, supplier, fields: operations.record_declaration(context.session, supplier, fields, **_day(context)),
    done=N_("Noted."),
)
NOT_APPLICABLE: Final = Entry(
    table=NotApplicable,
    title=N_("Ask to leave an indicator out"),
    lead=N_("Only for what can't apply, not for what is missing. Another person approves."),
    schema=NotApplicableInput,
    fields=(
        Field(name="indicator", label=N_("Indicator"), control="choice", choices=INDICATOR_NAMES),
        Field(name="reason", label=N_("Why it does not apply"), control="words", maxlength=500),
    ),
    write=lambda context, supplier, fields: not_applicable.ask_not_applicable(
        context.session,
        supplier,
        fields.indicator,
        reason=fields.reason,
        on=context.today,
        **_who(context),
    ),
    done=N_("Another person can approve it now."),
)
ENTRIES: Final[Mapping[EntryKind, Entry]] = {
    EntryKind.CERTIFICATE: CERTIFICATE,
    EntryKind.RECORD: RECORD,
    EntryKind.SEARCH: SEARCH,
    EntryKind.VETO: VETO,
    EntryKind.DECLARATION: DECLARATION,
    EntryKind.NOT_APPLICABLE: NOT_APPLICABLE,
}

REASON = Field(name="reason", label=N_("Reason"), control="words", maxlength=500)


def _withdrawal(act: Act, lead: str) -> Action:
    return Action(title=N_("Withdraw"), lead=lead, schema=WithdrawalInput, fields=(REASON,), act=act, done=N_("Withdrawn."))


WITHDRAW = _withdrawal(
    lambda context, _supplier, row, fields: operations.withdraw(context.session, row, reason=fields.reason, **_who(context)),
    N_("It no longer counts and stays as history."),
)
ACTIONS: Final[Mapping[tuple[EntryKind, Step], Action]] = {
    **{
        (kind, Step.WITHDRAW): WITHDRAW
        for kind in (EntryKind.CERTIFICATE, EntryKind.RECORD, EntryKind.SEARCH, EntryKind.DECLARATION)
    },
    (EntryKind.NOT_APPLICABLE, Step.WITHDRAW): _withdrawal(
        lambda context, _supplier, row, fields: not_applicable.withdraw_not_applicable(
            context.session, row, reason=fields.reason, **_who(context)
        ),
        N_("The indicator counts again."),
    ),
    (EntryKind.NOT_APPLICABLE, Step.APPROVE): Action(
        title=N_("Approve"),
        lead="",
        schema=FormInput,
        fields=(),
        act=lambda context, supplier, row, _fields: not_applicable.approve_not_applicable(
            context.session, row, supplier, on=context.today, **_who(context)
        ),
        done=N_("Approved: the indicator is left out from the next score on."),
    ),
    (EntryKind.RECORD, Step.REMEDY): Action(
        title=N_("Note how it was put right"),
        lead=N_("It counts half once another person has verified it."),
        schema=RemedyInput,
        fields=(
            Field(name="remedied_on", label=N_("Put right on"), control="date"),
            Field(name="remedy", label=N_("What was done, and what shows it"), control="words", maxlength=1000),
        ),
        act=lambda context, _supplier, row, fields: operations.record_remedy(context.session, row, fields, **_day(context)),
        done=N_("Another person can verify it now."),
    ),
    (EntryKind.RECORD, Step.VERIFY): Action(
        title=N_("Verify"),
        lead="",
        schema=FormInput,
        fields=(),
        act=lambda context, _supplier, row, _fields: operations.verify_remedy(context.session, row, **_who(context)),
        done=N_("Verified: it counts half from the next score on."),
    ),
    (EntryKind.VETO, Step.CLEAR): Action(
        title=N_("End the exclusion"),
        lead=N_("Somebody else than who raised it, and with evidence that the reason is gone."),
        schema=ClearingInput,
        fields=(Field(name="evidence", label=N_("Evidence"), control="words", maxlength=1000),),
        act=lambda context, _supplier, row, fields: operations.clear_veto(
            context.session, row, evidence=fields.evidence, **_who(context)
        ),
        done=N_("The exclusion has ended."),
    ),
}
