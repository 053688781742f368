# What compare.sh prints in the end, from lines of
#   contender case run events_per_second p50_ms p99_ms
# With json=true only the ratios, a line of JSON each.

{
  key = $1 " " $2
  if (!(key in count)) order[++keys] = key
  n = ++count[key]
  rate[key, n] = $4; p50[key, n] = $5; p99[key, n] = $6
}

# The k-th of the sorted values of a key (insertion into `sorted`).
function sort_into(values, key,    i, j, v) {
  for (i = 1; i <= count[key]; ++i) {
    v = values[key, i] + 0
    for (j = i - 1; j > 0 && sorted[j] > v; --j) sorted[j + 1] = sorted[j]
    sorted[j + 1] = v
  }
}
function median(values, key,    n) {
  n = count[key]
  sort_into(values, key)
  return n % 2 ? sorted[(n + 1) / 2] : (sorted[n / 2] + sorted[n / 2 + 1]) / 2
}
# 12345 as "12,345".
function grouped(number,    text, out) {
  text = sprintf("%d", number)
  while (length(text) > 3) {
    out = "," substr(text, length(text) - 2) out
    text = substr(text, 1, length(text) - 3)
  }
  return text out
}
function ms(value) { return value > 0 ? sprintf("%.2f", value) : "" }

# A ratio of medians against its target; nothing when one was not measured.
# bound: "least" or "most".
function hold(what, values, one, other, bound, target,    value) {
  if (!(one in count) || !(other in count)) return
  value = median(values, other)
  if (value > 0) judge(what, median(values, one) / value, bound, target)
}
# As `hold`, for a median that has a target itself.
function figure(what, values, one, bound, target) {
  if (one in count) judge(what, median(values, one), bound, target)
}
function judge(what, value, bound, target,    met) {
  met = bound == "least" ? value >= target : value <= target
  if (json == "true") {
    printf "{\"ratio\":\"%s\",\"value\":%.3f,\"%s\":%g,\"met\":%s}\n", what,
      value, bound, target, met ? "true" : "false"
  } else {
    printf "%-58s %12s  %s %-9s %s\n", what,
      value < 1000 ? sprintf("%.2f", value) : grouped(value),
      bound == "least" ? "at least" : "at most ",
      target < 1000 ? target : grouped(target), met ? "met" : "falls short"
  }
}

END {
  if (json != "true") {
    printf "%-11s %-15s %12s %12s %12s %9s %9s %5s\n", "contender", "case",
      "events/s", "least", "most", "p50 ms", "p99 ms", "runs"
    for (k = 1; k <= keys; ++k) {
      key = order[k]
      split(key, part, " ")
      middle = median(rate, key)
      sort_into(rate, key)
      printf "%-11s %-15s %12s %12s %12s %9s %9s %5d%s\n", part[1], part[2],
        grouped(middle), grouped(sorted[1]), grouped(sorted[count[key]]),
        ms(median(p50, key)), ms(median(p99, key)), count[key],
        part[1] == "nats" && part[2] != "read" ? "  (not durable)" : ""
    }
    printf "\n%-58s %12s  %s\n", "ratio of the medians", "is", "target"
  }
  hold("1 caller / limit", rate, "product unary-1", "limit unary-1", "least", 0.9)
  hold("1 caller, p99 / limit's", p99, "product unary-1", "limit unary-1",
    "most", 1.39)
  hold("64 callers / limit", rate, "product unary-64", "limit unary-64",
    "least", 0.8)
  hold("64 callers, p99 / limit's", p99, "product unary-64", "limit unary-64",
    "most", 1.4)
  hold("64 callers / PostgreSQL", rate, "product unary-64",
    "postgresql unary-64", "least", 3)
  hold("256 callers / limit", rate, "product unary-256", "limit unary-256",
    "least", 0.8)
  hold("64 streams / limit", rate, "product stream-64", "limit stream-64",
    "least", 0.8)
  hold("100 events a call, 16 callers / limit", rate, "product batch-16",
    "limit batch-16", "least", 0.5)
  hold("100 events a call, 16 callers / PostgreSQL", rate, "product batch-16",
    "postgresql batch-16", "least", 3)
  hold("conditional on two tags / unconditional", rate,
    "product conditional-64", "product unary-64", "least", 0.9)
  hold("recording service / raw store", rate, "product record-64",
    "product unary-64", "least", 0.6)
  hold("recording service, p99 / raw store's", p99, "product record-64",
    "product unary-64", "most", 2)
  figure("whole log, warm, not decoded, events/s", rate, "product read-warm",
    "least", 2500000)
  figure("whole log, cold, not decoded, events/s", rate, "product read-cold",
    "least", 1200000)
  figure("1,000 events of a tag, events/s", rate, "product read-1000", "least",
    500000)
  figure("1,000 events of a tag, the first after ms", p50,
    "product read-first", "most", 1)
  figure("the last 100 of a tag, backwards, ms", p50, "product read-last-100",
    "most", 1)
}
