"""Serves the recorded schema of the azurerm provider to a real terraform, so that its own type checks, graph and mocked
tests run where the provider cannot be downloaded.

It speaks the part of Terraform's plugin protocol 5 that validation and mocks need, the schema; it never plans, applies
or reaches Azure: whatever would need that is answered as not implemented. Terraform finds it through
TF_REATTACH_PROVIDERS, which this program prints as its first line; it ends when its standard input closes.

What the recorded schema does not hold, the provider's own value checks (a name's pattern, an enumeration), is not
checked here; the variables' validations are.
"""

import json
import os
import sys
from concurrent import futures
from pathlib import Path

import grpc

SCHEMA = Path(__file__).with_name("azurerm-5.2-schema.json")
SOURCE = "hashicorp/azurerm"
NESTING = {"single": 1, "list": 2, "set": 3, "map": 4}

# The arguments of the provider block that this project uses: they are not part of the recorded resources.
PROVIDER = {
    "subscription_id": ["optional", "string"],
    "storage_use_azuread": ["optional", "bool"],
    "resource_provider_registrations": ["optional", "string"],
    "features": {
        "block": "list",
        "min": 1,
        "max": 1,
        "body": {
            "resource_group": {
                "block": "list",
                "min": 0,
                "max": 1,
                "body": {"prevent_deletion_if_contains_resources": ["optional", "bool"]},
            }
        },
    },
}


def varint(number: int) -> bytes:
    """Encodes a protobuf base-128 number."""
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def field(number: int, value: "bytes | str | int | bool") -> bytes:
    """Encodes one protobuf field: a number, or text, bytes or a message with its length before it."""
    if isinstance(value, (bool, int)):
        return varint(number << 3) + varint(int(value)) if value else b""
    if isinstance(value, str):
        value = value.encode()
    return varint(number << 3 | 2) + varint(len(value)) + value


def attribute(name: str, described: list) -> bytes:
    mode, kind, *flags = described
    # The record says `optional` of what is optional and computed as well, so every optional argument is taken for both.
    computed = mode != "required"
    return (
        field(1, name)
        + field(2, json.dumps(kind))
        + field(4, mode == "required")
        + field(5, mode == "optional")
        + field(6, computed)
        + field(7, "sensitive" in flags)
        + field(9, "deprecated" in flags)
    )


def block(body: dict) -> bytes:
    out = b""
    for name, described in body.items():
        if isinstance(described, list):
            out += field(2, attribute(name, described))
        else:
            out += field(
                3,
                field(1, name)
                + field(2, block(described["body"]))
                + field(3, NESTING[described["block"]])
                + field(4, described["min"])
                + field(5, described["max"]),
            )
    return out


def provider_schema(recorded: dict) -> bytes:
    """Encodes the answer to GetSchema: the provider's, every resource's and every data source's schema."""
    out = field(1, field(2, block(PROVIDER)))
    for number, key in ((2, "resources"), (3, "data_sources")):
        for name, body in recorded[key].items():
            out += field(number, field(1, name) + field(2, field(2, block(body))))
    return out


class Provider(grpc.GenericRpcHandler):
    """Answers GetSchema and accepts every validation: the schema itself has been held against the configuration then."""

    ACCEPTED = ("PrepareProviderConfig", "ValidateResourceTypeConfig", "ValidateDataSourceConfig", "Stop")

    def __init__(self, schema: bytes) -> None:
        self.schema = schema

    def service(self, call: grpc.HandlerCallDetails) -> "grpc.RpcMethodHandler | None":
        name = call.method.rsplit("/", 1)[-1]
        if name == "GetSchema":
            return grpc.unary_unary_rpc_method_handler(lambda _request, _context: self.schema)
        if name in self.ACCEPTED:
            return grpc.unary_unary_rpc_method_handler(lambda _request, _context: b"")
        return None


def main() -> None:
    recorded = json.loads(SCHEMA.read_text())
    server = grpc.server(futures.ThreadPoolExecutor(4))
    server.add_generic_rpc_handlers((Provider(provider_schema(recorded)),))
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    reattach = {
        SOURCE: {
            "Protocol": "grpc",
            "ProtocolVersion": 5,
            "Pid": os.getpid(),
            "Test": True,
            "Addr": {"Network": "tcp", "String": f"127.0.0.1:{port}"},
        }
    }
    print(json.dumps(reattach), flush=True)
    sys.stdin.read()
    server.stop(grace=None)


if __name__ == "__main__":
    main()
