// Keys and signed notes, with the examples that Go's sumdb/note publishes
// (https://pkg.go.dev/golang.org/x/mod/sumdb/note) and the vectors of RFC 8032,
// 7.1.
#include <gtest/gtest.h>

#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "eventstore/audit/note_fields.h"
#include "eventstore/audit/note_key.h"
#include "eventstore/audit/signed_note.h"
#include "eventstore/base/strings.h"

namespace samverk {
namespace {

constexpr char kPublic[] =
    "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
constexpr char kPrivate[] =
    "PRIVATE+KEY+PeterNeumann+c74f20a3+"
    "AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";
constexpr char kText[] =
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n";
constexpr char kSignature[] =
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2p"
    "ZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

std::string PublishedNote() { return absl::StrCat(kText, "\n", kSignature); }

std::string Hex(const char* digits) { return absl::HexStringToBytes(digits); }

TEST(Ed25519, SignsTheVectorsOfRfc8032) {
  const struct {
    const char* seed;
    const char* key;
    const char* message;
    const char* signature;
  } vectors[] = {
      {"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
       "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
       "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821"
       "590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"},
      {"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
       "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
       "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e"
       "43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"}};
  for (const auto& vector : vectors) {
    const auto key = Ed25519PrivateKey::FromSeed(Hex(vector.seed));
    EXPECT_EQ(std::string(key.public_key().begin(), key.public_key().end()),
              Hex(vector.key));
    EXPECT_EQ(key.Seed(), Hex(vector.seed));
    const std::string signature = key.Sign(Hex(vector.message));
    EXPECT_EQ(signature, Hex(vector.signature));
    EXPECT_TRUE(
        Ed25519Verify(key.public_key(), Hex(vector.message), signature));
    EXPECT_FALSE(Ed25519Verify(key.public_key(), "x", signature));
    for (size_t bit = 0; bit < 8 * signature.size(); ++bit) {
      std::string other = signature;
      other[bit / 8] ^= static_cast<char>(1 << bit % 8);
      EXPECT_FALSE(Ed25519Verify(key.public_key(), Hex(vector.message), other))
          << bit;
    }
  }
}

TEST(Ed25519, MakesKeysThatDiffer) {
  EXPECT_NE(Ed25519PrivateKey::Generate().Seed(),
            Ed25519PrivateKey::Generate().Seed());
}

TEST(NoteKey, IsWrittenAsOthersWriteIt) {
  const auto verifier = ParseVerifier(kPublic);
  ASSERT_TRUE(verifier.ok()) << verifier.status();
  EXPECT_EQ(verifier->name, "PeterNeumann");
  EXPECT_EQ(verifier->Id(), 0xc74f20a3);
  EXPECT_EQ(FormatVerifier(*verifier), kPublic);
  const auto signer = ParseSigner(kPrivate);
  ASSERT_TRUE(signer.ok()) << signer.status();
  EXPECT_EQ(signer->Verifier(), *verifier);
  EXPECT_EQ(FormatSigner(*signer), kPrivate);
}

TEST(NoteKey, RefusesWhatIsNone) {
  const std::string key = kPublic;
  const std::string cases[] = {
      "",
      "PeterNeumann",
      "PeterNeumann+c74f20a3",
      key.substr(1),         // another name: the id does not fit
      "+" + key.substr(13),  // no name
      "Peter Neumann" + key.substr(12),
      key.substr(0, key.size() - 1),  // base64 cut off
      key + "=",
      key + "\n",
      "PeterNeumann+C74F20A3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
      "PeterNeumann+c74f20a3+AhpC2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
      "PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"};
  for (const std::string& text : cases) {
    EXPECT_EQ(ParseVerifier(text).status().code(),
              absl::StatusCode::kInvalidArgument)
        << text;
  }
  // A private key is not taken for a public one, nor is it shown.
  EXPECT_FALSE(ParseSigner(kPublic).ok());
  std::string wrong = kPrivate;
  wrong[15] = 'x';
  const absl::Status refused = ParseSigner(wrong).status();
  EXPECT_FALSE(refused.ok());
  EXPECT_EQ(refused.message().find("AYEKFALV"), std::string::npos) << refused;
}

TEST(NoteKeyName, HasNoSpacesAndNoPlus) {
  EXPECT_TRUE(IsNoteKeyName("example.com/log42"));
  EXPECT_TRUE(IsNoteKeyName("malmö"));
  for (const char* name :
       {"", "a b", "a+b", "a\tb", "a\nb", "a\u00A0b", "a\u3000b", "\xff"}) {
    EXPECT_FALSE(IsNoteKeyName(name)) << name;
  }
}

TEST(SignedNote, ReadsAndWritesThePublishedOne) {
  const auto note = ParseNote(PublishedNote());
  ASSERT_TRUE(note.ok()) << note.status();
  EXPECT_EQ(note->text, kText);
  ASSERT_EQ(note->signatures.size(), 1u);
  EXPECT_EQ(note->signatures[0].name, "PeterNeumann");
  EXPECT_EQ(FormatNote(*note), PublishedNote());
  EXPECT_TRUE(VerifyNote(*note, *ParseVerifier(kPublic))->is_signed);
  // Ed25519 is deterministic: the same signature comes out.
  EXPECT_EQ(SignText(kText, *ParseSigner(kPrivate), absl::Now()),
            note->signatures[0]);
}

TEST(SignedNote, IsRefusedWhenAnyByteIsAnother) {
  const std::string note = PublishedNote();
  const NoteVerifier key = *ParseVerifier(kPublic);
  for (size_t i = 0; i < note.size(); ++i) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string other = note;
      other[i] ^= static_cast<char>(1 << bit);
      const auto parsed = ParseNote(other);
      if (!parsed.ok()) continue;
      const auto verified = VerifyNote(*parsed, key);
      EXPECT_FALSE(verified.ok() && verified->is_signed) << i << " " << bit;
    }
  }
  for (size_t size = 0; size < note.size(); ++size) {
    EXPECT_FALSE(ParseNote(note.substr(0, size)).ok()) << size;
  }
}

TEST(SignedNote, SaysWhatIsWrong) {
  const std::string line = kSignature;
  const struct {
    std::string note;
    const char* why;
  } cases[] = {
      {"", "no empty line"},
      {"text\n" + line, "no empty line"},
      {"text\n\n", "nobody signed"},
      {"text\n\nx\n", "dash"},
      {"text\n\n— \n", "key's name"},
      {"text\n\n— a\n", "key's name"},
      {"text\n\n— a+b AAAAAAA=\n", "key's name"},
      {"text\n\n— a AAAA\n", "four bytes"},
      {"text\n\n— a AAAAA A=\n", "base64"},
      {"text\n\n— a AAAAAB==\n", "base64"},  // bits after the last byte
      {"text\n\n— a AAAAAAA=", "newline"},
      {"te\rxt\n\n" + line, "control"},
      {"te\xff\n\n" + line, "UTF-8"},
      {absl::StrCat(std::string(kNoteBytes, 'x'), "\n\n", line), "bytes"}};
  for (const auto& wrong : cases) {
    const absl::Status refused = ParseNote(wrong.note).status();
    EXPECT_EQ(refused.code(), absl::StatusCode::kInvalidArgument);
    EXPECT_NE(refused.message().find(wrong.why), std::string::npos)
        << refused << " for " << wrong.note.substr(0, 40);
  }
  std::string many = "text\n\n";
  for (size_t i = 0; i < kNoteSignatures; ++i) many += line;
  EXPECT_TRUE(ParseNote(many).ok());
  EXPECT_FALSE(ParseNote(many + line).ok());
}

TEST(SignedNote, MayHaveEmptyLinesInItsText) {
  const NoteSigner signer{"a", NoteSignatureKind::kEd25519,
                          Ed25519PrivateKey::Generate()};
  SignedNote note{"one\n\ntwo\n\n", {}};
  note.signatures.push_back(SignText(note.text, signer, absl::Now()));
  EXPECT_EQ(*ParseNote(FormatNote(note)), note);
}

TEST(SignedNote, OthersSignaturesAreNotLookedAt) {
  const NoteSigner signer{"a", NoteSignatureKind::kEd25519,
                          Ed25519PrivateKey::Generate()};
  SignedNote note{"text\n", {{"b", 1, "nonsense"}, {"a", 1, "nonsense"}}};
  EXPECT_FALSE(VerifyNote(note, signer.Verifier())->is_signed);
  note.signatures.push_back(SignText(note.text, signer, absl::Now()));
  EXPECT_TRUE(VerifyNote(note, signer.Verifier())->is_signed);
  // One in its name that does not hold spoils all.
  note.signatures.push_back(note.signatures.back());
  note.signatures.back().bytes[0] ^= 1;
  EXPECT_EQ(VerifyNote(note, signer.Verifier()).status().code(),
            absl::StatusCode::kDataLoss);
}

TEST(Cosignature, SaysWhen) {
  const NoteSigner witness{"w.example/1", NoteSignatureKind::kCosignature,
                           Ed25519PrivateKey::Generate()};
  const absl::Time when = absl::FromUnixSeconds(1'679'315'147);
  SignedNote note{
      "example.com/behind-the-sofa\n20852163\n"
      "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
      {}};
  note.signatures.push_back(
      SignText(note.text, witness, when + absl::Milliseconds(400)));
  const auto verified = VerifyNote(note, witness.Verifier());
  ASSERT_TRUE(verified.ok());
  EXPECT_TRUE(verified->is_signed);
  EXPECT_EQ(verified->time, when);
  // The message is what c2sp.org/tlog-cosignature says.
  EXPECT_TRUE(Ed25519Verify(
      witness.key.public_key(),
      absl::StrCat("cosignature/v1\ntime 1679315147\n", note.text),
      std::string_view(note.signatures[0].bytes).substr(8)));
  // Another time is another message.
  note.signatures[0].bytes[7] ^= 1;
  EXPECT_FALSE(VerifyNote(note, witness.Verifier()).ok());
  // The same key for another kind is another key.
  const NoteSigner log{witness.name, NoteSignatureKind::kEd25519, witness.key};
  EXPECT_NE(log.Verifier().Id(), witness.Verifier().Id());
}

TEST(NoteFields, HaveOneForm) {
  EXPECT_EQ(ParseDecimal("0"), 0u);
  EXPECT_EQ(ParseDecimal("9223372036854775807"), 9223372036854775807u);
  for (const char* text : {"", "00", "01", "+1", "-1", " 1", "1 ", "1x", "0x1",
                           "9223372036854775808", "99999999999999999999"}) {
    EXPECT_EQ(ParseDecimal(text), std::nullopt) << text;
  }
  EXPECT_EQ(FromBase64(""), "");
  EXPECT_EQ(FromBase64("YQ=="), "a");
  for (const char* text : {"YQ", "YQ=", "YR==", "YQ==\n",
                           " YQ==", "Y Q==", "YQ==YQ==", "-_-_", "YQ.."}) {
    EXPECT_EQ(FromBase64(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace samverk
