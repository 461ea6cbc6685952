/// How C++ values become the structs that the C API hands out: each result is one block, an arena
/// and the struct at its end, so that one call frees it with all that it points to.
#pragma once

#include <chrono>
#include <cstring>
#include <map>
#include <memory_resource>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "calinvite.h"
#include "calinvite/time.hpp"
#include "words.hpp"

namespace calinvite::capi {

/// A struct of the C API that tells how far it goes.
template <class T>
concept View = requires(T t) {
  t.struct_size;
};

/// Copies texts and arrays into memory of its own. lend() fills one field, as its type says; for a
/// struct that is fill(struct, value, arena), which is overloaded for each.
class Arena {
 public:
  const char* copy(std::string_view text) {
    auto* bytes = static_cast<char*>(memory_.allocate(text.size() + 1, 1));
    if (!text.empty()) std::memcpy(bytes, text.data(), text.size());
    bytes[text.size()] = '\0';
    return bytes;
  }
  template <class T>
  T* array(std::size_t count) {
    static_assert(std::is_trivially_destructible_v<T>);
    return new (memory_.allocate(count * sizeof(T), alignof(T))) T[count]();
  }
  template <class Struct, class Value>
  const Struct* make(const Value& from) {
    auto* to = array<Struct>(1);
    if constexpr (View<Struct>) to->struct_size = sizeof *to;
    fill(*to, from, *this);
    return to;
  }

  void lend(const char*& to, std::string_view from) { to = copy(from); }
  void lend(const char*& to, const std::string& from) { to = copy(from); }
  template <class Enum>
  requires std::is_enum_v<Enum>
  void lend(const char*& to, Enum from) { to = copy(word_of(from)); }
  void lend(const char*& to, std::chrono::local_seconds from) { to = copy(format_iso(from)); }
  template <class T>
  void lend(const char*& to, const std::optional<T>& from) {
    if (from) {
      lend(to, *from);
    } else {
      to = "";
    }
  }
  void lend(std::int64_t& to, std::chrono::sys_seconds from) {
    to = from.time_since_epoch().count();
  }
  void lend(std::int64_t& to, const std::optional<std::chrono::sys_seconds>& from) {
    to = from ? from->time_since_epoch().count() : 0;
  }
  template <class To, class From>
  requires(std::is_arithmetic_v<To>&& std::is_arithmetic_v<From>) void lend(To& to, From from) {
    to = static_cast<To>(from);
  }
  template <class Struct, class Value>
  void lend(const Struct*& to, const Value& from) {
    to = make<Struct>(from);
  }
  template <class Struct, class Value>
  void lend(const Struct*& to, const std::optional<Value>& from) {
    to = from ? make<Struct>(*from) : nullptr;
  }
  /// Structs that may grow, and errors: an array of pointers.
  template <class Struct, class Values>
  void lend(const Struct* const*& to, std::size_t& count, const Values& from) {
    auto* items = array<const Struct*>(from.size());
    count = 0;
    for (const auto& value : from) lend_item(items[count++], value);
    to = items;
  }
  /// Pairs, which never grow: an array of themselves.
  template <class Pair, class Values>
  void lend(const Pair*& to, std::size_t& count, const Values& from) {
    auto* items = array<Pair>(from.size());
    count = 0;
    for (const auto& [first, second] : from) fill_pair(items[count++], first, second);
    to = items;
  }

 private:
  template <class Value>
  void lend_item(const char*& to, const Value& from) {
    lend(to, from);
  }
  template <class Struct, class Value>
  requires(!std::is_same_v<Struct, char>) void lend_item(const Struct*& to, const Value& from) {
    if constexpr (std::is_pointer_v<Value>) {
      to = make<Struct>(*from);
    } else {
      to = make<Struct>(from);
    }
  }
  void fill_pair(calinvite_count& to, std::string_view word, std::uint64_t count) {
    to = {copy(word), count};
  }
  void fill_pair(calinvite_header& to, std::string_view name, std::string_view value) {
    to = {copy(name), copy(value)};
  }

  std::pmr::monotonic_buffer_resource memory_;
};

// In fill(): the field of the same name; a list of which, and what C calls one of its items.
#define LEND(field) arena.lend(to.field, from.field)
#define LEND_LIST(field, item) arena.lend(to.field, to.item##_count, from.field)

/// Ends what begin() began: what calinvite_free does.
void end_block(const void* given) noexcept;

/// A result on its way to the caller.
template <class Struct>
class Block {
 public:
  Block() : memory_(static_cast<std::byte*>(::operator new(struct_at + sizeof(Struct)))) {
    new (memory_) Arena();
    new (memory_ + struct_at) Struct{};
    if constexpr (View<Struct>) result()->struct_size = sizeof(Struct);
  }
  ~Block() {
    if (memory_ != nullptr) end_block(result());
  }
  Block(const Block&) = delete;
  Block& operator=(const Block&) = delete;

  Struct* result() const noexcept { return reinterpret_cast<Struct*>(memory_ + struct_at); }
  Arena& arena() const noexcept { return *reinterpret_cast<Arena*>(memory_); }
  /// From here on the caller's.
  Struct* release() noexcept {
    Struct* given = result();
    memory_ = nullptr;
    return given;
  }

  /// Where the struct stands in the block, whichever it is.
  static constexpr std::size_t struct_at = (sizeof(Arena) + alignof(std::max_align_t) - 1) /
                                           alignof(std::max_align_t) * alignof(std::max_align_t);

 private:
  static_assert(std::is_trivially_destructible_v<Struct>);
  std::byte* memory_;
};

template <class Struct, class Value>
Struct* make_block(const Value& value) {
  Block<Struct> block;
  fill(*block.result(), value, block.arena());
  return block.release();
}

}  // namespace calinvite::capi
