#include <catch2/catch.hpp>
#include <string>

#include "calinvite/itip.hpp"

using calinvite::unwrap_uid;

namespace {

const std::string id = "040000008200E00074C5B7101A82E008";
const std::string no_date(8, '0');
const std::string no_creation(32, '0');
// vCal-Uid, 1, and "ci-0123" with its end
const std::string wrapped =
    "7643616C2D55696401000000"
    "63692D3031323300";

}  // namespace

TEST_CASE("R102: a GlobalObjectId with vCal-Uid data gives the UID that Exchange wrapped",
          "[itip]") {
  CHECK(unwrap_uid(id + no_date + no_creation + "14000000" + wrapped) == "ci-0123");
  // Of one date of a series; in lower case; with blanks around.
  CHECK(unwrap_uid(id + "07EB0508" + no_creation + "14000000" + wrapped) == "ci-0123");
  CHECK(unwrap_uid(" 040000008200e00074c5b7101a82e008" + no_date + no_creation + "14000000" +
                   wrapped + " ") == "ci-0123");
  // Without the NUL at its end.
  CHECK(unwrap_uid(id + no_date + no_creation + "13000000" + wrapped) == "ci-0123");
}

TEST_CASE("R102: any other UID stays as it is but for blanks", "[itip]") {
  CHECK(unwrap_uid("\tci-0123 \r\n") == "ci-0123");
  CHECK(unwrap_uid("").empty());
  const std::string native = id + no_date + no_creation + "10000000" + std::string(32, 'A');
  CHECK(unwrap_uid(native) == native);
}

TEST_CASE("R102: a GlobalObjectId cut anywhere or lying about its size never harms", "[itip]") {
  const std::string whole = id + no_date + no_creation + "FFFFFFFF" + wrapped;
  for (std::size_t size = 0; size <= whole.size(); ++size) {
    const auto uid = unwrap_uid(whole.substr(0, size));
    CHECK(uid.size() <= size);
  }
  CHECK(unwrap_uid(whole) == "ci-0123");
  const std::string broken = id + no_date + no_creation + "14000000" + "zz";
  CHECK(unwrap_uid(broken) == broken);
}
