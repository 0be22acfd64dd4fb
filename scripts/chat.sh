#!/usr/bin/env bash
# The conversation, as soon as the program is built; the embedded language model is built and fetched behind it, at low
# priority, and joins when it is ready. MODEL=none leaves it out.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"
bash "$ROOT/scripts/build.sh"
if [ "${MODEL:-}" != none ] && [ ! -x "$ROOT/target/release/oms-model" ]; then
    mkdir -p "$CACHE"
    say "building the embedded language model behind this conversation (log: $CACHE/model.log; MODEL=none leaves it out)"
    # A session of its own: Ctrl-C in the conversation is not meant for it. It ends by itself.
    setsid nice -n 19 bash "$ROOT/scripts/model.sh" </dev/null >"$CACHE/model.log" 2>&1 &
fi
exec "$ROOT/target/release/oms" "$@"
