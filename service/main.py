"""Assembles the application: settings, database, routes, errors, background work. The only module that knows the portal."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from importlib.resources import as_file, files

import anyio.to_thread
import structlog
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute, iter_route_contexts
from sqlalchemy.exc import InterfaceError, OperationalError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from service import console, logs
from service.accounts.access import Context, check_access
from service.accounts.opening import doors_of
from service.accounts.pages import error_page
from service.accounts.queries import find_maker
from service.accounts.router import router as accounts_api
from service.allocation.router import router as allocations_api
from service.branding import company_logo
from service.certificates.router import router as certificates_api
from service.clock import Clock, system_clock
from service.company_inventory.router import router as inventories_api
from service.console.navigation import navigation
from service.database import Database, open_database
from service.errors import ServiceError, UnavailableError
from service.exchange.errors import answer_partner, belongs_here
from service.exchange.router import router as exchange
from service.exchange.transport import SecureTransport
from service.exports.router import router as exports_api
from service.factor_sets.router import router as factor_sets_api
from service.footprints.router import router as footprints_api
from service.green_power.router import router as green_power_api
from service.health import livez, readyz
from service.integrations.router import router as systems_api
from service.jobs.embedded import Runner
from service.jobs.performing import Bench
from service.keys import load_secret
from service.measures.router import router as measures_api
from service.modelling.router import router as modelling_api
from service.openapi import router as openapi
from service.procurement.scores_router import router as scores_api
from service.product_footprints.router import router as product_footprints_api
from service.products.router import router as products_api
from service.scenarios.router import router as scenarios_api
from service.settings import Settings
from service.submissions.questionnaires_router import router as questionnaires_api
from service.submissions.router import router as submissions_api
from service.suppliers.router import router as suppliers_api
from service.targets.router import router as targets_api
from service.tasks import DAILY, HOURLY, TASKS
from service.verifier_room.navigation import room_navigation
from service.verifier_room.router import router as verifier_room
from service.warm_up import start_warm_up
from service.web.areas import Area
from service.web.last_resort import LastResort
from service.web.middleware import Guard
from service.web.problems import UnexpectedError, from_framework, prefers_html, problem_document
from service.web.request_log import RequestLog
from service.web.sign_in import sign_in_redirect
from service.web.templating import NavigationItem
from supplier_portal.router import router as portal

log = structlog.get_logger()

THREADS = {True: 8, False: 20}
APIS = (
    *(accounts_api, suppliers_api, submissions_api, questionnaires_api, modelling_api, products_api),
    *(
        footprints_api,
        product_footprints_api,
        exports_api,
        scenarios_api,
        measures_api,
        factor_sets_api,
        certificates_api,
        scores_api,
        allocations_api,
        green_power_api,
        inventories_api,
        targets_api,
        openapi,
    ),
)


class UndeclaredAccessError(RuntimeError):
    """A route was added without saying who may use it."""


def create_app(settings: Settings, *, database: Database | None = None, clock: Clock = system_clock) -> FastAPI:
    """Assemble the application; nothing is read from the environment here."""
    app = FastAPI(title="AnodePrint", version="1", docs_url=None, redoc_url=None, openapi_url=None, lifespan=_lifespan)
    app.state.settings = settings
    app.state.database = database or open_database(settings.effective_database_url)
    app.state.secret = load_secret(settings)
    company_logo(settings)  # an unusable one is refused now, not at the first page
    app.state.clock = clock
    app.state.navigation = _navigation
    app.state.is_sample = False
    _include_routes(app)
    _check_policies(app)
    app.state.doors = doors_of(app)
    _handle_errors(app)
    app.add_middleware(LastResort, answer=_answer_unexpected, raises_too=settings.env == "test")
    app.add_middleware(SecureTransport, settings=settings)
    app.add_middleware(Guard, settings=settings, answer=_answer_refused_request)
    app.add_middleware(RequestLog)
    return app


def app_from_environment() -> FastAPI:
    """Assemble the application from `ANODEPRINT_*` variables; each worker process of a server calls this."""
    settings = Settings()
    logs.configure(settings)
    return create_app(settings)


def _navigation(context: Context) -> tuple[NavigationItem, ...]:
    return navigation(context) or room_navigation(context)


def _include_routes(app: FastAPI) -> None:
    for router in (*console.ROUTERS, portal, verifier_room):
        app.include_router(Area(router), include_in_schema=False)
    for api in APIS:
        app.include_router(Area(api), prefix="/api/v1")
    app.include_router(Area(exchange), include_in_schema=False)
    app.include_router(Area(systems_api), include_in_schema=False)
    app.add_route("/livez", livez, include_in_schema=False)
    app.add_route("/readyz", readyz, include_in_schema=False)
    with as_file(files("templates") / "static") as folder:
        app.mount("/static", _CachedFiles(directory=folder), name="static")


class _CachedFiles(StaticFiles):
    """Static files; their address carries a content hash, so browsers may keep them for a year."""

    def file_response(self, *args: object, **kwargs: object) -> Response:
        """Add the long life to Starlette's answer."""
        response = super().file_response(*args, **kwargs)  # type: ignore[arg-type] # passed through untouched
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    database: Database = app.state.database
    anyio.to_thread.current_default_thread_limiter().total_tokens = THREADS[database.is_sqlite]
    await anyio.to_thread.run_sync(_look_around, app)
    if app.state.settings.env == "production":
        start_warm_up(app.state.settings)
    runner = _start_runner(app) if app.state.settings.jobs_in_web_process and database.is_sqlite else None
    yield
    if runner is not None:
        await anyio.to_thread.run_sync(runner.stop)


def _look_around(app: FastAPI) -> None:
    """Find out whether the maker is the sample company, which every page then says."""
    with app.state.database.reading() as session:
        maker = find_maker(session)
        app.state.is_sample = maker is not None and maker.is_sample


def _start_runner(app: FastAPI) -> Runner:
    """Run background work in this process: the embedded database needs no other."""
    state = app.state
    bench = Bench(database=state.database, settings=state.settings, clock=state.clock, tasks=TASKS, daily=DAILY, hourly=HOURLY)
    runner = Runner(bench)
    runner.start()
    return runner


def _handle_errors(app: FastAPI) -> None:
    app.add_exception_handler(ServiceError, _answer_service_error)
    app.add_exception_handler(OperationalError, _answer_with(UnavailableError))
    app.add_exception_handler(InterfaceError, _answer_with(UnavailableError))
    app.add_exception_handler(RequestValidationError, _answer_refused_values)
    app.add_exception_handler(HTTPException, _answer_framework_error)


def _answer_with(kind: Callable[[], ServiceError]) -> Callable[[Request, Exception], Response]:
    def answer(request: Request, error: Exception) -> Response:
        log.error("database_out_of_reach", exc_info=error)
        return _answer(request, kind())

    return answer


def _answer_service_error(request: Request, error: Exception) -> Response:
    return _answer(request, error if isinstance(error, ServiceError) else from_framework(error))


def _answer_refused_values(request: Request, error: Exception) -> Response:
    try:
        check_access(request)
    except ServiceError as refusal:
        return _answer(request, refusal)
    return _answer_framework_error(request, error)


def _answer_framework_error(request: Request, error: Exception) -> Response:
    return _answer(request, from_framework(error))


def _answer_unexpected(request: Request) -> Response:
    return _answer(request, UnexpectedError())


def _answer_refused_request(scope: Scope, error: ServiceError) -> Response:
    settings: Settings = scope["app"].state.settings
    if belongs_here(scope["path"]):
        return answer_partner(scope["path"], error)
    return problem_document(error, locale=settings.default_locale)


def _answer(request: Request, error: ServiceError) -> Response:
    if belongs_here(request.url.path):
        return answer_partner(request.url.path, error)
    if not prefers_html(request):
        locale = request.app.state.settings.default_locale
        accepted = request.headers.get("accept-language", "").lower()
        return problem_document(error, locale="en" if accepted.startswith("en") else locale, request_id=request.state.request_id)
    return sign_in_redirect(request, error) or error_page(request, error)


def _check_policies(app: FastAPI) -> None:
    """Refuse to start with a route that declares no policy."""
    routes = [context.original_route for context in iter_route_contexts(app.routes)]
    undeclared = [route.path for route in routes if isinstance(route, APIRoute) and not hasattr(route.endpoint, "policy")]
    if undeclared:
        raise UndeclaredAccessError(", ".join(undeclared))
