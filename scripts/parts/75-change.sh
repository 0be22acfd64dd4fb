#!/usr/bin/env bash
# Deploying by conversation with the real programs: Terraform, Ansible on this machine and over SSH, Compose on a Docker
# engine; what was seen is what runs, two accounts approve, and what fails is told. What is not run is said, with the reason.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=scripts/pipeline/engine.sh
. "$ROOT/scripts/pipeline/engine.sh"
# shellcheck source=scripts/cargo.sh
. "$ROOT/scripts/cargo.sh"

infra=$ROOT/scripts/infra
packages python3-venv openssh-client ca-certificates
have mariadb-install-db || packages mariadb-server-core mariadb-client-core
environment=$(cached infrastructure "$infra/environment.sh" "$infra/requirements.txt" "$ROOT/infra/ansible/requirements.txt" -- \
    bash "$infra/environment.sh" "$infra/requirements.txt")
export PATH="$environment/bin:$PATH" PYTHONDONTWRITEBYTECODE=1
server=$(cached ssh-server "$infra/environment.sh" "$infra/requirements-ssh.txt" -- \
    bash "$infra/environment.sh" "$infra/requirements-ssh.txt") || server=''
if [ -n "$server" ]; then export OMS_SSH_PYTHON=$server/bin/python; fi
OMS_BIN=$CARGO_TARGET_DIR/debug/oms
(cd "$ROOT" && timeout -k 10 1000 cargo build --locked --quiet --bin oms </dev/null)
export OMS_BIN

work=$(mktemp -d /tmp/oms-deploying.XXXXXX)
# shellcheck disable=SC2317,SC2329 # the trap calls it
finish() {
    stop_engine "$work"
    rm -rf --one-file-system "$work"
}
trap finish EXIT
trap 'exit 143' TERM INT HUP

# tiny NAME...: an image of one program, by these names.
tiny() {
    local name
    mkdir -p "$work/tiny/bin" "$work/tiny/tmp"
    cp "$(command -v busybox)" "$work/tiny/bin/busybox"
    for name in sh sleep httpd wget mkdir echo; do ln -sf busybox "$work/tiny/bin/$name"; done
    for name in "$@"; do
        tar -C "$work/tiny" -c . | within 60 docker import --change 'ENV PATH=/bin' --change 'CMD ["sh"]' - "$name" >/dev/null || return 1
    done
    within 60 docker run --rm --network none "$1" echo runs >/dev/null 2>"$work/said" </dev/null
}

why=''
if [ "$(id -u)" = 0 ]; then export OMS_ENGINE=own; fi
(packages docker.io iptables busybox-static) || why="docker.io and busybox-static cannot be installed here"
[ -n "$why" ] || start_engine "$work" || why="no Docker engine can run here"
if [ -z "$why" ]; then
    (find_compose) >/dev/null 2>&1 || why="Compose cannot be had here"
fi
if [ -z "$why" ]; then
    find_compose
    # Docker's own command line where it is its plugin that runs.
    OMS_COMPOSE=$(command -v "${COMPOSE[0]}")
    export OMS_COMPOSE
    tiny oms-tiny:1 oms-app:2 || why="no container can run here ($(tail -n 1 "$work/said" 2>/dev/null | cut -c1-200))"
fi
export OMS_DEPLOYING_WHY_NOT=$why
(cd "$ROOT/infra" && timeout --kill-after=30 600 python -m pytest -q -c pytest.ini deploying </dev/null)
