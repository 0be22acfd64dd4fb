#!/usr/bin/env bash
# Builds target/release/oms-model, which runs the embedded language model, and fetches the model's file: `make model`.
# `make chat` runs it behind the conversation; the conversation takes the model in when both are there.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"
packages cmake g++ libclang-dev
# shellcheck source=scripts/cargo.sh
. "$ROOT/scripts/cargo.sh"

say "building oms-model (llama.cpp takes some minutes)"
(cd "$ROOT" && cargo build --release --locked --quiet -p oms-model --features llama --bin oms-model)
mkdir -p "$ROOT/target/release"
if ! cmp -s "$CARGO_TARGET_DIR/release/oms-model" "$ROOT/target/release/oms-model"; then
    cp "$CARGO_TARGET_DIR/release/oms-model" "$ROOT/target/release/oms-model.new"
    mv -f "$ROOT/target/release/oms-model.new" "$ROOT/target/release/oms-model"
fi
[ -x "$ROOT/target/release/oms" ] || bash "$ROOT/scripts/build.sh"
"$ROOT/target/release/oms" model pull
