"""Runs programs for the tests so that none can outlive its test or make it wait for ever.

Every program has a limit of time, an empty standard input unless text is given, and a process group of its own that is
killed as a whole. Its output goes to files: a background process that keeps a pipe open would keep a reader waiting long
after the program itself has ended. It is told to end when the tests themselves are killed.
"""

import ctypes
import os
import signal
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

PR_SET_PDEATHSIG = 1
# The limits of the tests are for a machine that does nothing else, so they are widened; OMS_PATIENCE=4 makes them four times as wide.
PATIENCE = float(os.environ.get("OMS_PATIENCE", "1.5"))
LIBC = ctypes.CDLL(None, use_errno=True)


class Late(AssertionError):
    """A program that did not end in its time. Tests on a host count as not run then, and are told: the machine is too slow."""


def _with_the_tests() -> None:
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def start(command: Sequence[object], **options: object) -> subprocess.Popen:
    """Starts a program in a group of its own; `end` ends it."""
    return subprocess.Popen([str(word) for word in command], start_new_session=True, preexec_fn=_with_the_tests, **options)


def end(process: subprocess.Popen) -> None:
    """Ends a program and all that it started, and waits until it is gone."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, number)
        except ProcessLookupError:
            pass
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            continue
        if number is signal.SIGKILL:
            return


def run(
    command: Sequence[object],
    seconds: int = 120,
    cwd: "Path | None" = None,
    env: "dict | None" = None,
    text: "str | None" = None,
) -> subprocess.CompletedProcess:
    """Runs a program to its end; where that does not come in time it is killed, and the test fails with what it had said."""
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        if text is not None:
            given.write(text.encode())
            given.seek(0)
        process = start(
            command, cwd=cwd, env=env, stdin=given if text is not None else subprocess.DEVNULL, stdout=out, stderr=err
        )
        try:
            process.wait(timeout=seconds * PATIENCE)
            late = False
        except subprocess.TimeoutExpired:
            late = True
        finally:
            # What it left running, too: an SSH connection that is kept for the next call, for one.
            end(process)
        said = []
        for file in (out, err):
            file.seek(0)
            said.append(file.read().decode(errors="replace"))
    if late:
        raise Late(f"`{command[0]}` did not end in {seconds * PATIENCE:.0f} s:\n{''.join(said)[-4000:]}")
    return subprocess.CompletedProcess(command, process.returncode, *said)
