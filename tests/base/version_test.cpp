#include "calinvite/version.hpp"

#include <catch2/catch.hpp>
#include <fstream>
#include <sstream>
#include <string>

TEST_CASE("the version is the one of the top-level CMakeLists.txt", "[base]") {
  std::ifstream file(CALINVITE_SOURCE_DIR "/CMakeLists.txt");
  std::stringstream text;
  text << file.rdbuf();

  CHECK(text.str().find("project(calinvite VERSION " + std::string(calinvite::version()) + " ") !=
        std::string::npos);
}
