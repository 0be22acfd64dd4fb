"""A stand-in of Slack for tests: its web API over HTTP, and Socket Mode over a websocket, on a port of this machine."""

import asyncio
import json
import threading
import time

from aiohttp import web

PATIENCE = 60.0
"""No wait is longer."""


class FakeSlack:
    """What was posted, updated and uploaded, and envelopes that are sent to whoever is connected."""

    def __init__(self):
        self.changed = threading.Condition()
        self.posted, self.updated, self.uploaded, self.acknowledged = [], [], [], set()
        self.contents, self.sockets, self.connections, self.count = {}, [], 0, 0
        self.refuse_once = set()
        self.loop = asyncio.new_event_loop()
        ready = threading.Event()
        self.thread = threading.Thread(target=self.serve, args=(ready,), daemon=True)
        self.thread.start()
        if not ready.wait(PATIENCE):
            raise TimeoutError("the stand-in of Slack does not start")

    def serve(self, ready):
        asyncio.set_event_loop(self.loop)
        app = web.Application(client_max_size=64 << 20)
        app.router.add_post("/api/{method}", self.api)
        app.router.add_post("/upload/{file}", self.upload)
        app.router.add_get("/link", self.link)
        self.runner = web.AppRunner(app)
        self.loop.run_until_complete(self.runner.setup())
        site = web.TCPSite(self.runner, "127.0.0.1", 0)
        self.loop.run_until_complete(site.start())
        self.port = site._server.sockets[0].getsockname()[1]
        ready.set()
        self.loop.run_forever()

    def close(self):
        async def clean():
            for socket in self.sockets:
                await socket.close()
            await self.runner.cleanup()

        asyncio.run_coroutine_threadsafe(clean(), self.loop).result(PATIENCE)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(PATIENCE)

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}/api/"

    async def api(self, request):
        method = request.match_info["method"]
        if request.content_type == "application/json":
            asked = await request.json()
        else:
            asked = {name: value for name, value in (await request.post()).items()}
        answer = {"ok": True}
        with self.changed:
            if method in self.refuse_once:
                self.refuse_once.discard(method)
                return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers={"Retry-After": "1"})
            if method == "auth.test":
                answer |= {"user_id": "UBOT", "bot_id": "BBOT", "team_id": "T1", "team": "team", "user": "oms", "url": "x"}
            elif method == "apps.connections.open":
                answer["url"] = f"ws://127.0.0.1:{self.port}/link"
            elif method == "chat.postMessage":
                self.count += 1
                answer |= {"ts": f"900.{self.count}", "channel": asked["channel"]}
                self.posted.append(asked | {"ts": answer["ts"]})
            elif method == "chat.update":
                answer |= {"ts": asked["ts"], "channel": asked["channel"]}
                self.updated.append(asked)
            elif method == "files.getUploadURLExternal":
                self.count += 1
                name = f"F{self.count}"
                answer |= {"upload_url": f"http://127.0.0.1:{self.port}/upload/{name}", "file_id": name}
            elif method == "files.completeUploadExternal":
                files = asked["files"] if isinstance(asked["files"], list) else json.loads(asked["files"])
                for file in files:
                    self.uploaded.append({**file, "channel": asked["channel_id"], "thread_ts": asked["thread_ts"],
                                          "content": self.contents[file["id"]]})
                answer["files"] = files
            else:
                answer = {"ok": False, "error": "unknown_method"}
            self.changed.notify_all()
        return web.json_response(answer)

    async def upload(self, request):
        if request.content_type.startswith("multipart/"):
            fields = await request.post()
            content = next(iter(fields.values())).file.read()
        else:
            content = await request.read()
        self.contents[request.match_info["file"]] = content
        return web.Response(text="OK")

    async def link(self, request):
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json({"type": "hello", "num_connections": 1, "connection_info": {"app_id": "A1"}})
        with self.changed:
            self.sockets.append(socket)
            self.connections += 1
            self.changed.notify_all()
        async for message in socket:
            if message.type == web.WSMsgType.TEXT:
                with self.changed:
                    self.acknowledged.add(json.loads(message.data).get("envelope_id"))
                    self.changed.notify_all()
        with self.changed:
            self.sockets.remove(socket)
            self.changed.notify_all()
        return socket

    def until(self, what, holds):
        """Waits until something holds, and gives what it is."""
        end = time.monotonic() + PATIENCE
        with self.changed:
            while not (found := holds()):
                if not self.changed.wait(max(0.0, end - time.monotonic())):
                    raise AssertionError(f"{what}; posted: {[one['text'] for one in self.posted]}")
            return found

    def send(self, envelope, payload, kind="events_api"):
        """Sends an envelope, and waits until it is acknowledged."""
        socket = self.until("nobody is connected", lambda: self.sockets and self.sockets[-1])
        with self.changed:
            self.acknowledged.discard(envelope)
        whole = {"envelope_id": envelope, "type": kind, "payload": payload, "accepts_response_payload": False}
        asyncio.run_coroutine_threadsafe(socket.send_json(whole), self.loop).result(PATIENCE)
        self.until(f"{envelope} is not acknowledged", lambda: envelope in self.acknowledged)

    def event(self, envelope, event):
        self.send(envelope, {"type": "event_callback", "event_id": f"Ev{envelope}", "team_id": "T1", "api_app_id": "A1",
                             "authorizations": [{"team_id": "T1", "user_id": "UBOT", "is_bot": True}], "event": event})

    def press(self, envelope, user, message, action):
        """Presses the button of a message that was posted."""
        thread = message["thread_ts"]
        self.send(envelope, {
            "type": "block_actions", "team": {"id": "T1"}, "user": {"id": user, "team_id": "T1"}, "api_app_id": "A1",
            "channel": {"id": message["channel"]}, "trigger_id": f"{envelope}.trigger", "response_url": "x",
            "container": {"type": "message", "message_ts": message["ts"], "channel_id": message["channel"]},
            "message": {"ts": message["ts"], "thread_ts": thread, "text": message["text"]},
            "actions": [{"type": "button", "action_id": action["action_id"], "block_id": "b", "value": action["value"],
                         "action_ts": f"{envelope}.1"}],
        }, kind="interactive")

    def disconnect(self):
        """Asks to connect anew, as Slack does now and then."""
        socket = self.sockets[-1]

        async def ask():
            await socket.send_json({"type": "disconnect", "reason": "warning"})
            await socket.close()

        asyncio.run_coroutine_threadsafe(ask(), self.loop).result(PATIENCE)
