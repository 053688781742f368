// Every limit of the register, in one place. Exceeding one is refused with
// reason LIMIT_EXCEEDED (or QUEUE_FULL), the limit and the value.
#ifndef SAMVERK_EVENTSTORE_LIMITS_H_
#define SAMVERK_EVENTSTORE_LIMITS_H_

#include <cstddef>
#include <cstdint>

namespace samverk::limits {

// A stored record, header included: the entry length of tlog-tiles is 16 bits.
inline constexpr size_t kRecordBytes = 65'535;
// The stored bytes of one append.
inline constexpr size_t kAppendBytes = 1 << 20;
inline constexpr size_t kAppendEvents = 1'000;
inline constexpr size_t kAppendConditions = 64;
inline constexpr size_t kStreamBytes = 256;
inline constexpr size_t kTypeBytes = 128;
inline constexpr size_t kTags = 32;
inline constexpr size_t kTagBytes = 128;
// Each of the metadata's texts.
inline constexpr size_t kMetadataBytes = 256;
// One text inside an event.
inline constexpr size_t kTextBytes = 16 << 10;
inline constexpr size_t kQueryItems = 64;
inline constexpr size_t kQueryTerms = 64;  // types, tags or streams of an item
// Types, tags and streams of all items of a reading, or of all conditions of an
// append; an item without any counts as one. Each is a search of the index.
inline constexpr size_t kTermsTotal = 4'096;
inline constexpr uint32_t kReadPage = 10'000;
inline constexpr uint32_t kReadPageDefault = 1'000;
// Stored bytes of one page, whatever its number of events.
inline constexpr size_t kReadPageBytes = 2 << 20;
// Requests that wait for the writer, and their bytes: what they would store,
// and their conditions.
inline constexpr size_t kAppendQueue = 4'096;
inline constexpr size_t kAppendQueueBytes = 64 << 20;
// What the clock and the last event's recorded_at may differ by, in seconds:
// beyond it one of them must be wrong, and nothing is recorded.
inline constexpr int64_t kClockBehindSeconds = 24 * 3'600;
inline constexpr int64_t kClockAheadSeconds = 30 * 365 * int64_t{24 * 3'600};
// One group commit.
inline constexpr size_t kCommitEvents = 4'096;
inline constexpr size_t kCommitBytes = 4 << 20;
// Subscribers at once.
inline constexpr size_t kSubscriptions = 4'096;
// A gRPC message in either direction.
inline constexpr int kMessageBytes = 4 << 20;
// Views and lists: entries a page.
inline constexpr uint32_t kViewPage = 1'000;
inline constexpr uint32_t kViewPageDefault = 100;
// Timelines, checks and lessons are short enough to be read whole.
inline constexpr uint32_t kViewPageDefaultLong = kViewPage;
// Bytes of a page, whatever its number of entries; one entry may be larger.
inline constexpr size_t kViewPageBytes = 2 << 20;
// What an actor took part in: entries shown, and their bytes.
inline constexpr int kViewEntries = 100;
inline constexpr size_t kViewEntryBytes = 1 << 20;
// Consumer groups: what may be chosen.
inline constexpr size_t kGroups = 1'000;
// Where people log in: those of one organisation, and those that are left to
// whoever runs the register, for connectors.
inline constexpr size_t kOwnerGroups = 100;
inline constexpr size_t kGroupsForConnectors = 200;
inline constexpr size_t kGroupNameBytes = 64;
inline constexpr uint32_t kGroupInFlight = 10'000;
inline constexpr uint32_t kGroupAttempts = 100;
inline constexpr uint32_t kGroupBatch = 1'000;
inline constexpr uint32_t kGroupOpenLeases = 100;
// Members of one group at a time.
inline constexpr size_t kGroupMembers = 1'000;
// Members of all groups of one organisation, where people log in.
inline constexpr size_t kOwnerMembers = 500;
// Bytes that wait to be sent to a member; beyond it the member is given no more
// until some have left. The lease that goes beyond it is sent whole.
inline constexpr size_t kMemberUnsentBytes = 2 << 20;
// What the maker of a group has said of it, kept with it.
inline constexpr size_t kGroupDefinitionBytes = 64 << 10;
// Events that are read before a member has room for them, so that one slow key
// does not hold up the others.
inline constexpr size_t kGroupReadAhead = 1'000;
// Events put aside; beyond it the group gives nothing until they are dealt
// with.
inline constexpr size_t kGroupParked = 10'000;
inline constexpr size_t kRefusalBytes = 1'000;
// Named positions of readers (TrackStore): names, and the bytes of each. All of
// them are kept in memory.
inline constexpr size_t kTracks = 10'000;
inline constexpr size_t kTrackNameBytes = 256;
// Those of one organisation, where people log in.
inline constexpr size_t kOwnerTracks = 1'000;

}  // namespace samverk::limits

#endif  // SAMVERK_EVENTSTORE_LIMITS_H_
