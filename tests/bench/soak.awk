# Compares the first ten minutes of a soak with the last ten (of one shorter
# than half an hour, thirds of it), and says whether anything grew. Exit status
# 1: it grew, or was stopped.

# The median of the samples of a column from row `from` to row `to`.
function median(column, from, to,    n, i, j, t, v) {
  n = 0
  for (i = from; i <= to; ++i) v[++n] = value[i, column]
  for (i = 2; i <= n; ++i) {
    t = v[i]
    for (j = i - 1; j > 0 && v[j] > t; --j) v[j + 1] = v[j]
    v[j + 1] = t
  }
  return n % 2 ? v[(n + 1) / 2] : (v[n / 2] + v[n / 2 + 1]) / 2
}

# Prints a row; `most` is what the last may be, "" when it is not judged.
function compare(name, column, most, rule,    last, grew) {
  last = median(column, second, NR)
  grew = most != "" && last > most
  if (grew) grown = grown (grown == "" ? "" : ", ") name
  printf "%-28s %12.6g %12.6g   %s%s\n", name, median(column, 1, first), last,
    rule, grew ? "  GREW" : ""
}

{
  for (i = 1; i <= NF; ++i) value[NR, i] = $i
}

END {
  part = seconds < 1800 ? seconds / 3 : 600
  end = value[NR, 1]
  first = 1
  while (first < NR && value[first + 1, 1] <= part) ++first
  second = NR
  while (second > 1 && value[second - 1, 1] > end - part) --second
  printf "\n%-28s %12s %12s   %s\n", "median of " int(part / 60 + 0.5) " minutes",
    "the first", "the last", "the last may be"
  # The filter of ids grows with the log, to 240 MiB and no further.
  ids = rate * (end - part) * 2 / 1048576
  if (ids > 240) ids = 240
  compare("resident memory, MiB", 2, median(2, 1, first) * 1.25 + 64 + ids,
    "1.25 times the first, 64 MiB, 2 bytes an event")
  for (i = 1; i <= NR; ++i) value[i, 20] = value[i, 3] - value[i, 6]
  compare("open files but RocksDB's", 20, median(20, 1, first) + 8,
    "8 more")
  compare("threads", 4, median(4, 1, first) + 4, "4 more")
  compare("bytes of disk an event", 5, median(5, 1, first) * 1.1,
    "1.1 times the first")
  compare("files of RocksDB", 6, "", "as many as the data needs")
  compare("p50, ms", 7, median(7, 1, first) * 2 + 1,
    "2 times the first and 1 ms")
  compare("p99, ms", 8, median(8, 1, first) * 2 + 5,
    "2 times the first and 5 ms")
  compare("events a second", 9, "", "due: " rate)
  if (stopped != "") print stopped
  print (grown == "" ? "verdict: did not grow" : "verdict: grew: " grown)
  exit grown != "" || stopped != ""
}
