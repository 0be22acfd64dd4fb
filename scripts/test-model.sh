#!/usr/bin/env bash
# What needs the embedded language model itself: `make test-model`. Builds and fetches what is missing.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"
bash "$ROOT/scripts/build.sh"
bash "$ROOT/scripts/model.sh"
# llama.cpp's own server, where there is one: the same model as a remote one.
exec python3 "$ROOT/scripts/test_model.py" "$ROOT/target/release/oms" "$ROOT/target/release/oms-model" \
    "${LLAMA_SERVER:-$(command -v llama-server || true)}"
