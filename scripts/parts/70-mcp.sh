#!/usr/bin/env bash
# The official Python SDK's client against `oms mcp`: every tool, prompt and resource over lines and over HTTP, approvals, bad
# input, and a slow query that is really stopped. About half a minute, once the SDK is in the cache.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=scripts/cargo.sh
. "$ROOT/scripts/cargo.sh"

packages python3-venv
{ have mariadb-install-db && have mariadb; } || packages mariadb-server-core mariadb-client-core
requirements=$ROOT/tests/mcp/requirements.txt
environment=$(cached mcp-sdk "$ROOT/scripts/infra/environment.sh" "$requirements" -- \
    bash "$ROOT/scripts/infra/environment.sh" "$requirements") || environment=''
if [ -z "$environment" ]; then
    echo "NOT RUN: the MCP client of the Python SDK, which could not be installed from PyPI"
    exit 0
fi
(cd "$ROOT" && cargo build --locked --quiet --bin oms)
export OMS_BIN=$CARGO_TARGET_DIR/debug/oms PYTHONDONTWRITEBYTECODE=1
timeout --kill-after=10 660 "$environment/bin/python" "$ROOT/tests/mcp/conformance.py" </dev/null
