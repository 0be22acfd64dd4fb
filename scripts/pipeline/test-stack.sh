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
# Free ports, all held until all are known: one that is given back may be given again.
free_ports() {
    node -e 'const net=require("net"),held=[],all=+process.argv[1];
        const next=()=>{const s=net.createServer().listen(0,"127.0.0.1",()=>{held.push(s);
            if(held.length<all)return next();
            console.log(held.map(one=>one.address().port).join("\n"));held.forEach(one=>one.close())})};next()' "$1"
}
names=(HTTP HTTPS WATCH DB HUB STORAGE)
mapfile -t ports < <(free_ports ${#names[@]})
for at in "${!names[@]}"; do
    export "OMS_${names[at]}_PORT=${ports[at]}"
done
# The tests kill and cut, which the official emulator does not survive: it keeps nothing.
export OMS_IMAGES=${OMS_IMAGES:-stand-in}
# Partitions change hands within the tests' patience, and what came is captured within it.
export PROCESSOR_OWNERSHIP_MILLISECONDS=5000 PROCESSOR_BALANCE_MILLISECONDS=1000 CAPTURE_SECONDS=10
export OMS_BUFFER_POOL=128M
# shellcheck source=scripts/pipeline/stack.sh
. "$ROOT/scripts/pipeline/stack.sh"

finish() {
    local status=$?
    trap - EXIT
    if [ $status != 0 ] && [ -e "$ENVIRONMENT" ]; then
        # shellcheck disable=SC1090
        . "$ENVIRONMENT"
        export DOCKER_HOST
        (find_compose; OMS_COMPOSE_SECONDS=30 compose logs --tail 15 2>&1 | cut -c1-300 | tail -n 120 >&2) || true
    fi
    timeout -k 10 120 "$ROOT/scripts/pipeline/down.sh" --data >/dev/null 2>&1 || say "the stack $OMS_STACK could not be taken down"
    exit $status
}
trap finish EXIT
trap 'exit 143' TERM INT HUP

# A shop with a catalogue and no order: every order that is found must be one of the test's own.
status=0
OMS_BIN=none timeout -k 60 900 "$ROOT/scripts/pipeline/up.sh" </dev/null || status=$?
if [ $status = 3 ]; then
    say "NOT RUN: the stack's tests (see above why)"
    exit 0
elif [ $status != 0 ]; then
    fail "cannot bring the stack up (status $status)"
fi
DOCKER_HOST=$(sed -n "s/^DOCKER_HOST='\(.*\)'$/\1/p" "$ENVIRONMENT")
if [ -n "$DOCKER_HOST" ]; then export DOCKER_HOST; else unset DOCKER_HOST; fi

# shellcheck source=scripts/cargo.sh
. "$ROOT/scripts/cargo.sh"
OMS_ASK=$CARGO_TARGET_DIR/debug/oms
(cd "$ROOT" && timeout -k 10 1200 cargo build --locked --quiet --bin oms </dev/null)
export OMS_ASK
CHROMIUM=$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)
if [ -z "$CHROMIUM" ]; then
    (packages chromium) || say "NOT RUN: what needs a browser"
    CHROMIUM=$(command -v chromium || true)
fi
export CHROMIUM
(packages pebble) || say "NOT RUN: certificates by ACME (pebble is not to be had)"
PEBBLE=$(command -v pebble || true)
find_compose
export PEBBLE OMS_COMPOSE="${COMPOSE[*]}"
(cd "$ROOT/compose/oms-app" && timeout -k 20 600 node --test --test-force-exit test/stack/ </dev/null)
say "the stack's health, part by part"
(cd "$ROOT/compose/oms-app" && timeout -k 20 400 node --test --test-force-exit test/watch-stack/ </dev/null)
