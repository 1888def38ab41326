#!/bin/sh
# A private PostgreSQL 15 for one test: on a unix socket in DIR, no TCP, no fsync, run as an
# unprivileged user where PostgreSQL insists.
#
#   postgres.sh up DIR      makes and starts it; prints its conninfo
#   postgres.sh down DIR    stops it and removes DIR
set -eu

BIN=${NOWTHEN_PG_BIN:-/usr/lib/postgresql/15/bin}

as_owner() {
    if [ "$(id -u)" = 0 ]; then
        su postgres -s /bin/sh -c "$1"
    else
        sh -c "$1"
    fi
}

up() {
    mkdir -p "$1"
    [ "$(id -u)" != 0 ] || chown postgres "$1"
    chmod 700 "$1"
    [ -d "$1/data" ] || as_owner "$BIN/initdb -D '$1/data' -A trust -U nowthen -E UTF8 --locale=C.UTF-8 --no-sync" >"$1.log" 2>&1 ||
        { cat "$1.log" >&2; exit 1; }
    rm -f "$1.log"
    as_owner "$BIN/pg_ctl -D '$1/data' -l '$1/log' -w -t 60 start -o '-k $1 -c listen_addresses= -c fsync=off -c max_wal_size=4GB -c shared_buffers=128MB'" >/dev/null ||
        { cat "$1/log" >&2; exit 1; }
    echo "host=$1 user=nowthen dbname=postgres"
}

down() {
    as_owner "$BIN/pg_ctl -D '$1/data' -w -m immediate stop" >/dev/null 2>&1 || true
    rm -rf "$1"
}

case "${1:-}" in
up) up "$2" ;;
down) down "$2" ;;
*)
    sed -n '2,7p' "$0" >&2
    exit 2
    ;;
esac
