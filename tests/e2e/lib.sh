# What tests in bash share. Sourced.
# shellcheck shell=bash
#
# Each test gets a directory of its own in $work, and a server on a port of its
# own. Programs are found in $SAMVERK_BIN.

set -euo pipefail

: "${SAMVERK_BIN:?the directory of the programs}"
# shellcheck disable=SC2034
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
work=$(mktemp -d)
server=
address=
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

# start_server DIR [OPTION…]: waits until it answers; its address is $address.
start_server() {
  local data=$1
  shift
  : >"$work/greeting"
  "$SAMVERK_BIN/samverkd" --data "$data" --grpc 127.0.0.1:0 \
    --http 127.0.0.1:0 "$@" \
    >"$work/greeting" 2>>"$work/samverkd.log" &
  server=$!
  # Its line is there when it is ready; a server that fails ends.
  while kill -0 "$server" 2>/dev/null; do
    if [ -s "$work/greeting" ]; then
      address=$(sed -n 's/.* at \([^,]*\),.*/\1/p' "$work/greeting")
      return 0
    fi
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

samverk() { "$SAMVERK_BIN/samverk" --server "$address" "$@"; }

finish() {
  echo "$checks checks, $failures failed"
  [ "$failures" -eq 0 ]
}
