#!/usr/bin/env bash
# What `oms health` says of the stack that test-stack.sh has brought up, part by part. Called by it, with its environment.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/../lib.sh"

: "${OMS_ASK:?set by test-stack.sh}" "${OMS_STACK:?}" "${OMS_SECRETS:?}" "${OMS_STATE:?}"
say "the stack's health, part by part"
(cd "$ROOT/compose/oms-app" && timeout -k 20 600 node --test --test-force-exit --test-timeout=400000 test/watch-stack/ </dev/null)
