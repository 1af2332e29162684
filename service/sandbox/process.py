import json
import os
import pickle
import select
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from service.sandbox.errors import ChildDiedError, LimitExceededError, SandboxError, TaskFailedError

MIB: Final = 1024 * 1024
START_SECONDS: Final = 60.0
"""Allowance for starting Python and importing the preloaded modules on a busy machine; own choice."""
PASSED_VARIABLES: Final = ("PATH", "LANG", "LC_ALL", "TMPDIR", "LD_LIBRARY_PATH")
FRAME: Final = struct.Struct(">cQ")
"""Head of a message: its kind (`B` bytes, `J` JSON, `E` error as JSON, `T` task) and its length."""
SIGXCPU_EXIT: Final = -24


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one task may use.

    Attributes
    ----------
    seconds
        Wall-clock time; also the limit of CPU time, so that a child whose parent is stuck ends by itself.
    memory_bytes
        Address space of the child, libraries included (`RLIMIT_AS`).
    answer_bytes
        Size of the answer.

    """

    seconds: float
    memory_bytes: int
    answer_bytes: int = 64 * MIB


class ChildProcess:
    """One child process and the conversation with it.

    Attributes
    ----------
    tasks
        How many it has been given.
    broken
        Whether it can't be used again: it died, ran out of a limit or said something that is no answer.

    """

    def __init__(self, *, limits: Limits, preload: tuple[str, ...], environment: Mapping[str, str]) -> None:
        self.tasks = 0
        self.broken = False
        self._limits = limits
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 -- lives as long as the child, see end()
        self._process = subprocess.Popen(  # noqa: S603 -- our own program and arguments
            [sys.executable, "-P", "-m", "service.sandbox.child", str(limits.memory_bytes), *preload],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            env={**_inherited_environment(), **environment},
            start_new_session=True,
        )
        try:
            self._expect(deadline=time.monotonic() + START_SECONDS)
        except SandboxError:
            self.end()
            raise

    def call(self, function: str, arguments: tuple[Any, ...]) -> Any:  # noqa: ANN401 -- the function's own type
        """Run `module:name` in the child and return its answer; raise as `run_limited` does."""
        self.tasks += 1
        # CPU time of a child adds up over its tasks; it moves its own limit on by this much.
        content = pickle.dumps((function, arguments, self._limits.seconds))
        deadline = time.monotonic() + self._limits.seconds
        self._send(FRAME.pack(b"T", len(content)) + content)
        return self._expect(deadline=deadline)

    def end(self) -> None:
        """Kill the child if it still lives, and free everything."""
        self.broken = True
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                pipe.close()
        self._errors.close()

    def _send(self, message: bytes) -> None:
        assert self._process.stdin  # noqa: S101 -- for the type checker: opened as a pipe
        try:
            self._process.stdin.write(message)
            self._process.stdin.flush()
        except BrokenPipeError:
            raise self._died() from None

    def _expect(self, *, deadline: float) -> Any:  # noqa: ANN401 -- as call
        kind, length = FRAME.unpack(self._read(FRAME.size, deadline=deadline))
        if length > self._limits.answer_bytes:
            raise self._give_up(LimitExceededError(limit="memory", allowed=_mebibytes(self._limits.answer_bytes)))
        content = self._read(length, deadline=deadline)
        if kind == b"B":
            return content
        answer = json.loads(content)
        if kind == b"E":
            raise self._failure(**answer)
        return answer

    def _read(self, size: int, *, deadline: float) -> bytes:
        assert self._process.stdout  # noqa: S101 -- for the type checker: opened as a pipe
        descriptor = self._process.stdout.fileno()
        poll = select.poll()
        poll.register(descriptor, select.POLLIN)
        content = bytearray()
        while len(content) < size:
            if not poll.poll(max(0.0, deadline - time.monotonic()) * 1000):
                raise self._give_up(LimitExceededError(limit="time", allowed=f"{self._limits.seconds:g} s"))
            piece = os.read(descriptor, min(size - len(content), MIB))
            if not piece:
                raise self._died()
            content += piece
        return bytes(content)

    def _failure(self, *, error_type: str, detail: str) -> SandboxError:
        if error_type == "MemoryError":
            return self._give_up(LimitExceededError(limit="memory", allowed=_mebibytes(self._limits.memory_bytes)))
        return TaskFailedError(error_type=error_type, detail=detail)

    def _died(self) -> SandboxError:
        exit_code = self._process.wait()
        self._errors.seek(max(0, self._errors.seek(0, os.SEEK_END) - 500))
        last_words = self._errors.read().decode("utf-8", "replace").strip()
        if exit_code == SIGXCPU_EXIT:
            return self._give_up(LimitExceededError(limit="time", allowed=f"{self._limits.seconds:g} s"))
        return self._give_up(ChildDiedError(exit_code=exit_code, last_words=last_words))

    def _give_up(self, error: SandboxError) -> SandboxError:
        self.broken = True
        self._process.kill()
        return error


def _inherited_environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in PASSED_VARIABLES if name in os.environ}
    return {**kept, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path), "PYTHONUTF8": "1"}


def _mebibytes(size: int) -> str:
    return f"{size // MIB} MiB"
