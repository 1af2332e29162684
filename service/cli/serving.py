"""`serve` and `worker`."""

import os
import socket
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from service.cli.surroundings import keep_to_one_thread, opened, read_settings

if TYPE_CHECKING:
    from service.database import Database
    from service.jobs.performing import Bench
    from service.settings import Settings

GRACE_S = 30
MOST_CONNECTIONS = 1000

Host = Annotated[str, typer.Option(help="Address to listen on; 0.0.0.0 lets other machines in.")]
Port = Annotated[int, typer.Option(min=1, max=65535)]
Processes = Annotated[int, typer.Option(min=1, max=64, help="Processes; 2 on a small machine, more with PostgreSQL.")]
TlsFile = Annotated[Path | None, typer.Option(exists=True, dir_okay=False)]
WithSample = Annotated[
    bool, typer.Option("--with-sample", help="Migrate the database first, and load the sample company if it is empty.")
]


def serve(
    host: Host = "127.0.0.1",
    port: Port = 8000,
    workers: Processes = 1,
    tls_cert: TlsFile = None,
    tls_key: TlsFile = None,
    *,
    with_sample: WithSample = False,
) -> None:
    """Serve the pages and the API."""
    if (tls_cert is None) != (tls_key is None):
        raise typer.BadParameter("give --tls-cert and --tls-key together, or neither")
    _refuse_taken_port(host, port)
    scheme = "https" if tls_cert else "http"
    address = f"{scheme}://{'127.0.0.1' if host == '0.0.0.0' else host}:{port}"  # noqa: S104 - compared, not bound
    os.environ.setdefault("ANODEPRINT_BASE_URL", address)  # for this process and for its workers
    keep_to_one_thread()
    settings = read_settings()
    with opened(settings) as database:
        _prepare(settings, database, with_sample=with_sample)
    typer.echo(f"Serving on {address}  (stop with Ctrl-C)")
    _run(settings, host=host, port=port, workers=workers, tls_cert=tls_cert, tls_key=tls_key)


def worker(
    concurrency: Annotated[int, typer.Option(min=1, max=32, help="Jobs at a time (PostgreSQL only).")] = 2,
    *,
    until_idle: Annotated[bool, typer.Option("--until-idle", help="Stop when nothing is due.")] = False,
) -> None:
    """Run background work: mail, PDF, calculations. Any number of these may run on PostgreSQL."""
    keep_to_one_thread()  # before the tasks import NumPy
    from service.clock import system_clock
    from service.jobs.performing import Bench
    from service.migrations import require_current_schema
    from service.tasks import DAILY, HOURLY, TASKS

    settings = read_settings()
    with opened(settings) as database:
        require_current_schema(database)
        bench = Bench(database=database, settings=settings, clock=system_clock, tasks=TASKS, daily=DAILY, hourly=HOURLY)
        typer.echo("Working until nothing is due" if until_idle else "Working (stop with Ctrl-C)")
        if database.is_sqlite:
            _work_embedded(bench, until_idle=until_idle)
        else:
            from service.jobs.distributed import run_worker

            url = settings.effective_database_url
            run_worker(bench, url=url, concurrency=concurrency, until_idle=until_idle)


def _work_embedded(bench: "Bench", *, until_idle: bool) -> None:
    import signal
    import threading

    from service.jobs.embedded import Runner, run_all_due

    if until_idle:
        run_all_due(bench)
        return
    ending = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ending.set())
    runner = Runner(bench)
    runner.start()
    ending.wait()
    runner.stop()


def _refuse_taken_port(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise typer.BadParameter(
                f"can't listen on {host}:{port} ({error.strerror}); is another server running? Choose another --port."
            ) from error


def _prepare(settings: "Settings", database: "Database", *, with_sample: bool) -> None:
    from service.branding import company_logo
    from service.migrations import require_current_schema

    company_logo(settings)  # here its error is one line; in the server it would be a traceback
    if with_sample:
        from service.cli.data import bring_up_to_date, load_sample_if_empty, show_log_ins

        bring_up_to_date(database)
        load_sample_if_empty(settings, database)
        show_log_ins(settings)
    require_current_schema(database)


def _run(settings: "Settings", *, host: str, port: int, workers: int, tls_cert: Path | None, tls_key: Path | None) -> None:
    import uvicorn

    uvicorn.run(
        "service.main:app_from_environment",
        factory=True,
        host=host,
        port=port,
        workers=workers,
        ssl_certfile=tls_cert,
        ssl_keyfile=tls_key,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=bool(settings.forwarded_allow_ips),
        forwarded_allow_ips=settings.forwarded_allow_ips or "",
        timeout_graceful_shutdown=GRACE_S,
        limit_concurrency=MOST_CONNECTIONS,
    )
