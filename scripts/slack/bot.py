#!/usr/bin/env python3
"""Joins `oms bridge` to a Slack workspace by Socket Mode: `bot.py [OMS [OPTION...]]`, by default `oms bridge`.

The tokens come from the environment: SLACK_BOT_TOKEN (xoxb-...) and SLACK_APP_TOKEN (xapp-...). Answered are direct messages,
mentions, and the later messages of a thread in which it has answered. It holds no state: what was taken stands in the bridge's
journal, and events have the same id however often Slack sends them, so each is answered once.
"""

import base64
import collections
import html
import json
import logging
import os
import re
import signal
import subprocess
import sys
import threading

from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_handlers import RateLimitErrorRetryHandler

REMEMBERED = 10_000
"""Answered events, and threads, that are kept in memory."""
AGAIN = 1.0
"""Seconds until a bridge that ended is started again."""
LONGEST = 60.0
"""Seconds that the bridge may take to finish what it took, when this program is told to end."""

log = logging.getLogger("oms-slack")


class Recent(collections.OrderedDict):
    """The newest things by their key."""

    def put(self, key, value=True):
        self[key] = value
        self.move_to_end(key)
        if len(self) > REMEMBERED:
            self.popitem(last=False)


def plain(text):
    """What a person typed, from what Slack makes of it: mentions are left out, links are their text."""
    text = re.sub(r"<[@#!][^>]*>", " ", text or "")
    text = re.sub(r"<(?:[^>|]*\|)?([^>]*)>", r"\1", text)
    return html.unescape(text).strip()


def message_line(event):
    """An event of Slack's as the bridge's line. A mention comes twice, as itself and as a message: both have one id."""
    return {
        "type": "message",
        "event_id": f"message:{event['channel']}:{event['ts']}",
        "channel": event["channel"],
        "user": event["user"],
        "ts": event["ts"],
        "thread_ts": event.get("thread_ts"),
        "text": plain(event.get("text")),
    }


def press_line(body):
    """A pressed button as the bridge's line."""
    action, message, channel = body["actions"][0], body["message"], body["channel"]["id"]
    user = body["user"]["id"]
    return {
        "type": "block_actions",
        "event_id": f"press:{channel}:{user}:{action['action_ts']}:{action['action_id']}",
        "channel": channel,
        "user": user,
        "ts": action["action_ts"],
        "thread_ts": message.get("thread_ts") or message["ts"],
        "action_id": action["action_id"],
        "value": action.get("value", ""),
    }


class Bridge:
    """A bridge that runs: started again when it ends, and told again what it has not answered."""

    def __init__(self, command, said):
        self.command, self.said = command, said
        self.lock = threading.Lock()
        self.waiting = collections.OrderedDict()
        self.ending = threading.Event()
        self.process = None
        self.reader = threading.Thread(target=self.run)
        self.reader.start()

    def run(self):
        while not self.ending.is_set():
            try:
                process = subprocess.Popen(
                    self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
                )
            except OSError as error:
                log.error("cannot start `%s`: %s", self.command[0], error)
                self.ending.wait(AGAIN)
                continue
            with self.lock:
                self.process = process
                # Repeated ones get their first answer, and run nothing twice.
                for line in self.waiting.values():
                    self.write(line)
                if self.ending.is_set():
                    process.stdin.close()
            for line in process.stdout:
                try:
                    message = json.loads(line)
                except ValueError:
                    # The last line of a bridge that was killed may be cut; it is said again.
                    continue
                self.hear(message)
            with self.lock:
                self.process = None
            status = process.wait()
            if not self.ending.is_set():
                log.warning("the bridge ended with status %s; it is started again", status)
                self.ending.wait(AGAIN)

    def hear(self, message):
        if message.get("type") == "error":
            log.error("line %s: %s", message.get("line"), message.get("message"))
            return
        try:
            self.said(message)
        except SlackApiError as error:
            log.error("an answer to %s could not be posted: %s", message["in_reply_to"], error.response.get("error"))
        except OSError as error:
            log.error("an answer to %s could not be posted: %s", message["in_reply_to"], error)
        if message["final"]:
            with self.lock:
                self.waiting.pop(message["in_reply_to"], None)

    def tell(self, line):
        with self.lock:
            if line["event_id"] not in self.waiting:
                self.waiting[line["event_id"]] = line
                if self.process:
                    self.write(line)

    def write(self, line):
        try:
            self.process.stdin.write(json.dumps(line) + "\n")
            self.process.stdin.flush()
        except OSError:
            log.warning("the bridge does not listen; it is told when it is started again")

    def end(self):
        """Lets it finish what it took."""
        with self.lock:
            self.ending.set()
            process = self.process
            if process:
                try:
                    process.stdin.close()
                except OSError:
                    pass
        self.reader.join(LONGEST)
        if process and process.poll() is None:
            process.kill()
            self.reader.join()


class Channel:
    """Posts what the bridge says: each message of progress, and then the answer, in the place of the one before."""

    def __init__(self, client):
        self.client = client
        self.lock = threading.Lock()
        self.shown, self.answered, self.threads = Recent(), Recent(), Recent()

    def knows(self, channel, thread):
        with self.lock:
            return (channel, thread) in self.threads

    def say(self, message):
        event, channel, thread = message["in_reply_to"], message["channel"], message["thread_ts"]
        if event in self.answered:
            return
        content = {"channel": channel, "text": message["text"], "blocks": message["blocks"]}
        if event in self.shown:
            self.client.chat_update(ts=self.shown[event], **content)
        else:
            posted = self.client.chat_postMessage(thread_ts=thread, unfurl_links=False, unfurl_media=False, **content)
            self.shown.put(event, posted["ts"])
        with self.lock:
            self.threads.put((channel, thread))
        if not message["final"]:
            return
        self.answered.put(event)
        self.shown.pop(event, None)
        for file in message["files"]:
            self.client.files_upload_v2(
                channel=channel, thread_ts=thread, filename=file["name"], title=file["name"],
                content=base64.b64decode(file["base64"]),
            )


def joined(app, bridge, channel):
    """Sends to the bridge what it should answer."""

    @app.event("app_mention")
    def mentioned(event):
        if event.get("user"):
            bridge.tell(message_line(event))

    @app.event("message")
    def written(event):
        # Edits, joins and what bots write, this one's own messages too, are no questions.
        if event.get("subtype") or event.get("bot_id") or not event.get("user"):
            return
        if event.get("channel_type") == "im" or channel.knows(event["channel"], event.get("thread_ts")):
            bridge.tell(message_line(event))

    @app.action(re.compile("^(approve|decline|show_sql)$"))
    def pressed(ack, body):
        ack()
        bridge.tell(press_line(body))


def main():
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s %(message)s")
    try:
        bot_token, app_token = os.environ["SLACK_BOT_TOKEN"], os.environ["SLACK_APP_TOKEN"]
    except KeyError as missing:
        sys.exit(f"cannot join Slack: {missing.args[0]} is not set\nhint: the README tells where to get both tokens")
    # Another address is for tests.
    client = WebClient(token=bot_token, base_url=os.environ.get("SLACK_API_URL", WebClient.BASE_URL))
    client.retry_handlers.append(RateLimitErrorRetryHandler(max_retry_count=5))
    try:
        # Slack hears that an event has come when the bridge has been told.
        app = App(client=client, process_before_response=True)
    except SlackApiError as error:
        sys.exit(f"cannot join Slack: it refuses the bot's token: {error.response.get('error')}")
    channel = Channel(client)
    command = sys.argv[1:] or ["oms", "bridge"]
    bridge = Bridge(command, channel.say)
    joined(app, bridge, channel)
    handler = SocketModeHandler(app, app_token, web_client=WebClient(token=app_token, base_url=client.base_url))
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    try:
        handler.connect()
        log.info("joined; answering with `%s`", " ".join(command))
        ended.wait()
    finally:
        handler.close()
        bridge.end()


if __name__ == "__main__":
    main()
