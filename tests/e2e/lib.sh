# What the end-to-end tests share. Sourced; needs bash.
# shellcheck shell=bash
#
# Each test gets a directory of its own in $work, and a server on a port that
# was free. Programs are found in $SAMVERK_BIN.

set -euo pipefail

: "${SAMVERK_BIN:?the directory of the programs}"
# shellcheck disable=SC2034
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
work=$(mktemp -d)
server=
failures=0
checks=0

cleanup() {
  [ -z "$server" ] || kill -KILL "$server" 2>/dev/null || true
  rm -rf "$work"
}
trap cleanup EXIT

# check TEXT COMMAND…: COMMAND must succeed.
check() {
  local what=$1
  shift
  checks=$((checks + 1))
  if ! "$@"; then
    failures=$((failures + 1))
    echo "FAILED: $what: $*" >&2
  fi
}

# holds FILE TEXT: FILE holds TEXT.
holds() {
  grep -qF -- "$2" "$1" || {
    echo "  $1 does not hold \"$2\":" >&2
    head -n 20 "$1" >&2
    return 1
  }
}

# equal A B: the two texts are the same.
equal() { [ "$1" = "$2" ] || { echo "  \"$1\" is not \"$2\"" >&2; return 1; }; }

free_port() {
  local port
  for _ in $(seq 1 50); do
    port=$((20000 + RANDOM % 20000))
    if ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
      echo "$port"
      return
    fi
  done
  echo "no port is free" >&2
  return 1
}

# start_server DIR [OPTION…]: on $port; waits until it answers.
start_server() {
  local data=$1
  shift
  : >"$work/greeting"
  "$SAMVERK_BIN/samverkd" --data "$data" --grpc "127.0.0.1:$port" "$@" \
    >"$work/greeting" 2>>"$work/samverkd.log" &
  server=$!
  for _ in $(seq 1 200); do
    [ ! -s "$work/greeting" ] || return 0
    kill -0 "$server" 2>/dev/null || break
    sleep 0.05
  done
  cat "$work/samverkd.log" >&2
  return 1
}

stop_server() {
  kill -TERM "$server"
  wait "$server"
  server=
}

kill_server() {
  kill -KILL "$server"
  wait "$server" 2>/dev/null || true
  server=
}

samverk() { "$SAMVERK_BIN/samverk" --server "127.0.0.1:$port" "$@"; }

# refused STATUS TEXT COMMAND…: COMMAND ends with STATUS and says TEXT.
refused() {
  local status=$1 text=$2 got=0
  shift 2
  "$@" >"$work/out" 2>"$work/err" || got=$?
  equal "$got" "$status" && holds "$work/err" "$text"
}

finish() {
  echo "$checks checks, $failures failed"
  [ "$failures" -eq 0 ]
}
