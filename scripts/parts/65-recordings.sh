#!/usr/bin/env bash
# What language models said when they were recorded, against the program as it is, without a model: the same requests, calls of
# tools and rows. Another outcome fails. A turn of the embedded model whose prompt has changed since says nothing any more and is
# told; when half of them are such, they are to be recorded anew (evals/README.md).
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=scripts/cargo.sh
. "$ROOT/scripts/cargo.sh"
cd "$ROOT"

cargo build --locked --quiet --bin oms
oms="$CARGO_TARGET_DIR/debug/oms"
folder=$(mktemp -d)
export XDG_DATA_HOME="$folder/data" XDG_STATE_HOME="$folder/state" XDG_CACHE_HOME="$folder/cache" XDG_CONFIG_HOME="$folder/config"
unset OMS_DB_URL
trap '"$oms" db stop >/dev/null 2>&1 || true; rm -rf "$folder"' EXIT

# The shop that was asked about.
within 300 "$oms" --quiet db seed --orders 2000 --seed 1
turns=$(grep -c . evals/recordings/embedded/turns.jsonl)
within 300 "$oms" --quiet --brain local eval --replay evals/recordings/embedded --at-least $(((turns + 1) / 2))
