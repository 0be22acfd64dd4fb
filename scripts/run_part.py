#!/usr/bin/env python3
"""Runs one part of the tests so that it ends: `run_part.py SECONDS COMMAND...`.

The part gets a session of its own and a file for what it prints, which is copied to standard output as it grows: a daemon
that a part leaves behind can neither hold our output open nor outlive us. Where the seconds are over, or the part has ended,
whatever carries its mark in the environment is told to end, then killed.

Exit status: the part's own; 124 where its time was over.
"""

import os
import signal
import subprocess
import sys
import tempfile
import time
import uuid

MARK = "OMS_TEST_PART"


def marked(mark):
    """Process ids and names of all that carry the mark, ourselves apart."""
    found = {}
    wanted = f"{MARK}={mark}".encode()
    for entry in os.listdir("/proc"):
        if not entry.isdigit() or int(entry) == os.getpid():
            continue
        try:
            with open(f"/proc/{entry}/environ", "rb") as file:
                if wanted not in file.read().split(b"\0"):
                    continue
            with open(f"/proc/{entry}/stat") as file:
                stat = file.read()
        except OSError:
            continue
        name, rest = stat[stat.index("(") + 1 : stat.rindex(")")], stat[stat.rindex(")") + 2 :]
        if rest[0] != "Z":
            found[int(entry)] = name
    return found


def end(mark, grace=10.0):
    """Ends all that carry the mark; returns the names of what had to be ended."""
    names = set()
    for sign in (signal.SIGTERM, signal.SIGKILL):
        until = time.monotonic() + grace
        while (left := marked(mark)) and time.monotonic() < until:
            names.update(left.values())
            for process in left:
                try:
                    os.kill(process, sign)
                except OSError:
                    pass
            time.sleep(0.2)
    return sorted(names)


def main():
    seconds, command = float(sys.argv[1]), sys.argv[2:]
    mark = uuid.uuid4().hex
    with tempfile.TemporaryFile() as printed:
        child = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=printed, stderr=subprocess.STDOUT,
            start_new_session=True, env={**os.environ, MARK: mark},
        )
        for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(sign, lambda number, _: (end(mark), sys.exit(128 + number)))
        shown, until = 0, time.monotonic() + seconds

        def show():
            nonlocal shown
            while text := os.pread(printed.fileno(), 65536, shown):
                shown += len(text)
                sys.stdout.buffer.write(text)
                sys.stdout.buffer.flush()

        status = None
        while status is None and time.monotonic() < until:
            time.sleep(0.2)
            status = child.poll()
            show()
        over = status is None
        if over:
            running = ", ".join(sorted(set(marked(mark).values())))
            print(f"its {seconds:.0f} s are over; still running: {running}", flush=True)
        left = end(mark)
        child.wait()
        show()
        if left and not over:
            print(f"left running, and ended now: {', '.join(left)}", flush=True)
        sys.exit(124 if over else status if status >= 0 else 128 - status)


main()
