#!/usr/bin/env bash
# Brings a stack of its own up (own names, ports, state and, for root, own engine), runs its tests, and leaves nothing
# behind but the caches.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/../lib.sh"
for file in node engine; do
    # shellcheck disable=SC1090
    . "$ROOT/scripts/pipeline/$file.sh"
done

if [ "$(id -u)" = 0 ]; then export OMS_ENGINE=own; fi
OMS_STATE=$(mktemp -d /tmp/oms-stack.XXXXXX)
export OMS_STATE OMS_STACK=oms-test-$$
if ! start_engine "$OMS_STATE"; then
    rm -rf "$OMS_STATE"
    say "NOT RUN: the stack's tests (no Docker engine can run here)"
    exit 0
fi
# shellcheck source=scripts/pipeline/stack.sh
. "$ROOT/scripts/pipeline/stack.sh"

finish() {
    local status=$?
    if [ $status != 0 ]; then
        find_compose
        compose logs --tail 15 2>&1 | cut -c1-300 | tail -120 >&2 || true
    fi
    "$ROOT/scripts/pipeline/down.sh" --data >/dev/null 2>&1 || say "the stack $OMS_STACK could not be taken down"
}
trap finish EXIT

free_port() { node -e 'const s=require("net").createServer().listen(0,"127.0.0.1",()=>{console.log(s.address().port);s.close()})'; }
OMS_HTTP_PORT=$(free_port) OMS_HTTPS_PORT=$(free_port) OMS_DB_PORT=$(free_port)
export OMS_HTTP_PORT OMS_HTTPS_PORT OMS_DB_PORT
# Partitions change hands within the tests' patience.
export PROCESSOR_OWNERSHIP_MILLISECONDS=5000 PROCESSOR_BALANCE_MILLISECONDS=1000
export OMS_BUFFER_POOL=128M

# A shop with a catalogue and no order: every order that is found must be one of the test's own.
OMS_BIN=none "$ROOT/scripts/pipeline/up.sh"
# shellcheck source=scripts/cargo.sh
. "$ROOT/scripts/cargo.sh"
OMS_ASK=$CARGO_TARGET_DIR/debug/oms
[ -x "$OMS_ASK" ] || (cd "$ROOT" && cargo build --locked --quiet --bin oms)
export OMS_ASK
CHROMIUM=$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)
if [ -z "$CHROMIUM" ]; then
    packages chromium
    CHROMIUM=$(command -v chromium)
fi
export CHROMIUM
(cd "$ROOT/compose/oms-app" && node --test --test-force-exit test/stack/)
