"""The supplier's pages; each area is one router, fixed addresses before those that name a screen of questions."""

from fastapi import APIRouter

from supplier_portal import evidence, feedback, handing_in, links, overview, questionnaire, requests, workbook

router = APIRouter()
for area in (links, requests, overview, handing_in, evidence, feedback, workbook, questionnaire):
    router.include_router(area.router)
