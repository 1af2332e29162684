"""What has happened at the sample company: requests answered, reviewed, returned or open; footprints; certificates."""

import io
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from sqlmodel import Session

from service.campaigns import operations as campaigns
from service.campaigns.mails import notice_text
from service.campaigns.models import DigestRhythm
from service.campaigns.schemas import CampaignInput, NoticeInput
from service.certificates import operations as certificates
from service.evidence.store import store_file
from service.evidence.virus_scan import Scanner
from service.footprints import operations as footprints
from service.footprints.models import FootprintRecord
from service.product_footprints.operations import release
from service.product_footprints.part_numbers import find_part_number
from service.sample.cast import PERIODS, Cast, Row, company
from service.settings import Settings
from service.submissions import operations as submissions
from service.submissions.answers import Entry
from service.submissions.evidence import attach
from service.submissions.handover import observe
from service.submissions.models import Depth, EvidenceKind, Submission

# How long ago each outcome was reached, in days; requests go out three weeks earlier.
AGE_DAYS: Mapping[str, int] = {
    "accepted": 40,
    "submitted": 6,
    "returned": 4,
    "in_progress": 2,
    "opened": 3,
    "invited": 1,
    "silent": 150,
}
REQUEST_LEAD = timedelta(days=21)
OPEN_FOR = timedelta(days=25)
YEAR = timedelta(days=365)
EXPLANATION = "样例：与抄表记录一致。/ Sample: agrees with the meter log."


def tell(session: Session, cast: Cast, *, settings: Settings, at: datetime) -> str:
    """Let the story happen; return a fresh link of a request that is still open."""
    link = ""
    for row in company()["submissions"]:
        made = ask(session, cast, row, settings=settings, at=at)
        link = made if row["outcome"] == "invited" else link
    _campaign(session, cast, settings=settings, at=at - timedelta(days=1))
    for period in PERIODS:
        _year(session, cast, period, settings=settings, at=at - YEAR if period == "2024" else at)
    _correct_toll(session, cast, settings=settings, at=at - timedelta(days=1))
    return link


def _campaign(session: Session, cast: Cast, *, settings: Settings, at: datetime) -> None:
    """Gather the requests of 2025 in one campaign, so that the funnel has something to show."""
    by, owner = cast.actor("procurement"), cast.people["procurement"]
    start, end = PERIODS["2025"]
    deadline = _deadline(at)
    fields = CampaignInput(
        name="2025 年生产数据（样例）/ Production data 2025 (sample)",
        period_start=start,
        period_end=end,
        depth=Depth.FIRST,
        deadline=deadline,
        owner_id=owner.id,
        digest=DigestRhythm.WEEKLY,
    )
    letter = partial(
        notice_text, period=(start, end), deadline=deadline, owner_name=owner.name, owner_email=owner.email, settings=settings
    )
    notice = NoticeInput(notice_zh=letter("zh-CN"), notice_en=letter("en"))
    campaign = campaigns.create_campaign(session, fields, notice, by=by, at=at, is_sample=True)
    asked = {row["supplier"] for row in company()["submissions"] if row["period"] == "2025"}
    campaigns.add_members(session, campaign, [cast.suppliers[key].id for key in asked], by=by, at=at)
    campaigns.note_notice(session, campaign, by=by, at=at)
    campaigns.start(session, campaign, settings=settings, by=by, at=at)


def ask(session: Session, cast: Cast, row: Row, *, settings: Settings, at: datetime) -> str:
    """Ask a supplier as long ago as a row's outcome says, let it answer as far as that says, and return the link."""
    return _request(session, cast, row, settings=settings, at=at - _age(row))


def _age(row: Row) -> timedelta:
    age = timedelta(days=AGE_DAYS[row["outcome"]])
    return age + YEAR if row["period"] == "2024" else age


def _request(session: Session, cast: Cast, row: Row, *, settings: Settings, at: datetime) -> str:
    supplier = cast.suppliers[row["supplier"]]
    start, end = PERIODS[row["period"]]
    asked_at = at - REQUEST_LEAD
    by = cast.actor("engineer")
    submission = submissions.plan(
        session,
        supplier,
        period_start=start,
        period_end=end,
        deadline=_deadline(at),
        message=None,
        by=by,
        at=asked_at,
    )
    link = submissions.invite(session, submission, settings=settings, by=by, at=asked_at)
    _answer(session, cast, submission, row, settings=settings, at=at)
    return link


def _deadline(at: datetime) -> date:
    return (at + OPEN_FOR).date()


def _answer(session: Session, cast: Cast, submission: Submission, row: Row, *, settings: Settings, at: datetime) -> None:
    outcome = row["outcome"]
    by = cast.actor("supplier")
    if outcome in {"invited", "silent"}:
        return
    submissions.open_questionnaire(session, submission, by=by, at=at - timedelta(days=3))
    if outcome == "opened":
        return
    submissions.save_draft(session, submission, _entries(row), by=by, at=at - timedelta(days=2))
    if outcome == "in_progress":
        return
    if row.get("shows_files", row["evidence"] == "metered"):
        _attach_log(session, submission, row, settings=settings, by=by, at=at - timedelta(days=2))
    reasons = {seen.key: row.get("reason", EXPLANATION) for seen in observe(session, submission)}
    submissions.submit(session, submission, by=by, at=at - timedelta(days=1), reasons=reasons)
    if outcome != "submitted":
        _decide(session, cast, submission, row, settings=settings, at=at)


def _attach_log(session: Session, submission: Submission, row: Row, *, settings: Settings, by: str, at: datetime) -> None:
    """Attach what the meters are said to have shown, marked as sample in its first line."""
    lines = ["样例抄表记录 / sample meter log,value,unit"]
    lines += [
        f"{field},{answer[0].replace(',', '')},{answer[1]}" for field, answer in row["answers"].items() if isinstance(answer, list)
    ]
    content, name = io.BytesIO("\n".join(lines).encode()), f"抄表记录-{row['period']}-样例.csv"
    stored = store_file(content, name, data_dir=settings.data_dir, scanner=Scanner(address=settings.clamd_address), at=at)
    attach(session, submission, [stored], field=None, by=by, at=at)


def _decide(session: Session, cast: Cast, submission: Submission, row: Row, *, settings: Settings, at: datetime) -> None:
    by = cast.actor("reviewer")
    submissions.start_review(session, submission, by=by, at=at)
    if row["outcome"] == "returned":
        comments: Mapping[str, str] = row["comments"]
        submissions.return_to_supplier(
            session, submission, comments=comments, version=submission.version, settings=settings, by=by, at=at
        )
    else:
        submissions.accept(session, submission, version=submission.version, by=by, at=at)
    session.refresh(submission)


def _entries(row: Row) -> Mapping[str, Entry]:
    evidence = EvidenceKind(row["evidence"])
    answers: Mapping[str, Any] = {**row["answers"], "evidence_source": row["evidence"]}
    return {field: _entry(answer, evidence) for field, answer in answers.items()}


def _entry(answer: str | list[str], evidence: EvidenceKind) -> Entry:
    if isinstance(answer, str):
        return Entry(entered=answer)
    typed, unit = answer
    return Entry(entered=typed, unit=unit, evidence_kind=evidence)


def _year(session: Session, cast: Cast, period: str, *, settings: Settings, at: datetime) -> None:
    """Calculate the products of a year, release what a second person has looked at, and issue the year's certificates.

    The footprints of a year replace those of the year before, so its certificates are issued before the next year's release.
    """
    made = {row["key"]: row.get("periods", tuple(PERIODS)) for row in company()["products"]}
    records = {
        key: _footprint(session, cast, key, period, settings=settings, at=at - timedelta(days=30))
        for key, periods in made.items()
        if period in periods
    }
    for row in company()["certificates"]:
        if row["period"] == period:
            _certificate(session, cast, records[row["product"]], row["customer"], settings=settings, at=at - timedelta(days=20))


def _footprint(session: Session, cast: Cast, key: str, period: str, *, settings: Settings, at: datetime) -> FootprintRecord:
    """Calculate a product; a second person releases all but the newest of AG-355F."""
    (start, end), product = PERIODS[period], cast.products[key]
    by = cast.actor("engineer")
    record = footprints.calculate(session, product, period_start=start, period_end=end, by=by, at=at, is_sample=True)
    if (key, period) != ("ag355f", "2025"):
        by, on = cast.actor("reviewer"), at + timedelta(days=1)
        release(session, record, version=record.version, by=by, at=on, settings=settings)
    return record


def _certificate(session: Session, cast: Cast, record: FootprintRecord, customer: str, *, settings: Settings, at: datetime) -> None:
    organisation = cast.customers[customer]
    number = find_part_number(session, product_id=record.product_id, customer_id=organisation.id)
    certificates.issue(
        session,
        record,
        customer=organisation,
        part_no=number.part_no if number else None,
        valid_until=None,
        by=cast.actor("sales"),
        at=at,
        settings=settings,
    )


def _correct_toll(session: Session, cast: Cast, *, settings: Settings, at: datetime) -> None:
    """Let a toll plant correct its 2025 answers after footprints were released, so that the one it feeds shows as stale."""
    row = next(one for one in company()["submissions"] if (one["supplier"], one["period"]) == ("toll_nm", "2025"))
    corrected = {**row, "answers": {**row["answers"], "furnace_electricity": ["12,210", "万kWh"]}}
    _request(session, cast, corrected, settings=settings, at=at)
