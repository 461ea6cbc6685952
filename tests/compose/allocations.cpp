// Once a composer is warm, a copy costs no memory: proven by counting every operator new, which is
// why this is a program of its own.
#include <catch2/catch.hpp>
#include <cstdlib>
#include <new>
#include <string>
#include <vector>

#include "calinvite/compose.hpp"
#include "compose/random_invitations.hpp"

namespace {

std::size_t allocations = 0;

}  // namespace

// The forms that the library's others (arrays, nothrow) end up in.
void* operator new(std::size_t size) {
  ++allocations;
  if (void* const memory = std::malloc(size)) return memory;
  throw std::bad_alloc();
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

using namespace calinvite;

namespace {

/// Copies that differ in every field, in several kinds and languages mixed. Hosts of encoded
/// words are left out: their copies are checked and composed one by one.
std::vector<CopyFields> make_copies(dice::Invitations& dice, const Revision& revision) {
  std::vector<CopyFields> copies;
  while (copies.size() < 100) {
    CopyFields copy = dice.copy(revision);
    if (copy.address.find("xn--") == std::string::npos) copies.push_back(std::move(copy));
  }
  return copies;
}

/// How often memory was asked for while every copy was written.
std::size_t count_writing(const Composer& composer, const std::vector<CopyFields>& copies,
                          std::string& mail) {
  const std::size_t before = allocations;
  bool all = true;
  for (const CopyFields& copy : copies) all = composer.compose(copy, mail).has_value() && all;
  const std::size_t asked = allocations - before;
  REQUIRE(all);
  return asked;
}

}  // namespace

TEST_CASE("a copy from a warm composer into a kept buffer asks for no memory", "[allocations]") {
  static const ZoneTable zones;
  dice::Invitations dice(20270404);
  for (int n = 0; n < 12; ++n) {
    const Revision revision = dice.revision();
    const auto copies = make_copies(dice, revision);
    const auto composer = Composer::prepare(revision, zones);
    INFO(n << ' ' << revision.event.summary);
    REQUIRE(composer);
    std::string mail;
    // The first round compiles what each kind needs and finds how much room the longest takes.
    CHECK(count_writing(*composer, copies, mail) > 0);
    CHECK(count_writing(*composer, copies, mail) == 0);
  }
}

TEST_CASE("people whom a warm composer never saw cost no memory either", "[allocations]") {
  static const ZoneTable zones;
  dice::Invitations dice(20270405);
  Revision revision = dice.revision();
  revision.method = Method::request;
  revision.occurrence.reset();
  const auto composer = Composer::prepare(revision, zones);
  REQUIRE(composer);
  CopyFields copy = dice.copy(revision);
  copy.address = "somebody.0000@mail.example.org";
  copy.name = "Somebody with a name of 0000";
  std::vector<CopyFields> strangers(1000, copy);
  for (std::size_t i = 0; i < strangers.size(); ++i) {
    const std::string number = std::to_string(1000 + i);
    strangers[i].address.replace(9, 4, number);
    strangers[i].name.replace(24, 4, number);
    strangers[i].dtstamp += std::chrono::seconds(i);
  }
  std::string mail;
  REQUIRE(composer->compose(copy, mail));
  CHECK(count_writing(*composer, strangers, mail) == 0);
}
