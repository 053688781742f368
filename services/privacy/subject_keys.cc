#include "services/privacy/subject_keys.h"

#include <sodium.h>

#include <algorithm>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "eventstore/base/status_macros.h"
#include "eventstore/base/strings.h"
#include "services/privacy/aead.h"
#include "services/privacy/file_error.h"
#include "services/privacy/key_files.h"
#include "services/privacy/wrapped_bytes.h"

namespace samverk::privacy {
namespace {

constexpr size_t kWrappedNamesBytes = kKeyBytes + kWrapBytes;
constexpr size_t kWrappedRecordBytes = kSubjectRecordBytes + kWrapBytes;

// What a record is bound to, so that it serves under this name alone.
std::string PlaceOfKey(const std::string& name) {
  return absl::StrCat("key of ", name);
}

bool Has(const std::vector<std::string>& files, const std::string& file) {
  return std::binary_search(files.begin(), files.end(), file);
}

// OK: all files are the directory's own (I5).
absl::Status CheckFiles(const std::vector<std::string>& files,
                        const PrivateDirectory& directory) {
  for (const std::string& file : files) {
    if (!IsOwnFile(file)) {
      return absl::FailedPreconditionError(absl::StrCat(
          directory.PathOf(file),
          " is no file of a directory of keys; move it away, and overwrite it "
          "if it is a copy of a key: that would outlive the key's disposal"));
    }
  }
  return absl::OkStatus();
}

absl::Status NamesMissing(const PrivateDirectory& directory) {
  return DamagedFile(
      directory.PathOf(kNamesFile),
      "is not there, without which no subject's key is found; put back the "
      "file, or restore a backup of the keys");
}

absl::Status OtherNames(const PrivateDirectory& directory) {
  return absl::FailedPreconditionError(absl::StrCat(
      "the backup is of another directory of keys than ", directory.path(),
      ", or files there are damaged; restore it into an empty "
      "one"));
}

absl::Status IsDisposedOf(const Disposal& disposal) {
  return absl::FailedPreconditionError(absl::StrCat(
      "the subject's key was disposed of on ",
      absl::FormatCivilTime(disposal.date), " (decision ", disposal.decision,
      "), and it gets no other; record what is new under another subject"));
}

}  // namespace

SubjectKeys::SubjectKeys(Options options,
                         std::unique_ptr<PrivateDirectory> directory)
    : master_keys_(std::move(options.master_keys)),
      directory_(std::move(directory)),
      cache_(options.cache_entries) {}

absl::StatusOr<std::unique_ptr<SubjectKeys>> SubjectKeys::Open(
    Options options) {
  return OpenWith(std::move(options), nullptr);
}

absl::StatusOr<std::unique_ptr<SubjectKeys>> SubjectKeys::OpenWith(
    Options options, const SecretBytes* names) {
  ASSIGN_OR_RETURN(auto directory,
                   PrivateDirectory::Open(options.directory, options.hook));
  std::unique_ptr<SubjectKeys> keys(
      new SubjectKeys(std::move(options), std::move(directory)));
  RETURN_IF_ERROR(keys->Begin(names));
  return keys;
}

absl::Status SubjectKeys::Begin(const SecretBytes* names) {
  MutexLock lock(files_);
  ASSIGN_OR_RETURN(const std::vector<std::string> files, directory_->Files());
  RETURN_IF_ERROR(CheckFiles(files, *directory_));
  // First, so that nothing is touched under a master key that is not its own.
  RETURN_IF_ERROR(TakeNames(files, names));
  for (const std::string& file : files) {
    if (IsCompanion(file)) RETURN_IF_ERROR(directory_->Wipe(file));
  }
  return CompleteDisposals(files);
}

absl::Status SubjectKeys::TakeNames(const std::vector<std::string>& files,
                                    const SecretBytes* names) {
  const bool empty =
      std::none_of(files.begin(), files.end(), [](const std::string& file) {
        return IsKeyFile(file) || IsTombstoneFile(file);
      });
  auto here = ReadNames();
  const bool missing = absl::IsNotFound(here.status());
  if (here.ok()) {
    names_ = *std::move(here);
    if (names == nullptr || names->view() == names_.view()) {
      return absl::OkStatus();
    }
    if (!empty) return OtherNames(*directory_);
  } else if (names == nullptr && missing) {
    if (!empty) return NamesMissing(*directory_);
  } else if (!missing &&
             (names == nullptr || !absl::IsDataLoss(here.status()))) {
    return here.status();
  }
  names_ = names != nullptr ? SecretBytes::CopyOf(names->view())
                            : SecretBytes::Random(kKeyBytes);
  RETURN_IF_ERROR(CheckNames(files));
  const std::string wrapped = Wrap(master_keys_.current(), kNamesFile, names_);
  return missing ? directory_->Write(kNamesFile, wrapped)
                 : directory_->Replace(kNamesFile, wrapped);
}

absl::StatusOr<SecretBytes> SubjectKeys::ReadNames() {
  ASSIGN_OR_RETURN(const std::string wrapped,
                   directory_->Read(kNamesFile, kWrappedNamesBytes));
  return Unwrap(master_keys_, kNamesFile, wrapped, kKeyBytes,
                directory_->PathOf(kNamesFile));
}

absl::Status SubjectKeys::CheckNames(const std::vector<std::string>& files) {
  for (const std::string& file : files) {
    absl::Status found;
    if (IsTombstoneFile(file)) found = ReadTombstone(NameOfFile(file)).status();
    if (IsKeyFile(file)) found = ReadRecord(NameOfFile(file)).status();
    if (absl::IsDataLoss(found)) return OtherNames(*directory_);
    RETURN_IF_ERROR(found);
  }
  return absl::OkStatus();
}

absl::Status SubjectKeys::CompleteDisposals(
    const std::vector<std::string>& files) {
  for (const std::string& file : files) {
    if (!IsTombstoneFile(file)) continue;
    const std::string name = NameOfFile(file);
    if (!Has(files, KeyFileOf(name))) continue;
    // A tombstone that nobody wrote destroys nothing: what is on record does.
    const absl::Status written = ReadTombstone(name).status();
    if (absl::IsDataLoss(written)) continue;
    RETURN_IF_ERROR(written);
    RETURN_IF_ERROR(directory_->Wipe(KeyFileOf(name)));
  }
  return absl::OkStatus();
}

std::string SubjectKeys::NameOf(std::string_view subject) const {
  return absl::BytesToHexString(
      ToAbsl(KeyedHash(names_, "samverk name", {subject}, kNameDigits / 2)));
}

absl::StatusOr<std::vector<std::string>> SubjectKeys::Names() {
  std::vector<std::string> files;
  {
    MutexLock lock(files_);
    ASSIGN_OR_RETURN(files, directory_->Files());
  }
  std::vector<std::string> names;
  for (const std::string& file : files) {
    if (!IsKeyFile(file) && !IsTombstoneFile(file)) continue;
    const std::string name = NameOfFile(file);
    if (names.empty() || names.back() != name) names.push_back(name);
  }
  return names;
}

absl::StatusOr<SubjectKey> SubjectKeys::Find(std::string_view subject) {
  RETURN_IF_ERROR(CheckSubject(subject));
  const std::string name = NameOf(subject);
  if (auto known = cache_.Find(name)) return *std::move(known);
  MutexLock lock(files_);
  return Load(name);
}

absl::StatusOr<std::shared_ptr<const DataKey>> SubjectKeys::FindOrMake(
    std::string_view subject) {
  RETURN_IF_ERROR(CheckSubject(subject));
  const std::string name = NameOf(subject);
  if (const auto known = cache_.Find(name); known && known->key != nullptr) {
    return known->key;
  }
  MutexLock lock(files_);
  const auto found = Load(name);
  if (found.ok()) {
    if (found->key == nullptr) return IsDisposedOf(*found->disposal);
    return found->key;
  }
  if (!absl::IsNotFound(found.status())) return found.status();  // I4
  auto key = std::make_shared<const DataKey>(RandomDataKey());
  RETURN_IF_ERROR(directory_->Write(  // I1
      KeyFileOf(name),
      WrapRecord(name, FormatSubjectRecord(key->bytes(), subject))));
  cache_.Put(name, {key, nullptr});
  return key;
}

absl::Status SubjectKeys::Dispose(std::string_view subject,
                                  const Disposal& disposal) {
  RETURN_IF_ERROR(CheckSubject(subject));
  RETURN_IF_ERROR(CheckDisposal(disposal));
  const std::string name = NameOf(subject);
  const std::string tombstone = FormatTombstone(disposal, name, names_);
  MutexLock lock(files_);
  return Bury(name, tombstone);
}

absl::Status SubjectKeys::Bury(const std::string& name,
                               std::string_view tombstone) {
  cache_.Erase(name);
  const auto before = ReadTombstone(name);
  if (absl::IsNotFound(before.status())) {
    RETURN_IF_ERROR(directory_->Write(TombstoneFileOf(name), tombstone));
  } else if (absl::IsDataLoss(before.status())) {
    RETURN_IF_ERROR(directory_->Replace(TombstoneFileOf(name), tombstone));
  } else {
    RETURN_IF_ERROR(before.status());
  }
  return directory_->Wipe(KeyFileOf(name));  // I2
}

absl::StatusOr<SubjectKey> SubjectKeys::Load(const std::string& name) {
  SubjectKey known;
  auto disposal = ReadTombstone(name);
  if (disposal.ok()) {
    known.disposal = std::make_shared<const Disposal>(*std::move(disposal));
  } else if (!absl::IsNotFound(disposal.status())) {
    return disposal.status();
  } else {
    ASSIGN_OR_RETURN(Record found, ReadRecord(name));
    known.key = std::make_shared<const DataKey>(std::move(found.record.key));
  }
  cache_.Put(name, known);
  return known;
}

absl::StatusOr<Disposal> SubjectKeys::ReadTombstone(const std::string& name) {
  const std::string file = TombstoneFileOf(name);
  ASSIGN_OR_RETURN(const std::string bytes,
                   directory_->Read(file, kTombstoneBytes));
  return ParseTombstone(bytes, name, names_, directory_->PathOf(file));
}

absl::StatusOr<SubjectKeys::Record> SubjectKeys::ReadRecord(
    const std::string& name) {
  const std::string file = KeyFileOf(name);
  const auto wrapped = directory_->Read(file, kWrappedRecordBytes);
  if (absl::IsNotFound(wrapped.status())) {
    return absl::NotFoundError(
        "there is no key of this subject; if something was sealed with one, "
        "restore a backup of the keys");
  }
  RETURN_IF_ERROR(wrapped.status());
  const std::string path = directory_->PathOf(file);
  ASSIGN_OR_RETURN(const SecretBytes bytes,
                   Unwrap(master_keys_, PlaceOfKey(name), *wrapped,
                          kSubjectRecordBytes, path));
  auto record = ParseSubjectRecord(bytes.view());
  if (!record || NameOf(record->subject) != name) {
    return DamagedFile(path,
                       "holds another subject's key; restore it from a backup "
                       "of the keys");
  }
  ASSIGN_OR_RETURN(const KeyId master_key, WrappedWith(*wrapped, path));
  return Record{*std::move(record), master_key};
}

std::string SubjectKeys::WrapRecord(const std::string& name,
                                    const SecretBytes& record) const {
  return Wrap(master_keys_.current(), PlaceOfKey(name), record);
}

absl::StatusOr<SubjectKeys::Rewrapped> SubjectKeys::RewrapAll() {
  ASSIGN_OR_RETURN(const std::vector<std::string> names, Names());
  Rewrapped counts;
  absl::Status first_error;
  for (const std::string& name : names) {
    MutexLock lock(files_);
    const auto done = Rewrap(name);
    if (done.ok()) {
      ++(*done ? counts.done : counts.were_current);
    } else if (!absl::IsNotFound(done.status())) {  // else it was disposed of
      first_error.Update(done.status());
    }
  }
  RETURN_IF_ERROR(first_error);
  // Last: while it needs an older master key, no Open goes without that.
  MutexLock lock(files_);
  RETURN_IF_ERROR(RewrapNames());
  return counts;
}

absl::StatusOr<bool> SubjectKeys::Rewrap(const std::string& name) {
  const absl::Status disposal = ReadTombstone(name).status();
  if (!absl::IsNotFound(disposal)) {
    // A damaged one is written anew when the log says so, and then there is no
    // key.
    if (!absl::IsDataLoss(disposal)) RETURN_IF_ERROR(disposal);
    return absl::NotFoundError("the key was disposed of");
  }
  ASSIGN_OR_RETURN(const Record found, ReadRecord(name));
  if (found.master_key == master_keys_.current().id()) return false;
  RETURN_IF_ERROR(directory_->Replace(
      KeyFileOf(name),
      WrapRecord(name,
                 FormatSubjectRecord(found.record.key, found.record.subject))));
  return true;
}

absl::Status SubjectKeys::RewrapNames() {
  const std::string path = directory_->PathOf(kNamesFile);
  ASSIGN_OR_RETURN(const std::string wrapped,
                   directory_->Read(kNamesFile, kWrappedNamesBytes));
  ASSIGN_OR_RETURN(const KeyId id, WrappedWith(wrapped, path));
  if (id == master_keys_.current().id()) return absl::OkStatus();
  return directory_->Replace(kNamesFile,
                             Wrap(master_keys_.current(), kNamesFile, names_));
}

absl::Status SubjectKeys::ForEach(
    const std::function<void(const SubjectState&)>& visit) {
  ASSIGN_OR_RETURN(const std::vector<std::string> names, Names());
  for (const std::string& name : names) {
    const auto state = [&]() -> absl::StatusOr<SubjectState> {
      MutexLock lock(files_);
      return StateOf(name);
    }();
    RETURN_IF_ERROR(state.status());
    visit(*state);
  }
  return absl::OkStatus();
}

absl::StatusOr<SubjectState> SubjectKeys::StateOf(const std::string& name) {
  SubjectState state;
  state.name = name;
  auto disposal = ReadTombstone(name);
  if (disposal.ok()) {
    state.disposal = *std::move(disposal);
    return state;
  }
  if (!absl::IsNotFound(disposal.status())) return disposal.status();
  ASSIGN_OR_RETURN(Record found, ReadRecord(name));
  state.subject = std::move(found.record.subject);
  state.key = KeyIdOf(found.record.key);
  state.master_key = found.master_key;
  return state;
}

}  // namespace samverk::privacy
