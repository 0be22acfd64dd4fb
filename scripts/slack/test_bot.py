#!/usr/bin/env python3
"""The Slack bot as a process, with a real `oms bridge` behind it and a stand-in of Slack before it. OMS_BIN is the program."""

import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest

from fake_slack import PATIENCE, FakeSlack

BOT = pathlib.Path(__file__).with_name("bot.py")


def blocks(message):
    found = message["blocks"]
    return found if isinstance(found, list) else json.loads(found)


def button(message, name):
    return next(
        element for block in blocks(message) if block["type"] == "actions"
        for element in block["elements"] if element["action_id"] == name
    )


class Bot(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="oms-slack")
        cls.environment = {"PATH": os.environ["PATH"], "HOME": cls.folder}
        for name in ("DATA", "STATE", "CACHE", "CONFIG"):
            cls.environment[f"XDG_{name}_HOME"] = f"{cls.folder}/{name.lower()}"
        cls.oms = os.environ["OMS_BIN"]
        cls.run_oms("--quiet", "db", "seed", "--orders", "400", "--seed", "3")

    @classmethod
    def tearDownClass(cls):
        cls.run_oms("db", "stop")
        shutil.rmtree(cls.folder, ignore_errors=True)

    @classmethod
    def run_oms(cls, *arguments):
        done = subprocess.run([cls.oms, *arguments], env=cls.environment, stdin=subprocess.DEVNULL, capture_output=True,
                              text=True, timeout=300)
        if done.returncode:
            raise AssertionError(f"oms {arguments}: {done.stderr}")

    def setUp(self):
        self.slack = FakeSlack()
        self.addCleanup(self.slack.close)
        # The bridge's process id, so that it can be killed from outside.
        self.process_file = pathlib.Path(self.folder, "bridge.pid")
        self.process_file.unlink(missing_ok=True)
        shell = 'echo $$ >"$0"; exec "$1" --brain rules bridge'
        tokens = {"SLACK_BOT_TOKEN": "xoxb-test", "SLACK_APP_TOKEN": "xapp-test", "SLACK_API_URL": self.slack.url}
        self.bot = subprocess.Popen(
            [sys.executable, BOT, "sh", "-c", shell, self.process_file, self.oms],
            env={**self.environment, **tokens}, stdin=subprocess.DEVNULL,
        )
        self.addCleanup(self.end)
        self.slack.until("the bot does not connect", lambda: self.slack.sockets)

    def end(self):
        self.bot.send_signal(signal.SIGTERM)
        try:
            status = self.bot.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.bot.kill()
            self.bot.wait()
            raise
        self.assertEqual(status, 0, "it ends by itself when it is told to")

    def answer(self, thread):
        """The last state of the one answer in a thread."""
        posted = self.slack.until(f"no answer in {thread}", lambda: [
            one for one in self.slack.posted if one["thread_ts"] == thread and self.is_final(one)])
        return self.final(posted[0])

    def final(self, posted):
        updates = [one for one in self.slack.updated if one["ts"] == posted["ts"]]
        return {**posted, **updates[-1]} if updates else posted

    def is_final(self, posted):
        return not self.final(posted)["text"].startswith("working on it")

    def test_a_conversation(self):
        slack = self.slack
        mention = {"type": "app_mention", "user": "U1", "channel": "C1", "ts": "1.0", "text": "<@UBOT> revenue by country in 2025"}
        slack.event("e1", mention)
        slack.event("e1", mention)
        # The same message again, as a member of the channel sees it.
        slack.event("e2", {**mention, "type": "message", "channel_type": "channel"})
        first = self.answer("1.0")
        self.assertIn("in 2025", first["text"])
        chart = slack.until("no chart", lambda: slack.uploaded)[0]
        self.assertEqual((chart["channel"], chart["thread_ts"], chart["content"][:4]), ("C1", "1.0", b"\x89PNG"))
        slack.press("e3", "U2", first, button(first, "show_sql"))
        sql = slack.until("no SQL", lambda: [one for one in slack.posted if "SELECT" in one["text"]])[0]
        self.assertEqual(sql["thread_ts"], "1.0")
        # Later messages of the thread need no mention; others are not answered, nor are bots.
        slack.event("e4", {"type": "message", "user": "U1", "channel": "C1", "channel_type": "channel", "ts": "1.5", "thread_ts": "1.0",
                           "text": "only Spain &amp; Portugal"})
        slack.event("e5", {"type": "message", "user": "U1", "channel": "C1", "channel_type": "channel", "ts": "2.0", "text": "how many orders"})
        slack.event("e6", {"type": "message", "bot_id": "BBOT", "channel": "C1", "channel_type": "channel", "ts": "1.6", "thread_ts": "1.0", "text": "x"})
        slack.event("e7", {"type": "message", "user": "U1", "channel": "D1", "channel_type": "im", "ts": "3.0", "text": "how many orders"})
        self.assertIn("400", self.answer("3.0")["text"])
        slack.until("no second answer", lambda: sum(one["thread_ts"] == "1.0" for one in slack.posted) == 3)
        self.assertEqual(sorted(one["thread_ts"] for one in slack.posted), ["1.0", "1.0", "1.0", "3.0"])

    def test_slack_that_stumbles_and_a_bridge_that_is_killed(self):
        slack = self.slack
        slack.refuse_once.add("chat.postMessage")
        slack.event("k1", {"type": "message", "user": "U1", "channel": "D2", "channel_type": "im", "ts": "1.0", "text": "how many orders"})
        self.assertIn("400", self.answer("1.0")["text"])
        connections = slack.connections
        slack.disconnect()
        slack.until("it does not connect anew", lambda: slack.connections > connections and slack.sockets)
        questions = [f"how many orders in {year}" for year in (2023, 2024, 2025)]
        for number, question in enumerate(questions):
            slack.event(f"k{number + 2}", {"type": "message", "user": "U1", "channel": "D2", "channel_type": "im",
                                           "ts": f"{number + 5}.0", "text": question})
            if number == 0:
                killed = int(self.process_file.read_text())
                os.kill(killed, signal.SIGKILL)
        for number, _ in enumerate(questions):
            self.answer(f"{number + 5}.0")
        threads = [one["thread_ts"] for one in slack.posted]
        self.assertEqual(len(threads), len(set(threads)), "each is answered once")


if __name__ == "__main__":
    unittest.main(verbosity=2)
