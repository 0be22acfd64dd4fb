#!/usr/bin/env python3
"""Figures of `oms bridge`: `bridge_load.py bench|soak [--seconds S]`, with OMS_BIN or target/release/oms.

bench: questions a second beyond their queries' own time, fairness to a burst of 1,000 conversations, memory of 1,000 idle
conversations, and what an open, silent input costs. soak: fifty kills, and two hours' traffic in minutes, with flat memory.
What the bridge's own children take (`oms draw`) is counted with it. Each prints one JSON object on its last line, and ends with 1
where an event was lost or answered in two ways, or memory grew.
"""

import argparse
import json
import os
import pathlib
import queue
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
OMS = os.environ.get("OMS_BIN", str(ROOT / "target" / "release" / "oms"))
PATIENCE = 120.0
"""Seconds without a word after which a run has failed."""
QUESTIONS = [
    "how many orders are stuck",
    "status of order ORD-0000042",
    "revenue by country last month",
    "average order value by channel in 2025",
    "how many orders today",
    "top 5 customers by spend in 2025",
    "which products are out of stock",
    "frobnicate the lot",
]
MESSAGES, KILLS = 7_200, 50
"""Of the soak: two hours of a workspace with a message a second."""
REMEMBERED, SLACK = 96, 2.0
"""Bytes that are kept of an event, with a table's room to grow, and MiB that come and go: with each, memory counts as flat."""
BATCHES = 45
"""Of 200 messages each without a kill, at least: too few would not tell growth from noise."""
TICKS = os.sysconf("SC_CLK_TCK")


class Home:
    """Folders of their own with a seeded shop."""

    def __init__(self, orders):
        self.folder = tempfile.mkdtemp(prefix="oms-bridge")
        self.environment = {"PATH": os.environ["PATH"], "HOME": self.folder}
        for name in ("DATA", "STATE", "CACHE", "CONFIG"):
            self.environment[f"XDG_{name}_HOME"] = f"{self.folder}/{name.lower()}"
        self.settings = f"{self.folder}/oms.toml"
        pathlib.Path(self.settings).write_text("[bridge]\nper_minute = 100000000\nprogress_seconds = 600\n")
        self.run("--quiet", "db", "seed", "--orders", str(orders), "--seed", "7")

    def run(self, *arguments):
        done = subprocess.run([OMS, *arguments], env=self.environment, stdin=subprocess.DEVNULL, capture_output=True, text=True)
        if done.returncode:
            sys.exit(f"oms {' '.join(arguments)} failed: {done.stderr}")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        subprocess.run([OMS, "db", "stop"], env=self.environment, capture_output=True)
        shutil.rmtree(self.folder, ignore_errors=True)


class Bridge:
    """A bridge that runs, with its answers and when they came."""

    def __init__(self, home):
        command = [OMS, "--quiet", "--brain", "rules", "--config", home.settings, "bridge"]
        self.process = subprocess.Popen(
            command, env=home.environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        self.said = queue.Queue()
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()

    def read(self):
        for line in self.process.stdout:
            self.said.put((time.perf_counter(), line))
        self.said.put((time.perf_counter(), None))

    def send(self, events):
        try:
            self.process.stdin.write("".join(json.dumps(event) + "\n" for event in events).encode())
            self.process.stdin.flush()
        except OSError:
            pass

    def next(self):
        """The next answer with its time; `None` at the end. What a kill has cut is left out."""
        while True:
            try:
                at, line = self.said.get(timeout=PATIENCE)
            except queue.Empty:
                self.process.kill()
                sys.exit("the bridge says nothing more")
            if line is None:
                return None
            try:
                value = json.loads(line)
            except ValueError:
                continue
            if value.get("final"):
                return at, value

    def answers(self, count):
        return [self.next() for _ in range(count)]

    def children(self):
        """The processes that it runs: those that draw."""
        found = []
        for stat in pathlib.Path("/proc").glob("[0-9]*/stat"):
            try:
                parent = stat.read_text().rsplit(")", 1)[1].split()[1]
            except OSError:
                continue
            if int(parent) == self.process.pid:
                found.append(int(stat.parent.name))
        return found

    def cpu(self):
        """Seconds of processor, with those of its children, also of those that ended."""
        used = 0
        for process, upto in [(self.process.pid, 15)] + [(child, 13) for child in self.children()]:
            try:
                fields = pathlib.Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
            except OSError:
                continue
            used += sum(map(int, fields[11:upto])) / TICKS
        return used

    def memory(self, *others):
        """MiB of it, or of processes that it runs."""
        used = 0
        for process in others or [self.process.pid]:
            try:
                status = pathlib.Path(f"/proc/{process}/status").read_text()
            except OSError:
                continue
            used += int(status.split("VmRSS:")[1].split()[0]) / 1024 if "VmRSS:" in status else 0
        return used

    def end(self):
        self.process.stdin.close()
        while self.next():
            pass
        return self.process.wait(PATIENCE)


def message(event, thread, text):
    return {"type": "message", "event_id": event, "channel": "C1", "user": f"U{thread % 500}", "ts": str(thread), "text": text}


def bench(_):
    found = {}
    with Home(5_000) as home:
        bridge = Bridge(home)
        bridge.send([message(f"w{k}", 10_000_000 + k, text) for k, text in enumerate(QUESTIONS * 4)])
        bridge.answers(len(QUESTIONS) * 4)
        count = 2_000
        events = [message(f"r{k}", 20_000_000 + k % 400, QUESTIONS[k % len(QUESTIONS)]) for k in range(count)]
        began, cpu = time.perf_counter(), bridge.cpu()
        bridge.send(events)
        last = bridge.answers(count)[-1][0]
        wall, used = last - began, bridge.cpu() - cpu
        found["questions a second"] = count / wall
        # What the bridge's own processor time allows on two cores: the queries run in the database's process.
        found["questions a second beyond the queries"] = 2 * count / used
        found["processor ms a question"] = 1000 * used / count
        bridge.end()

        bridge = Bridge(home)
        events = [message(f"b{turn}-{k}", 30_000_000 + k, QUESTIONS[0]) for turn in range(3) for k in range(1_000)]
        began = time.perf_counter()
        bridge.send(events)
        first = {}
        for at, value in bridge.answers(len(events)):
            first.setdefault(value["thread_ts"], at - began)
        found["burst of 1,000: first reply, median s"] = statistics.median(first.values())
        found["burst of 1,000: first reply, slowest s"] = max(first.values())
        found["burst of 1,000: slowest / median"] = max(first.values()) / statistics.median(first.values())
        time.sleep(1)
        found["MiB with 1,000 idle conversations"] = bridge.memory()
        charts = [message(f"c{k}", 40_000_000 + k, QUESTIONS[2]) for k in range(50)]
        bridge.send(charts)
        bridge.answers(len(charts))
        drawing = bridge.children()
        found["MiB of what draws"] = bridge.memory(*drawing) if drawing else 0
        # What draws ends when it is not asked for a while.
        until = time.monotonic() + PATIENCE
        while bridge.children() and time.monotonic() < until:
            time.sleep(0.5)
        time.sleep(2)
        found["MiB after charts were drawn, idle"] = bridge.memory() + sum(bridge.memory(child) for child in bridge.children())
        cpu = bridge.cpu()
        time.sleep(10)
        found["processor ms in 10 s of silence"] = 1000 * (bridge.cpu() - cpu)
        bridge.end()
    return found, True


def soak(seconds):
    """Two hours' traffic of a busy workspace, a message a second, 7,200 in all, as fast as they are answered; fifty kills."""
    count, kills, right = MESSAGES, KILLS, True
    rng = random.Random(seed := random.randrange(1 << 30))
    print(f"seed {seed}", flush=True)
    began = time.monotonic()
    with Home(5_000) as home:
        events = {f"s{k}": message(f"s{k}", 40_000_000 + rng.randrange(600), rng.choice(QUESTIONS)) for k in range(count)}
        order, answered, repeats, memory = list(events), {}, 0, []
        place = 0
        for run in range(kills + 1):
            upto = count if run == kills else min(count, place + count // (kills + 1))
            waiting = [id for id in order[:upto] if id not in answered]
            bridge = Bridge(home)
            threading.Thread(target=bridge.send, args=([events[id] for id in waiting],), daemon=True).start()
            stop = rng.randrange(1, len(waiting) + 1) if waiting else 1
            heard = 0
            while len(answered) < upto and (run == kills or heard < stop):
                if not (said := bridge.next()):
                    break
                heard += 1
                value = said[1]
                first = answered.setdefault(value["in_reply_to"], value)
                repeats += first is not value
                right &= first == value
            if bridge.process.poll() is None:
                memory.append(bridge.memory())
            if run == kills:
                right &= bridge.end() == 0
            else:
                bridge.process.kill()
                bridge.process.wait()
            place = upto
        lost = count - len(answered)
        # Then one bridge for the rest of the time, and its memory after each batch.
        bridge, steady, sent = Bridge(home), [], 0
        bridge.send([message(f"h{k}", 50_000_000 + k, text) for k, text in enumerate(QUESTIONS * 25)])
        bridge.answers(len(QUESTIONS) * 25)
        while time.monotonic() - began < seconds or len(steady) < BATCHES:
            batch = [message(f"t{sent + k}", 60_000_000 + rng.randrange(600), rng.choice(QUESTIONS)) for k in range(200)]
            bridge.send(batch)
            bridge.answers(len(batch))
            sent += len(batch)
            steady.append(bridge.memory())
        right &= bridge.end() == 0
    third = len(steady) // 3
    middle, last = statistics.median(steady[third : 2 * third]), statistics.median(steady[-third:])
    # Flat: from the middle third to the last one only the ids of the events between may be added, which are kept for a day.
    allowed = SLACK + third * 200 * REMEMBERED / (1 << 20)
    found = {
        "messages": count, "kills": kills, "lost": lost, "answers said again": repeats, "messages without a kill": sent,
        "MiB after each run, at most": max(memory), "MiB at first": steady[0], "MiB in the middle third": middle,
        "MiB in the last third": last, "MiB that it may have grown": allowed, "MiB at most": max(steady),
        "seconds": time.monotonic() - began,
    }
    flat = last - middle <= allowed
    if not flat:
        print(f"memory grew: {[round(value, 1) for value in steady]}")
    return found, right and lost == 0 and flat


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["bench", "soak"])
    parser.add_argument("--seconds", type=float, default=300)
    chosen = parser.parse_args()
    found, right = bench(None) if chosen.what == "bench" else soak(chosen.seconds)
    print(json.dumps({name: round(value, 2) for name, value in found.items()}))
    sys.exit(0 if right else 1)


if __name__ == "__main__":
    main()
