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
  // Titles and places in documents: a number that reads as a date and a time of
  // day ("Protokoll 20250917-1837.pdf") is taken for one.
  kTitle,
  // Numbers of other systems, which are full of digits, and ids: as a title,
  // but no telephone numbers, and identity numbers only with a century or a
  // separator.
  kReference,
};

// The first detail found, or nothing. `text` is UTF-8; digits, dashes and
// spaces of other scripts count as those of ASCII, and what cannot be seen is
// skipped (folded_text.h).
//
// Identity number: 10 or 12 digits (YYMMDDNNNN, YYYYMMDDNNNN), with "-", "+",
// ".", "/" or spaces before the last four, or as YYYY-MM-DD-NNNN; a possible
// date (the day plus 60 in a coordination number), a serial number other than
// 000 and a right check digit. So organisation numbers (whose third digit is at
// least 2), vouchers and sums are let through. But for kReference also next to
// letters, in pairs, and with "--", "_", ":", ",", "*" or brackets before the
// last four; so written not what reads as a day and a time, a sum, a list of
// more pairs, or a whole year of this century.
//
// Telephone number: "+" and 8 to 15 digits, or the like after "00"; or a
// Swedish area or mobile code, a separator and digits in groups of two and
// three, or one group of at least five; or one run of digits that begins with
// a mobile code or a code of at most three digits; or a mobile number in pairs.
// A word may stand right before it. More numbers may follow it.
// Not what is a sum ("08-16 120 000 kr"), or one run of digits after a word for
// an invoice, an account or a case ("dnr 042-123456").
std::optional<ScreenedDetail> ScreenText(std::string_view text,
                                         Screening screening);

// True when the last of the digits (values 0 to 9) is the check digit of the
// others by Luhn's rule.
bool HasLuhnCheckDigit(std::string_view digits);

// The text with all but its first two digits and its separators hidden.
std::string MaskDigits(std::string_view text);

}  // namespace samverk::recording

#endif  // SAMVERK_SERVICES_RECORDING_TEXT_SCREENING_H_
