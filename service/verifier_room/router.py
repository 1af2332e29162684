"""All pages of the verifier's room."""

from fastapi import APIRouter

from service.verifier_room import answers, cases, footprints, log, packs, questions, reports, statements, tracing

router = APIRouter()
for area in (cases, footprints, tracing, log, answers, packs, reports, questions, statements):
    router.include_router(area.router)
