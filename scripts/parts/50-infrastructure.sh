#!/usr/bin/env bash
# The infrastructure as code: Terraform against the provider's schema and its own tests, the Azure CLI scripts against a
# stand-in, and the playbooks, with the project's own stack, against a real SSH host in a container. Installs what is
# missing, and prints what was not run and why. What needs no Docker engine runs beside what does; every step has its limit.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=scripts/pipeline/engine.sh
. "$ROOT/scripts/pipeline/engine.sh"

infra=$ROOT/scripts/infra
packages python3-venv openssh-client ca-certificates
environment=$(cached infrastructure "$infra/environment.sh" "$infra/requirements.txt" "$ROOT/infra/ansible/requirements.txt" -- \
    bash "$infra/environment.sh" "$infra/requirements.txt")
export PATH="$environment/bin:$PATH" PYTHONDONTWRITEBYTECODE=1

work=$(mktemp -d /tmp/oms-infra.XXXXXX)
export OMS_INFRA_LABEL=oms-infra=${work##*.}
texts=''
# shellcheck disable=SC2317,SC2329 # the trap calls it
finish() {
    local left=()
    # Its children are programs under `timeout`, which passes the signal on.
    [ -z "$texts" ] || { pkill -P "$texts" || true; kill "$texts" 2>/dev/null || true; }
    # Where the engine is somebody else's, nothing of ours may stay in it.
    if [ ! -e "$work/engine" ] && have docker; then
        mapfile -t left < <(timeout 20 docker ps --all --quiet --filter "label=$OMS_INFRA_LABEL" 2>/dev/null)
        [ ${#left[@]} -eq 0 ] || timeout 60 docker rm --force --volumes "${left[@]}" >/dev/null 2>&1 || true
    fi
    stop_engine "$work"
    rm -rf "$work"
}
trap finish EXIT

# tests NAME...: the tests of these folders and files.
tests() { (cd "$ROOT/infra" && timeout --kill-after=30 900 python -m pytest -q -c pytest.ini "$@" </dev/null); }

# What needs no engine.
without_engine() {
    local status=0 checks=''
    checks=$(cached checkov "$infra/environment.sh" "$infra/requirements-checkov.txt" -- \
        bash "$infra/environment.sh" "$infra/requirements-checkov.txt") || checks=''
    if [ -z "$checks" ]; then
        echo "NOT RUN: checkov, which could not be installed"
    else
        (cd "$ROOT/infra/terraform" && timeout --kill-after=10 240 "$checks/bin/checkov" --config-file .checkov.yaml </dev/null) || status=1
    fi
    tests terraform/tests azure-cli/tests ansible/tests/test_lint.py ansible/tests/test_settings.py || status=1
    return $status
}
without_engine >"$work/texts.log" 2>&1 &
texts=$!

# An engine, one of our own for root, and with it the host and the stack's images.
why=''
if [ "$(id -u)" = 0 ]; then export OMS_ENGINE=own; fi
(packages docker.io iptables debootstrap) || why="docker.io and debootstrap cannot be installed here"
[ -n "$why" ] || start_engine "$work" || why="no Docker engine can run here"
mkdir "$work/things"
if [ -z "$why" ] && ! timeout --kill-after=30 900 bash "$ROOT/infra/ansible/tests/images/build.sh" "$work/things" </dev/null; then
    why="the images of the host and its stack cannot be made here"
fi

status=0
if [ -n "$why" ]; then
    OMS_INFRA_WHY_NOT=$why tests ansible/tests/test_host.py || status=1
else
    OMS_INFRA_THINGS=$work/things tests ansible/tests/test_host.py || status=1
fi
wait "$texts" || status=1
texts=''
cat "$work/texts.log"
exit $status
