"""A campaign's lines as a file: text is never a formula, whatever a supplier is called."""

import uuid
from collections.abc import Iterator, Sequence

from fastapi import APIRouter
from starlette.responses import Response

from service.accounts.access import Context, endpoint
from service.campaigns import queries
from service.console.campaign_rows import CampaignLine, look_at
from service.console.campaigns import READERS
from service.console.exports import CSV, XLSX, attachment, csv_of
from service.suppliers.workbook import Column, Value, write_workbook

router = APIRouter()

SHEET = "进度 Progress"
FIGURES_SHEET = "指标 Figures"
COLUMNS = (
    Column(key="supplier", header="供应商 / Supplier", hint="", width=40),
    Column(key="number", header="编号 / Number", hint="", width=16),
    Column(key="status", header="状态 / Status", hint="", width=16),
    Column(key="days_in_stage", header="停留天数 / Days in stage", hint="", width=16),
    Column(key="deadline", header="截止日期 / Deadline", hint="", width=16),
    Column(key="days_left", header="剩余天数 / Days left", hint="", width=16),
    Column(key="action", header="下一步 / Next action", hint="", width=40),
    Column(key="reminders", header="已发提醒 / Reminders sent", hint="", width=24),
    Column(key="doors", header="填报方式 / Way of answering", hint="", width=24),
)


@router.get("/console/campaigns/{campaign_id}/export.csv")
@endpoint(READERS)
def export_csv(context: Context, campaign_id: uuid.UUID) -> Response:
    """Send the lines as CSV, with the mark by which Excel knows UTF-8."""
    view = look_at(context, queries.get_campaign(context.session, campaign_id))
    return attachment(csv_of(COLUMNS, _rows(view.lines)), CSV, "campaign.csv")


@router.get("/console/campaigns/{campaign_id}/export.xlsx")
@endpoint(READERS)
def export_xlsx(context: Context, campaign_id: uuid.UUID) -> Response:
    """Send the lines as a workbook, with the figures and what they mean on a second sheet."""
    view = look_at(context, queries.get_campaign(context.session, campaign_id))
    labels, values, texts = zip(*view.figures, strict=True)
    content = write_workbook(
        sheet=SHEET,
        columns=COLUMNS,
        rows=_rows(view.lines),
        choices={"指标 / Figure": labels, "数值 / Value": values, "说明 / Meaning": texts},
        choices_sheet=FIGURES_SHEET,
    )
    return attachment(content, XLSX, "campaign.xlsx")


def _rows(lines: Sequence[CampaignLine]) -> Iterator[Sequence[Value]]:
    for line in lines:
        yield (
            line.name,
            line.member.number,
            line.status_text,
            line.days_in_stage,
            line.member.deadline.isoformat() if line.member.deadline else None,
            line.days_left,
            line.action_text,
            ", ".join(line.reminders),
            ", ".join(line.doors),
        )
