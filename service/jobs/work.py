"""What a task is given, and how it says that it is done."""

import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session

from service.clock import Clock
from service.database import Database
from service.jobs import operations
from service.jobs.rules import is_last
from service.settings import Settings


class GiveUpError(Exception):
    """A task found that trying again can't help; the job fails at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """One attempt at a job.

    A task reads in `database.reading()`, does its long part outside of any transaction, and stores its effect in `finishing()`.
    It may be killed and repeated at any moment, so whatever it does before `finishing()` must bear repetition.

    Attributes
    ----------
    holder
        Names this attempt's lease; an attempt whose lease has passed to another is refused in `finishing()`.
    attempt
        Number of this attempt, from 1.
    at
        When the attempt began.

    """

    database: Database
    settings: Settings
    clock: Clock
    job_id: uuid.UUID
    holder: str
    name: str
    payload: Mapping[str, Any]
    attempt: int
    at: datetime

    @property
    def is_last_attempt(self) -> bool:
        """Whether the job fails for good if this attempt fails."""
        return is_last(self.attempt)

    @contextmanager
    def finishing(self) -> Iterator[Session]:
        """Open the writing transaction for the effect; the job is done in the same transaction, so both happen or neither.

        Raises
        ------
        LeaseLostError
            Another worker has taken the job over; nothing is stored.

        """
        with self.database.writing() as session:
            operations.finish(session, self.job_id, holder=self.holder, at=self.clock())
            yield session

    @contextmanager
    def noting_last_failure(self, note: Callable[[Session], object]) -> Iterator[None]:
        """Let whoever waits for the effect know if the last attempt breaks off; the error goes on to the job either way."""
        try:
            yield
        except operations.LeaseLostError:
            raise  # another worker has the job now and will say how it ended
        except Exception:
            if self.is_last_attempt:
                with self.database.writing() as session:
                    note(session)
            raise

    def report_progress(self, share: float) -> None:
        """Note the share done, 0 to 1, for people who watch."""
        with self.database.writing() as session:
            operations.note_progress(session, self.job_id, holder=self.holder, share=share)


Task = Callable[[Work], None]
Tasks = Mapping[str, Task]
