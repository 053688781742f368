# cmake -DINPUT=FILE -DOUTPUT=FILE.cc -P embed.cmake: the bytes of INPUT as
# samverk::describe::ContractBytes() of contracts.h.
file(READ ${INPUT} bytes HEX)
string(REGEX REPLACE "(................................)" "\\1\n" bytes "${bytes}")
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${bytes}")
file(WRITE ${OUTPUT} "#include \"proto/describe/contracts.h\"

namespace samverk::describe {
namespace {

constexpr unsigned char kBytes[] = {
${bytes}};

}  // namespace

std::string_view ContractBytes() {
  return {reinterpret_cast<const char*>(kBytes), sizeof(kBytes)};
}

}  // namespace samverk::describe
")
