"""Checks of answers against limits, each other, the past, other suppliers and the model, each with its arithmetic."""

from service.submissions.plausibility.cases import Surroundings
from service.submissions.plausibility.examination import examine
from service.submissions.plausibility.limits import FURNACE_FLOWS
from service.submissions.plausibility.observations import Level, Observation, explain_observation

__all__ = ["FURNACE_FLOWS", "Level", "Observation", "Surroundings", "examine", "explain_observation"]
