// What a class of retention says. Pure.
#ifndef SAMVERK_CLIENTS_CLI_RETENTION_CLASS_H_
#define SAMVERK_CLIENTS_CLI_RETENTION_CLASS_H_

#include <string_view>

#include "absl/time/civil_time.h"

namespace samverk::cli {

struct RetentionClass {
  enum class Kind {
    kNone,           // nothing is said
    kKept,           // for ever
    kDisposed,       // when `months` have gone
    kNotUnderstood,  // a person must read it: it is never due
  };
  Kind kind = Kind::kNotUnderstood;
  int months = 0;
};

// Understood are, in whatever case, and nothing else:
//
//   bevara | bevaras | keep | kept, perhaps with a remark in parentheses
//   [gallras | gallra | destroy] [efter | after] N UNIT
//
// N is 1 to 1000 in digits, with or without a space before the unit: år, year,
// years, månad, månader, month, months. A law may be cited first: "BFL 7 kap.
// 2 § gallras efter 7 år", "OSL 18:1: bevaras". A time that is counted from
// anything but the turn of the year is not understood ("gallras 1 år efter att
// processen stängts"), nor is a span or a number in words.
RetentionClass ParseRetentionClass(std::string_view text);

// When something of the year falls due: so many months after the turn of the
// year that ends it. Years and months count from there alike: of 2025, with 7
// years, 2033-01-01; with 6 months, 2026-07-01.
absl::CivilDay DueAfter(absl::civil_year_t year, int months);

}  // namespace samverk::cli

#endif  // SAMVERK_CLIENTS_CLI_RETENTION_CLASS_H_
