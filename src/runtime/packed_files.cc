// krait_unpack(): JavaScript opens a file of a wheel that has stayed packed
// (pkg/wheel/packed_file.h). All of src/pkg that the core needs; the rest is a module of its own
// (src/pkg_module).

#include <algorithm>
#include <cstdlib>
#include <string>

#include "ffi/wire/contract.gen.h"
#include "pkg/wheel/packed_file.h"

namespace krait {

extern "C" void* krait_unpack(void* packed, uint32_t length) {
  // Function-local and never destroyed: no constructor runs at start, and an image may hold it.
  static std::string* wrong = new std::string();
  static uint32_t out[3];
  const auto answer = [&](bool good, const void* bytes, std::size_t size) {
    out[0] = good ? 1 : 0;
    out[1] = static_cast<uint32_t>(reinterpret_cast<std::uintptr_t>(bytes));
    out[2] = static_cast<uint32_t>(size);
    return out;
  };
  Result<Bytes> result = pkg::unpack_file({static_cast<const std::uint8_t*>(packed), length});
  if (result.ok()) {
    const Bytes& content = result.value();
    // malloc() may give nothing for nothing.
    void* copy = std::malloc(std::max<std::size_t>(content.size(), 1));
    if (copy != nullptr) {
      std::ranges::copy(content, static_cast<std::uint8_t*>(copy));
      return answer(true, copy, content.size());
    }
    *wrong = "there is no memory for its " + std::to_string(content.size()) + " bytes";
  } else {
    *wrong = result.error().message();
  }
  return answer(false, wrong->data(), wrong->size());
}

}  // namespace krait
