#!/usr/bin/env bash
# What `oms` says of a pipeline of real parts (MariaDB, the event hub's stand-in, Azurite, the processor), stopped and
# frozen one by one.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=scripts/pipeline/node.sh
. "$ROOT/scripts/pipeline/node.sh"
# shellcheck source=scripts/cargo.sh
. "$ROOT/scripts/cargo.sh"

have node || fail "cannot test the watch over the pipeline: node is not on PATH" "install Node.js 20 or newer"
have mariadb-install-db || packages mariadb-server-core mariadb-client-core
node_modules "$ROOT/compose/oms-app"
node_modules "$ROOT/compose/stand-ins"
(cd "$ROOT" && cargo build --locked --quiet --bin oms)
export OMS_BIN=$CARGO_TARGET_DIR/debug/oms

(cd "$ROOT/compose/oms-app" && timeout -k 10 300 node --test --test-force-exit test/watch/)
