// Every fuzz target over its seeds and over what fuzzing once found, so that it stays mended; with
// the corpus beside the project, over the real inputs that fuzzing starts from, too.
#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <vector>

#include "fuzz/targets.hpp"

namespace {

namespace fs = std::filesystem;
using namespace calinvite;

struct Target {
  const char* name;
  void (*run)(std::string_view);
  std::vector<std::string> corpus;  ///< folders of the corpus with inputs of its kind
};

const std::vector<Target>& targets() {
  static const std::vector<Target> all = {
      {"address", fuzz::address, {"csv/flanker-addresses"}},
      {"address_list", fuzz::address_list, {"csv/flanker-addresses"}},
      {"aws_keys", fuzz::aws_keys, {}},
      {"csv", fuzz::csv, {"csv"}},
      {"dns_answer", fuzz::dns_answer, {}},
      {"form", fuzz::form, {}},
      {"ics", fuzz::ics, {"ics", "itip"}},
      {"lint", fuzz::lint, {"eml", "itip", "ics"}},
      {"mail", fuzz::mail, {"eml", "itip"}},
      {"notification", fuzz::notification, {"ses-events", "sns"}},
      {"prescan", fuzz::prescan, {"ics", "itip"}},
      {"rrule", fuzz::rrule, {"ics/libical"}},
      {"search", fuzz::search, {"csv/flanker-addresses"}},
      {"sender_policy", fuzz::sender_policy, {}},
      {"ses_answer", fuzz::ses_answer, {"ses-events"}},
      {"sns", fuzz::sns, {"sns", "ses-events"}},
      {"sqs_answer", fuzz::sqs_answer, {"sns"}},
      {"token", fuzz::token, {}},
  };
  return all;
}

std::vector<fs::path> files_below(const fs::path& folder) {
  std::vector<fs::path> files;
  if (!fs::is_directory(folder)) return files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::string contents(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

const fs::path own = fs::path(CALINVITE_SOURCE_DIR) / "tests" / "fuzz";

}  // namespace

TEST_CASE("fuzz targets keep their promises over seeds and old findings", "[fuzz]") {
  for (const Target& target : targets()) {
    std::size_t runs = 0;
    for (const char* kind : {"seeds", "regressions"}) {
      for (const fs::path& file : files_below(own / kind / target.name)) {
        INFO(file.string());
        target.run(contents(file));
        ++runs;
      }
    }
    INFO(target.name);
    CHECK(runs > 0);
  }
}

TEST_CASE("every folder of seeds and findings belongs to a target", "[fuzz]") {
  for (const char* kind : {"seeds", "regressions"}) {
    for (const auto& entry : fs::directory_iterator(own / kind)) {
      const std::string name = entry.path().filename().string();
      INFO(name);
      CHECK(std::any_of(targets().begin(), targets().end(),
                        [&](const Target& target) { return target.name == name; }));
    }
  }
}

TEST_CASE("fuzz targets keep their promises over the corpus", "[fuzz][corpus]") {
  const fs::path corpus(CALINVITE_CORPUS_DIR);
  if (!fs::is_directory(corpus)) {
    std::cout << "skipped: no corpus at " << corpus.string() << '\n';
    return;
  }
  for (const Target& target : targets()) {
    std::size_t runs = 0;
    for (const std::string& folder : target.corpus) {
      for (const fs::path& file : files_below(corpus / folder)) {
        INFO(file.string());
        target.run(contents(file));
        ++runs;
      }
    }
    std::cout << "fuzz target " << target.name << ": " << runs << " files of the corpus\n";
    CHECK(runs >= target.corpus.size());
  }
}
