#!/usr/bin/env python3
"""Measures what operating costs beyond the programs that are called: time, memory, and how soon a cancel ends.

The programs are stand-ins that tell how long they ran, a plan of 50 MB, a million lines of a log, and an apply that ends when it is
asked to. `--oms PROGRAM` measures that program, `--record` writes the section of BENCHMARKS.md.
"""

import argparse
import json
import os
import pathlib
import pty
import select
import socketserver
import statistics
import struct
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
TITLE = "Operating"
LINES = 1_000_000
TERRAFORM = """#!/bin/bash
root=$(dirname "$0")
for word in "$@"; do case $word in -out=*) out=${word#-out=} ;; esac; done
case " $* " in
*" version "*) echo "Terraform v1.11.4" ;;
*" plan "*) echo plan >"$out" ;;
*" show "*) cat "$root/plan.json" ;;
*" apply "*) echo '{"@message":"still creating"}'; exec sleep 1000 ;;
esac
echo ran >>"$root/ran"
"""
CHANGE = {
    "address": "terraform_data.a[%d]", "mode": "managed", "type": "terraform_data", "name": "a",
    "change": {"actions": ["create"], "before": None, "after": {"input": "x" * 800}, "after_unknown": {"id": True},
               "before_sensitive": False, "after_sensitive": {}},
}  # fmt: skip


class Engine(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    """A Docker engine with one container that has said a million lines."""

    daemon_threads = True


class Answers(socketserver.StreamRequestHandler):
    def handle(self):
        while words := self.rfile.readline().split():
            while self.rfile.readline().strip():
                pass
            path = words[1].decode()
            if "/logs" in path:
                self.logs()
                return
            one = {"Id": "a1", "Name": "/web", "Image": "sha256:1", "State": {"Status": "running"}, "Config": {"Image": "web:1", "Tty": False}}
            found = {"ApiVersion": "1.44", "Version": "28.0.0"} if "/version" in path else one if "/a1/json" in path or "/web/json" in path else [{"Id": "a1"}]
            body = json.dumps(found).encode()
            self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body) + body)

    def logs(self):
        self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/vnd.docker.multiplexed-stream\r\nTransfer-Encoding: chunked\r\n\r\n")
        line = b"2026-01-14T12:00:00.000000000Z order ORD-0000042 was applied from partition 3 in 12 ms and 8 statements\n"
        block = (struct.pack(">BxxxI", 1, len(line)) + line) * 1000
        try:
            for _ in range(LINES // 1000):
                self.wfile.write(b"%x\r\n" % len(block) + block + b"\r\n")
            self.wfile.write(b"0\r\n\r\n")
        except OSError:
            pass


class Home:
    def __init__(self, oms, folder):
        self.oms, self.folder = oms, pathlib.Path(folder)
        self.environment = {"PATH": os.environ["PATH"], "HOME": folder, "TMPDIR": folder}
        for name in ("DATA", "STATE", "CACHE", "CONFIG"):
            self.environment[f"XDG_{name}_HOME"] = f"{folder}/{name.lower()}"
        (self.folder / "infra").mkdir()
        (self.folder / "infra/main.tf").write_text("# nothing\n")
        (self.folder / "terraform").write_text(TERRAFORM)
        (self.folder / "terraform").chmod(0o755)
        (self.folder / "config/oms").mkdir(parents=True)
        (self.folder / "config/oms/oms.toml").write_text(
            f"[deploy]\ndocker_host = 'unix://{folder}/engine'\nprograms = {{ terraform = '{folder}/terraform' }}\n"
            f"[deploy.environments.dev]\nterraform = {{ folder = '{folder}/infra' }}\n"
        )
        self.run("--quiet", "db", "seed", "--orders", "200")

    def run(self, *words):
        done = subprocess.run([self.oms, *words], env=self.environment, cwd=self.folder, capture_output=True, text=True, timeout=300, stdin=subprocess.DEVNULL)
        if done.returncode not in (0, 3, 5):
            sys.exit(f"oms {' '.join(words)} failed: {done.stdout}{done.stderr}")
        return done.stdout

    def plan(self, count):
        with (self.folder / "plan.json").open("w") as file:
            file.write('{"format_version":"1.2","terraform_version":"1.11.4","resource_changes":[')
            text = json.dumps(CHANGE)
            file.write(",".join(text % number for number in range(count)))
            file.write("]}")

    def asked(self, sentence):
        """The reply, and the most that `oms` had in memory, MiB."""
        code = "import resource,subprocess,sys;subprocess.run(sys.argv[1:],stdin=subprocess.DEVNULL,timeout=280);print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
        command = [sys.executable, "-c", code, self.oms, "--brain", "rules", "ask", "--json", sentence]
        done = subprocess.run(command, env=self.environment, cwd=self.folder, capture_output=True, text=True, timeout=300)
        reply, most = done.stdout.strip().splitlines()
        return json.loads(reply), int(most) / 1024

    def beyond(self):
        """Milliseconds of one plan beyond what its programs take when they are run alone, right after."""
        (self.folder / "ran").write_text("")
        reply, _ = self.asked("what would terraform change?")
        calls = len((self.folder / "ran").read_text().splitlines())
        alone = time.perf_counter()
        for words in (["init"], ["plan", f"-out={self.folder}/alone"], ["show", "-json"])[:calls]:
            subprocess.run([self.folder / "terraform", *words], env={"PATH": self.environment["PATH"]}, stdin=subprocess.DEVNULL, capture_output=True)
        alone = (time.perf_counter() - alone) * 1000
        return sum(call["elapsed_ms"] for call in reply["tool_calls"]) - alone, calls

    def cancel(self):
        """Seconds from Ctrl-C to the prompt, while something is applied."""
        mine, theirs = pty.openpty()
        process = subprocess.Popen([self.oms, "--brain", "rules"], cwd=self.folder, env={**self.environment, "TERM": "xterm"}, preexec_fn=lambda: os.login_tty(theirs))
        os.close(theirs)
        seen = b""

        def sees(text):
            nonlocal seen
            end = time.monotonic() + 60
            while text not in seen:
                if time.monotonic() > end:
                    process.kill()
                    sys.exit(f"the screen never shows {text}: {seen[-500:]}")
                if select.select([mine], [], [], 0.1)[0]:
                    seen += os.read(mine, 4096)
            seen = seen.split(text, 1)[1]

        sees(b"oms> ")
        os.write(mine, b"deploy everything\r")
        sees(b"Nothing has run")
        sees(b"oms> ")
        os.write(mine, b"yes\r")
        sees(b"still creating")
        began = time.perf_counter()
        os.write(mine, b"\x03")
        sees(b"cancelled on the way")
        sees(b"oms> ")
        took = time.perf_counter() - began
        os.write(mine, b"\x04")
        process.wait(timeout=30)
        os.close(mine)
        return took


def measured(oms):
    with tempfile.TemporaryDirectory(prefix="oms-operations") as folder:
        home = Home(oms, folder)
        try:
            home.plan(1)
            home.beyond()
            found = [home.beyond() for _ in range(15)]
            over = sorted(ms for ms, _ in found)
            yield ("a plan's tool call beyond the time of its programs", "20 ms", f"median {statistics.median(over):.1f} ms, the quickest of 15 {over[0]:.1f} ms ({found[0][1]} programs each)")
            took = sorted(home.cancel() for _ in range(3))
            yield ("from Ctrl-C to the prompt, where the program obeys", "1 s", f"{took[1]:.2f} s, the slowest of 3 {took[2]:.2f} s")
            home.plan(50_000)
            size = (home.folder / "plan.json").stat().st_size / 1e6
            reply, most = home.asked("what would terraform change?")
            if "50,000" not in reply["answer"] and "50000" not in reply["answer"]:
                sys.exit(f"the large plan was not read: {reply['answer'][:300]} {reply['error']}")
            yield (f"memory of `oms` with a plan of {size:.0f} MB", "200 MiB", f"{most:.0f} MiB; {len(reply['rows'])} rows are shown, cut: {str(reply['truncated']).lower()}")
            with Engine(f"{folder}/engine", Answers) as engine:
                threading.Thread(target=engine.serve_forever, daemon=True).start()
                reply, most = home.asked("show the logs of web containing ORD-0000042")
                if not reply["rows"]:
                    sys.exit(f"the log was not read: {reply['answer'][:300]} {reply['error']}")
                yield ("memory of `oms` with a million log lines searched", "200 MiB", f"{most:.0f} MiB; {sum(call['elapsed_ms'] for call in reply['tool_calls']) / 1000:.1f} s; {len(reply['rows'])} lines are shown: {reply['answer'][:120]}")
                engine.shutdown()
        finally:
            home.run("db", "stop")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--oms", type=pathlib.Path, default=ROOT / "target/release/oms", help="the program")
    parser.add_argument("--record", action="store_true", help="write the section of BENCHMARKS.md")
    chosen = parser.parse_args()
    rows = []
    for row in measured(str(chosen.oms)):
        print(*row, sep=" | ", flush=True)
        rows.append(row)
    if chosen.record:
        sys.path.insert(0, str(ROOT / "scripts"))
        import re

        from bench import machine

        path = ROOT / "BENCHMARKS.md"
        parts = [one.rstrip("\n") for one in re.split(r"\n(?=## )", path.read_text()) if not one.startswith(f"## {TITLE}\n")]
        table = "\n".join(f"| {' | '.join(row)} |" for row in rows)
        about = f"Command: `make bench-operations ARGS=--record`, {time.strftime('%Y-%m-%d')}, {machine()}; stand-in programs."
        path.write_text("\n\n".join([*parts, f"## {TITLE}\n\n{about}\n\n| what | target on 2 cores | measured |\n|---|---|---|\n{table}"]) + "\n")


if __name__ == "__main__":
    main()
