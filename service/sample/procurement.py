"""What procurement knows at the sample company: more suppliers, their papers, public registers, offers, demands and scores."""

import tomllib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from importlib.resources import files

from sqlalchemy import delete
from sqlmodel import Session, col

from service.allocation.operations import record_demand, record_offer
from service.allocation.schemas import DemandInput, OfferInput
from service.compliance import operations as compliance
from service.compliance.models import RecordArea
from service.compliance.schemas import CertificateInput, DeclarationInput, RecordInput, RemedyInput, SearchInput, VetoInput
from service.green_score.operations import freeze_scores, run_scores
from service.green_score.periods import ended_quarter
from service.jobs.models import Job
from service.procurement.not_applicable import approve_not_applicable, ask_not_applicable
from service.procurement.score_pairs import pairs_to_score
from service.sample.cast import PERIODS, SYSTEM, Cast, Row, add_purchases, add_supplier, company
from service.sample.story import YEAR, ask
from service.settings import Settings
from service.suppliers.models import Supplier
from service.suppliers.rescoring import TASK
from service.swaps.operations import record_limit
from service.swaps.schemas import LimitInput

LOOKED_UP = timedelta(days=20)
PAPERS_SEEN = timedelta(days=35)
CERTIFICATES_LAST = timedelta(days=3 * 365)
VERIFICATIONS_LAST = timedelta(days=365)
PRICED = timedelta(days=15)
OFFERS_HOLD = timedelta(days=120)


@lru_cache
def procurement() -> Row:
    """Return the data file."""
    return tomllib.loads((files("service.sample") / "data" / "procurement.toml").read_text(encoding="utf-8"))


def enlist(session: Session, cast: Cast, *, at: datetime) -> Cast:
    """Add the suppliers and what was bought of them; return who there is now."""
    owner = cast.people["procurement"]
    added = {row["key"]: add_supplier(session, row, owner, at=at) for row in procurement()["suppliers"]}
    for row in procurement()["purchases"]:
        add_purchases(session, row, added, by=cast.actor("engineer"), at=at)
    return replace(cast, suppliers={**cast.suppliers, **added})


def stock(session: Session, cast: Cast, *, settings: Settings, at: datetime) -> None:
    """Let suppliers answer, put papers on file, collect offers, and score everybody."""
    for row in procurement()["submissions"]:
        ask(session, cast, row, settings=settings, at=at)
    _file(session, cast, at=at)
    _offer(session, cast, at=at)
    _limit(session, cast, at=at)
    _score(session, cast, at=at)


def _file(session: Session, cast: Cast, *, at: datetime) -> None:
    """Put certificates, declarations, records, exclusions and approvals on file."""
    seen, by = at - PAPERS_SEEN, cast.actor("procurement")
    for supplier, fields in (*_certificates(cast, at), *_verifications(cast, at)):
        compliance.record_certificate(session, supplier, fields, today=at.date(), by=by, at=seen)
    before = _answered_in(cast, "2024")
    for period, then, whose in (("2024", at - YEAR, before), ("2025", at, cast.suppliers)):
        for supplier, declared in _declarations(cast, period, whose):
            compliance.record_declaration(session, supplier, declared, today=then.date(), by=by, at=then - PAPERS_SEEN)
        _search(session, cast, whose, at=then - LOOKED_UP)
    _look_up(session, cast, at=at)
    for row in procurement()["vetoes"]:
        veto = VetoInput(kind=row["kind"], since=_days_ago(at, row["days_ago"]), reason=row["reason"], evidence=row["evidence"])
        compliance.raise_veto(session, cast.suppliers[row["supplier"]], veto, today=at.date(), by=by, at=seen)
    for row in procurement()["not_applicable"]:
        for key in row["suppliers"]:
            _leave_out(session, cast, cast.suppliers[key], row, at=seen)


def _certificates(cast: Cast, at: datetime) -> Iterator[tuple[Supplier, CertificateInput]]:
    for name, keys in procurement()["certificates"].items():
        for key in keys:
            for row in procurement()["certificate_sets"][name]:
                yield cast.suppliers[key], _certificate(key, row, at, lasts=CERTIFICATES_LAST)


def _verifications(cast: Cast, at: datetime) -> Iterator[tuple[Supplier, CertificateInput]]:
    for key, row in procurement()["verifications"].items():
        yield cast.suppliers[key], _certificate(key, {**row, "kind": "pcf_verification"}, at, lasts=VERIFICATIONS_LAST)


def _certificate(key: str, row: Row, at: datetime, *, lasts: timedelta) -> CertificateInput:
    ends = at.date() + timedelta(days=row["ends_in_days"])
    kind: str = row["kind"]
    return CertificateInput(
        kind=kind,
        number=f"SAMPLE-{key}-{kind}".upper(),
        issuer="样例认证（样例）/ Sample Certification (sample)",
        level=row.get("level"),
        covers_site=True,
        issued_on=min(ends - lasts, at.date()),
        valid_until=ends,
        proof="verified",
        evidence="样例证书扫描件 / sample scan",
        checked_on=_days_ago(at, PAPERS_SEEN.days),
    )


def _declarations(cast: Cast, period: str, whose: Collection[str]) -> Iterator[tuple[Supplier, DeclarationInput]]:
    for name, keys in procurement()["declarations"].items():
        for key in (one for one in keys if one in whose):
            for indicator, row in procurement()["declaration_sets"][name].items():
                fields = DeclarationInput(
                    indicator=indicator, evidence="样例声明文件 / sample statement", period_end=PERIODS[period][1], **row
                )
                yield cast.suppliers[key], fields


def _search(session: Session, cast: Cast, whose: Collection[str], *, at: datetime) -> None:
    """Note that registers were looked at, but for a few suppliers."""
    registers = procurement()["registers"]
    for supplier in (cast.suppliers[key] for key in whose if key not in registers["not_looked_up"]):
        for area in RecordArea:
            fields = SearchInput(area=area, searched_on=at.date(), source=registers["source"])
            compliance.record_search(session, supplier, fields, today=at.date(), by=cast.actor("procurement"), at=at)


def _look_up(session: Session, cast: Cast, *, at: datetime) -> None:
    """Note what registers showed; a remedy is confirmed by another person."""
    today, looked_at, by = at.date(), at - LOOKED_UP, cast.actor("procurement")
    for row in procurement()["records"]:
        kept = {name: row[name] for name in ("area", "violation", "description", "source")}
        found = RecordInput(happened_on=_days_ago(at, row["days_ago"]), **kept)
        record = compliance.record_violation(session, cast.suppliers[row["supplier"]], found, today=today, by=by, at=looked_at)
        if "remedy" in row:
            remedy = RemedyInput(remedied_on=_days_ago(at, row["remedied_days_ago"]), remedy=row["remedy"])
            compliance.record_remedy(session, record, remedy, today=today, by=by, at=looked_at)
            compliance.verify_remedy(session, record, by=cast.actor("reviewer"), at=looked_at)


def _leave_out(session: Session, cast: Cast, supplier: Supplier, row: Row, *, at: datetime) -> None:
    by, on = cast.actor("procurement"), at.date()
    asked = ask_not_applicable(session, supplier, row["indicator"], reason=row["reason"], on=on, by=by, at=at)
    approve_not_applicable(session, asked, supplier, on=on, by=cast.actor("reviewer"), at=at)


def _offer(session: Session, cast: Cast, *, at: datetime) -> None:
    by = cast.actor("procurement")
    for row in procurement()["offers"]:
        for terms in row["terms"]:
            offer = OfferInput(
                supplier_id=cast.suppliers[terms["supplier"]].id,
                flow=row["flow"],
                price_cny_per_t=terms["price"],
                priced_on=(at - PRICED).date(),
                valid_until=(at + OFFERS_HOLD).date(),
                capacity_t=terms["capacity"],
                moq_t=terms["moq"],
                fixed_cost_cny=terms.get("fixed", 0.0),
                defect_percent=terms["defect"],
            )
            record_offer(session, offer, by=by, at=at - PRICED, is_sample=True)
    for row in procurement()["demands"]:
        record_demand(session, DemandInput(year=at.year + 1, **row), by=by, at=at - PRICED, is_sample=True)


def _limit(session: Session, cast: Cast, *, at: datetime) -> None:
    for row in procurement()["limits"]:
        limit = LimitInput(
            product_id=cast.products[row["product"]].id,
            customer_id=cast.customers[row["customer"]].id,
            limit_kg_co2e_per_kg=row["limit"],
            electricity_view="national",
            valid_from=date(at.year, 1, 1),
            source=row["source"],
        )
        record_limit(session, limit, by=cast.actor("sales"), at=at - PAPERS_SEEN)


def _score(session: Session, cast: Cast, *, at: datetime) -> None:
    """Score the year before by those who had answered then, and the last year by everybody; keep the last quarter."""
    answered_before = {cast.suppliers[key].id for key in _answered_in(cast, "2024")}
    pairs = pairs_to_score(session)
    before = [(supplier, flow) for supplier, flow in pairs if supplier.id in answered_before]
    run_scores(session, before, period=PERIODS["2024"], by=SYSTEM, at=at - YEAR)
    run_scores(session, pairs, period=PERIODS["2025"], by=SYSTEM, at=at - timedelta(days=2))
    # What was put on file has asked for scores hundreds of times; they are there now.
    session.exec(delete(Job).where(col(Job.name) == TASK))
    freeze_scores(session, ended_quarter(at.date()), at=at - timedelta(days=1))


def _answered_in(cast: Cast, period: str) -> Collection[str]:
    """Return who was asked for a period, in the order of the suppliers."""
    rows: Sequence[Row] = [*company()["submissions"], *procurement()["submissions"]]
    asked = {row["supplier"] for row in rows if row["period"] == period}
    return [key for key in cast.suppliers if key in asked]


def _days_ago(at: datetime, days: int) -> date:
    return (at - timedelta(days=days)).date()
