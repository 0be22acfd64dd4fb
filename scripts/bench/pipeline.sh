#!/usr/bin/env bash
# `make bench-pipeline`: installs what the measurement needs and runs it. Arguments go to scripts/bench/pipeline.mjs.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=scripts/pipeline/node.sh
. "$ROOT/scripts/pipeline/node.sh"

have node || fail "cannot measure the pipeline: node is not on PATH" "install Node.js 20 or newer"
have mariadb-install-db || packages mariadb-server-core mariadb-client-core
node_modules "$ROOT/compose/oms-app"
node_modules "$ROOT/compose/stand-ins"
# Where the stack is up, page loads through it are measured too.
environment=${OMS_STATE:-$ROOT/.oms/stack}/oms.env
if [ -e "$environment" ]; then
    # shellcheck disable=SC1090
    . "$environment"
    if within 10 curl -fsS "$OMS_WATCH_URL/traefik/ping" >/dev/null 2>&1; then export OMS_SHOP_URL OMS_SHOP_CERTIFICATE; fi
fi
exec node "$ROOT/scripts/bench/pipeline.mjs" "$@"
