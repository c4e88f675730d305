"""What became of a suite: read from pytest's JUnit file."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET


@dataclass(frozen=True, slots=True)
class SuiteResult:
    """Numbers of a suite, and why tests of it did not run."""

    name: str
    seconds: float
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    reasons: tuple[str, ...] = ()
    broken: bool = False
    """pytest itself ended badly: nothing collected, a crash, a stop."""


def read_result(name: str, seconds: float, exit_code: int, file: Path) -> SuiteResult:
    """The result of one run of pytest."""
    if not file.exists():
        return SuiteResult(name, seconds, broken=True)
    cases = list(ET.parse(file).getroot().iter("testcase"))  # noqa: S314 - our own pytest wrote it
    failed = sum(1 for case in cases if case.find("failure") is not None or case.find("error") is not None)
    reasons = tuple(skip.get("message", "") for case in cases for skip in case.iter("skipped"))
    passed = len(cases) - failed - len(reasons)
    return SuiteResult(name, seconds, passed, failed, len(reasons), reasons, broken=exit_code not in {0, 1})


def report(results: Sequence[SuiteResult]) -> str:
    """The end of `./portal test`: seconds per suite, what could not run and why, and the sum as pytest writes it."""
    lines = ["", f"{'suite':<28}{'seconds':>8}{'passed':>8}{'failed':>8}{'skipped':>9}"]
    for each in results:
        end = "  pytest ended badly" if each.broken else ""
        lines.append(f"{each.name:<28}{each.seconds:>8.1f}{each.passed:>8}{each.failed:>8}{each.skipped:>9}{end}")
    reasons = Counter(reason for each in results for reason in each.reasons)
    if reasons:
        lines += ["", "could not run:", *(f"  {count} x {reason}" for reason, count in reasons.most_common())]
    passed, failed, skipped = (sum(getattr(each, kind) for each in results) for kind in ("passed", "failed", "skipped"))
    failed += sum(1 for each in results if each.broken)
    parts = [
        f"{count} {word}" for count, word in ((failed, "failed"), (passed, "passed"), (skipped, "skipped")) if count
    ]
    total = sum(each.seconds for each in results)
    summary = f" {', '.join(parts) or 'no tests ran'} in {total:.2f}s "
    return "\n".join([*lines, "", summary.center(80, "=")])
