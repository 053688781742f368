// Finds what must not stand in clear in a register that cannot forget:
// identity numbers, telephone numbers, e-mail addresses. Pure.
#ifndef SAMVERK_SERVICES_RECORDING_TEXT_SCREENING_H_
#define SAMVERK_SERVICES_RECORDING_TEXT_SCREENING_H_

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace samverk::recording {

// What a text was found to hold.
enum class PersonalDetail { kIdentityNumber, kPhoneNumber, kEmailAddress };

// Where, and how it may be shown.
struct ScreenedDetail {
  PersonalDetail what = PersonalDetail::kIdentityNumber;
  size_t offset = 0;  // in bytes
  std::string masked;  // "80••••-••••": enough to find it, not to know it
};

// How closely a text is looked at.
enum class Screening {
  // Text that people write: everything.
  kWords,
  // Numbers of other systems, which are full of digits, and ids: no telephone
  // numbers; identity numbers only with a century or a separator; a number that
  // reads
  // as a date and a time of day ("20250917-1830") is taken for one.
  kReference,
};

// The first detail found, or nothing.
//
// Identity number: 10 or 12 digits (YYMMDDNNNN, YYYYMMDDNNNN), with "-", "+" or
// a space before the last four, or as YYYY-MM-DD-NNNN; a possible date (the day
// plus 60 in a coordination number), a serial number other than 000 and a right
// check digit. So organisation numbers (whose third digit is at least 2),
// vouchers and sums are let through.
//
// Telephone number: "+46", "0046" and the other Nordic countries' codes; or a
// Swedish area or mobile code, a separator and digits in groups of two and
// three, or one group of at least five; or one run of digits that begins with
// a mobile code or a code of at most three digits.
std::optional<ScreenedDetail> ScreenText(std::string_view text,
                                         Screening screening);

// True when the last of the digits (values 0 to 9) is the check digit of the
// others by Luhn's rule.
bool HasLuhnCheckDigit(std::string_view digits);

// The text with all but its first two digits and its separators hidden.
std::string MaskDigits(std::string_view text);

}  // namespace samverk::recording

#endif  // SAMVERK_SERVICES_RECORDING_TEXT_SCREENING_H_
