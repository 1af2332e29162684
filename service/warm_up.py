"""Loads what the first calculation and the first pages need, in the background, so that nobody waits for it."""

import gc
import threading
import time

import structlog

from service.i18n import LOCALES, catalogue
from service.settings import Settings
from service.web.templating import environment

log = structlog.get_logger()

PAUSE_S = 2.0  # the first page goes first


def start_warm_up(settings: Settings) -> None:
    """Begin after a short pause, in a thread that ends with the process."""
    timer = threading.Timer(PAUSE_S, warm_up, (settings,))
    timer.daemon = True
    timer.start()


def warm_up(settings: Settings) -> None:
    """Load the model with its libraries, the catalogues and the pages' templates."""
    from lca_models import load_model  # noqa: PLC0415 - seconds of imports, which is the point
    from lca_models.calculation import calculate_footprint  # noqa: PLC0415 - as above

    began = time.monotonic()
    for locale in LOCALES:
        catalogue(locale)
        templates = environment(locale, settings.timezone)
        for name in templates.list_templates(filter_func=lambda name: name.endswith(".html") and "certificates/" not in name):
            templates.get_template(name)
    calculate_footprint(load_model())
    gc.collect()
    gc.freeze()  # what is loaded now stays until the end; the collector need not look through it again and again
    log.info("warmed_up", seconds=round(time.monotonic() - began, 1))
