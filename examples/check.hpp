// How the examples in C++ treat a failed call: they say why, and end.
#pragma once

#include <calinvite/result.hpp>
#include <cstdio>
#include <cstdlib>
#include <type_traits>

template <class T>
T check(calinvite::Result<T> result) {
  if (!result) {
    std::fprintf(stderr, "%s: %s\n", calinvite::code_name(result.error().code).data(),
                 to_string(result.error()).c_str());
    std::exit(1);
  }
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}
