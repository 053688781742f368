#!/usr/bin/env bash
# Measures the limit, the product, PostgreSQL and NATS side by side, and holds
# the product against its targets. docs/benchmarks.md says what each does.
#
#   tests/bench/compare.sh                three runs of each, ten seconds a case
#   tests/bench/compare.sh --quick        one run, one second, a few cases
#   tests/bench/compare.sh --runs N --seconds S
#   tests/bench/compare.sh --events N     events of the log that is read [1000000]
#   tests/bench/compare.sh --only LIST    some of limit,product,postgresql,nats
#   tests/bench/compare.sh --json         a line of JSON for each figure
#   tests/bench/compare.sh --no-install   use the packages that are there
#   tests/bench/compare.sh --bin DIR      use the programs there; build nothing
# shellcheck source=deploy/lib/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/../../deploy/lib/common.sh"

here="$root/tests/bench"
only=limit,product,postgresql,nats
runs=3
seconds=10
events=1000000
warm_up=1
quick=false
json=false
install=true
bin=
while [ $# -gt 0 ]; do
  case $1 in
    --quick)
      quick=true
      runs=1
      seconds=1
      events=20000
      warm_up=0
      ;;
    --json) json=true ;;
    --no-install) install=false ;;
    --only | --runs | --seconds | --events | --bin)
      [ $# -ge 2 ] || die "$1 needs a value; see tests/bench/compare.sh --help."
      case $1 in
        --only) only=$2 ;;
        --runs) runs=$2 ;;
        --seconds) seconds=$2 ;;
        --events) events=$2 ;;
        --bin) bin=$2 ;;
      esac
      shift
      ;;
    -h | --help)
      sed -n '2,12s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"
      exit 0
      ;;
    *) die "unknown option $1; see tests/bench/compare.sh --help." ;;
  esac
  shift
done
for number in "$runs" "$seconds" "$events"; do
  [[ $number =~ ^[1-9][0-9]*$ ]] ||
    die "\"$number\" is no number of runs, seconds or events; give digits."
done
IFS=, read -ra contenders <<<"$only"
for contender in "${contenders[@]}"; do
  case $contender in
    limit | product | postgresql | nats) ;;
    *) die "there is no contender \"$contender\"; there are limit, product, postgresql, nats." ;;
  esac
done
# takes_part NAME: NAME is among the contenders.
takes_part() { [[ ,$only, == *,$1,* ]]; }

if $install; then
  install_packages "$root/deploy/packages.txt"
  if takes_part postgresql || takes_part nats; then
    install_packages "$here/packages.txt"
  fi
fi
if [ -z "$bin" ]; then
  build_preset release limit_bench samverk samverkd
  bin="$build/bin"
fi

# Everything that is started is ended, by its id, and its data removed.
work=$(mktemp -d)
server=
cleanup() {
  stop_server INT
  rm -rf "$work" "${pg_data:-$work}"
}
stop_server() {
  [ -n "$server" ] || return 0
  kill -"$1" "$server" 2>/dev/null || true
  wait "$server" 2>/dev/null || true
  server=
}
trap cleanup EXIT
trap 'exit 130' INT TERM

# await FILE TEXT: waits until the server has written TEXT into FILE.
await() {
  local i
  for ((i = 0; i < 600; ++i)); do
    grep -qF -- "$2" "$1" 2>/dev/null && return 0
    kill -0 "$server" 2>/dev/null || break
    sleep 0.05
  done
  tail -n 20 "$1" >&2
  die "a server did not start (see above)."
}

# keep CONTENDER CASE RUN EVENTS_PER_SECOND P50 P99: one measurement.
keep() {
  echo "$*" >>"$work/results"
  if $json; then
    printf '{"contender":"%s","case":"%s","run":%s,"events_per_second":%s,"p50_ms":%s,"p99_ms":%s}\n' "$@"
  fi
}

# number NAME: the number under a name in the line of JSON on standard input.
number() { sed -n "s/.*\"$1\":\([0-9.eE+-]*\).*/\1/p"; }

# keep_json CONTENDER CASE RUN LINE: a line of samverk bench or limit_bench.
keep_json() {
  keep "$1" "$2" "$3" "$(number events_per_second <<<"$4")" \
    "$(number p50_ms <<<"$4")" "$(number p99_ms <<<"$4")"
}

# What a case means: callers, events a call.
callers_of() {
  case $1 in
    *-1) echo 1 ;;
    *-16) echo 16 ;;
    *-256) echo 256 ;;
    *) echo 64 ;;
  esac
}
batch_of() { if [[ $1 == batch-* ]]; then echo 100; else echo 1; fi; }

limit() {
  local line
  line=$("$bin/limit_bench" --case "$1" --seconds "$seconds" \
    --warm-up "$warm_up" --dir "$work" --json)
  keep_json limit "$1" "$2" "$line"
}

# product_bench CASE RUN WORDS…: samverk bench WORDS… against the server.
product_bench() {
  local name=$1 run=$2 line
  shift 2
  line=$("$bin/samverk" --server "$address" --lang en --json bench "$@" \
    --seconds "$seconds" --warm-up "$warm_up")
  keep_json product "$name" "$run" "$line"
}

start_product() {
  rm -f "$work/greeting"
  "$bin/samverkd" --data "$work/register" --register bench-compare \
    --raw-store --grpc 127.0.0.1:0 >"$work/greeting" 2>"$work/samverkd.log" &
  server=$!
  await "$work/greeting" " at "
  address=$(sed -n 's/.* at \([^,]*\),.*/\1/p' "$work/greeting")
}

product() {
  local name=$1 run=$2
  local words=(--yes --callers "$(callers_of "$name")")
  start_product
  case $name in
    unary-*) product_bench "$name" "$run" append "${words[@]}" ;;
    stream-*) product_bench "$name" "$run" append --stream "${words[@]}" ;;
    conditional-*)
      product_bench "$name" "$run" append --conditional "${words[@]}"
      ;;
    record-*) product_bench "$name" "$run" record "${words[@]}" ;;
    batch-*)
      product_bench "$name" "$run" append --batch 100 "${words[@]}"
      whole_log read "$run" p50
      ;;
    reading) reading "$run" ;;
  esac
  stop_server TERM
  rm -rf "$work/register" "$work/greeting"
}

# whole_log CASE RUN WHICH WORDS…: events a second of the median reading of the
# whole log (WHICH is p50), or of the slowest (max).
whole_log() {
  local name=$1 run=$2 which=$3 line
  shift 3
  line=$("$bin/samverk" --server "$address" --lang en --json bench read "$@" \
    --seconds "$((seconds + events / 200000))" --warm-up 0)
  keep product "$name" "$run" "$(awk -v e="$(number events <<<"$line")" \
    -v o="$(number operations <<<"$line")" \
    -v ms="$(number "${which}_ms" <<<"$line")" \
    'BEGIN { printf "%.0f", (o > 0 ? e / o / ms * 1000 : 0) }')" 0 0
}

# reading RUN: a log of so many events, read in several ways. A group has one
# event in 1,000, all over the log.
reading() {
  local run=$1 head=0
  local group=(--no-decode --tag group:77)
  while [ "$head" -lt "$events" ]; do
    "$bin/samverk" --server "$address" --json bench append --yes --batch 500 \
      --callers 8 --warm-up 0 --seconds "$((1 + (events - head) / 200000))" \
      >/dev/null
    head=$("$bin/samverk" --server "$address" --json status |
      sed -n 's/.*"head":"\([0-9]*\)".*/\1/p')
  done
  whole_log read-warm "$run" p50 --no-decode
  product_bench read-1000 "$run" read "${group[@]}" --limit 1000
  product_bench read-first "$run" read "${group[@]}" --limit 1000 --first-page
  product_bench read-last-100 "$run" read "${group[@]}" --limit 100 --reverse
  stop_server TERM
  if $quick; then
    say "skipped: reading cold; --quick leaves the page cache alone"
    return
  fi
  sync
  if { echo 3 >/proc/sys/vm/drop_caches; } 2>/dev/null; then
    start_product
    # The first reading is the cold one, and the slowest.
    whole_log read-cold "$run" max --no-decode
  else
    say "skipped: reading cold; only root may empty the page cache"
  fi
}

# as_postgres COMMAND…: PostgreSQL does not run as root. Replaces the shell.
as_postgres() {
  if [ "$(id -u)" -eq 0 ]; then
    exec setpriv --reuid=postgres --regid=postgres --init-groups "$@"
  else
    exec "$@"
  fi
}

psql_() { psql -h 127.0.0.1 -p "$pg_port" -U bench -qAtX -v ON_ERROR_STOP=1 "$@"; }

prepare_postgresql() {
  pg_bin=$(find /usr/lib/postgresql -maxdepth 2 -name bin | sort -V | tail -n 1)
  [ -n "$pg_bin" ] || die "PostgreSQL is not installed; leave out --no-install."
  pg_data=$(mktemp -d)
  if [ "$(id -u)" -eq 0 ]; then chown postgres: "$pg_data"; fi
  (cd "$pg_data" && as_postgres "$pg_bin/initdb" -D "$pg_data/data" -A trust \
    -U bench -E UTF8 --locale=C.UTF-8 --no-sync) >"$work/initdb.log" 2>&1 || {
    tail -n 20 "$work/initdb.log" >&2
    die "initdb failed (see above)."
  }
  payload=$(head -c 128 /dev/urandom | od -An -tx1 | tr -d ' \n')
}

# run_pgbench WORDS…: against the database; says why when it fails.
run_pgbench() {
  "${pgbench[@]}" "$@" bench 2>"$work/pgbench.log" || {
    tail -n 20 "$work/pgbench.log" >&2
    die "pgbench failed (see above)."
  }
}

postgresql() {
  local name=$1 run=$2 callers batch payloads tps begin end events
  callers=$(callers_of "$name")
  batch=$(batch_of "$name")
  pg_port=$((20000 + RANDOM % 10000))
  : >"$work/postgresql.log"
  (cd "$pg_data" && as_postgres "$pg_bin/postgres" -D "$pg_data/data" \
    -p "$pg_port" -k "$pg_data" -c listen_addresses=127.0.0.1 \
    -c synchronous_commit=on -c shared_buffers=512MB -c max_wal_size=4GB \
    -c max_connections=300) >"$work/postgresql.log" 2>&1 &
  server=$!
  await "$work/postgresql.log" "ready to accept connections"
  psql_ -d postgres -c 'DROP DATABASE IF EXISTS bench' -c 'CREATE DATABASE bench' \
    2>/dev/null
  psql_ -d bench -f "$here/peers/events.sql"
  payloads=$(yes "$payload" 2>/dev/null | head -n "$batch" | paste -sd, || true)
  pgbench=("$pg_bin/pgbench" -h 127.0.0.1 -p "$pg_port" -U bench -n
    -c "$callers" -j 2 -M prepared -D "payloads={$payloads}"
    -f "$here/peers/append.pgbench")
  if [ "$warm_up" -gt 0 ]; then run_pgbench -T "$warm_up" >/dev/null; fi
  tps=$(run_pgbench -T "$seconds" -l --log-prefix="$work/pg" |
    sed -n 's/^tps = \([0-9.]*\).*/\1/p')
  # Column 3: microseconds of a transaction.
  cat "$work"/pg.* | awk '{ print $3 }' | sort -n >"$work/latencies"
  rm -f "$work"/pg.*
  keep postgresql "$name" "$run" \
    "$(awk -v t="$tps" -v b="$batch" 'BEGIN { printf "%.0f", t * b }')" \
    "$(share 0.5 "$work/latencies")" "$(share 0.99 "$work/latencies")"
  if [[ $name == batch-* ]]; then
    events=$(psql_ -d bench -c 'SELECT count(*) FROM events')
    begin=$(date +%s%N)
    psql_ -d bench -c 'COPY (SELECT * FROM events ORDER BY position)
      TO STDOUT (FORMAT binary)' >/dev/null
    end=$(date +%s%N)
    keep postgresql read "$run" $((events * 1000000 / ((end - begin) / 1000))) \
      0 0
  fi
  stop_server INT
}

# share Q FILE: milliseconds at a share of sorted microseconds, one a line.
share() {
  awk -v q="$1" '{ v[NR] = $1 }
    END { printf "%.3f", v[int(q * (NR - 1)) + 1] / 1000 }' "$2"
}

prepare_nats() {
  command -v nats-server >/dev/null ||
    die "nats-server is not installed; leave out --no-install."
  g++ -O2 -std=c++20 -pthread "$here/peers/nats_load.cc" -o "$work/nats_load" \
    -lnats || die "nats_load.cc does not build (see above)."
}

nats() {
  local name=$1 run=$2 port line
  : >"$work/nats.log"
  nats-server -a 127.0.0.1 -p -1 -js -sd "$work/nats" >"$work/nats.log" 2>&1 &
  server=$!
  await "$work/nats.log" "Server is ready"
  port=$(sed -n 's/.*Listening for client connections on [0-9.]*:\([0-9]*\).*/\1/p' \
    "$work/nats.log")
  read -ra line < <("$work/nats_load" "$port" append "$(callers_of "$name")" \
    "$seconds")
  keep nats "$name" "$run" "${line[@]:1:3}"
  if [ "$name" = unary-64 ]; then
    read -ra line < <("$work/nats_load" "$port" read)
    keep nats read "$run" "${line[1]}" 0 0
  fi
  stop_server TERM
  rm -rf "$work/nats"
}

# runs_case CONTENDER CASE: whether it is among the contender's.
runs_case() {
  case $1 in
    limit) [[ $2 != conditional-* && $2 != record-* && $2 != reading ]] ;;
    product) true ;;
    postgresql) [[ $2 == unary-1 || $2 == unary-64 || $2 == batch-16 ]] ;;
    nats) [[ $2 == unary-1 || $2 == unary-64 ]] ;;
  esac
}

cases=(unary-1 unary-16 unary-64 conditional-64 record-64 unary-256 stream-64
  batch-16 reading)
if $quick; then cases=(unary-64 record-64 batch-16 reading); fi

if takes_part postgresql; then prepare_postgresql; fi
if takes_part nats; then prepare_nats; fi
for ((run = 1; run <= runs; ++run)); do
  for name in "${cases[@]}"; do
    for contender in "${contenders[@]}"; do
      if runs_case "$contender" "$name"; then
        say "run $run of $runs: $contender, $name"
        "$contender" "$name" "$run"
      fi
    done
  done
done
awk -v json="$json" -f "$here/compare.awk" "$work/results"
