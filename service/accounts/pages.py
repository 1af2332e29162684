"""Pages around a context: the shell, redirects with a message, errors for people."""

import base64
import functools
import hmac
import json
import secrets
from collections.abc import Callable
from typing import Concatenate, ParamSpec
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from service.accounts.access import ANONYMOUS_COOKIE, Context, Principal, browser_secret, reader_locale
from service.accounts.opening import may_open
from service.accounts.rules import ROLE_NAMES
from service.branding import company_logo
from service.errors import ServiceError
from service.i18n import LOCALES, Locale, explain, translate
from service.keys import derive
from service.settings import Settings
from service.web.forms import FormState, rejected
from service.web.problems import retry_header, title_of
from service.web.templating import Flash, Shell, ShellUser, render

FLASH_COOKIE = "anodeprint_flash"
Given = ParamSpec("Given")
"""What a handler is given besides the context: the parameters of its path."""


def render_page(context: Context, template: str, page: object, *, status: int = 200) -> HTMLResponse:
    """Render a page of ours with the shell around it.

    Parameters
    ----------
    page
        The page's own context dataclass; templates know it as `page`.

    """
    _name_anonymous_browser(context)
    settings = context.settings
    shell = build_shell(context)
    html = render(template, locale=context.locale, timezone=settings.timezone, page=page, shell=shell)
    response = HTMLResponse(html, status_code=status, headers={"Content-Language": context.locale})
    _set_anonymous_cookie(context, response)
    if shell.flashes:
        response.delete_cookie(FLASH_COOKIE)
    return response


def see_other(
    context: Context, path: str, message: str | None = None, *, kind: str = "success", **values: object
) -> RedirectResponse:
    """Send the browser on after a form, with a message for the next page; only paths of ours are followed."""
    response = RedirectResponse(own_path(path), status_code=303)
    if message is not None:
        content = json.dumps({"kind": kind, "message": message, "values": {name: str(value) for name, value in values.items()}})
        encoded = base64.urlsafe_b64encode(content.encode()).decode()
        response.set_cookie(
            FLASH_COOKIE,
            f"{encoded}.{derive(context.secret, 'flash', encoded.encode())}",
            max_age=60,
            httponly=True,
            samesite="lax",
            secure=context.settings.is_https,
        )
    return response


def refusals_shown_by(
    show: Callable[Concatenate[Context, FormState, Given], Response],
) -> Callable[[Callable[Concatenate[Context, Given], Response]], Callable[Concatenate[Context, Given], Response]]:
    """Answer a refusal with the page that the form stands on: everything typed, what is wrong, the error's status.

    What the handler had changed is undone before the page is rendered, so that it shows what is stored, also after the database
    itself refused. What `show` does not find either stays not found.

    Parameters
    ----------
    show
        Renders the page of a form; it gets the handler's path parameters under their names.

    """

    def decorate(handler: Callable[Concatenate[Context, Given], Response]) -> Callable[Concatenate[Context, Given], Response]:
        @functools.wraps(handler)
        def handle(context: Context, /, *args: Given.args, **kwargs: Given.kwargs) -> Response:
            try:
                with context.session.begin_nested():
                    return handler(context, *args, **kwargs)
            except ServiceError as error:
                return show(context, rejected(context.form, error, context.locale), *args, **kwargs)

        return handle

    return decorate


def own_path(path: str, default: str = "/") -> str:
    r"""Return a path of ours, or the default for anything that leads elsewhere (`//host`, `/\\host`, `https:...`)."""
    is_own = path.startswith("/") and not path.startswith("//") and "\\" not in path and path.isprintable()
    return path if is_own else default


def build_shell(context: Context) -> Shell:
    """Return what the page shows around its content."""
    request = context.request
    query = f"?{request.url.query}" if request.url.query else ""
    path = request.url.path + query if request.method == "GET" else request.url.path
    other = next(locale for locale in LOCALES if locale != context.locale)
    settings = context.settings
    return Shell(
        locale=context.locale,
        user=_shell_user(context.principal, context.locale),
        navigation=request.app.state.navigation(context),
        csrf_token=context.csrf_token,
        flashes=_read_flashes(context),
        company_name=settings.company_name(context.locale),
        logo_href=_logo_href(settings),
        is_sample=bool(getattr(request.app.state, "is_sample", False)),
        current_path_with_query=path,
        other_locale_href="/language/" + other + "?" + urlencode({"next": path}),
        opens=functools.partial(may_open, context),
    )


def error_page(request: Request, error: ServiceError) -> Response:
    """Render an error for a person; nothing here touches the database."""
    settings: Settings = request.app.state.settings
    locale = reader_locale(request, None, settings)
    shell = Shell(
        locale=locale,
        user=None,
        navigation=(),
        csrf_token="",
        flashes=(),
        company_name=settings.company_name(locale),
        logo_href=_logo_href(settings),
        is_sample=False,
        current_path_with_query=request.url.path,
        other_locale_href="/language/" + next(item for item in LOCALES if item != locale),
        opens=lambda _href: False,
    )
    page = {
        "title": title_of(locale, error),
        "message": explain(locale, error),
        "code": error.code,
        "status": error.status,
        "request_id": request.state.request_id,
    }
    html = render("public/error.html", locale=locale, timezone=settings.timezone, page=page, shell=shell)
    return HTMLResponse(html, status_code=error.status, headers=retry_header(error))


def _logo_href(settings: Settings) -> str | None:
    """Return the logo's address with its hash, so that browsers may keep it for a year."""
    logo = company_logo(settings)
    return None if logo is None else f"/company-logo?v={logo.version}"


def _shell_user(principal: Principal | None, locale: Locale) -> ShellUser | None:
    if principal is None:
        return None
    organisation = principal.organisation_name_zh if locale == "zh-CN" else principal.organisation_name_en
    names = tuple(translate(locale, ROLE_NAMES[role]) for role in sorted(principal.roles))
    return ShellUser(name=principal.name or organisation, roles=names, organisation_name=organisation)


def _read_flashes(context: Context) -> tuple[Flash, ...]:
    encoded, _, signature = context.request.cookies.get(FLASH_COOKIE, "").rpartition(".")
    if not encoded or not hmac.compare_digest(signature.encode(), derive(context.secret, "flash", encoded.encode()).encode()):
        return ()
    content = json.loads(base64.urlsafe_b64decode(encoded))
    return (Flash(kind=content["kind"], text=translate(context.locale, content["message"], **content["values"])),)


def _name_anonymous_browser(context: Context) -> None:
    if not browser_secret(context.request):
        context.request.state.anonymous = secrets.token_urlsafe(16)


def _set_anonymous_cookie(context: Context, response: Response) -> None:
    anonymous = getattr(context.request.state, "anonymous", None)
    if anonymous:
        response.set_cookie(ANONYMOUS_COOKIE, anonymous, httponly=True, samesite="lax", secure=context.settings.is_https)
