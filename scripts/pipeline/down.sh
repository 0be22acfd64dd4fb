#!/usr/bin/env bash
# Takes the order pipeline down. Data volumes stay, and so do the secrets that open them; `down.sh --data` removes both.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/../lib.sh"
for file in engine stack; do
    # shellcheck disable=SC1090
    . "$ROOT/scripts/pipeline/$file.sh"
done

if ! { [ -e "$STATE/engine" ] || engine_runs; } || [ ! -d "$STATE" ]; then
    say "the stack is not up"
    exit 0
fi
if [ -e "$STATE/engine" ]; then
    DOCKER_HOST=unix://$(cat "$STATE/engine")/docker.sock
    export DOCKER_HOST
fi
find_compose
if [ "${1:-}" = --data ]; then
    compose --profile '*' down --volumes --remove-orphans
    stop_engine "$STATE"
    rm -rf "$STATE"
else
    compose --profile '*' down --remove-orphans
    stop_engine "$STATE"
fi
