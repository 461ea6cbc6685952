#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "base/text.hpp"
#include "calinvite/mime.hpp"

namespace fs = std::filesystem;
using calinvite::Json;

namespace {

const fs::path mails = fs::path(CALINVITE_CORPUS_DIR) / "eml";

std::string read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream bytes;
  bytes << file.rdbuf();
  return bytes.str();
}

std::string without_blanks(std::string text) {
  const auto blank = [](char c) { return c == '\r' || c == '\n' || c == ' ' || c == '\t'; };
  text.erase(std::remove_if(text.begin(), text.end(), blank), text.end());
  return text;
}

/// Counts what a source states and how much of it we say, too.
class Suite {
 public:
  explicit Suite(const char* name) : name_(name) {}
  void check(const fs::path& file, const char* what, bool agrees) {
    ++stated_;
    agreed_ += agrees ? 1 : 0;
    if (!agrees)
      differing_.push_back(file.parent_path().filename().string() + "/" + file.filename().string() +
                           " " + what);
  }
  int finish() const {
    std::printf("%s: agreed %d of %d\n", name_, agreed_, stated_);
    for (const auto& one : differing_) std::printf("  differs: %s\n", one.c_str());
    return agreed_;
  }

 private:
  const char* name_;
  int agreed_ = 0;
  int stated_ = 0;
  std::vector<std::string> differing_;
};

std::vector<fs::path> files_of(const fs::path& folder, std::string_view extension) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.path().string().ends_with(extension)) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

// ---- mail-parser -----------------------------------------------------------------------------

/// Leaves of its tree, embedded messages walked into; `texts` gets the text of each text leaf.
int count_leaves(const Json& message, std::vector<std::string>& texts) {
  int leaves = 0;
  for (const Json& part : message["parts"].array()) {
    const Json& body = part["body"];
    if (body["Message"].is_object()) {
      leaves += count_leaves(body["Message"], texts);
      continue;
    }
    if (body["Multipart"].is_array()) continue;
    ++leaves;
    for (const auto* kind : {"Text", "Html"}) {
      if (body[kind].is_string()) texts.push_back(without_blanks(std::string(body[kind].string())));
    }
  }
  return leaves;
}

const Json& header_of(const Json& message, std::string_view name) {
  static const Json none;
  for (const Json& header : message["parts"].array().front()["headers"].array()) {
    if (header["name"].string() == name) return header["value"];
  }
  return none;
}

std::multiset<std::string> addresses_of(const Json& value) {
  std::multiset<std::string> addresses;
  const auto add = [&](const Json& list) {
    for (const Json& one : list.array()) {
      const auto address = calinvite::normalize_address(one["address"].string());
      if (address) addresses.insert(*address);
    }
  };
  add(value["Address"]["List"]);
  for (const Json& group : value["Address"]["Group"].array()) add(group["addresses"]);
  return addresses;
}

// ---- mime4j ----------------------------------------------------------------------------------

/// The decoded leaves that the source ships beside a message.
std::vector<fs::path> decoded_leaves(const fs::path& message) {
  std::vector<fs::path> leaves;
  const std::string prefix = message.stem().string() + "_decoded_";
  for (const auto& entry : fs::directory_iterator(message.parent_path())) {
    if (entry.path().filename().string().starts_with(prefix)) leaves.push_back(entry.path());
  }
  std::sort(leaves.begin(), leaves.end());
  return leaves;
}

bool skipped() {
  if (fs::exists(mails)) return false;
  std::printf("skipped: no corpus at %s\n", CALINVITE_CORPUS_DIR);
  return true;
}

}  // namespace

TEST_CASE("mail-parser's trees agree with ours on subject, addresses, leaves and texts",
          "[corpus]") {
  if (skipped()) return;
  Suite suite("mail-parser");
  for (const auto& path : files_of(mails / "mail-parser/eml", ".eml")) {
    const auto expected_file = fs::path(path).replace_extension(".json");
    if (!fs::exists(expected_file)) continue;
    const auto expected = Json::parse(read_file(expected_file), 10'000'000, 100);
    if (!expected || (*expected)["parts"].array().empty()) continue;
    const auto mail = calinvite::parse_mail(read_file(path));
    suite.check(path, "is read", mail.has_value());
    if (!mail) continue;
    const Json& subject = header_of(*expected, "subject")["Text"];
    if (subject.is_string()) {
      suite.check(path, "subject",
                  without_blanks(mail->subject) == without_blanks(std::string(subject.string())));
    }
    const auto from = addresses_of(header_of(*expected, "from"));
    std::multiset<std::string> ours;
    for (const auto& one : mail->from) {
      if (!one.address.empty()) ours.insert(one.address);
    }
    suite.check(path, "from", from == ours);
    std::vector<std::string> texts;
    const int leaves = count_leaves(*expected, texts);
    suite.check(path, "leaves", leaves == static_cast<int>(mail->parts.size()));
    std::multiset<std::string> contents;
    for (const auto& part : mail->parts) contents.insert(without_blanks(part.content));
    suite.check(path, "texts", std::all_of(texts.begin(), texts.end(), [&](const auto& text) {
                  return contents.count(text) > 0;
                }));
  }

  CHECK(suite.finish() >= 247);
}

TEST_CASE("mime4j's decoded parts agree with ours", "[corpus]") {
  if (skipped()) return;
  Suite suite("mime4j");
  for (const auto& path : files_of(mails / "mime4j/testmsgs", ".msg")) {
    const auto expected = decoded_leaves(path);
    if (expected.empty()) continue;
    const auto mail = calinvite::parse_mail(read_file(path));
    suite.check(path, "is read", mail.has_value());
    if (!mail) continue;
    suite.check(path, "leaves", mail->parts.size() == expected.size());
    std::multiset<std::string> contents;
    for (const auto& part : mail->parts) contents.insert(without_blanks(part.content));
    for (const auto& file : expected) {
      const std::string content = read_file(file);
      // Other charsets are decoded here and not there.
      const bool ascii = std::all_of(content.begin(), content.end(), [](char c) { return c > 0; });
      if (ascii) suite.check(file, "content", contents.count(without_blanks(content)) > 0);
    }
  }

  CHECK(suite.finish() >= 36);
}

TEST_CASE("MimeKit's attachment names of winmail.dat agree with ours", "[corpus]") {
  if (skipped()) return;
  Suite suite("mimekit tnef");
  for (const auto& path : files_of(mails / "mimekit/tnef", ".tnef")) {
    std::multiset<std::string> expected, ours;
    std::istringstream list(read_file(fs::path(path).replace_extension(".list")));
    for (std::string name; std::getline(list, name);) {
      // Its name for the text of the message, which we leave alone.
      if (!name.empty() && name != "body.rtf") expected.insert(name);
    }
    const auto message = calinvite::parse_tnef(read_file(path));
    suite.check(path, "is read", message.has_value());
    if (!message) continue;
    for (const auto& name : message->attachments) {
      ours.insert(name.empty() ? "Untitled Attachment" : name);
    }
    suite.check(path, "attachments", expected == ours);
    if (path.stem() == "triples") {
      suite.check(path, "class", message->message_class == "IPM.Appointment");
    }
    std::printf("  %s: %s, %zu flaws\n", path.stem().c_str(), message->message_class.c_str(),
                message->diagnostics.size());
  }

  CHECK(suite.finish() >= 14);
}

TEST_CASE("the mails of enmime, flanker, ruby-mail and cyrus are read", "[corpus]") {
  if (skipped()) return;
  Suite suite("enmime, flanker, ruby-mail, cyrus: mails read");
  for (const auto* folder : {"enmime", "flanker", "ruby-mail", "cyrus-mime"}) {
    for (const auto& path : files_of(mails / folder, "")) {
      if (!fs::is_regular_file(path) || path.filename() == "SOURCE.txt") continue;
      suite.check(path, "is read", calinvite::parse_mail(read_file(path)).has_value());
    }
  }

  CHECK(suite.finish() >= 111);
}
