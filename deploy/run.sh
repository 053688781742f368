#!/usr/bin/env bash
# From a bare Debian 12 to a running register with the demo process and its
# report: installs packages, builds, starts the server, records the process
# "Ekostaden Augustenborg" through gRPC, writes the funder's report.
#
#   deploy/run.sh                stays in the foreground until Ctrl-C
#   deploy/run.sh --once         does everything, then stops the server
#   deploy/run.sh --data DIR     another place for the register [var/data]
#   deploy/run.sh --port N       another port [7443]; metrics are served 37
#                                above it [7480]
#   deploy/run.sh --no-install   use the packages that are there
#
# It can be run again: what is installed, built and recorded is used as it is.
# shellcheck source=deploy/lib/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"

once=false
install=true
port=7443
data=$root/var/data
report=$root/var/report
while [ $# -gt 0 ]; do
  case $1 in
    --once) once=true ;;
    --no-install) install=false ;;
    --data | --port)
      [ $# -ge 2 ] || die "$1 needs a value; see deploy/run.sh --help."
      if [ "$1" = --data ]; then
        data=$2
        report=$2/report
      else
        port=$2
      fi
      shift
      ;;
    -h | --help)
      sed -n '2,13s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"
      exit 0
      ;;
    *) die "unknown option $1; see deploy/run.sh --help." ;;
  esac
  shift
done
case $port in
  '' | *[!0-9]*) die "--port $port is not a number." ;;
esac

if $install; then install_packages "$root/deploy/packages.txt"; fi
build_preset release samverkd samverk

address=127.0.0.1:$port
export SAMVERK_SERVER=$address
samverk=$build/bin/samverk
server=

stop_server() {
  if [ -n "$server" ] && kill -0 "$server" 2>/dev/null; then
    kill -TERM "$server"
    wait "$server" || true
  fi
  server=
}
trap stop_server EXIT
trap 'exit 0' INT TERM

mkdir -p "$data" "$report" ||
  die "the directory $data cannot be made; give another one with --data."
started=$(date +%s%N)
say "starting the server on $address, register in $data"
"$build/bin/samverkd" --data "$data/register" --grpc "$address" \
  --http "127.0.0.1:$((port + 37))" \
  2>"$data/samverkd.log" >"$data/samverkd.out" &
server=$!
await_greeting "$server" "$data/samverkd.out" "$data/samverkd.log" 10 ||
  die "the server did not start, or not within 10 seconds; its log is $data/samverkd.log."
cat "$data/samverkd.out" >&2

say "recording the demo process (what is there already is not recorded twice)"
for file in "$root"/deploy/demo/*.jsonl; do
  "$samverk" record "$file" >"$data/recorded.txt" ||
    die "$(basename "$file") was refused (see above)."
done

say "writing the report of 2025 by replaying its events"
for lang in sv en; do
  for format in md html json; do
    "$samverk" --lang "$lang" report --process augustenborg --period 2025 \
      --format "$format" --out "$report/aterrapport-2025.$lang.$format" ||
      die "the report could not be written (see above)."
  done
done
took=$((($(date +%s%N) - started) / 1000000))

cat >&2 <<TEXT

The register is up, and the report is written ($took ms from the server's start):
  $report/aterrapport-2025.sv.html   to read, on screen or paper
  $report/aterrapport-2025.sv.md     as text
  $report/aterrapport-2025.sv.json   the canonical model
Try in another terminal:
  $samverk show budget --process augustenborg --period 2025
  $samverk show checks --process augustenborg --period 2025
  $samverk log --process augustenborg --reverse --limit 5
TEXT

if $once; then exit 0; fi
say "the server runs until you press Ctrl-C"
wait "$server" || die "the server ended; its log is $data/samverkd.log."
