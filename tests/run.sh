#!/usr/bin/env bash
# Installs what is needed, builds, and runs every test.
#
#   tests/run.sh                 every test, optimised build
#   tests/run.sh --all           also every test with AddressSanitizer and
#                                UBSan, the long form of the fault suites, and
#                                libFuzzer
#   tests/run.sh --suite NAME    only tests with this label: unit, store, e2e,
#                                fault, or a fault suite by its name
#   tests/run.sh --all --suite NAME   one of the long ones: sanitize, fuzz, soak
#                                (an hour of load; only when it is named), or a
#                                fault suite by its name
#   tests/run.sh --list          the names of the suites
#   tests/run.sh --no-install    use the packages that are there
# shellcheck source=deploy/lib/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/../deploy/lib/common.sh"

all=false
suite=
install=true
list=false
while [ $# -gt 0 ]; do
  case $1 in
    --all) all=true ;;
    --suite)
      [ $# -ge 2 ] || die "--suite needs a name; tests/run.sh --list prints them."
      suite=$2
      shift
      ;;
    --list) list=true ;;
    --no-install) install=false ;;
    -h | --help)
      sed -n '2,14s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"
      exit 0
      ;;
    *) die "unknown option $1; see tests/run.sh --help." ;;
  esac
  shift
done

if $install; then
  install_packages "$root/deploy/packages.txt"
  install_packages "$root/tests/packages.txt"
fi

if $list; then
  configure_preset release
  ctest --test-dir "$build" -C long --print-labels
  printf '  %s\n' fuzz sanitize soak
  exit 0
fi

# run_tests DIRECTORY [CTEST-OPTION…]: ctest's summary is the last thing printed.
run_tests() {
  local directory=$1
  shift
  say "running tests in $(basename "$directory")"
  ctest --test-dir "$directory" --output-on-failure --no-tests=error \
    -j "$(nproc)" "$@"
}

sanitize() {
  build_preset sanitize all
  export ASAN_OPTIONS=detect_stack_use_after_return=1:check_initialization_order=1
  export LSAN_OPTIONS=suppressions=$root/tests/lsan.supp:print_suppressions=0
  export UBSAN_OPTIONS=print_stacktrace=1
  run_tests "$root/build-sanitize" ||
    die "tests fail under AddressSanitizer or UBSan (see above)."
}

if $all && { [ -z "$suite" ] || [ "$suite" = sanitize ]; }; then
  sanitize
  [ -z "$suite" ] || exit 0
fi

# Each target for five minutes, from its corpus; what libFuzzer finds stays in
# build-fuzz.
fuzz() {
  if $install; then install_packages "$root/tests/fuzz/packages.txt"; fi
  build_preset fuzz samverk_fuzz
  local corpus name found=$root/build-fuzz/found
  export LSAN_OPTIONS=suppressions=$root/tests/lsan.supp:print_suppressions=0
  for corpus in "$root"/tests/fuzz/corpus/*/; do
    name=$(basename "$corpus")
    say "looking for bytes that break $name, for five minutes"
    mkdir -p "$found/$name"
    "$root/build-fuzz/fuzz/${name}_fuzz" -max_total_time=300 -verbosity=0 \
      -print_final_stats=1 -artifact_prefix="$found/$name-" \
      "$found/$name" "$corpus" ||
      die "${name}_fuzz has found such bytes (see above); $found/$name-* holds them."
  done
}

if $all && { [ -z "$suite" ] || [ "$suite" = fuzz ]; }; then
  fuzz
  [ -z "$suite" ] || exit 0
fi

if $all && [ "$suite" = soak ]; then
  exec "$root/tests/bench/soak.sh" --no-install
fi

build_preset release all
options=()
if $all; then options+=(-C long); fi
if [ -n "$suite" ]; then options+=(-L "^$suite\$"); fi
run_tests "$build" "${options[@]}"
