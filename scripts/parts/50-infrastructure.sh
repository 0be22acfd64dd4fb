#!/usr/bin/env bash
# The infrastructure as code: Terraform against the provider's schema and its own tests, the Azure CLI scripts against a
# stand-in, and the playbooks against a real SSH host in a container. Installs what is missing, uses a Docker engine that
# runs or starts one and stops it again, and prints at the end what was not run and why.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/../lib.sh"

infra=$ROOT/scripts/infra
images_recipe=("$ROOT"/infra/ansible/tests/images/{build.sh,host/Dockerfile,stack/Dockerfile,stack/database})

packages python3-venv openssh-client ca-certificates
environment=$(cached infrastructure "$infra/environment.sh" "$infra/requirements.txt" "$ROOT/infra/ansible/requirements.txt" -- \
    bash "$infra/environment.sh" "$infra/requirements.txt")
export PATH="$environment/bin:$PATH" PYTHONDONTWRITEBYTECODE=1

engine=''
images=''
# shellcheck disable=SC2317,SC2329 # the trap calls it
stop_engine() {
    [ -n "$engine" ] || return 0
    kill "$engine" 2>/dev/null || true
    wait "$engine" 2>/dev/null || true
}
trap stop_engine EXIT

# An engine: the one that runs, or one started here where this is root.
engine_answers() { have docker && docker version >/dev/null 2>&1; }
if ! engine_answers && [ "$(id -u)" = 0 ]; then
    packages docker.io iptables
    log=$(mktemp)
    # One start at a time: another part may be starting an engine as well.
    exec 8>/tmp/oms-dockerd.lock
    flock 8
    if ! engine_answers; then
        dockerd --pidfile "$log.pid" >"$log" 2>&1 8>&- &
        engine=$!
        for _ in $(seq 1 120); do
            engine_answers && break
            kill -0 "$engine" 2>/dev/null || break
            sleep 0.5
        done
    fi
    exec 8>&-
    engine_answers || say "no Docker engine could be started: $(grep -v level=info "$log" | tail -n 1)"
fi

if engine_answers; then
    have debootstrap || packages debootstrap
    if [ "$(id -u)" = 0 ]; then
        images=$(cached infrastructure-images "${images_recipe[@]}" -- bash "$ROOT/infra/ansible/tests/images/build.sh") ||
            images=''
    else
        say "the images of the test are not made: debootstrap needs root"
    fi
fi

status=0
checkov=passed
checks=$(cached checkov "$infra/environment.sh" "$infra/requirements-checkov.txt" -- \
    bash "$infra/environment.sh" "$infra/requirements-checkov.txt") || checks=''
if [ -z "$checks" ]; then
    checkov='not run: it could not be installed'
elif ! (cd "$ROOT/infra/terraform" && "$checks/bin/checkov" --config-file .checkov.yaml); then
    checkov=FAILED
    status=1
fi
printf 'checkov: %s\n' "$checkov"

cd "$ROOT/infra"
OMS_INFRA_IMAGES=$images python -m pytest -q -c pytest.ini || status=$?
exit "$status"
