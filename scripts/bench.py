#!/usr/bin/env python3
"""Measures how fast and how large the program is, and writes BENCHMARKS.md.

Every figure is made here, on this machine, in folders of its own: nothing of the user's is read or changed.
`--large` adds the shop of 1,000,000 orders (minutes); `--only NAME` measures one part and writes nothing.
`--plans` runs every statement that the eval suites' questions come to on that shop, and replaces only its own section.
"""

import argparse
import getpass
import json
import os
import pathlib
import platform
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import textwrap
import time
import urllib.parse

ROOT = pathlib.Path(__file__).resolve().parent.parent
OMS = ROOT / "target" / "release" / "oms"
QUESTIONS = [
    "revenue by country last month",
    "top 5 customers by spend in 2025",
    "how many orders are stuck",
    "status of order ORD-0000042",
    "average order value by channel in 2025",
    "revenue by country last month, without Spain",
    "which products are out of stock",
    "orders by weekday last quarter",
]

LARGE = [
    "revenue by month since 2024",
    "revenue by brand in 2025",
    "buyers by category in 2025",
    "return rate by category in 2025",
    "transit time by carrier in 2025",
    "customers who never ordered",
]

PLANS = "The suites' statements at 1,000,000 orders, the slowest ten with their plans"
BRIDGE = "The bridge"


class Home:
    """Folders of their own, and the program in them."""

    def __init__(self, kept=None):
        """`kept`: a folder that stays, with a shop that was seeded before."""
        self.temporary = None if kept else tempfile.TemporaryDirectory(prefix="oms-bench")
        folder = kept or self.temporary.name
        self.environment = {"PATH": os.environ["PATH"], "HOME": folder}
        for name in ("DATA", "STATE", "CACHE", "CONFIG"):
            self.environment[f"XDG_{name}_HOME"] = f"{folder}/{name.lower()}"

    def run(self, *arguments, stdin=""):
        done = subprocess.run([OMS, *arguments], env=self.environment, input=stdin, capture_output=True, text=True)
        if done.returncode not in (0, 3):
            sys.exit(f"oms {' '.join(arguments)} failed: {done.stderr}")
        return done.stdout

    def run_any(self, *arguments):
        """Like `run`, also where the answer is an error: a question that takes too long."""
        return subprocess.run([OMS, *arguments], env=self.environment, capture_output=True, text=True).stdout

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.run_quietly("db", "stop")
        if self.temporary:
            self.temporary.cleanup()

    def run_quietly(self, *arguments):
        subprocess.run([OMS, *arguments], env=self.environment, capture_output=True)


def seconds(work):
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def tool_ms(reply):
    return sum(call["elapsed_ms"] for call in reply["tool_calls"])


def spread(values):
    values = sorted(values)
    at = lambda share: values[min(len(values) - 1, int(share * len(values)))]
    return statistics.median(values), at(0.95)


def ask_as_a_process(home, runs):
    """Milliseconds of whole `oms ask` processes, less those that the tool (with its query) took."""
    over = []
    for run in range(runs + 2):
        question = QUESTIONS[run % len(QUESTIONS)]
        started = time.perf_counter()
        reply = json.loads(home.run("--brain", "rules", "ask", "--json", question))
        wall = (time.perf_counter() - started) * 1000
        if run >= 2:
            over.append(wall - tool_ms(reply))
    return spread(over)


def turn_in_a_conversation(home, runs):
    """Milliseconds of turns in one conversation, less those that their tool took."""
    lines = [line for run in range(runs) for line in (QUESTIONS[run % len(QUESTIONS)], "/json")]
    out = home.run("--brain", "rules", stdin="\n".join(lines) + "\n")
    replies = [json.loads(line) for line in out.splitlines() if line.startswith('{"status"')]
    if len(replies) != runs:
        sys.exit(f"{len(replies)} of {runs} turns were answered")
    return spread([reply["elapsed_ms"] - tool_ms(reply) for reply in replies[2:]])


def memory_mib(home):
    """The largest resident set of a conversation of 200 questions, MiB."""
    lines = "\n".join(QUESTIONS[run % len(QUESTIONS)] for run in range(200)) + "\n"
    code = (
        "import resource,subprocess,sys;"
        "subprocess.run([sys.argv[1],'--brain','rules'],stdin=sys.stdin,stdout=subprocess.DEVNULL,stderr=subprocess.DEVNULL);"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    done = subprocess.run([sys.executable, "-c", code, OMS], env=home.environment, input=lines, capture_output=True, text=True)
    return int(done.stdout) / 1024


def machine():
    model = re.search(r"model name\s*: (.*)", pathlib.Path("/proc/cpuinfo").read_text())
    memory = re.search(r"MemTotal:\s*(\d+)", pathlib.Path("/proc/meminfo").read_text())
    release = re.search(r'PRETTY_NAME="(.*)"', pathlib.Path("/etc/os-release").read_text())
    return (
        f"{os.cpu_count()} cores of {model[1] if model else platform.processor()}, "
        f"{int(memory[1]) // 1048576} GiB, {release[1] if release else platform.system()}"
    )


def first_prompt():
    """Seconds from nothing to the first answer: server made, shop seeded, question answered."""
    with Home() as home:
        return seconds(lambda: home.run("--quiet", "ask", "how many orders"))


def understanding():
    """Figures of the rules brain alone, with 10,000 products and 100,000 customers in its index."""
    command = ["cargo", "bench", "--locked", "--quiet", "--bench", "understanding"]
    done = subprocess.run(command, cwd=ROOT, env=cargo_environment(), capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"the measurement of understanding failed: {done.stderr}")
    return json.loads(done.stdout.strip().splitlines()[-1])


def bridge():
    """Rows about `oms bridge`."""
    command = [sys.executable, ROOT / "scripts" / "bridge_load.py", "bench"]
    done = subprocess.run(command, env={**os.environ, "OMS_BIN": str(OMS)}, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"the measurement of the bridge failed: {done.stdout}{done.stderr}")
    found = json.loads(done.stdout.strip().splitlines()[-1])
    return [
        ("questions a second through `oms bridge`, rules brain, beyond the queries' own time", "200", f"{found['questions a second beyond the queries']:.0f} ({found['processor ms a question']:.1f} ms of processor each; {found['questions a second']:.0f} a second with their queries)"),
        ("first reply to a burst of 1,000 conversations: the slowest to the median", "3", f"{found['burst of 1,000: slowest / median']:.1f} ({found['burst of 1,000: first reply, slowest s']:.1f} s to {found['burst of 1,000: first reply, median s']:.1f} s)"),
        ("memory of `oms bridge` with 1,000 idle conversations", "50 MiB", f"{found['MiB with 1,000 idle conversations']:.0f} MiB; {found['MiB after charts were drawn, idle']:.0f} MiB where charts were drawn (while they are, {found['MiB of what draws']:.0f} MiB more, in processes that end)"),
        ("processor in 10 s of an open, silent input", "none", f"{found['processor ms in 10 s of silence']:.0f} ms"),
    ]


def cargo_environment():
    target = os.environ.get("CARGO_TARGET_DIR") or str(ROOT / "target")
    return {**os.environ, "CARGO_TARGET_DIR": target}


def load_rates(orders):
    """Rows a second of the seeder and of LOAD DATA on the same rows, on a server of its own with the program's settings."""
    with tempfile.TemporaryDirectory(prefix="oms-load") as folder:
        own = [f"--user={getpass.getuser()}", f"--datadir={folder}/data"]
        environment = {**os.environ, "TMPDIR": folder, "PATH": f"{os.environ['PATH']}:/usr/sbin"}
        install = ["mariadb-install-db", "--no-defaults", "--auth-root-authentication-method=normal", "--skip-test-db", *own]
        subprocess.run(install, env=environment, check=True, capture_output=True)
        server = ["mariadbd", "--no-defaults", "--skip-networking", "--skip-log-bin", "--performance-schema=OFF"]
        server += ["--innodb-buffer-pool-size=256M", "--innodb-log-file-size=128M", f"--socket={folder}/s", *own]
        process = subprocess.Popen(server, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            while not pathlib.Path(folder, "s").exists():
                if process.poll() is not None:
                    sys.exit("the server for the load comparison ended")
                time.sleep(0.05)
            url = f"mysql://root@localhost/bench?socket={folder}/s"
            command = ["cargo", "run", "--release", "--locked", "--quiet", "-p", "oms-seed", "--example", "bench_seed", "--"]
            done = subprocess.run([*command, url, str(orders)], cwd=ROOT, env=cargo_environment(), capture_output=True, text=True)
            if done.returncode:
                sys.exit(f"the load comparison failed: {done.stderr}")
            return done.stdout.strip()
        finally:
            process.terminate()
            process.wait()


def large(orders=1_000_000):
    """Seconds to seed the large shop, and milliseconds of some questions on it, the slowest first."""
    with Home() as home:
        took = seconds(lambda: home.run("--quiet", "db", "seed", "--orders", str(orders)))
        home.run("--quiet", "ask", "how many orders")
        found = []
        for question in QUESTIONS + LARGE:
            replies = [json.loads(home.run_any("--brain", "rules", "ask", "--json", question)) for _ in range(2)]
            found.append((min(tool_ms(reply) for reply in replies), question))
        return took, sorted(found, reverse=True)


def statements():
    """The SQL of every question of the suites that is answered, with the first question that comes to it."""
    with Home() as home:
        home.run("--quiet", "db", "seed", "--orders", "5000", "--seed", "1")
        report = json.loads(home.run_any("--brain", "rules", "eval", "--json"))
    found = {}
    for one in report["questions"]:
        # The counted third says nothing of its questions, so that nobody tunes on them.
        if one.get("sql") and one["status"] == "answered":
            found.setdefault(one["sql"], one["question"])
    return found


class Server:
    """A running private server, its account that may only read, and the processor time that it takes."""

    def __init__(self, home):
        url = urllib.parse.urlsplit(home.run("--quiet", "db", "url").strip())
        socket = urllib.parse.parse_qs(url.query)["socket"][0]
        client = shutil.which("mariadb") or shutil.which("mysql")
        self.command = [client, "--no-defaults", f"--user={url.username}", f"--socket={socket}", "--batch", url.path[1:]]
        self.environment = {**os.environ, "MYSQL_PWD": url.password}
        self.process = re.search(r"process (\d+)", home.run("--quiet", "db", "status"))[1]

    def rows(self, sql):
        done = subprocess.run(self.command, env=self.environment, input=sql, capture_output=True, text=True)
        if done.returncode:
            sys.exit(f"a statement failed: {done.stderr}\n{sql}")
        return done.stdout

    def processor_seconds(self):
        """Of all its threads; on a machine that does other things too, this and not the clock tells what a statement costs."""
        fields = pathlib.Path("/proc", self.process, "stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def cost(self, sql):
        """Seconds by the clock, and of the processor."""
        before = self.processor_seconds()
        wall = seconds(lambda: self.rows(sql))
        return wall, self.processor_seconds() - before


def plans(kept, again=3):
    """What the suites' statements cost at 1,000,000 orders, each the least of several runs where the first was not quick."""
    found = statements()
    with Home(kept) as home:
        if not kept:
            home.run("--quiet", "db", "seed", "--orders", "1000000")
        server = Server(home)
        costs = []
        for number, (sql, question) in enumerate(found.items()):
            runs = [server.cost(sql)]
            if runs[0][0] > 0.5:
                runs += [server.cost(sql) for _ in range(again - 1)]
            costs.append((min(cpu for _, cpu in runs), min(wall for wall, _ in runs), question, sql))
            print(f"{number + 1}/{len(found)} {costs[-1][0]:.2f} s {costs[-1][1]:.2f} s {question}", file=sys.stderr, flush=True)
        costs.sort(reverse=True)
        slow = sum(cpu > 2 for cpu, *_ in costs)
        lines = [
            f"{len(costs)} statements; {slow} take more than 2 s of the processor; the median takes {statistics.median(cpu for cpu, *_ in costs):.2f} s.",
            "Each figure is the least of several runs, first of the processor (the server's), then by the clock.",
        ]
        for cpu, wall, question, sql in costs[:10]:
            lines += ["", f"{cpu:6.2f} s {wall:6.2f} s  {question}", *textwrap.wrap(sql, 116, initial_indent="  ", subsequent_indent="  ")]
            lines += [f"    {line}" for line in server.rows(f"EXPLAIN {sql}").expandtabs(1).splitlines()]
        return "\n".join(lines)


def table(rows):
    return ["| what | target on 2 cores | measured |", "|---|---|---|", *(f"| {what} | {target} | {measured} |" for what, target, measured in rows)]


def replace_section(title, body):
    """Puts a section into BENCHMARKS.md, in place of the one that it has under this title."""
    path = ROOT / "BENCHMARKS.md"
    sections = re.split(r"\n(?=## )", path.read_text())
    sections = [one.rstrip("\n") for one in sections if not one.startswith(f"## {title}\n")]
    path.write_text("\n\n".join([*sections, f"## {title}\n\n{body}"]) + "\n")


def main():
    global OMS
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--large", action="store_true", help="also the shop of 1,000,000 orders")
    parser.add_argument("--plans", action="store_true", help="only the suites' statements on that shop, with the slowest plans")
    parser.add_argument("--shop", metavar="FOLDER", help="with --plans: folders in which that shop was seeded before")
    parser.add_argument("--oms", type=pathlib.Path, default=OMS, help="the program, where it is not the release build")
    parser.add_argument("--runs", type=int, default=60)
    parser.add_argument("--only", choices=["ask", "turn", "seed", "memory", "bridge", "understand", "load"])
    chosen = parser.parse_args()
    OMS = chosen.oms
    if chosen.plans:
        return replace_section(PLANS, f"```\n{machine()}, {time.strftime('%Y-%m-%d')}.\n{plans(chosen.shop)}\n```")
    wanted = lambda name: chosen.only in (None, name)
    rows, notes = [], []
    if wanted("seed"):
        rows.append(("seeding the default shop, from nothing to the first answer", "15 s", f"{first_prompt():.1f} s"))
        print(rows[-1], flush=True)
    with Home() as home:
        home.run("--quiet", "db", "seed")
        if wanted("ask"):
            median, late = ask_as_a_process(home, chosen.runs)
            rows.append(("`oms ask` as a whole process, beyond its tool call", "median 60 ms", f"median {median:.1f} ms, 95 % under {late:.1f} ms"))
            print(rows[-1], flush=True)
        if wanted("turn"):
            median, late = turn_in_a_conversation(home, chosen.runs)
            rows.append(("one turn in a conversation, beyond its tool call", "median 5 ms", f"median {median:.2f} ms, 95 % under {late:.2f} ms"))
            print(rows[-1], flush=True)
        if wanted("memory"):
            rows.append(("memory of `oms`, rules brain, 200 questions", "80 MiB", f"{memory_mib(home):.0f} MiB"))
            print(rows[-1], flush=True)
    if wanted("bridge"):
        found = bridge()
        print(*found, sep="\n", flush=True)
        body = ["Command: `make bench ARGS=\"--only bridge\"`, or `make bench`; " + f"{time.strftime('%Y-%m-%d')}, {machine()};",
                "a shop of 5,000 orders, a quarter of the questions with a chart drawn as PNG; the processes that draw are counted with it.", ""]
        replace_section(BRIDGE, "\n".join([*body, *table(found)]))
    if wanted("understand"):
        found = understanding()
        rows.append(("understanding one question, 10,000 products and 100,000 customers known", "median 2 ms, 99 % 20 ms", f"median {found['median_ms']:.2f} ms, 99 % under {found['p99_ms']:.2f} ms"))
        rows.append(("building that index", "2 s, 100 MiB", f"{found['build_s']:.2f} s, {found['memory_mib']} MiB"))
        print(rows[-2], rows[-1], sep="\n", flush=True)
    if wanted("load"):
        notes.append(("Loading, against LOAD DATA INFILE on the same rows", load_rates(50_000)))
        print(notes[-1][1], flush=True)
    if chosen.large:
        took, slowest = large()
        rows.append(("seeding 1,000,000 orders", "8 minutes", f"{took / 60:.1f} minutes"))
        print(rows[-1], flush=True)
        listed = "\n".join(f"{ms:8.0f} ms  {question}" for ms, question in slowest)
        notes.append(("Questions at 1,000,000 orders, with their queries, the slowest first", listed))
    if chosen.only is None:
        write(rows, notes)


def write(rows, notes):
    text = ["# How fast and how large", ""]
    text += [f"Machine: {machine()}.", f"Command: `make bench{' ARGS=--large' if len(notes) > 1 else ''}`, {time.strftime('%Y-%m-%d')}.", ""]
    text += table(rows)
    for title, body in notes:
        text += ["", f"## {title}", "", "```", body, "```"]
    path = ROOT / "BENCHMARKS.md"
    # What other runs measured (`--plans`, `make bench-pipeline`) stays, until a run measures it anew.
    sections = re.split(r"\n(?=## )", path.read_text())[1:] if path.exists() else []
    kept = [one for one in sections if not any(one.startswith(f"## {title}\n") for title, _ in notes)]
    path.write_text("\n".join(text) + "\n" + "".join(f"\n{one.rstrip()}\n" for one in kept))
    print("wrote BENCHMARKS.md")


if __name__ == "__main__":
    main()
