#!/usr/bin/env bash
# Takes the order pipeline down. Data volumes stay, and so do the secrets that open them; `down.sh --data` removes both.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/../lib.sh"
for file in engine stack; do
    # shellcheck disable=SC1090
    . "$ROOT/scripts/pipeline/$file.sh"
done

if [ -e "$STATE/engine" ]; then
    DOCKER_HOST=unix://$(cat "$STATE/engine")/docker.sock
    export DOCKER_HOST
fi
arguments=(--remove-orphans --timeout 20)
[ "${1:-}" != --data ] || arguments+=(--volumes)
if [ ! -e "$ENVIRONMENT" ] || ! engine_runs; then
    say "the stack is not up"
else
    find_compose
    compose --profile '*' down "${arguments[@]}"
fi
stop_engine "$STATE"
[ "${1:-}" != --data ] || rm -rf "$STATE"
