/// Choices that look random and are the same on every run with the same seed.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string_view>

namespace ses_simulator {

/// A pure function of the seed and some words, so that what happens to an address does not depend
/// on the order in which mails arrive.
class Seed {
 public:
  explicit Seed(std::uint64_t seed) : seed_(seed) {}

  std::uint64_t number(std::initializer_list<std::string_view> words) const {
    std::uint64_t hash = 14695981039346656037u ^ mix(seed_);  // FNV-1a
    for (const std::string_view word : words) {
      for (const char c : word) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211u;
      hash = (hash ^ 0x1f) * 1099511628211u;  // keeps "ab","c" apart from "a","bc"
    }
    return mix(hash);
  }

  /// Evenly spread over [0, 100).
  double percent(std::initializer_list<std::string_view> words) const {
    return static_cast<double>(number(words) % 1000000) / 10000.0;
  }

 private:
  static std::uint64_t mix(std::uint64_t x) {  // SplitMix64's finaliser
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    return x ^ (x >> 31);
  }

  std::uint64_t seed_;
};

}  // namespace ses_simulator
