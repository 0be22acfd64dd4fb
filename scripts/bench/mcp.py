#!/usr/bin/env python3
"""Measures `oms mcp` with DBHub (npm: @bytebase/dbhub) beside it: the same client, the same server, the same run.

Writes its section of BENCHMARKS.md with `--record`. DBHub is installed into the cache and used for nothing else; where it
cannot be had, `oms` is measured alone, and that is said.
"""

import argparse
import datetime
import json
import os
import pathlib
import platform
import re
import select
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
OMS = pathlib.Path(os.environ.get("OMS_BIN", ROOT / "target" / "release" / "oms"))
DBHUB = "@bytebase/dbhub@1.4.0"
HEADING = "## The MCP server, with DBHub beside it"
ONE = "SELECT 1 AS one"
ROWS = "SELECT * FROM orders LIMIT 1000"
LONGEST = 60


class Server:
    """A server on standard input and output, spoken to in bare JSON-RPC."""

    def __init__(self, command, environment):
        self.started = time.perf_counter()
        self.process = subprocess.Popen(
            command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, bufsize=0
        )
        self.left = b""
        self.next = 0
        hello = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "bench", "version": "1"}}
        self.ask("initialize", hello)
        self.say({"jsonrpc": "2.0", "method": "notifications/initialized"})
        self.tools = [tool["name"] for tool in self.ask("tools/list", {})["tools"]]
        self.ready = time.perf_counter() - self.started

    def say(self, message):
        self.process.stdin.write(json.dumps(message).encode() + b"\n")

    def ask(self, method, params):
        self.next += 1
        self.say({"jsonrpc": "2.0", "id": self.next, "method": method, "params": params})
        while True:
            while b"\n" not in self.left:
                if not select.select([self.process.stdout], [], [], LONGEST)[0]:
                    sys.exit(f"{method} was not answered in {LONGEST} s")
                more = os.read(self.process.stdout.fileno(), 1 << 20)
                if not more:
                    sys.exit(f"the server ended at {method}")
                self.left += more
            line, self.left = self.left.split(b"\n", 1)
            answer = json.loads(line)
            if answer.get("id") == self.next:
                if "result" not in answer or answer["result"].get("isError"):
                    sys.exit(f"{method} failed: {line[:500]}")
                return answer["result"]

    def timed(self, tool, sql, runs):
        """Milliseconds of calls, from the line that is sent to the parsed answer; the first ones warm up."""
        taken = []
        for run in range(runs + 20):
            started = time.perf_counter()
            result = self.ask("tools/call", {"name": tool, "arguments": {"sql": sql}})
            if run >= 20:
                taken.append((time.perf_counter() - started) * 1000)
        return taken, result

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def dbhub():
    """The program of DBHub in the cache; none where npm cannot give it."""
    folder = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache") / "oms" / "dbhub-1.4.0"
    program = folder / "node_modules" / ".bin" / "dbhub"
    if not program.exists():
        folder.mkdir(parents=True, exist_ok=True)
        try:
            subprocess.run(
                ["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", str(folder), DBHUB],
                stdin=subprocess.DEVNULL, capture_output=True, timeout=300, check=True,
            )
        except (OSError, subprocess.SubprocessError):
            return None
    return program


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def figures(command, environment, tool, runs):
    """Seconds until ready, over several starts; milliseconds of both calls."""
    ready = []
    for _ in range(7):
        with Server(command, environment) as server:
            ready.append(server.ready)
    with Server(command, environment) as server:
        name = next(name for name in server.tools if name.startswith(tool))
        one, _ = server.timed(name, ONE, runs)
        rows, last = server.timed(name, ROWS, runs // 4)
    return ready, one, rows, last


def shown(values):
    values = sorted(values)
    return statistics.median(values), values[int(0.95 * (len(values) - 1))]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--record", action="store_true", help="write the section of BENCHMARKS.md")
    parser.add_argument("--runs", type=int, default=400)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="oms-bench", ignore_cleanup_errors=True) as folder:
        environment = {"PATH": os.environ["PATH"], "HOME": folder}
        for name in ("DATA", "STATE", "CACHE", "CONFIG"):
            environment[f"XDG_{name}_HOME"] = f"{folder}/{name.lower()}"
        settings = pathlib.Path(folder, "config/oms")
        settings.mkdir(parents=True)
        port = free_port()
        (settings / "oms.toml").write_text(f"[database]\nport = {port}\n")

        def oms(*arguments):
            done = subprocess.run([OMS, *arguments], env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=600)
            if done.returncode:
                sys.exit(f"oms {' '.join(arguments)} failed: {done.stderr}")
            return done.stdout.strip()

        try:
            oms("db", "seed")
            url = urllib.parse.urlsplit(oms("db", "url"))
            address = f"{url.username}:{url.password}@127.0.0.1:{port}/oms"
            found = {
                "oms mcp, over the socket": figures([OMS, "mcp"], environment, "select_orders", given.runs),
                "oms mcp, over TCP": figures([OMS, "--db", f"mysql://{address}", "mcp"], environment, "select_orders", given.runs),
            }
            program = dbhub()
            if program:
                command = ["node", str(program), "--transport", "stdio", "--dsn", f"mariadb://{address}"]
                found["DBHub 1.4.0, over TCP"] = figures(command, environment, "execute_sql", given.runs)
            report(found, given.record)
        finally:
            oms("db", "stop")


def report(found, record):
    lines = [
        HEADING,
        "",
        f"Command: `make bench-mcp ARGS=--record`, {datetime.date.today()}; {platform.machine()}, {os.cpu_count()} cores; MariaDB with 50,000",
        "orders, release build, one bare JSON-RPC client over standard input and output for all. Median, and what 95 % stay under.",
        "",
        "| what | target | " + " | ".join(found) + " |",
        "|---" * (2 + len(found)) + "|",
    ]
    rows = [("ready: from the start to the list of tools", "0.15 s", 0, "s"), ("a guarded `SELECT 1`", "0.6 ms", 1, "ms"), ("1,000 rows of 15 columns", "5 ms", 2, "ms")]
    for what, target, place, unit in rows:
        cells = []
        for measured in found.values():
            median, most = shown(measured[place])
            cells.append(f"{median:.3f} {unit}, {most:.3f}" if unit == "s" else f"{median:.2f} {unit}, {most:.2f}")
        lines.append(f"| {what} | {target} | " + " | ".join(cells) + " |")
    if len(found) < 3:
        lines += ["", "DBHub could not be had from npm, so it was not measured."]
    text = "\n".join(lines) + "\n"
    print(text)
    if record:
        file = ROOT / "BENCHMARKS.md"
        old = file.read_text()
        section = re.compile(re.escape(HEADING) + r"\n.*?(?=\n## |\Z)", re.S)
        file.write_text(section.sub(lambda _: text, old) if HEADING in old else old.rstrip("\n") + "\n\n" + text)


main()
