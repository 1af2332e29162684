"""What a supplier was asked and did not answer: no default stands in for it in a score, or silence would beat a bad truth."""

from collections.abc import Iterable
from typing import Final

from service.submissions.queries import AcceptedAnswers
from service.submissions.questionnaire import current_registry, questions_for

STATED_FIELDS: Final = ("coke_type", "own_pcf_boundary", "own_pcf_year_end")
"""What decides whether a stated footprint is of this material, from cradle to gate, and how old it is."""

PROCESS_FIELDS: Final = ("site_province", "furnace_type")
"""What decides the electricity factor and the kind of process of a calculated footprint."""


def unanswered(answers: AcceptedAnswers, fields: Iterable[str]) -> tuple[str, ...]:
    """Return those of some fields that the supplier was asked for and has left open; a first request asks less than a full one."""
    asked = {one.key for one in questions_for(answers.supplier_type, answers.depth)}
    return tuple(field for field in fields if field in asked and field not in answers.values)


def fields_read(flow: str) -> tuple[str, ...]:
    """Return the fields that a footprint of what a supplier delivers rests on, in the order of the registry."""
    feeds = [feed for _, feed in current_registry().feeds() if feed.flow == flow]
    return tuple(dict.fromkeys(field for feed in feeds for field in (*feed.needs, *feed.reads)))
