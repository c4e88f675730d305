"""`./portal test`: runs the suites one after another and says at the end what happened, and what could not."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from local_run.cannot_start import CannotStart
from local_run.checkout import ROOT
from local_run.debian_packages import install_missing
from local_run.suite_results import SuiteResult, read_result, report
from local_run.suites import Suite, all_suites


def run_tests(names: Sequence[str], *, install: bool, everything: bool) -> int:
    """Runs the suites named, or all, of which the long ones only with `everything`; 1 if a test fails.

    Raises:
        CannotStart: a suite is not known.
    """
    suites = chosen_suites(names, everything=everything)
    if install or os.environ.get("CI"):
        install_missing()
    results = []
    with tempfile.TemporaryDirectory(prefix="portal-results-") as folder:
        for suite in suites:
            print(f"\n--- {suite.name}", flush=True)
            results.append(_run(suite, Path(folder) / f"{suite.name}.xml", everything=everything))
    print(report(results), flush=True)
    return 1 if any(result.failed or result.broken for result in results) else 0


def chosen_suites(names: Sequence[str], *, everything: bool) -> list[Suite]:
    """The suites named, or all.

    Raises:
        CannotStart: a suite is not known.
    """
    suites = all_suites()
    unknown = [name for name in names if not any(_matches(suite, name) for suite in suites)]
    if unknown:
        raise CannotStart(f"There is no suite '{unknown[0]}', only {', '.join(suite.name for suite in suites)}.")
    if not names:
        return [suite for suite in suites if everything or not suite.long]
    return [suite for suite in suites if any(_matches(suite, name) for name in names)]


def _matches(suite: Suite, name: str) -> bool:
    return suite.name == name or suite.name.startswith(f"{name}-")


def pytest_of(suite: Suite, *, everything: bool) -> list[str]:
    """The command that runs what is usual of a suite, or everything."""
    command = [sys.executable, "-m", "pytest", suite.folder, "-q"]
    command += ["-n", str(suite.workers), "--dist", "loadfile"] if suite.workers else []
    return command if everything else [*command, "-m", suite.usual]


def _run(suite: Suite, results: Path, *, everything: bool) -> SuiteResult:
    command = [*pytest_of(suite, everything=everything), "--junitxml", str(results)]
    began = time.monotonic()
    code = subprocess.run(command, cwd=ROOT, env={**os.environ, **suite.environment}, check=False).returncode
    return read_result(suite.name, time.monotonic() - began, code, results)
