#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "calinvite/ical.hpp"
#include "calinvite/mime.hpp"
#include "corpus.hpp"

namespace fs = std::filesystem;
using calinvite::Code;
using corpus_files::corpus;
using corpus_files::read_file;
using corpus_files::skipped;

namespace {

std::vector<fs::path> files_below(const fs::path& folder) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

/// How many inputs were read, and how many refused with which code.
struct Counts {
  int read = 0;
  std::map<std::string, int> refused;

  void refuse(const calinvite::Error& error) {
    CHECK((error.code == Code::invalid_input || error.code == Code::too_large ||
           error.code == Code::unsupported));
    CHECK_FALSE(error.message.empty());
    CHECK(error.message.find('\n') == std::string::npos);
    ++refused[std::string(calinvite::code_name(error.code))];
  }
  std::string text() const {
    std::string out = std::to_string(read) + " read";
    for (const auto& [code, count] : refused) out += ", " + std::to_string(count) + " " + code;
    return out;
  }
};

struct Tally {
  Counts mails;
  Counts calendars;
};

void read_mail(const std::string& raw, const calinvite::ZoneTable& zones, Tally& tally) {
  const auto mail = calinvite::parse_mail(raw);
  if (!mail) return tally.mails.refuse(mail.error());
  ++tally.mails.read;
  for (const auto* part : calinvite::calendar_parts(*mail)) {
    const auto calendar = calinvite::parse_calendar(part->content, zones, part->filename);
    if (!calendar) {
      tally.calendars.refuse(calendar.error());
      continue;
    }
    ++tally.calendars.read;
  }
}

}  // namespace

TEST_CASE("every mail of the corpus is read within two seconds or refused", "[corpus]") {
  if (skipped()) return;
  const calinvite::ZoneTable zones;
  for (const auto* folder : {"eml", "itip"}) {
    Tally tally;
    for (const auto& path : files_below(corpus / folder)) {
      if (path.extension() == ".ics") continue;
      INFO(path);
      const std::string raw = read_file(path);
      const auto start = std::clock();
      read_mail(raw, zones, tally);
      CHECK(std::clock() - start < 2 * CLOCKS_PER_SEC);
    }
    std::printf("corpus %s: mails %s; calendar parts %s\n", folder, tally.mails.text().c_str(),
                tally.calendars.text().c_str());
    CHECK(tally.mails.read > 0);
  }
}

TEST_CASE("every whole iMIP mail of the corpus yields its calendar object", "[corpus]") {
  if (skipped()) return;
  const calinvite::ZoneTable zones;
  int found = 0;
  for (const auto* folder : {"itip/cyrus-imip", "itip/mozilla-invitations"}) {
    for (const auto& path : files_below(corpus / folder)) {
      if (path.extension() != ".eml") continue;
      INFO(path);
      const auto mail = calinvite::parse_mail(read_file(path));
      REQUIRE(mail);
      const auto parts = calinvite::calendar_parts(*mail);
      REQUIRE_FALSE(parts.empty());
      for (const auto* part : parts) {
        const auto calendar = calinvite::parse_calendar(part->content, zones, part->filename);
        REQUIRE(calendar);
        CHECK(calendar->events.size() + calendar->refused.size() > 0);
      }
      ++found;
    }
  }
  std::printf("corpus iMIP: %d mails with calendar objects\n", found);
  CHECK(found > 0);
}

TEST_CASE("bounces of the corpus are delivery reports, its replies are not", "[corpus]") {
  if (skipped()) return;
  const auto is_report = [](const char* name) {
    const auto mail = calinvite::parse_mail(read_file(corpus / "itip/ccs-imip" / name));
    REQUIRE(mail);
    return mail->delivery_report;
  };

  CHECK(is_report("dsn_failure_no_ics"));
  CHECK(is_report("dsn_failure_no_original"));
  CHECK_FALSE(is_report("reply_missing_organizer"));
  CHECK_FALSE(is_report("reply_missing_attendee"));
}
