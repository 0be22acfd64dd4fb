#!/usr/bin/env bash
# The scripted questions against a private, freshly seeded database; wrong answers fail.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=scripts/cargo.sh
. "$ROOT/scripts/cargo.sh"
cd "$ROOT"
oms="$ROOT/target/release/oms"
if [ ! -x "$oms" ] || [ -n "${CI:-}" ]; then
    cargo build --locked --quiet --bin oms
    oms="$CARGO_TARGET_DIR/debug/oms"
fi
folder=$(mktemp -d)
export XDG_DATA_HOME="$folder/data" XDG_STATE_HOME="$folder/state" XDG_CACHE_HOME="$folder/cache" XDG_CONFIG_HOME="$folder/config"
unset OMS_DB_URL
trap '"$oms" db stop >/dev/null 2>&1; rm -rf "$folder"' EXIT
"$oms" db seed --orders 5000 --seed 1
"$oms" eval --report "${OMS_REPORTS:-$ROOT/target/evals}"
