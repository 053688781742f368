// The primitives, with the vector of draft-irtf-cfrg-xchacha-03, A.3.1.
#include "services/privacy/aead.h"

#include <gtest/gtest.h>

#include "absl/strings/escaping.h"
#include "services/privacy/secret_key.h"

namespace samverk::privacy {
namespace {

std::string Hex(const char* digits) { return absl::HexStringToBytes(digits); }

absl::Span<uint8_t> SpanOf(std::string& bytes) {
  return absl::MakeSpan(reinterpret_cast<uint8_t*>(bytes.data()), bytes.size());
}

TEST(Aead, SealsTheVectorOfTheDraft) {
  const SecretBytes key = SecretBytes::CopyOf(
      Hex("808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f"));
  const std::string nonce =
      Hex("404142434445464748494a4b4c4d4e4f5051525354555657");
  const std::string bound = Hex("50515253c0c1c2c3c4c5c6c7");
  const std::string text =
      "Ladies and Gentlemen of the class of '99: If I could offer you only one "
      "tip for the future, sunscreen would be it.";
  const std::string sealed =
      Hex("bd6d179d3e83d43b9576579493c0e939572a1700252bfaccbed2902c21396cbb"
          "731c7f1b0b4aa6440bf3a82f4eda7e39ae64c6708c54c216cb96b72e1213b452"
          "2f8c9ba40db5d945b11b69b982c1bb9e3f3fac2bc369488f76b2383565d3fff9"
          "21f9664c97637da9768812f615c68b13b52e"
          "c0875924c1c7987947deafd8780acf49");
  EXPECT_EQ(AeadSeal(key, nonce, bound, text), sealed);
  std::string opened(text.size(), '?');
  EXPECT_TRUE(AeadOpen(key, nonce, bound, sealed, SpanOf(opened)));
  EXPECT_EQ(opened, text);
  // What is not right gives nothing, not even a part.
  EXPECT_FALSE(AeadOpen(key, nonce, "x", sealed, SpanOf(opened)));
  EXPECT_EQ(opened, std::string(text.size(), '\0'));
}

TEST(KeyedHash, DependsOnKeyPurposeAndEachPart) {
  const SecretBytes key = SecretBytes::CopyOf(std::string(kKeyBytes, 'k'));
  const SecretBytes other = SecretBytes::CopyOf(std::string(kKeyBytes, 'o'));
  const std::string hash = KeyedHash(key, "a", {"x", "yz"}, 32);
  EXPECT_EQ(KeyedHash(key, "a", {"x", "yz"}, 32), hash);
  EXPECT_NE(KeyedHash(other, "a", {"x", "yz"}, 32), hash);
  EXPECT_NE(KeyedHash(key, "b", {"x", "yz"}, 32), hash);
  EXPECT_NE(KeyedHash(key, "a", {"xy", "z"}, 32), hash);
  EXPECT_NE(KeyedHash(key, "a", {"xyz"}, 32), hash);
  EXPECT_NE(KeyedHash(key, "a", {"x", "yz", ""}, 32), hash);
}

TEST(SecretBytes, AreMovedAndNotLeftBehind) {
  SecretBytes one = SecretBytes::CopyOf("secret");
  SecretBytes two = std::move(one);
  EXPECT_EQ(one.size(), 0u);  // NOLINT(bugprone-use-after-move)
  EXPECT_EQ(two.view(), "secret");
  one = std::move(two);
  EXPECT_EQ(one.view(), "secret");
  EXPECT_EQ(SecretBytes().view(), "");
  EXPECT_NE(SecretBytes::Random(32).view(), SecretBytes::Random(32).view());
}

TEST(KeyId, FollowsFromTheKey) {
  const DataKey key(SecretBytes::CopyOf(std::string(kKeyBytes, 'k')));
  EXPECT_EQ(key.id(), KeyIdOf(key.bytes()));
  EXPECT_NE(key.id(), RandomDataKey().id());
  EXPECT_EQ(KeyIdFromBytes(AsBytes(key.id())), key.id());
  EXPECT_EQ(KeyIdText(key.id()).size(), 16u);
}

}  // namespace
}  // namespace samverk::privacy
