#include "base/embedded_file.hpp"

#include <catch2/catch.hpp>
#include <fstream>
#include <sstream>
#include <string>

#include "embedded/test_samples.hpp"

TEST_CASE("embedded files carry their bytes and relative names, sorted", "[base]") {
  REQUIRE(calinvite::test_samples.size() == 3);
  CHECK(calinvite::test_samples[0].name == "deeper/empty.txt");
  CHECK(calinvite::test_samples[0].contents.empty());
  CHECK(calinvite::test_samples[1].name == "escapes.txt");
  CHECK(calinvite::test_samples[2].name == "long.txt");
  CHECK(calinvite::test_samples[2].contents.size() > 65536);

  for (const calinvite::EmbeddedFile& embedded : calinvite::test_samples) {
    INFO(embedded.name);
    std::ifstream file(CALINVITE_TEST_DATA_DIR "/embedded/" + std::string(embedded.name),
                       std::ios::binary);
    REQUIRE(file.is_open());
    std::stringstream bytes;
    bytes << file.rdbuf();
    CHECK(embedded.contents == bytes.str());
  }
}
