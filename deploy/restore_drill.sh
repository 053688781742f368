#!/usr/bin/env bash
# The drill: is the backup of a running server worth anything? Has the server
# make a backup, restores it beside, checks every byte of it, serves it on a
# free loopback port, and compares head, root and a report with those of the
# running server. Ends with one line that begins with OK, or with one sentence
# and exit status 1. The running server goes on meanwhile; what the drill
# makes, but for the backup, it removes.
#
#   deploy/restore_drill.sh                     the server at SAMVERK_SERVER, or
#                                               127.0.0.1:7443
#   deploy/restore_drill.sh --server HOST:PORT  another server of this machine
#   deploy/restore_drill.sh --process ID        report of this process [the first]
#   deploy/restore_drill.sh --period TIME       of this period [1900/2100]
#   deploy/restore_drill.sh --keep N            remove older backups until so many
#                                               are left [none is removed]
#   deploy/restore_drill.sh --work DIR          where there is room for a restored
#                                               register [the system's place for
#                                               temporary files]
#
# To be run on the server's machine, by a user who may read its backups. The
# programs are found in SAMVERK_BIN, in build/bin, or on the PATH.
# shellcheck source=deploy/lib/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"

live=${SAMVERK_SERVER:-127.0.0.1:7443}
process=
period=1900/2100
keep=()
work_parent=${TMPDIR:-/tmp}
while [ $# -gt 0 ]; do
  case $1 in
    --server | --process | --period | --keep | --work)
      [ $# -ge 2 ] || die "$1 needs a value; see deploy/restore_drill.sh --help."
      case $1 in
        --server) live=$2 ;;
        --process) process=$2 ;;
        --period) period=$2 ;;
        --keep) keep=(--keep "$2") ;;
        --work) work_parent=$2 ;;
      esac
      shift
      ;;
    -h | --help)
      sed -n '2,25s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" | grep -v shellcheck
      exit 0
      ;;
    *) die "unknown option $1; see deploy/restore_drill.sh --help." ;;
  esac
  shift
done

bin=${SAMVERK_BIN:-$build/bin}
if [ -x "$bin/samverk" ] && [ -x "$bin/samverkd" ]; then
  samverk=$bin/samverk
  samverkd=$bin/samverkd
else
  { samverk=$(command -v samverk) && samverkd=$(command -v samverkd); } ||
    die "samverk and samverkd are neither in $bin nor on the PATH; build them, or name their directory in SAMVERK_BIN."
fi

work=$(mktemp -d "$work_parent/samverk-drill-XXXXXX") ||
  die "no directory can be made in $work_parent; name another one with --work."
server=
cleanup() {
  if [ -n "$server" ] && kill -0 "$server" 2>/dev/null; then
    kill -TERM "$server"
    wait "$server" || true
  fi
  rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 1' INT TERM

# field NAME FILE: the first value of that name in a line of JSON; "" if there is
# none.
field() {
  { grep -o "\"$1\":\"\{0,1\}[^\",}]*" "$2" || true; } | head -n 1 |
    sed "s/^\"$1\":\"\{0,1\}//"
}
now_ms() { echo $(($(date +%s%N) / 1000000)); }

started=$(now_ms)
say "the server at $live makes a backup"
"$samverk" --server "$live" --json backup "${keep[@]}" >"$work/backup.json" ||
  die "the server made no backup (see above)."
number=$(field number "$work/backup.json")
position=$(field position "$work/backup.json")
root_hash=$(field root "$work/backup.json")
backups=$(field directory "$work/backup.json")
[ -n "$number" ] || die "the server's answer names no backup: $(head -c 300 "$work/backup.json")"
[ "${position:-0}" != 0 ] ||
  die "the register is empty; record something before drilling."
backed_up=$(now_ms)

say "restoring backup $number of $backups up to event $position"
"$samverk" --json restore --from "$backups" --number "$number" \
  --to "$position" --data "$work/data" >"$work/restored.json" ||
  die "backup $number cannot be restored (see above)."
restored=$(now_ms)

say "checking every byte of it"
"$samverk" fsck --data "$work/data" >"$work/fsck.txt" || {
  cat "$work/fsck.txt" >&2
  die "the restored register is not right (see above)."
}
checked=$(now_ms)

say "serving it and comparing"
"$samverkd" --data "$work/data" --grpc 127.0.0.1:0 --http none \
  >"$work/greeting" 2>"$work/samverkd.log" &
server=$!
await_greeting "$server" "$work/greeting" "$work/samverkd.log" 60 ||
  die "the restored register cannot be served, or was not within a minute."
beside=$(sed -n 's/.* at \([^,]*\),.*/\1/p' "$work/greeting")

"$samverk" --server "$beside" --json status >"$work/status.json" ||
  die "the restored server does not answer (see above)."
head=$(field head "$work/status.json")
[ "$head" = "$position" ] ||
  die "the restored register ends at event $head, the backed up one at $position."
[ "$(field root "$work/status.json")" = "$root_hash" ] ||
  die "the restored register has another root than the running server had at event $position: keep both, and compare them with a kept tree head."

if [ -z "$process" ]; then
  "$samverk" --server "$beside" --json processes >"$work/processes.json" ||
    die "the restored server does not list its processes (see above)."
  process=$(field process "$work/processes.json")
fi
report="no process, no report"
if [ -n "$process" ]; then
  for one in live beside; do
    "$samverk" --server "${!one}" --lang sv report --process "$process" \
      --period "$period" --as-of "#$position" --format json \
      --out "$work/report.$one.json" 2>"$work/report.$one.txt" || {
      cat "$work/report.$one.txt" >&2
      die "the report of $process cannot be written (see above)."
    }
  done
  cmp -s "$work/report.live.json" "$work/report.beside.json" ||
    die "the restored register gives another report of $process at event $position than the running one."
  report="report of $process $(sha256sum <"$work/report.beside.json" | cut -c1-16)"
fi
hex=$(base64 -d <<<"$root_hash" | od -An -v -tx1 | tr -d ' \n')
echo "OK backup $number: head $head, root $hex, $report;" \
  "backup $((backed_up - started)) ms, restore $((restored - backed_up)) ms," \
  "check $((checked - restored)) ms, all $(($(now_ms) - started)) ms"
