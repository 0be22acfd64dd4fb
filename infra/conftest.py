"""What all tests of this folder share: a limit of time for each, and an honest account of what was not run."""

import signal

import pytest

from bounded import PATIENCE

# Wide for a slow machine; what a test waits for has narrower limits of its own.
SECONDS = 300


class OutOfTime(BaseException):
    """A test that does not end; no `except Exception` may catch it."""


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item):
    marker = item.get_closest_marker("seconds")
    seconds = marker.args[0] if marker else SECONDS

    def stop(_number: int, _frame: object) -> None:
        raise OutOfTime(f"{item.nodeid} did not end in {seconds} s")

    before = signal.signal(signal.SIGALRM, stop)
    # Again and again, so that tearing down has an end as well.
    signal.setitimer(signal.ITIMER_REAL, seconds * PATIENCE, 60)
    try:
        return (yield)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def pytest_terminal_summary(terminalreporter: object) -> None:
    """One line for each reason: which tests are not counted among the passed, and why."""
    reasons: dict[str, list[str]] = {}
    for report in terminalreporter.stats.get("skipped", []):
        reason = report.longrepr[2].removeprefix("Skipped: ").removeprefix("not run: ")
        reasons.setdefault(reason, []).append(report.nodeid.rsplit("::", 1)[-1].split("[")[0])
    for reason, tests in reasons.items():
        told = ", ".join(dict.fromkeys(tests))
        terminalreporter.write_line(f"NOT RUN ({len(tests)}): {reason} [{told}]")
