"""Run a function on untrusted input in a child process with little memory, little time and no network.

PDF rendering and the parsing of uploaded files happen here: both are done by large libraries on input that other people made.
A child answers with bytes or JSON, never with pickle, because a child taken over by a hostile file must not run code in its
parent. It gets none of the parent's environment (which may hold secrets), and it ends when its parent does.
"""

from service.sandbox.errors import LimitExceededError, SandboxError, TaskFailedError
from service.sandbox.pool import LimitedPool, run_limited
from service.sandbox.process import Limits

__all__ = ["LimitExceededError", "LimitedPool", "Limits", "SandboxError", "TaskFailedError", "run_limited"]
