// Money, dates and numbers as people read them, in Swedish and English.
#ifndef SAMVERK_PROTO_CODEC_TEXT_H_
#define SAMVERK_PROTO_CODEC_TEXT_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "samverk/event/v1/types.pb.h"

namespace samverk::codec {

enum class Language { kSwedish, kEnglish };

// "sv…" and "" are Swedish, everything else English.
Language LanguageOf(std::string_view tag);

// "270 000 kr" with U+00A0 (Swedish) or "SEK 270,000" (English); öre only
// when not zero ("268 412,50 kr"); a true minus sign U+2212; "ca " (English
// "approx. ") before estimates, "okänt" ("unknown") for an unknown sum of 0.
std::string MoneyText(int64_t ore, event::v1::Precision precision,
                      Language language);

// "exakt", "uppgivet", "uppskattning", "okänt".
std::string PrecisionText(event::v1::Precision precision, Language language);

// The less sure of two: unknown, estimate, stated, exact. Unspecified counts as
// unknown.
event::v1::Precision WorsePrecision(event::v1::Precision a,
                                    event::v1::Precision b);

// "hösten 2025", "17 september 2025", "mars–maj 2025", "2025"; "ca " when
// circa; "okänt" for an empty text. English: "autumn 2025", "17 September
// 2025".
std::string EdtfText(std::string_view edtf, bool circa, Language language);

// "12 345" / "12,345".
std::string NumberText(int64_t number, Language language);

// "2025-09-17" in Europe/Stockholm.
std::string DateText(int64_t time_us);

// "2025-09-17 18:30" in Europe/Stockholm.
std::string DateTimeText(int64_t time_us);

// Width in terminal columns: code points but combining ones; "å" is 1.
size_t DisplayWidth(std::string_view utf8);

}  // namespace samverk::codec

#endif  // SAMVERK_PROTO_CODEC_TEXT_H_
