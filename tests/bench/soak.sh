#!/usr/bin/env bash
# Loads one server for an hour at half of what it bears, and says whether what
# it takes grows. docs/benchmarks.md says what is done and how it is judged.
#
#   tests/bench/soak.sh                an hour
#   tests/bench/soak.sh --minutes N
#   tests/bench/soak.sh --rate R       R events a second, not half of what it bears
#   tests/bench/soak.sh --sample S     a line every S seconds, not every 30
#   tests/bench/soak.sh --dir DIR      data within DIR; it is removed at the end
#   tests/bench/soak.sh --bin DIR      use the programs there; build nothing
#   tests/bench/soak.sh --no-install   use the packages that are there
# shellcheck source=deploy/lib/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/../../deploy/lib/common.sh"

minutes=60
rate=
sample=30
dir=${TMPDIR:-/tmp}
bin=
install=true
while [ $# -gt 0 ]; do
  case $1 in
    --no-install) install=false ;;
    --minutes | --rate | --sample | --dir | --bin)
      [ $# -ge 2 ] || die "$1 needs a value; see tests/bench/soak.sh --help."
      case $1 in
        --minutes) minutes=$2 ;;
        --rate) rate=$2 ;;
        --sample) sample=$2 ;;
        --dir) dir=$2 ;;
        --bin) bin=$2 ;;
      esac
      shift
      ;;
    -h | --help)
      sed -n '2,11s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"
      exit 0
      ;;
    *) die "unknown option $1; see tests/bench/soak.sh --help." ;;
  esac
  shift
done
for number in "$minutes" "$sample" "${rate:-1}"; do
  [[ $number =~ ^[1-9][0-9]*$ ]] ||
    die "\"$number\" is no number of minutes, seconds or events; give digits."
done
[ -d "$dir" ] || die "there is no directory $dir; make it, or give another --dir."

if [ -z "$bin" ]; then
  if $install; then install_packages "$root/deploy/packages.txt"; fi
  build_preset release samverk samverkd
  bin="$build/bin"
fi

# Everything that is started is ended, by its id, and its data removed.
work=$(mktemp -d "$dir/samverk-soak.XXXXXX")
server=
others=()
cleanup() {
  for process in "${others[@]}" $server; do
    kill "$process" 2>/dev/null || true
    wait "$process" 2>/dev/null || true
  done
  rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 130' INT TERM

# GiB that must be left on the disk.
spare=10
free_gib() { df --output=avail -B1G "$work" | tail -n 1 | tr -d ' '; }

"$bin/samverkd" --data "$work/register" --backups "$work/backups" \
  --register bench-soak --raw-store --grpc 127.0.0.1:0 --http none \
  >"$work/greeting" 2>"$work/samverkd.log" &
server=$!
await_greeting "$server" "$work/greeting" "$work/samverkd.log" 30 ||
  die "the server did not start (see above)."
address=$(sed -n 's/.* at \([^,]*\),.*/\1/p' "$work/greeting")

client() { "$bin/samverk" --server "$address" --lang en "$@"; }
# The same in place of a shell in the background, so that $! is the program's id.
become_client() { exec "$bin/samverk" --server "$address" --lang en "$@"; }
# number NAME: the number under a name in the line of JSON on standard input.
number() { sed -n "s/.*\"$1\":\"\{0,1\}\([0-9.eE+-]*\).*/\1/p"; }

if [ -z "$rate" ]; then
  say "measuring for ten seconds what it bears"
  line=$(client --json bench append --callers 64 --yes --seconds 10)
  rate=$(number events_per_second <<<"$line")
  rate=$((${rate%.*} / 2))
fi
# What an event takes, with half of them once more in the backup.
need=$((rate * 60 * minutes * 450 * 3 / 2 / 1024 / 1024 / 1024))
[ $(($(free_gib) - need)) -ge "$spare" ] ||
  die "$rate events a second for $minutes minutes need about $need GiB, and $(free_gib) GiB are free, of which $spare are left alone; give a smaller --rate or fewer --minutes, or another --dir."

say "$rate events a second for $minutes minutes, at most about $need GiB"
seconds=$((minutes * 60))
become_client bench record --yes --callers 1 --rate 5 --seconds "$seconds" \
  --warm-up 0 >"$work/record.log" 2>&1 &
others+=($!)
become_client log --follow >/dev/null 2>"$work/follow.log" &
others+=($!)

# beside WHAT COMMAND…: runs beside the load; the last such must have ended.
beside=
beside() {
  local what=$1
  shift
  if [ -n "$beside" ] && kill -0 "$beside" 2>/dev/null; then return; fi
  say "$what"
  "$@" >>"$work/beside.log" 2>&1 &
  beside=$!
  others+=("$beside")
}
# As long every time, from the first event on: a load that grew with the log
# would say nothing of the latencies before and after.
read_much() {
  become_client bench read --no-decode --warm-up 0 --seconds 10
}

# Columns of $work/samples: second, MiB resident, files open, threads, bytes an
# event, files of RocksDB, p50, p99, events a second, free GiB.
printf '%6s %9s %6s %8s %11s %8s %8s %8s %9s\n' second MiB files threads \
  bytes/event rocksdb p50-ms p99-ms events/s
stopped=
begin=$SECONDS
backed_up=false
next_read=300
while [ $((SECONDS - begin)) -lt "$seconds" ]; do
  if ! line=$(client --json bench append --callers 64 --yes --rate "$rate" \
    --seconds "$sample" --warm-up 0); then
    tail -n 20 "$work/samverkd.log" >&2
    die "the load broke off (see above, and the server's log)."
  fi
  now=$((SECONDS - begin))
  head=$(client --json status | number head)
  bytes=$(du -sb "$work/register" | cut -f 1)
  row="$now $(awk '/^VmRSS/ { m = $2 / 1024 } /^Threads/ { t = $2 }
      END { printf "%.0f", m; print " files " t }' "/proc/$server/status") \
    $((bytes / head)) \
    $(find "$work/register" -name '*.sst' | wc -l) \
    $(number p50_ms <<<"$line") $(number p99_ms <<<"$line") \
    $(number events_per_second <<<"$line")"
  row=${row/files/$(find "/proc/$server/fd" -mindepth 1 | wc -l)}
  read -ra row <<<"$row"
  echo "${row[*]}" >>"$work/samples"
  printf '%6s %9s %6s %8s %11s %8s %8s %8s %9.0f\n' "${row[@]}"
  if [ "$(free_gib)" -lt "$spare" ]; then
    stopped="stopped after $now s: less than $spare GiB are free"
    break
  fi
  if ! $backed_up && [ "$now" -ge $((seconds / 2)) ]; then
    backed_up=true
    beside "backing up, $head events" become_client backup
  elif [ "$now" -ge "$next_read" ]; then
    next_read=$((now + 300))
    beside "reading for ten seconds, of $head events" read_much
  fi
done
if [ -n "$beside" ]; then wait "$beside" || {
  tail -n 5 "$work/beside.log" >&2
  die "what ran beside the load failed (see above)."
}; fi
for log in record follow; do
  if grep -q "samverk:" "$work/$log.log"; then
    tail -n 5 "$work/$log.log" >&2
    die "samverk $log, beside the load, failed (see above)."
  fi
done
awk -v seconds="$seconds" -v stopped="$stopped" -v rate="$rate" \
  -f "$root/tests/bench/soak.awk" "$work/samples"
