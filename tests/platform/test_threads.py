"""Workers share the processors between them; each does its linear algebra in one thread."""

import os
import subprocess
import sys

import pytest

ASK = """
from service.cli.surroundings import keep_to_one_thread
import sys
assert "numpy" not in sys.modules, "too late: the command line itself imports NumPy"
keep_to_one_thread()
import numpy
from threadpoolctl import threadpool_info
print({one["num_threads"] for one in threadpool_info() if one["user_api"] == "blas"})
"""


@pytest.mark.parametrize(("wish", "threads"), [(None, "{1}"), ("2", "{2}")])
def test_linear_algebra_takes_one_thread_unless_the_environment_says_otherwise(wish: str | None, threads: str) -> None:
    surroundings = {name: value for name, value in os.environ.items() if name != "OPENBLAS_NUM_THREADS"}
    surroundings |= {} if wish is None else {"OPENBLAS_NUM_THREADS": wish}

    asked = subprocess.run([sys.executable, "-c", ASK], env=surroundings, capture_output=True, text=True, check=True)

    assert asked.stdout.strip() == threads
