#include "clients/cli/audit_export.h"

#include <fcntl.h>
#include <google/protobuf/descriptor.h>
#include <unistd.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <set>
#include <string_view>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/time/clock.h"
#include "clients/cli/progress.h"
#include "clients/cpp/audit.h"
#include "clients/verify/verify_export.h"
#include "eventstore/audit/tile_maker.h"
#include "eventstore/audit/tile_path.h"
#include "proto/codec/event_json.h"
#include "proto/describe/event_schemas.h"
#include "samverk/event/v1/event.pb.h"

namespace samverk::cli {
namespace {

namespace fs = std::filesystem;

constexpr char kReadme[] =
    R"(REGISTER %NAME%, HÄNDELSE 1 TILL %SIZE% / EVENTS 1 TO %SIZE%

(English below.)

Detta är ett helt register över ett samverkansförlopp, så som det var
registrerat. Allt kan läsas med en textredigerare och verifieras utan programmet
som skrev det.

  events.jsonl    en händelse per rad, i den ordning de registrerades (JSON)
  schemas/        vad fälten i events.jsonl betyder, ett JSON Schema per slag
  proto/          hur posternas innehåll avkodas (Protocol Buffers)
  tile/entries/   varje händelses post, byte för byte: det som är undertecknat
  tile/0/ ...     SHA-256 av posterna, och av dem i sin tur (ett Merkle-träd)
  checkpoint      antalet händelser och trädets rot, undertecknade av registret
  register.key    registrets publika nyckel, så som servern uppgav den

This is a whole register of a collaboration process, as it was recorded. All of
it can be read with a text editor and verified without the program that wrote it.

  events.jsonl    one event a line, in the order of recording (JSON)
  schemas/        what the fields of events.jsonl mean, a JSON Schema a kind
  proto/          how what records hold is decoded (Protocol Buffers)
  tile/entries/   the record of each event, byte for byte: what is signed
  tile/0/ ...     SHA-256 of the records, and of those in turn (a Merkle tree)
  checkpoint      the number of events and the root of the tree, signed
  register.key    the register's public key, as the server gave it

Only tile/ and checkpoint are signed. events.jsonl is a reading of the records:
whoever doubts a word of it decodes the record (see below).
Bara tile/ och checkpoint är undertecknade. events.jsonl är en läsning av
posterna: den som tvivlar på ett ord avkodar posten (se nedan).

HOW TO VERIFY
  samverk-verify --key KEY DIRECTORY

or with any tool for transparency logs that reads c2sp.org/tlog-tiles. KEY is the
public key that was published or kept elsewhere: register.key, which came with
the rest, proves nothing of who made it.

BY HAND
  A bundle in tile/entries is a row of records, each with its length before it
  as two bytes, the higher first. The hash of a record is SHA-256(0x00, record).
  tile/0/NNN has the hashes of 256 records, 32 bytes each. Two neighbours of one
  level give SHA-256(0x01, left, right), and so on to the root (RFC 6962, 2.1).
  The checkpoint is a signed note (c2sp.org/signed-note): its text is all up to
  the empty line; the line after it with the register's name has, in base64, four
  bytes that name the key and an Ed25519 signature (RFC 8032) of the text. The
  key is, in base64, the byte 1 and the 32 bytes of an Ed25519 public key. Other
  lines are those of witnesses (c2sp.org/tlog-cosignature).

  A record begins with a header of 48 bytes, numbers with the lower byte first:
    0  format, 1      4  u32 length of the rest      8  u64 number of the event
   16  u64 number within its stream    24  i64 microseconds since 1970 (UTC)
   32  16 random bytes
  The rest is a protocol buffer: 1 id (16 bytes), 2 stream, 3 type, 4 tags,
  5 time of occurrence, 6 metadata, 7 payload: the event itself, a
  samverk.event.v1.Event of proto/ without its id.
)";

std::string Readme(const Checkpoint& checkpoint) {
  return absl::StrReplaceAll(kReadme,
                             {{"%NAME%", checkpoint.origin},
                              {"%SIZE%", absl::StrCat(checkpoint.tree.size)}});
}

// Writes files into one directory; keeps the first problem.
class Directory {
 public:
  explicit Directory(std::string path) : path_(std::move(path)) {}

  void Write(const std::string& name, std::string_view bytes) {
    if (!problem_.ok()) return;
    const fs::path path = fs::path(path_) / name;
    std::error_code error;
    fs::create_directories(path.parent_path(), error);
    std::ofstream file(path, std::ios::binary);
    file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    file.close();
    if (!file) Fail(path.string());
  }
  void Fail(const std::string& path) {
    problem_ = absl::UnavailableError(
        absl::StrCat(path,
                     " cannot be written; make room, or see that the "
                     "directory may be written to"));
  }
  // All that was written is on the disk, or it is a problem.
  void Sync() {
    if (!problem_.ok()) return;
    const int fd = open(path_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0 || syncfs(fd) != 0) Fail(path_);
    if (fd >= 0) close(fd);
  }
  const absl::Status& problem() const { return problem_; }
  const std::string& path() const { return path_; }

 private:
  const std::string path_;
  absl::Status problem_;
};

// The file that declares messages, and those that it needs, without comments.
void WriteProto(const google::protobuf::FileDescriptor& file,
                Directory& directory, std::set<std::string>& written) {
  if (!written.insert(file.name()).second) return;
  directory.Write("proto/" + file.name(), file.DebugString());
  for (int i = 0; i < file.dependency_count(); ++i) {
    WriteProto(*file.dependency(i), directory, written);
  }
}

// Records and tiles; the head that they give.
absl::StatusOr<TreeHead> ExportRecords(client::Client& client, uint64_t size,
                                       Directory& directory,
                                       Progress& progress) {
  TileMaker tiles([&directory](const TilePath& path, std::string_view bytes) {
    directory.Write(FormatTilePath(path), bytes);
  });
  std::string bundle;
  if (size == 0) return TreeHead();
  const absl::Status read = client.audit().ReadRecords(
      0, size, [&](uint64_t position, const std::string& record) {
        bundle.push_back(static_cast<char>(record.size() >> 8));
        bundle.push_back(static_cast<char>(record.size() & 0xff));
        bundle.append(record);
        tiles.Add(LeafHash(record));
        const uint64_t index = (position - 1) / kTileWidth;
        if (position % kTileWidth == 0 || position == size) {
          directory.Write(
              FormatTilePath({true, {0, index}, position - index * kTileWidth}),
              bundle);
          bundle.clear();
          progress.Update(position, 2 * size);
        }
        return directory.problem().ok();
      });
  if (!read.ok()) return read;
  const TreeHead head = tiles.Finish();
  if (!directory.problem().ok()) return directory.problem();
  return head;
}

absl::Status ExportEvents(client::Client& client, uint64_t size,
                          Directory& directory, Progress& progress) {
  const std::string path =
      absl::StrCat(directory.path(), "/", verify::kEventsFile);
  std::error_code error;
  fs::create_directories(directory.path(), error);
  std::ofstream file(path, std::ios::binary);
  view::v1::ReadLogRequest request;
  request.set_to(size);
  uint64_t done = 0;
  client::LogReader reader;
  reader.on_page = [&](const view::v1::ReadLogResponse& page) {
    for (const view::v1::LoggedEvent& event : page.events()) {
      file << codec::ToJson(event) << '\n';
      ++done;
    }
    progress.Update(size + done, 2 * size);
    return file.good();
  };
  if (size > 0) {
    const absl::Status read = client.ReadLog(request, reader);
    if (!read.ok()) return read;
  }
  file.close();
  if (!file) directory.Fail(path);
  if (!directory.problem().ok()) return directory.problem();
  if (done == size) return absl::OkStatus();
  return absl::DataLossError(
      absl::StrCat("the server gave ", done, " of ", size, " events"));
}

// One that covers the position; with cosignatures, when the register has any
// and they come within some seconds.
absl::StatusOr<audit::v1::GetCheckpointResponse> CosignedCheckpoint(
    client::Client& client, uint64_t at_least) {
  constexpr int kTries = 5;
  const auto signatures = [](const audit::v1::GetCheckpointResponse& answer) {
    const auto note = ParseNote(answer.checkpoint());
    return note.ok() ? note->signatures.size() : 0;
  };
  for (int i = 0;; ++i) {
    auto answer = client.audit().GetCheckpoint(at_least);
    if (!answer.ok() || signatures(*answer) > 1 || i == kTries) return answer;
    const auto newest = client.audit().GetCheckpoint();
    if (!newest.ok() || signatures(*newest) <= 1) return answer;
    absl::SleepFor(absl::Seconds(1));
  }
}

absl::StatusOr<Checkpoint> Export(client::Client& client, Directory& directory,
                                  Progress& progress) {
  const auto head = client.GetHead();
  if (!head.ok()) return head.status();
  const auto answer = CosignedCheckpoint(client, *head);
  if (!answer.ok()) return answer.status();
  const auto key = ParseVerifier(answer->key());
  if (!key.ok()) return key.status();
  const auto opened = OpenCheckpoint(answer->checkpoint(), *key);
  if (!opened.ok()) return opened.status();
  const TreeHead& tree = opened->checkpoint.tree;
  const auto made = ExportRecords(client, tree.size, directory, progress);
  if (!made.ok()) return made.status();
  if (*made != tree) {
    return absl::DataLossError(
        "the records that the server gave are not those that it has signed");
  }
  const absl::Status events =
      ExportEvents(client, tree.size, directory, progress);
  if (!events.ok()) return events;
  for (const describe::EventSchema& schema : describe::EventSchemas()) {
    directory.Write(absl::StrCat("schemas/", schema.type, ".json"),
                    schema.json);
  }
  std::set<std::string> written;
  WriteProto(*event::v1::Event::descriptor()->file(), directory, written);
  directory.Write("README.txt", Readme(opened->checkpoint));
  directory.Write(verify::kKeyFile, answer->key() + "\n");
  directory.Sync();
  // Last: with it, it is whole.
  directory.Write(verify::kCheckpointFile, answer->checkpoint());
  directory.Sync();
  if (!directory.problem().ok()) return directory.problem();
  // What was written is what will be kept.
  const auto verified =
      verify::VerifyExport(directory.path(), ProofVerifier(*key));
  if (!verified.ok()) return verified.status();
  return opened->checkpoint;
}

}  // namespace

int ExportRegister(Session& session, const std::string& directory) {
  std::error_code error;
  if (fs::exists(directory, error) && !fs::is_empty(directory, error)) {
    return session.Misuse(absl::StrCat(
        directory,
        session.style(" finns redan och är inte tom; ange en ny katalog",
                      " is there and not empty; name a new directory")));
  }
  client::Client* client = session.Connect();
  if (client == nullptr) return kFailed;
  Directory out(directory);
  Progress progress(session.style("steg", "steps"), session.style);
  const auto exported = Export(*client, out, progress);
  progress.Clear();
  if (!exported.ok()) return session.Fail(exported.status());
  session.Say(absl::StrCat(directory, ": ", exported->tree.size,
                           session.style(" händelser", " events")));
  return kDone;
}

}  // namespace samverk::cli
