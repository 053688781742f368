#!/usr/bin/env bash
# Installs what is needed, builds, and runs every test.
#
#   tests/run.sh                 every test, optimised build
#   tests/run.sh --all           also with AddressSanitizer and UBSan
#   tests/run.sh --suite LABEL   only tests with this label (unit, store, e2e …)
#   tests/run.sh --no-install    use the packages that are there
# shellcheck source=deploy/lib/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/../deploy/lib/common.sh"

all=false
suite=()
install=true
while [ $# -gt 0 ]; do
  case $1 in
    --all) all=true ;;
    --suite)
      [ $# -ge 2 ] || die "--suite needs a label: unit, store, e2e."
      suite=(-L "^$2\$")
      shift
      ;;
    --no-install) install=false ;;
    -h | --help)
      sed -n '2,7s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"
      exit 0
      ;;
    *) die "unknown option $1; see tests/run.sh --help." ;;
  esac
  shift
done

if $install; then install_packages "$root/deploy/packages.txt"; fi

# run_tests DIRECTORY: ctest's summary is the last thing printed.
run_tests() {
  say "running tests in $(basename "$1")"
  ctest --test-dir "$1" --output-on-failure --no-tests=error -j "$(nproc)" \
    "${suite[@]}"
}

if $all; then
  build_preset sanitize all
  export ASAN_OPTIONS=detect_stack_use_after_return=1:check_initialization_order=1
  export LSAN_OPTIONS=suppressions=$root/tests/lsan.supp:print_suppressions=0
  export UBSAN_OPTIONS=print_stacktrace=1
  run_tests "$root/build-sanitize" ||
    die "tests fail under AddressSanitizer or UBSan (see above)."
fi

build_preset release all
run_tests "$build"
