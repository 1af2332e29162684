"""What a supplier says against a score, and what the maker answers."""

from typing import Literal

from pydantic import Field

from service.web.forms import FormInput


class AppealInput(FormInput):
    """What is wrong with a score, or with one indicator of it."""

    indicator: str | None = Field(default=None, max_length=4)
    words: str = Field(min_length=10, max_length=2000)


class DecisionInput(FormInput):
    """What the maker decides, and why."""

    version: int
    verdict: Literal["upheld", "rejected"]
    decision: str = Field(min_length=10, max_length=2000)
