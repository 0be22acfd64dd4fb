#!/usr/bin/env bash
# `make bench-watch`: installs what the measurement needs and runs it. Arguments go to scripts/bench/watch.mjs.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=scripts/pipeline/node.sh
. "$ROOT/scripts/pipeline/node.sh"
# shellcheck source=scripts/cargo.sh
. "$ROOT/scripts/cargo.sh"

have node || fail "cannot measure the watch over the pipeline: node is not on PATH" "install Node.js 20 or newer"
have mariadb-install-db || packages mariadb-server-core mariadb-client-core
node_modules "$ROOT/compose/oms-app"
node_modules "$ROOT/compose/stand-ins"
cd "$ROOT"
exec node scripts/bench/watch.mjs "$@"
