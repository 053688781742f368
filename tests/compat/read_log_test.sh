#!/usr/bin/env bash
# The independent reader agrees with the program, about a register of an earlier
# program and about one that was killed, and sees what was changed.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../e2e/lib.sh"

reader=$root/tests/compat/read_log.py

mkdir "$work/earlier"
tar -xJf "$root/tests/compat/data/log-format-1.tar.xz" -C "$work/earlier"
python3 "$reader" "$work/earlier/log" >"$work/earlier.jsonl"
check "the head and root of an earlier register" \
  equal "$(tail -n 1 "$work/earlier.jsonl")" \
  '{"register": "compat", "head": 76, "sequence": 5, "root": "a43e4b91a60187645cc73ca9be9ad07f02a36c2d398075bbae7876e4a36ad185"}'
check "every event of it" equal "$(wc -l <"$work/earlier.jsonl")" 77

# What the program says of its own register; then it is killed, so that events
# lie in the write-ahead log alone.
start_server "$work/data" --demo
samverk --json status >"$work/status"
samverk --json log --limit 1000 >"$work/log"
samverk cursors set archive 5 >/dev/null
samverk cursors delete archive 2>/dev/null
kill -KILL "$server"
wait "$server" 2>/dev/null || true
server=
python3 "$reader" "$work/data/log" >"$work/read.jsonl"
cat >"$work/compare.py" <<'PYTHON'
import base64, calendar, json, sys, time

work = sys.argv[1]
lines = [json.loads(line) for line in open(f"{work}/read.jsonl")]
register, read = lines[-1], lines[:-1]
status = json.load(open(f"{work}/status"))
told = [json.loads(line) for line in open(f"{work}/log")]

def micros(timestamp):
    whole, _, fraction = timestamp.rstrip("Z").partition(".")
    seconds = calendar.timegm(time.strptime(whole, "%Y-%m-%dT%H:%M:%S"))
    return seconds * 1_000_000 + int((fraction + "000000")[:6])

assert int(status["head"]) == register["head"] == len(read) == len(told)
assert base64.b64decode(status["root"]).hex() == register["root"]
for mine, theirs in zip(read, told):
    assert mine["position"] == int(theirs["position"]), (mine, theirs)
    assert mine["revision"] == int(theirs["revision"]), (mine, theirs)
    assert mine["recorded_at_us"] == micros(theirs["recorded_at"]), (mine, theirs)
    assert mine["id"] == theirs["event"]["id"], (mine, theirs)
    assert mine["leaf"] == base64.b64decode(theirs["leaf_hash"]).hex(), mine
    for name in ("stream", "type", "tags"):
        assert mine[name] == theirs[name], (mine, theirs)
print(len(read), "events are the same")
PYTHON
check "the same events as the program tells" \
  python3 "$work/compare.py" "$work"

# One byte of one event, changed with everything that RocksDB knows of it.
key=0x0000000000000010
value=$(ldb --db="$work/data/log/rocksdb" --column_family=events --hex \
  get "$key" | tr -d '\n')
case $value in
  *00) changed=${value%00}01 ;;
  *) changed=${value%??}00 ;;
esac
ldb --db="$work/data/log/rocksdb" --column_family=events --hex \
  put "$key" "$changed" >/dev/null
if python3 "$reader" "$work/data/log" >/dev/null 2>"$work/refused"; then
  check "a changed event is seen" false
fi
check "and where" holds "$work/refused" "commit"
finish
