"""A supplier's standing: its certificates, what registers and papers say of it, exclusions, and what is left out of its scores."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from fastapi import APIRouter
from starlette.responses import Response

from service.accounts.access import Context, endpoint, roles
from service.accounts.models import Role
from service.accounts.pages import render_page
from service.accounts.queries import names_of_actors
from service.compliance import queries
from service.compliance.models import ComplianceRecord, Declaration, HeldCertificate, Veto
from service.compliance.rules import notice_stage
from service.compliance.words import (
    AREA_NAMES,
    CERTIFICATE_NAMES,
    LEVEL_NAMES,
    PROOF_NAMES,
    SHOWN_LEVELS,
    VETO_NAMES,
    VIOLATION_NAMES,
)
from service.console.standing_entries import EntryKind, Step
from service.errors import N_
from service.green_score.ages import is_older, years_between
from service.green_score.indicator_names import INDICATOR_NAMES
from service.green_score.method_queries import method_in_force
from service.green_score.value_functions import violation_points
from service.i18n import Locale, translate
from service.procurement.not_applicable import requests_of
from service.suppliers.queries import SupplierRow, get_supplier
from service.web.formatting import format_date, format_number, format_percent

router = APIRouter()

READERS = roles(Role.ENGINEER, Role.REVIEWER, Role.PROCUREMENT, Role.AUDITOR)
WRITERS = roles(Role.ENGINEER, Role.REVIEWER, Role.PROCUREMENT)
SHARES = frozenset({"E1", "E2", "F2"})

Badge = tuple[str, str]
"""Words and tone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepLink:
    """What can be done with an entry; a button where nothing has to be typed."""

    label: str
    href: str
    is_button: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One entry: what it says, what lies behind it, how it stands and what can be done."""

    title: str
    facts: str
    note: str
    badge: Badge | None
    is_sample: bool
    steps: Sequence[StepLink]


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """The entries of one kind."""

    title: str
    empty: str
    lines: Sequence[Line]
    add_label: str
    add_href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingPage:
    """Context of the page."""

    supplier: SupplierRow
    sections: Sequence[Section]
    excluded_for: Sequence[str]
    may_write: bool


@router.get("/console/suppliers/{supplier_id}/standing")
@endpoint(READERS)
def show_standing(context: Context, supplier_id: uuid.UUID) -> Response:
    """Show what is on file of a supplier besides its answers."""
    supplier = get_supplier(context.session, supplier_id, asking=context.asking)
    view = _View(context, supplier_id)
    page = StandingPage(
        supplier=supplier,
        sections=[view.certificates(), view.records(), view.searches(), view.declarations(), view.vetoes(), view.left_out()],
        excluded_for=[view.words(VETO_NAMES[one.kind]) for one in queries.vetoes_of(context.session, supplier_id, on=view.today)],
        may_write=context.asking.has(Role.ENGINEER, Role.REVIEWER, Role.PROCUREMENT),
    )
    return render_page(context, "console/standing.html", page)


def certificate_badge(row: HeldCertificate, *, today: date, locale: Locale) -> Badge:
    """Return how a certificate stands today, in words."""
    if row.proof == "claim":
        return translate(locale, N_("Told by the supplier")), "info"
    stage = notice_stage(row.valid_until, today=today)
    if stage == 0:
        return translate(locale, N_("Expired")), "bad"
    if row.is_contract_only:
        return translate(locale, N_("Contract only")), "neutral"
    if stage is not None:
        days = (row.valid_until - today).days
        return translate(locale, N_("Ends in %(days)s days"), days=days), "attention"
    return translate(locale, N_("Valid")), "good"


class _View:
    """Puts a supplier's entries into words."""

    def __init__(self, context: Context, supplier_id: uuid.UUID) -> None:
        self._session, self._locale = context.session, context.locale
        self._supplier_id = supplier_id
        self.today = context.today
        _, self._method = method_in_force(context.session, self.today)

    def words(self, message: str, **values: object) -> str:
        """Return a message in the reader's language."""
        return translate(self._locale, message, **values)

    def certificates(self) -> Section:
        """Return the certificates, those that the supplier told of first."""
        told = queries.told_certificates_of(self._session, self._supplier_id)
        seen = queries.certificates_of(self._session, self._supplier_id, on=self.today)
        return self._section(
            EntryKind.CERTIFICATE,
            N_("Certificates"),
            N_("No certificate is on file."),
            N_("Put a certificate on file"),
            [self._certificate(row) for row in (*told, *seen)],
        )

    def records(self) -> Section:
        """Return the violations with what each still costs."""
        rows = queries.records_of(self._session, self._supplier_id, on=self.today)
        return self._section(
            EntryKind.RECORD,
            N_("Violations"),
            N_("No violation is on record."),
            N_("Put a violation on record"),
            [self._record(row) for row in rows],
        )

    def searches(self) -> Section:
        """Return the looks into registers."""
        rows = queries.searches_of(self._session, self._supplier_id, on=self.today)
        names = names_of_actors(self._session, [row.searched_by for row in rows])
        lines = [
            self._line(
                EntryKind.SEARCH,
                row.id,
                title=f"{self.words(AREA_NAMES[row.area])} · {format_date(row.searched_on)}",
                facts=f"{row.source} · {names.get(row.searched_by, row.searched_by)}",
                is_sample=row.is_sample,
                steps=(Step.WITHDRAW,),
            )
            for row in rows
        ]
        empty = N_("Nobody has looked this supplier up yet, so nothing is known, also no absence.")
        return self._section(EntryKind.SEARCH, N_("Looks into the registers"), empty, N_("Note a look into the registers"), lines)

    def declarations(self) -> Section:
        """Return what papers show, the newest of an indicator first."""
        rows = queries.declarations_of(self._session, self._supplier_id, on=self.today)
        return self._section(
            EntryKind.DECLARATION,
            N_("What papers show"),
            N_("No paper is on file."),
            N_("Note what papers show"),
            [self._declaration(row) for row in rows],
        )

    def vetoes(self) -> Section:
        """Return the exclusions, cleared ones too."""
        rows = queries.all_vetoes_of(self._session, self._supplier_id)
        names = names_of_actors(self._session, [name for row in rows for name in (row.raised_by, row.cleared_by) if name])
        return self._section(
            EntryKind.VETO,
            N_("Exclusions"),
            N_("The supplier has never been excluded."),
            N_("Exclude the supplier"),
            [self._veto(row, names) for row in rows],
        )

    def left_out(self) -> Section:
        """Return the indicators that are left out, or asked to be."""
        rows = requests_of(self._session, self._supplier_id)
        names = names_of_actors(self._session, [name for row in rows for name in (row.asked_by, row.approved_by) if name])
        lines = [
            self._line(
                EntryKind.NOT_APPLICABLE,
                row.id,
                title=f"{row.indicator} {self.words(INDICATOR_NAMES[row.indicator])}",
                facts=" · ".join(names.get(name, name) for name in (row.asked_by, row.approved_by) if name),
                note=row.reason,
                badge=(self.words(N_("Left out")), "neutral")
                if row.approved_by
                else (self.words(N_("Waits for another person")), "attention"),
                is_sample=row.is_sample,
                steps=(Step.WITHDRAW,) if row.approved_by else (Step.APPROVE, Step.WITHDRAW),
            )
            for row in rows
        ]
        return self._section(
            EntryKind.NOT_APPLICABLE,
            N_("Left out of the score"),
            N_("Every indicator counts."),
            N_("Ask to leave an indicator out"),
            lines,
        )

    def _certificate(self, row: HeldCertificate) -> Line:
        scope = N_("our site is covered") if row.covers_site else N_("our site is not covered")
        facts = [row.number, row.issuer, f"{format_date(row.issued_on)} – {format_date(row.valid_until)}"]
        if row.level:
            facts.append(self.words(LEVEL_NAMES[row.level]))
        is_told = row.proof == "claim"
        if not is_told:
            facts += [self.words(scope), self.words(PROOF_NAMES[row.proof])]
        return self._line(
            EntryKind.CERTIFICATE,
            row.id,
            title=self.words(CERTIFICATE_NAMES[row.kind]),
            facts=" · ".join(facts),
            note=row.evidence,
            badge=certificate_badge(row, today=self.today, locale=self._locale),
            is_sample=row.is_sample,
            steps=(Step.WITHDRAW,),
        )

    def _record(self, row: ComplianceRecord) -> Line:
        steps = [Step.WITHDRAW]
        if row.remedy_verified_by is None:
            steps.insert(0, Step.VERIFY if row.remedied_on else Step.REMEDY)
        return self._line(
            EntryKind.RECORD,
            row.id,
            title=f"{self.words(VIOLATION_NAMES[row.violation])} · {self.words(AREA_NAMES[row.area])}",
            facts=f"{format_date(row.happened_on)} · {row.source}",
            note=" ".join((row.description, self._weight(row))),
            badge=self._remedy_badge(row),
            is_sample=row.is_sample,
            steps=steps,
        )

    def _weight(self, row: ComplianceRecord) -> str:
        """Return what a violation costs today: “20 points, 1.0 years old: counts 10 today”."""
        anchors = self._method.values
        points = self._method.penalties[row.violation]
        years = years_between(row.happened_on, self.today)
        if is_older(row.happened_on, months=anchors.record_months, on=self.today):
            return self.words(
                N_("%(points)s points, older than %(months)s months: counts no more."),
                points=f"{points:g}",
                months=f"{anchors.record_months:g}",
            )
        left = violation_points(points, age_years=years, is_remedied=row.remedy_verified_by is not None, anchors=anchors)
        return self.words(
            N_("%(points)s points, %(years)s years old: counts %(left)s today."),
            points=f"{points:g}",
            years=format_number(years, self._locale, 2),
            left=format_number(left, self._locale),
        )

    def _remedy_badge(self, row: ComplianceRecord) -> Badge:
        if row.remedy_verified_by is not None:
            return self.words(N_("Put right, verified")), "good"
        if row.remedied_on is not None:
            return self.words(N_("Put right, waits for another person")), "attention"
        return self.words(N_("Not put right")), "bad"

    def _declaration(self, row: Declaration) -> Line:
        return self._line(
            EntryKind.DECLARATION,
            row.id,
            title=f"{row.indicator} {self.words(INDICATOR_NAMES[row.indicator])}: {shown_value(row, self._locale)}",
            facts=f"{format_date(row.period_end)} · {self.words(PROOF_NAMES[row.proof])}",
            note=row.evidence,
            is_sample=row.is_sample,
            steps=(Step.WITHDRAW,),
        )

    def _veto(self, row: Veto, names: Mapping[str, str]) -> Line:
        cleared = row.cleared_at is not None
        facts = [format_date(row.since), names.get(row.raised_by, row.raised_by)]
        if row.cleared_by:
            facts.append(self.words(N_("ended by %(name)s"), name=names.get(row.cleared_by, row.cleared_by)))
        return self._line(
            EntryKind.VETO,
            row.id,
            title=self.words(VETO_NAMES[row.kind]),
            facts=" · ".join(facts),
            note=" ".join(filter(None, (row.reason, row.evidence, row.cleared_evidence))),
            badge=(self.words(N_("Ended")), "neutral") if cleared else (self.words(N_("Excluded")), "bad"),
            is_sample=row.is_sample,
            steps=() if cleared else (Step.CLEAR,),
        )

    def _section(self, kind: EntryKind, title: str, empty: str, add: str, lines: Sequence[Line]) -> Section:
        return Section(
            title=self.words(title),
            empty=self.words(empty),
            lines=lines,
            add_label=self.words(add),
            add_href=f"/console/suppliers/{self._supplier_id}/standing/{kind}/new",
        )

    def _line(
        self,
        kind: EntryKind,
        entry_id: uuid.UUID,
        *,
        title: str,
        facts: str,
        is_sample: bool,
        steps: Sequence[Step],
        note: str = "",
        badge: Badge | None = None,
    ) -> Line:
        base = f"/console/suppliers/{self._supplier_id}/standing/{kind}/{entry_id}"
        links = [StepLink(label=self.words(STEP_NAMES[step]), href=f"{base}/{step}", is_button=step in BUTTONS) for step in steps]
        return Line(title=title, facts=facts, note=note, badge=badge, is_sample=is_sample, steps=links)


BUTTONS = frozenset({Step.VERIFY, Step.APPROVE})
STEP_NAMES: Mapping[Step, str] = {
    Step.WITHDRAW: N_("Withdraw"),
    Step.REMEDY: N_("Note how it was put right"),
    Step.VERIFY: N_("Verify"),
    Step.CLEAR: N_("End the exclusion"),
    Step.APPROVE: N_("Approve"),
}


def shown_value(row: Declaration, locale: Locale) -> str:
    """Return the level or number that papers show, in words."""
    level, number = row.content.get("level"), row.content.get("number")
    if level is not None:
        return translate(locale, SHOWN_LEVELS[row.indicator][level])
    return format_percent(number, locale) if row.indicator in SHARES else format_number(number, locale)
