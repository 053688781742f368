// The sentences that people read, in their language. Pure.
#ifndef SAMVERK_SERVICES_RECORDING_MESSAGES_H_
#define SAMVERK_SERVICES_RECORDING_MESSAGES_H_

#include <string>
#include <string_view>

#include "proto/codec/text.h"
#include "services/recording/notices.h"
#include "services/recording/rule.h"

namespace samverk::recording {

// What happened, with the values, and what to do.
std::string ViolationText(const Violation& violation, codec::Language language);

std::string NoticeText(const FoundNotice& notice, codec::Language language);

// "bidrag", "grant": the word for a kind of entity by its name in streams.
std::string KindWord(std::string_view kind_name, codec::Language language);

// The sentence for a refused batch: how many of its events.
std::string RefusalText(size_t refused, size_t events,
                        codec::Language language);

}  // namespace samverk::recording

#endif  // SAMVERK_SERVICES_RECORDING_MESSAGES_H_
