"""The supplier's pages; each area is one router, fixed addresses before those that name a screen of questions."""

from fastapi import APIRouter

from supplier_portal import (
    attaching,
    colleague_links,
    colleagues,
    evidence,
    feedback,
    handing_in,
    links,
    overview,
    questionnaire,
    requests,
    saving,
    workbook,
)

router = APIRouter()
for area in (
    *(links, colleague_links, requests, overview, colleagues, handing_in, evidence, feedback, workbook),
    *(saving, attaching, questionnaire),
):
    router.include_router(area.router)
