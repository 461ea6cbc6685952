// What Composer writes by filling a template equals what is composed whole, to the byte.
#include <catch2/catch.hpp>
#include <string>

#include "calinvite/mime.hpp"
#include "calinvite/token.hpp"
#include "compose/copy_template.hpp"
#include "compose/random_invitations.hpp"

using namespace calinvite;

namespace {

const ZoneTable& zones() {
  static const ZoneTable table;
  return table;
}

compose::Kind kind_of(const Revision& revision, const CopyFields& copy) {
  compose::Kind kind;
  compose::set_kind(kind, revision, copy);
  return kind;
}

std::string compose_whole(const compose::Composition& composition, const CopyFields& copy) {
  const auto manner = compose::make_manner(composition, kind_of(composition.revision, copy));
  REQUIRE(manner);
  const auto mail = compose::write_copy(composition, *manner, copy);
  if (!mail) return to_string(mail.error());
  const auto written = write_mail(*mail);
  return written ? *written : to_string(written.error());
}

}  // namespace

TEST_CASE("a copy from a template equals the same copy composed whole", "[compose]") {
  dice::Invitations dice(20270328);
  std::size_t copies = 0;
  std::size_t filled = 0;
  std::string mail;
  for (int n = 0; n < 1000; ++n) {
    Revision revision = dice.revision();
    revision.description_limit = 10 + dice.below(200);
    revision.cancelled_status_on_uninvite = dice.below(2) == 0;
    auto composition = compose::make_composition(revision, zones());
    const auto composer = Composer::prepare(revision, zones());
    INFO(n << ' ' << revision.event.summary);
    REQUIRE(composition);
    if (!composer) FAIL(to_string(composer.error()));
    compose::Room room;
    for (int copy_number = 0; copy_number < 2; ++copy_number) {
      const CopyFields copy = dice.copy(revision);
      INFO(copy.address << ' ' << copy.name << ' ' << copy.language);
      const std::string whole = compose_whole(*composition, copy);
      const auto composed = composer->compose(copy, mail);
      CHECK((composed ? mail : to_string(composed.error())) == whole);
      const auto made = compose::CopyTemplate::compile(*composition, kind_of(revision, copy));
      REQUIRE(made);
      ++copies;
      if (!made->can_write(copy)) continue;
      made->write(*composition, copy, room, mail);
      CHECK(mail == whole);
      ++filled;
    }
  }
  CHECK(copies == 2000);
  // Odd addresses and names with hidden characters are composed whole; all others are filled in.
  CHECK(filled > copies / 2);
}
