#!/usr/bin/env bash
# The order pipeline's tests: Node's unit tests, the services on real parts (MariaDB, the event hub's stand-in, Azurite),
# and, where a Docker engine can run, the whole stack. What is not run is said, with the reason.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=scripts/pipeline/node.sh
. "$ROOT/scripts/pipeline/node.sh"

app=$ROOT/compose/oms-app
stand_ins=$ROOT/compose/stand-ins

have node || fail "cannot test the pipeline: node is not on PATH" "install Node.js 20 or newer"
packages mariadb-server
node_modules "$app"
node_modules "$stand_ins"

say "the event hub's stand-in, against the real client"
(cd "$stand_ins" && node --test --test-force-exit test/)
say "the services: units"
(cd "$app" && node --test --test-force-exit test/unit/)
say "the services: on real parts"
(cd "$app" && node --test --test-force-exit --test-concurrency=2 test/parts/)

say "the stack, in containers"
"$ROOT/scripts/pipeline/test-stack.sh"
