#include "clients/verify/words.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

namespace samverk::verify {
namespace {

// What comes from a file is shown so that it cannot act on a terminal.
std::string Shown(const std::string& text) {
  return absl::Utf8SafeCHexEscape(text);
}

std::string SignedHead(const Checkpoint& checkpoint, bool swedish) {
  const std::string name = Shown(checkpoint.origin);
  return swedish ? absl::StrCat("  Registret ", name, " har undertecknat sina ",
                                checkpoint.tree.size,
                                " första händelser med nyckeln som gavs.\n")
                 : absl::StrCat("  The register ", name,
                                " has signed its first ", checkpoint.tree.size,
                                " events with the key that was given.\n");
}

std::string EventLines(const ProvedEvent& event, bool swedish) {
  const std::string when = absl::FormatTime(
      "%Y-%m-%d %H:%M:%E3S UTC", event.recorded_at, absl::UTCTimeZone());
  if (swedish) {
    return absl::StrCat("  Händelse ", event.position,
                        " är en av dem, byte för byte:\n    slag ",
                        Shown(event.type), "\n    ström ", Shown(event.stream),
                        "\n    id ", event.id, "\n    registrerad ", when,
                        " enligt registrets klocka\n");
  }
  return absl::StrCat(
      "  Event ", event.position, " is one of them, byte for byte:\n    type ",
      Shown(event.type), "\n    stream ", Shown(event.stream), "\n    id ",
      event.id, "\n    recorded ", when, " by the register's clock\n");
}

std::string GrownFrom(uint64_t size, bool swedish) {
  return swedish
             ? absl::StrCat("  De första ", size,
                            " av dem är desamma som i den tidigare "
                            "kontrollpunkten: inget är ändrat eller borttaget "
                            "sedan dess.\n")
             : absl::StrCat("  The first ", size,
                            " of them are those of the earlier checkpoint: "
                            "nothing was changed or removed since.\n");
}

}  // namespace

std::string Proved(const Verified& verified, bool swedish) {
  std::string text = SignedHead(verified.checkpoint, swedish);
  if (verified.event.has_value()) {
    text += EventLines(*verified.event, swedish);
  }
  if (verified.all_records) {
    text += swedish ? "  Alla är här, byte för byte och i sin ordning.\n"
                    : "  All of them are here, byte for byte and in order.\n";
  }
  if (verified.grown_from.has_value()) {
    text += GrownFrom(*verified.grown_from, swedish);
  }
  return text;
}

std::string NotProved(const absl::Status& status, bool swedish) {
  const std::string why(status.message());
  if (absl::IsDataLoss(status)) {
    return absl::StrCat(swedish ? "HÅLLER INTE: " : "DOES NOT HOLD: ", why);
  }
  return absl::StrCat(swedish ? "ej prövat: " : "not verified: ", why);
}

}  // namespace samverk::verify
