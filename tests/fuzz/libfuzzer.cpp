// The entry of one libFuzzer program: CALINVITE_FUZZ_TARGET names its target.
#include <cstddef>
#include <cstdint>

#include "fuzz/targets.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  calinvite::fuzz::CALINVITE_FUZZ_TARGET({reinterpret_cast<const char*>(data), size});
  return 0;
}
