"""The supplier's pages; each area is one router, fixed addresses before those that name a screen of questions."""

from fastapi import APIRouter

from supplier_portal import (
    api_keys,
    asking,
    attaching,
    colleague_links,
    colleagues,
    evidence,
    export,
    feedback,
    handing_in,
    links,
    overview,
    privacy,
    questionnaire,
    reminders,
    requests,
    saving,
    score,
    upstream,
    workbook,
)

router = APIRouter()
for area in (
    *(links, reminders, colleague_links, requests, api_keys, overview, colleagues, handing_in, asking, evidence),
    *(feedback, score, upstream, workbook, export, privacy),
    *(saving, attaching, questionnaire),
):
    router.include_router(area.router)
