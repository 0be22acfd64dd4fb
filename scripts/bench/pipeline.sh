#!/usr/bin/env bash
# `make bench-pipeline`: installs what the measurement needs and runs it. Arguments go to scripts/bench/pipeline.mjs.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=scripts/pipeline/node.sh
. "$ROOT/scripts/pipeline/node.sh"

have node || fail "cannot measure the pipeline: node is not on PATH" "install Node.js 20 or newer"
packages mariadb-server
node_modules "$ROOT/compose/oms-app"
node_modules "$ROOT/compose/stand-ins"
exec node "$ROOT/scripts/bench/pipeline.mjs" "$@"
