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

# suite SECONDS FOLDER ARGUMENT...: Node's tests, which end by themselves or are ended.
suite() {
    local seconds=$1 folder=$2 status=0
    shift 2
    (cd "$folder" && timeout -k 20 "$seconds" node --test --test-force-exit "$@" </dev/null) || status=$?
    [ $status != 124 ] || fail "the tests of $folder did not end within $seconds s"
    [ $status = 0 ] || fail "the tests of $folder failed"
}

have node || fail "cannot test the pipeline: node is not on PATH" "install Node.js 20 or newer"
have mariadb-install-db || packages mariadb-server-core mariadb-client-core
node_modules "$app"
node_modules "$stand_ins"

say "the event hub's stand-in, against the real client"
suite 240 "$stand_ins" test/
say "the services: units"
suite 120 "$app" test/unit/
say "the services: on real parts"
suite 720 "$app" --test-concurrency=2 test/parts/

say "the stack, in containers"
"$ROOT/scripts/pipeline/test-stack.sh"
