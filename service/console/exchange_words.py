"""The words for what happens between us and partners' systems, with the tone in which a badge says them."""

from collections.abc import Mapping
from typing import Any, Final

from service.errors import N_
from service.exchange.incoming import CREATED, FULFILLED, PUBLISHED, REJECTED
from service.exchange.models import DeliveryState, ReceivedState, RequestState
from service.i18n import Locale, translate

Toned = tuple[str, str]

REQUEST_WORDS: Final[Mapping[RequestState, Toned]] = {
    RequestState.OPEN: (N_("Waiting for an answer"), "attention"),
    RequestState.FULFILLED: (N_("Answered with footprints"), "good"),
    RequestState.REJECTED: (N_("Answered with a refusal"), "neutral"),
    RequestState.WITHDRAWN: (N_("Taken back"), "neutral"),
}
DELIVERY_WORDS: Final[Mapping[DeliveryState, Toned]] = {
    DeliveryState.WAITING: (N_("On its way"), "info"),
    DeliveryState.DELIVERED: (N_("Taken by the partner"), "good"),
    DeliveryState.DEAD: (N_("Given up after 72 hours"), "bad"),
}
RECEIVED_WORDS: Final[Mapping[ReceivedState, Toned]] = {
    ReceivedState.RECEIVED: (N_("Waits for a decision"), "attention"),
    ReceivedState.OFFERED: (N_("Handed in for review"), "info"),
    ReceivedState.SET_ASIDE: (N_("Not used"), "neutral"),
    ReceivedState.REPLACED: (N_("Replaced or deprecated by its maker"), "neutral"),
}
EVENT_WORDS: Final[Mapping[str, str]] = {
    CREATED: N_("Question for footprints"),
    FULFILLED: N_("Answer with footprints"),
    REJECTED: N_("Refusal"),
    PUBLISHED: N_("News of footprints"),
}
_FILTER_WORDS: Final[Mapping[str, str]] = {
    "productId": N_("Product number"),
    "companyId": N_("Company number"),
    "geography": N_("Region"),
    "classification": N_("Product class"),
    "status": N_("Status"),
    "validOn": N_("Valid on"),
    "validAfter": N_("Valid from after"),
    "validBefore": N_("Valid until before"),
}


def toned(words: Toned, locale: Locale) -> Toned:
    """Return a badge's words in a language, and its tone."""
    return translate(locale, words[0]), words[1]


def wanted_lines(wanted: Mapping[str, Any], locale: Locale) -> list[Toned]:
    """Return what a request asks for, as label and values."""
    found: list[Toned] = []
    for name, label in _FILTER_WORDS.items():
        values = wanted.get(name)
        if values:
            shown = ", ".join(str(one) for one in values) if isinstance(values, list) else str(values)
            found.append((translate(locale, label), shown))
    return found
