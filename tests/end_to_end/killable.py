"""Server processes made to be killed; they fork from one that has imported everything, so they start at once."""

import multiprocessing
import os
import socket
import time
from multiprocessing.process import BaseProcess

import httpx

from tests.ports import free_port

PROCESSES = 2
START_TIMEOUT_S = 30.0


def serve(port: int, database_url: str, data_dir: str) -> None:
    """Serve until killed, as `anodeprint serve --workers 2` does in each of its processes."""
    os.environ.clear()
    os.environ["ANODEPRINT_DATABASE_URL"] = database_url
    os.environ["ANODEPRINT_DATA_DIR"] = data_dir
    os.environ["ANODEPRINT_LOG_LEVEL"] = "ERROR"
    import uvicorn  # noqa: PLC0415 - in the child

    from service.main import app_from_environment  # noqa: PLC0415 - in the child

    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    listener.bind(("127.0.0.1", port))
    server = uvicorn.Server(uvicorn.Config(app_from_environment(), log_config=None, access_log=False))
    server.run(sockets=[listener])


class KillableServer:
    """Two processes behind one address."""

    def __init__(self, *, database_url: str, data_dir: str) -> None:
        self._arguments = (database_url, data_dir)
        self._port = free_port()
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(["service.main", "uvicorn", "tests.end_to_end.killable"])
        self._processes: list[BaseProcess] = []
        self.url = f"http://127.0.0.1:{self._port}"

    def start(self) -> None:
        """Start all processes and wait until one answers."""
        arguments = (self._port, *self._arguments)
        self._processes = [self._context.Process(target=serve, args=arguments, daemon=True) for _ in range(PROCESSES)]
        for process in self._processes:
            process.start()
        deadline = time.monotonic() + START_TIMEOUT_S
        while not self._answers():
            assert time.monotonic() < deadline, "the server did not start"
            assert all(process.is_alive() for process in self._processes), "the server ended by itself"
            time.sleep(0.02)

    def kill(self) -> None:
        """Kill all processes at once, as a power cut to the process would."""
        for process in self._processes:
            process.kill()
        for process in self._processes:
            process.join()
            assert process.exitcode == -9, "the server had ended by itself"

    def _answers(self) -> bool:
        try:
            return httpx.get(self.url + "/livez", timeout=1, trust_env=False).status_code == 200
        except httpx.TransportError:
            return False
