from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from service.errors import NotSignedInError, ServiceError


def sign_in_redirect(request: Request, error: ServiceError) -> Response | None:
    """Send a person who only looked to the sign-in page; a form that was sent gets an error page, so that Back keeps it."""
    if not isinstance(error, NotSignedInError) or request.method != "GET":
        return None
    path = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    start = "/portal/return" if path.startswith("/portal/") else "/sign-in"
    return RedirectResponse(start + "?" + urlencode({"next": path}), status_code=303)
