"""Structured log lines on standard error: events with facts, never answers, names, tokens or addresses with their query."""

import io
import logging
import re
import sys
from typing import Any, TextIO

import structlog
from structlog.typing import EventDict, Processor

from service.settings import Settings

MAIL_ADDRESS = re.compile(r"[\w.!#$%&*+/=?^{|}~-]{1,64}@[\w.-]{1,255}")


class _StandardError(io.TextIOBase):
    """Whatever standard error is when a line is written; it may be another one than when the logs were set up."""

    def write(self, text: str) -> int:
        return sys.stderr.write(text)

    def flush(self) -> None:
        sys.stderr.flush()


def configure(settings: Settings, *, stream: TextIO | None = None) -> None:
    """Send the service's own lines and those of libraries through one format."""
    target: Any = stream or _StandardError()
    level = logging.getLevelNamesMapping()[settings.log_level]
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, *_final(settings)],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(file=target),
        cache_logger_on_first_use=False,  # a kept logger would go on writing as it did when it was first used
    )
    handler = logging.StreamHandler(target)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, structlog.stdlib.add_logger_name],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *_final(settings)],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level if level == logging.DEBUG else max(level, logging.WARNING))  # of libraries, only what matters


def _final(settings: Settings) -> list[Processor]:
    tail: list[Processor] = [structlog.processors.format_exc_info, without_addresses]
    if settings.log_format == "console":
        # A plain traceback: the pretty one prints local variables, and with them answers and passwords.
        return [*tail, structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)]
    return [*tail, structlog.processors.JSONRenderer(ensure_ascii=False)]


def without_addresses(logger: object, method: str, event: EventDict) -> EventDict:
    """Leave out addresses of mail, which a library's error message may repeat: a mail server names whom it refuses."""
    del logger, method
    return {name: MAIL_ADDRESS.sub("<address>", value) if isinstance(value, str) else value for name, value in event.items()}
