// The libFuzzer program of one target: KRAIT_FUZZ_TARGET is its name. See targets.h.

#include <cstddef>
#include <cstdint>

#include "base/bytes.h"
#include "pkg/fuzz/targets.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const krait::pkg::fuzz::Target& target = krait::pkg::fuzz::get_target(KRAIT_FUZZ_TARGET);
  target.run(krait::as_text({data, size}));
  return 0;
}
