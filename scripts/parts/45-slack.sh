#!/usr/bin/env bash
# The bot of a Slack workspace, with a real bridge behind it and a stand-in of Slack before it.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=scripts/cargo.sh
. "$ROOT/scripts/cargo.sh"

packages python3-venv
slack=$ROOT/scripts/slack
environment=$(cached slack "$ROOT/scripts/infra/environment.sh" "$slack/requirements.txt" "$slack/requirements-test.txt" -- \
    bash "$ROOT/scripts/infra/environment.sh" "$slack/requirements-test.txt") || environment=''
if [ -z "$environment" ]; then
    echo "NOT RUN: the Slack bot, because its Python packages cannot be installed here"
    exit 0
fi
(cd "$ROOT" && cargo build --locked --quiet --bin oms)
export OMS_BIN=$CARGO_TARGET_DIR/debug/oms PYTHONDONTWRITEBYTECODE=1
timeout --kill-after=20 300 "$environment/bin/python" "$slack/test_bot.py" </dev/null
