"""`/livez` and `/readyz`, for the machine that decides whether this process gets requests."""

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse

from service import doctor


async def livez(request: Request) -> PlainTextResponse:
    """Answer: this process handles requests."""
    del request
    return PlainTextResponse("ok\n")


async def readyz(request: Request) -> JSONResponse:
    """Answer 200 when the database takes writes and the disk has room, else 503 and what is wrong."""
    state = request.app.state
    checks = await run_in_threadpool(doctor.check_readiness, state.settings, state.database)
    is_ready = all(check.is_fine for check in checks)
    content = {"ready": is_ready, "checks": {check.name: "ok" if check.is_fine else "failed" for check in checks}}
    return JSONResponse(content, status_code=200 if is_ready else 503)
