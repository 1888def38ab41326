# house.sh: what the scripts of tools/ share. Sourced, never run.
#
# A script says what it does before it does it, in lines of its own; what the programs it starts say
# goes to a log file, of which the end is shown if they fail.

set -euo pipefail
# Messages are compared and sorted; they must not depend on who runs the script.
export LC_ALL=C.UTF-8

house_root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
house_home=${NOWTHEN_HOME:-$house_root/.nowthen}
house_name=$(basename "$0")
house_log_dir=$house_home/log

say() { printf '%s\n' "$*"; }
warn() { printf '%s: %s\n' "$house_name" "$*" >&2; }
fail() {
    warn "$@"
    exit 1
}

# The comment at the head of a script is its help.
help_print() {
    awk 'NR == 1 { next } /^#/ { sub(/^# ?/, ""); print; next } { exit }' "$0"
}

clock_ms() { date +%s%3N; }
seconds_since() { # START_MS
    local ms=$(($(clock_ms) - $1))
    printf '%d.%d s' $((ms / 1000)) $((ms % 1000 / 100))
}

home_create() { mkdir -p "$house_home" "$house_log_dir"; }

# run_logged NAME COMMAND...: output to the log NAME.log; on failure its last lines and the status.
# On a terminal, what it is at is shown while it runs: builds and installs print how far they are.
run_logged() {
    local log=$house_log_dir/$1.log name=$1 status=0 watcher=''
    shift
    home_create
    : >"$log"
    if [ -t 2 ]; then
        log_watch "$log" "$name" &
        watcher=$!
    fi
    "$@" >"$log" 2>&1 </dev/null || status=$?
    if [ -n "$watcher" ]; then
        kill "$watcher" 2>/dev/null || true
        wait "$watcher" 2>/dev/null || true
        printf '\r\033[K' >&2
    fi
    if [ "$status" -ne 0 ]; then
        warn "failed with exit status $status: $*"
        log_tail "$log"
    fi
    return "$status"
}

# Seconds and the newest line of a log, redrawn until it is killed or the script is gone.
log_watch() { # FILE NAME
    local start columns
    start=$(clock_ms)
    columns=$(tput cols 2>/dev/null || echo 80)
    while sleep 0.3 && kill -0 $$ 2>/dev/null; do
        printf '\r\033[K%.*s' "$((columns - 1))" \
            "$2 $(seconds_since "$start"): $(tail -n 1 "$1" | tr -cd '[:print:]')" >&2
    done
}

log_tail() { # FILE
    [ -s "$1" ] || return 0
    warn "the last lines of $1:"
    tail -n 25 "$1" | sed 's/^/  | /' >&2
}

# Runs the command as root: as we are, or through sudo where that asks nothing.
as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    else
        sudo -n "$@"
    fi
}

can_be_root() {
    [ "$(id -u)" -eq 0 ] || { command -v sudo >/dev/null && sudo -n true 2>/dev/null; }
}
