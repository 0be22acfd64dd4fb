#!/usr/bin/env python3
"""The official Python SDK's client against `oms mcp`: every tool, prompt and resource, over lines and over HTTP, in the
handshake of old clients and in that of new ones; approvals by people, by nobody and by a client that lies.

The SDK holds every structured result against the tool's output schema. `OMS_BIN` names the program.
"""

import asyncio
import contextlib
import json
import sys
import time

import httpx2
from mcp import MCPError
from mcp_types import ElicitResult

from place import TOKENS, place

# What each tool is called with; what is not configured here is a failure with a hint, told as one.
CALLS = {
    "query_orders": {"measures": ["revenue"], "dimensions": ["ship_country"]},
    "select_orders": {"sql": "SELECT id, order_number, grand_total, placed_at FROM orders ORDER BY id LIMIT 50"},
    "describe_orders": {"topic": "revenue"},
    "archive_verify": {},
    "preview_change": {"runbook": "deploy"},
    "propose_change": {"runbook": "deploy"},
    "list_changes": {},
    "show_change": {"id": "c0123abcd"},
    "apply_change": {"id": "c0123abcd"},
    "eventhub_metrics": {"metrics": ["IncomingMessages"]},
    "eventhub_status": {},
    "why": {"at": "2026-01-13T14:00:00"},
    "terraform_plan": {},
    "terraform_show": {},
    "terraform_validate": {},
    "ansible_check": {},
    "ansible_hosts": {},
    "compose_plan": {},
    "containers": {},
    "container_logs": {"name": "mysql"},
    "azure_cli": {"command": "account show"},
    "doctor": {},
    "pipeline_health": {},
    "eventhub_lag": {},
    "trace_order": {"order": "ORD-0000042"},
}
# These work here, with nothing else at hand.
WORK = {
    "query_orders", "select_orders", "describe_orders", "preview_change", "propose_change", "list_changes",
    "terraform_plan", "terraform_show", "terraform_validate", "doctor", "pipeline_health",
}
SLOW = "SELECT COUNT(*) FROM " + " JOIN ".join(
    f"(SELECT channel AS c FROM orders) t{n}" + (f" ON t{n}.c = t0.c" if n else "") for n in range(5)
)
MODES = ("legacy", "auto")


def text(result):
    return "".join(block.text for block in result.content if block.type == "text")


async def everything(client):
    """Every tool, prompt and resource."""
    tools = {tool.name: tool for tool in (await client.list_tools()).tools}
    assert set(tools) == set(CALLS), set(tools) ^ set(CALLS)
    for name, tool in tools.items():
        hints = tool.annotations
        assert tool.output_schema and tool.title and tool.description, name
        assert None not in (hints.read_only_hint, hints.destructive_hint, hints.idempotent_hint, hints.open_world_hint), name
    assert [name for name, tool in tools.items() if not tool.annotations.read_only_hint] == ["propose_change", "apply_change"]
    assert [name for name, tool in tools.items() if tool.annotations.destructive_hint] == ["apply_change"]

    for name, arguments in CALLS.items():
        result = await client.call_tool(name, arguments)
        assert text(result), name
        if name in WORK:
            assert not result.is_error, f"{name}: {text(result)}"
        if result.is_error:
            assert "cannot read the arguments" not in text(result), f"{name}: {text(result)}"
        else:
            assert result.structured_content, name
    orders = await client.call_tool("query_orders", {"measures": ["orders"]})
    assert orders.structured_content["rows"] == [[600]], orders.structured_content

    prompts = {prompt.name: prompt for prompt in (await client.list_prompts()).prompts}
    given = {"release": {"version": "1.4"}, "scale_hub": {"units": "10"}}
    for name, prompt in prompts.items():
        message = (await client.get_prompt(name, given.get(name, {}))).messages[0]
        assert "propose_change" in message.content.text and name in message.content.text, message
        if any(argument.required for argument in prompt.arguments):
            with failing("-32602"):
                await client.get_prompt(name, {})
    with failing("-32602"):
        await client.get_prompt("nothing", {})

    selected = await client.call_tool("select_orders", {"sql": "SELECT order_number FROM orders ORDER BY id LIMIT 45"})
    address = selected.structured_content["result"]
    listed = [resource.uri for resource in (await client.list_resources()).resources]
    assert str(address) in map(str, listed), listed
    for uri in map(str, listed):
        contents = (await client.read_resource(uri)).contents
        assert contents[0].text, uri
    rows = (await client.read_resource(address)).contents[0]
    assert rows.mime_type == "text/csv" and len(rows.text.splitlines()) == 46, rows
    assert (await client.list_resource_templates()).resource_templates
    for uri, words in (("oms://glossary", "Measure revenue"), ("oms://schema", "order_number"), ("oms://meaning", "Measures")):
        assert words in (await client.read_resource(uri)).contents[0].text, uri
    with failing("no resource"):
        await client.read_resource("oms://results/9999.csv")


@contextlib.contextmanager
def failing(words):
    try:
        yield
    except MCPError as error:
        assert words in f"{error.error.code} {error.error.message}", error.error
    else:
        raise AssertionError(f"this should have failed with {words}")


async def wrong_types(client):
    for name, arguments, words in (
        ("query_orders", {"measures": 5}, "cannot read the arguments"),
        ("query_orders", {"measures": ["revnue"]}, "did you mean `revenue`"),
        ("select_orders", {"sql": "DELETE FROM orders"}, "refused"),
        ("no_such_tool", {}, "no tool named"),
        ("apply_change", {"id": 7}, "cannot read the arguments"),
        ("apply_change", {"id": "c0123abcd", "approve": True}, "unknown field `approve`"),
    ):
        result = await client.session.call_tool(name, arguments)
        assert result.is_error and words in text(result), f"{name}: {text(result)}"


async def progress_and_cancelling(here, client):
    """A slow statement tells that it runs; given up, it is stopped at the server."""
    heard = asyncio.Event()
    last = [0.0]

    async def progress(done, _total, message):
        assert done > last[0] and "select_orders" in message, (done, message)
        last[0] = done
        heard.set()

    call = asyncio.create_task(client.call_tool("select_orders", {"sql": SLOW}, progress_callback=progress))
    waiting = asyncio.create_task(heard.wait())
    done, _ = await asyncio.wait({call, waiting}, timeout=60, return_when=asyncio.FIRST_COMPLETED)
    assert waiting in done, f"no progress; the call: {call.result() if call.done() else 'runs'}"
    assert running(here) == 1, "the statement runs at the server"
    call.cancel()
    await asyncio.gather(call, return_exceptions=True)
    until = time.monotonic() + 60
    while running(here):
        assert time.monotonic() < until, "the statement still runs at the server"
        await asyncio.sleep(0.1)
    # And on it goes.
    one = await client.call_tool("select_orders", {"sql": "SELECT 1 AS one"})
    assert one.structured_content["rows"] == [[1]]


def running(here):
    """How many slow statements run at the server."""
    return sum("t4" in line for line in here.statements().splitlines())


async def proposed(client, environment="dev"):
    result = await client.call_tool("propose_change", {"runbook": "deploy", "environment": environment})
    change = result.structured_content["change"]
    assert len(change["digest"]) == 64 and "Nothing has run" in result.structured_content["answer"], result
    return change["id"]


def answering(action, content=None, seen=None):
    async def answer(_context, params):
        if seen is not None:
            seen.append(params)
        return ElicitResult(action=action, content=content)

    return answer


async def approvals(here, connect):
    """Only people approve, and only those who may. `connect(person, **options)` makes a client."""
    ran = here.applied()
    async with connect("ana") as client:
        change = await proposed(client)
        result = await client.call_tool("apply_change", {"id": change})
        assert result.is_error and f"oms change approve {change}" in text(result), text(result)
    assert here.applied() == ran

    seen = []
    async with connect("ana", elicitation_callback=answering("accept", {"approve": True}, seen)) as client:
        change = await proposed(client)
        assert not seen, "proposing asks nobody"
        lines = []

        async def progress(_done, _total, message):
            lines.append(message)

        result = await client.call_tool("apply_change", {"id": change}, progress_callback=progress)
        assert not result.is_error and "is applied" in text(result), text(result)
        assert "terraform_data.a" in seen[0].message and "Digest" in seen[0].message, seen[0].message
        assert any("terraform_data.a" in line for line in lines), lines
        ran += 1
        assert here.applied() == ran
        # Once is all: an approval is used up.
        again = await client.call_tool("apply_change", {"id": change})
        assert again.is_error and "applied already" in text(again), text(again)
    for action, content, words in (
        ("decline", None, "is declined"),
        ("accept", {"approve": False}, "is declined"),
        ("cancel", None, "nobody answered"),
        ("accept", None, "is declined"),
    ):
        async with connect("ana", elicitation_callback=answering(action, content)) as client:
            result = await client.call_tool("apply_change", {"id": await proposed(client)})
            assert result.is_error and words in text(result), (action, content, text(result))
    # Two people and the typed name: one client cannot be both.
    async with connect("ana", elicitation_callback=answering("accept", {"environment": "prod", "approve": True})) as client:
        change = await proposed(client, "prod")
        result = await client.call_tool("apply_change", {"id": change})
        assert result.is_error and "one more person" in text(result), text(result)
    async with connect("ana", elicitation_callback=answering("accept", {"environment": "Prod", "approve": True})) as client:
        result = await client.call_tool("apply_change", {"id": await proposed(client, "prod")})
        assert result.is_error and "was not typed" in text(result), text(result)
    assert here.applied() == ran


async def nobody_is_asked(here, mode):
    """With `mcp.approve = false` no client's word approves; people do, with `oms change approve`."""
    ran, seen = here.applied(), []
    lies = answering("accept", {"approve": True}, seen)
    async with here.over_lines(settings=here.asking_nobody(), mode=mode, elicitation_callback=lies) as client:
        change = await proposed(client)
        result = await client.call_tool("apply_change", {"id": change})
        assert result.is_error and f"oms change approve {change}" in text(result), text(result)
        assert not seen and here.applied() == ran, seen
        here.approves(change)
        result = await client.call_tool("apply_change", {"id": change})
        assert not result.is_error and not seen and here.applied() == ran + 1, text(result)


async def liars(here, url):
    """A client that answers for its person can do no more than the person."""
    ran = here.applied()
    seen = []
    lies = answering("accept", {"approve": True, "environment": "dev"}, seen)
    for mode in MODES:
        async with here.over_http(url, "eve", mode=mode, elicitation_callback=lies) as client:
            change = await proposed(client)
            result = await client.call_tool("apply_change", {"id": change})
            assert result.is_error and "`eve` may not approve" in text(result), text(result)
            assert not seen, "who may not approve is not asked"
    for person, words in (("oli", "waits: nobody has approved it"), ("vera", "may only look here")):
        async with here.over_http(url, person, elicitation_callback=lies) as client:
            names = [tool.name for tool in (await client.list_tools()).tools]
            assert ("apply_change" in names) == (person == "oli"), names
            result = await client.session.call_tool("apply_change", {"id": change})
            assert result.is_error and words in text(result), text(result)
            result = await client.session.call_tool("propose_change", {"runbook": "deploy"})
            assert bool(result.is_error) == (person == "vera"), text(result)
    assert not seen, "neither is asked"
    # Answers to questions that nobody asked, and the question of somebody else.
    async with here.over_http(url, "ana", elicitation_callback=answering("accept")) as ana:
        change = await proposed(ana)
        asked = await ana.session.call_tool("apply_change", {"id": change}, allow_input_required=True)
        answer = {"approval": ElicitResult(action="accept", content={"approve": True})}
        other = await proposed(ana)
        async with here.over_http(url, "eve", elicitation_callback=lies) as eve:
            for id, state in ((change, asked.request_state), (change, "0" * 64), (other, asked.request_state)):
                result = await eve.session.call_tool("apply_change", {"id": id}, input_responses=answer, request_state=state)
                assert result.is_error and "refused" in text(result), text(result)
        result = await ana.session.call_tool("apply_change", {"id": other}, input_responses=answer, request_state=asked.request_state)
        assert result.is_error and "nobody was asked" in text(result), text(result)
        assert here.applied() == ran
        result = await ana.session.call_tool("apply_change", {"id": change}, input_responses=answer, request_state=asked.request_state)
        assert not result.is_error, text(result)
        assert here.applied() == ran + 1


async def doors(here, url):
    """Who is let in over HTTP, and with what."""
    hello = {
        "jsonrpc": "2.0", "id": 1, "method": "initialize",
        "params": {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}},
    }
    ping = {"jsonrpc": "2.0", "id": 2, "method": "ping"}
    base = {"Accept": "application/json, text/event-stream", "Content-Type": "application/json"}
    with_token = {**base, "Authorization": f"Bearer {TOKENS['ana']}"}
    async with httpx2.AsyncClient(timeout=60) as http:
        async def post(headers, body=hello):
            content = body if isinstance(body, bytes) else json.dumps(body).encode()
            return await http.post(url, headers=headers, content=content)

        for headers, status in (
            (base, 401),
            ({**base, "Authorization": "Bearer " + "x" * 40}, 401),
            ({**base, "Authorization": TOKENS["ana"]}, 401),
            ({**base, "Authorization": f"Basic {TOKENS['ana']}"}, 401),
            ({**with_token, "Origin": "https://evil.example"}, 403),
            ({**with_token, "Origin": "null"}, 403),
            ({**with_token, "Host": "evil.example"}, 403),
            ({**with_token, "Mcp-Session-Id": "nobody's"}, 404),
        ):
            assert (await post(headers)).status_code == status, headers
        assert (await http.get(url, headers=base)).status_code == 401
        assert (await http.delete(url, headers=base)).status_code == 401
        for body in (b"not json", b"\xff\xfe", b"[]", b'{"jsonrpc":"2.0","id":1', b"", b'{"id":5}'):
            assert 400 <= (await post(with_token, body)).status_code < 500, body
        assert (await post(with_token, b" " * (5 << 20))).status_code == 413

        opened = []
        for _ in range(4):
            answer = await post(with_token)
            assert answer.status_code == 200, answer.text
            opened.append(answer.headers["mcp-session-id"])
        assert (await post(with_token)).status_code == 503, "sessions are bounded"
        # Another person's session is none.
        eve = {**base, "Authorization": f"Bearer {TOKENS['eve']}", "Mcp-Session-Id": opened[0]}
        assert (await post(eve, ping)).status_code == 404
        assert (await http.delete(url, headers=eve)).status_code == 404
        mine = {**with_token, "Mcp-Session-Id": opened[0]}
        assert (await post(mine, ping)).status_code == 200
        for session in opened:
            gone = await http.delete(url, headers={**with_token, "Mcp-Session-Id": session})
            assert gone.status_code < 300, gone.text
        assert (await post(mine, ping)).status_code == 404

    for address in ("0.0.0.0:0", "[::]:0", "192.0.2.1:0"):
        refused = here.oms("mcp", "--http", address)
        assert refused.returncode != 0 and b"other machines could reach it" in refused.stderr, refused.stderr
    (here.folder / "eve.token").chmod(0o644)
    refused = here.oms("mcp", "--http", "127.0.0.1:0")
    assert refused.returncode != 0 and b"chmod 600" in refused.stderr, refused.stderr
    (here.folder / "eve.token").chmod(0o600)


async def person_by_person(here, url):
    """Each reads its own results, and the record names who called."""
    async with here.over_http(url, "ana") as ana, here.over_http(url, "eve") as eve:
        await ana.call_tool("select_orders", {"sql": "SELECT 41 AS secret_of_ana"})
        assert "secret_of_ana" in (await ana.read_resource("oms://last-result.csv")).contents[0].text
        with failing("no resource"):
            await eve.read_resource("oms://last-result.csv")
    record = here.oms("audit", "show", "--person", "ana").stdout.decode()
    assert "secret_of_ana" in record and "secret_of_ana" not in here.oms("audit", "show", "--person", "eve").stdout.decode()


def bad_lines(here):
    """What is no message gets an error and on it goes; at the end of the input it finishes and exits 0."""
    hello = {
        "jsonrpc": "2.0", "id": 1, "method": "initialize",
        "params": {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}},
    }
    select = {"jsonrpc": "2.0", "id": 9, "method": "tools/call", "params": {"name": "select_orders", "arguments": {"sql": "SELECT 1 AS one"}}}
    lines = [
        b"hello?", b"\xff\xfe\x00", b"[]", b"5", b'{"jsonrpc":"2.0","method":"notifications/unknown"}',
        json.dumps(hello).encode(), b'{"jsonrpc":"2.0","method":"notifications/initialized"}',
        b'{"jsonrpc":"2.0","id":2,"method":"no/such"}',
        b'{"jsonrpc":"2.0","id":3,"method":"tools/call","params":{"name":5}}',
        b'{"jsonrpc":"2.0","id":4,"method":"tools/call","params":[]}',
        b'{"jsonrpc":"2.0","id":5,"method":"resources/read","params":{}}',
        b'{"jsonrpc":"1.0","id":6,"method":"ping"}', b'{"id":7}',
        b'{"jsonrpc":"2.0","id":8,"method":"' + b"x" * (5 << 20) + b'"}',
        b"[" * 5000, b'{"jsonrpc":"2.0","id":99,"result":{}}', json.dumps(select).encode(),
    ]
    ran = here.oms("mcp", stdin=b"\n".join(lines) + b"\n")
    assert ran.returncode == 0, ran.stderr
    answers = [json.loads(line) for line in ran.stdout.splitlines()]
    by_id = {answer["id"]: answer for answer in answers if "id" in answer}
    assert by_id[1]["result"]["serverInfo"]["name"] == "oms"
    assert by_id[2]["error"]["code"] == -32601, by_id[2]
    for id in (3, 4, 5, 6):
        assert by_id[id]["error"]["code"] in (-32602, -32600), by_id[id]
    assert by_id[9]["result"]["structuredContent"]["rows"] == [[1]], by_id[9]
    nameless = [answer["error"]["code"] for answer in answers if "id" not in answer]
    assert nameless == [-32700, -32700, -32600, -32600, -32600, -32600, -32700], nameless
    for nothing in (b"", b"\n\n", b"garbage"):
        assert here.oms("mcp", stdin=nothing).returncode == 0


async def main():
    started = time.monotonic()

    def done(what):
        print(f"{time.monotonic() - started:6.1f} s  {what}", flush=True)

    with place() as here:
        done("a shop")
        bad_lines(here)
        done("lines that are no messages")
        for mode in MODES:
            async with here.over_lines(mode=mode) as client:
                await everything(client)
                await wrong_types(client)
                await progress_and_cancelling(here, client)
            done(f"everything over lines, {mode}")
            await approvals(here, lambda _person, mode=mode, **options: here.over_lines(mode=mode, **options))
            done(f"approvals over lines, {mode}")
            await nobody_is_asked(here, mode)
            done(f"nobody is asked, {mode}")
        async with here.http() as url:
            await doors(here, url)
            done("who is let in over HTTP")
            for mode in MODES:
                async with here.over_http(url, mode=mode) as client:
                    await everything(client)
                    await wrong_types(client)
                    await progress_and_cancelling(here, client)
                done(f"everything over HTTP, {mode}")
                await approvals(here, lambda person, mode=mode, **options: here.over_http(url, person, mode=mode, **options))
                done(f"approvals over HTTP, {mode}")
            await person_by_person(here, url)
            await liars(here, url)
            done("each person by itself, and clients that lie")
        verified = here.oms("audit", "verify")
        assert verified.returncode == 0, verified.stdout
        done("the record holds")


if __name__ == "__main__":
    try:
        asyncio.run(asyncio.wait_for(main(), 600))
    except TimeoutError:
        sys.exit("the conformance test did not end in 600 s")
