#include "clients/verify/words.h"

#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

namespace samverk::verify {
namespace {

// What comes from a file is shown so that it cannot act on a terminal: without
// control characters, and without those that turn the direction of writing.
std::string Shown(const std::string& text) {
  std::string shown = absl::Utf8SafeCHexEscape(text);
  const auto hide = [&shown](const std::string& what) {
    shown = absl::StrReplaceAll(shown, {{what, "?"}});
  };
  for (char c = '\x80'; c <= '\x9f'; ++c) hide(std::string("\xc2") + c);
  for (const char* turn :
       {"\u200e", "\u200f", "\u202a", "\u202b", "\u202c", "\u202d", "\u202e",
        "\u2066", "\u2067", "\u2068", "\u2069"}) {
    hide(turn);
  }
  return shown;
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

std::string CosignedLines(const std::vector<Cosigned>& cosigned, bool swedish) {
  std::string lines;
  for (const Cosigned& by : cosigned) {
    const std::string when =
        absl::FormatTime("%Y-%m-%d %H:%M:%S UTC", by.time, absl::UTCTimeZone());
    absl::StrAppend(
        &lines, swedish ? "  Vittnet " : "  The witness ", Shown(by.witness),
        swedish ? " har sett samma historia, " : " has seen the same history, ",
        when, swedish ? " enligt sin klocka.\n" : " by its clock.\n");
  }
  return lines;
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
  text += CosignedLines(verified.cosigned, swedish);
  if (verified.event.has_value()) {
    text += EventLines(*verified.event, swedish);
  }
  if (verified.all_records) {
    text +=
        swedish
            ? "  Alla är här (tile/entries), byte för byte och i sin "
              "ordning.\n  Inte undertecknat: orden i events.jsonl, som är "
              "en läsning av posterna,\n  schemas, README.txt och vad som "
              "annars ligger där.\n"
            : "  All of them are here (tile/entries), byte for byte and in "
              "order.\n  Not signed: the words of events.jsonl, which are a "
              "reading of the records,\n  schemas, README.txt and whatever "
              "else is there.\n";
  }
  if (verified.grown_from.has_value()) {
    text += GrownFrom(*verified.grown_from, swedish);
  }
  return text;
}

std::string NotProved(const absl::Status& status, bool swedish) {
  const std::string why = Shown(std::string(status.message()));
  if (absl::IsDataLoss(status)) {
    return absl::StrCat(swedish ? "HÅLLER INTE: " : "DOES NOT HOLD: ", why);
  }
  return absl::StrCat(swedish ? "ej prövat: " : "not verified: ", why);
}

}  // namespace samverk::verify
