"""Checks a footprint document that somebody uploads or pastes; nothing of it is stored."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from fastapi import APIRouter
from starlette.datastructures import UploadFile
from starlette.responses import Response

from service.accounts.access import STAFF, Context, endpoint
from service.accounts.limits import Limit
from service.accounts.pages import render_page
from service.conformance.findings import Finding, Format, Report, Severity, shown
from service.conformance.reading import LARGEST_BYTES
from service.conformance.validation import validate
from service.console.choices import Options
from service.errors import N_, FieldError, InvalidInputError, ServiceError
from service.i18n import translate
from service.web.forms import FormState, rejected

router = APIRouter()

CHECKS: Final = Limit(name="footprint-validator", tries=60, per_s=600)
FORMATS: Final = (
    (Format.PACT3, "PACT 3.0"),
    (Format.PACT2, "PACT 2.3"),
    (Format.CATENA_X_10, "Catena-X PCF 10.0.0"),
    (Format.CATENA_X_9, "Catena-X PCF 9.0.0"),
    (Format.BATTERY, "Catena-X battery component supplier 1.0.0"),
)
TITLES: Final = dict(FORMATS)


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingShown:
    """A finding in the reader's language."""

    finding: Finding
    value: str
    message: str

    @property
    def is_error(self) -> bool:
        """Whether it makes the document unfit."""
        return self.finding.severity is Severity.ERROR


@dataclass(frozen=True, slots=True, kw_only=True)
class ValidatorPage:
    """The form and what the last document's check has found; `report` is None before the first."""

    form: FormState
    formats: Options
    report: Report | None
    format_title: str
    findings: Sequence[FindingShown]


@router.get("/console/validator")
@endpoint(STAFF)
def show_validator(context: Context) -> Response:
    """Show the empty form."""
    return _show(context, FormState(), None)


@router.post("/console/validator")
@endpoint(STAFF, limited=(CHECKS,))
def check_document(context: Context) -> Response:
    """Check what was uploaded or pasted and show what is wrong with it."""
    try:
        report = validate(_content(context), format=_format(context), own=context.form.get("own") == "yes")
    except ServiceError as error:
        beside = error if isinstance(error, InvalidInputError) else InvalidInputError({"text": error})
        return _show(context, rejected(context.form, beside, context.locale), None, status=error.status)
    return _show(context, rejected(context.form, InvalidInputError({}), context.locale), report)


def _content(context: Context) -> bytes:
    upload, text = context.form.get("file"), context.form.get("text")
    if isinstance(upload, UploadFile) and upload.filename:
        return upload.file.read(LARGEST_BYTES + 1)
    if isinstance(text, str) and text.strip():
        return text.encode("utf-8", "surrogatepass")
    raise InvalidInputError({"file": FieldError(N_("Choose a file, or paste the document below."))})


def _format(context: Context) -> Format | None:
    wanted = context.form.get("format")
    return Format(wanted) if wanted in set(Format) else None


def _show(context: Context, form: FormState, report: Report | None, *, status: int = 200) -> Response:
    page = ValidatorPage(
        form=form,
        formats=FORMATS,
        report=report,
        format_title="" if report is None else TITLES[report.format],
        findings=() if report is None else [_shown(context, one) for one in report.findings],
    )
    return render_page(context, "console/validator.html", page, status=status)


def _shown(context: Context, finding: Finding) -> FindingShown:
    value = shown(finding.value)
    text = translate(context.locale, N_("(missing)")) if value is None else str(value).lower() if isinstance(value, bool) else value
    return FindingShown(finding=finding, value=text, message=finding.message(context.locale))
