#include <calinvite/lint.hpp>
#include <memory>
#include <vector>

#include "session.hpp"

namespace cli {
namespace {

using calinvite::Finding;
using calinvite::Result;

constexpr std::size_t max_mail = 64 * 1024 * 1024;  // more than anything that may be mailed

Result<std::string> read_whole(const std::string& path) {
  auto reader = FileReader::open(path);
  if (!reader) return tl::unexpected(reader.error());
  std::string bytes;
  for (;;) {
    const auto piece = reader->read();
    if (!piece) return tl::unexpected(piece.error());
    if (piece->empty() || bytes.size() > max_mail) return bytes;
    bytes += *piece;
  }
}

void print_finding(const Session& session, const Finding& finding) {
  const calinvite::Place& place = finding.place;
  const std::string severity(to_string(finding.severity));
  std::string text = place.source;
  if (place.line > 0) text += ':' + std::to_string(place.line);
  if (place.column > 0) text += ':' + std::to_string(place.column);
  text += ": " + severity + ' ' + finding.rule + ' ' + finding.what + " (" + finding.why + "; " +
          finding.clients + ')';
  print(session,
        Line{{"file", place.source},
             {"line", place.line},
             {"column", place.column},
             {"field", place.field},
             {"rule", finding.rule},
             {"severity", severity},
             {"what", finding.what},
             {"why", finding.why},
             {"clients", finding.clients}},
        text);
}

}  // namespace

void add_lint_command(CLI::App& app, Session& session) {
  auto* lint = app.add_subcommand(
      "lint", "Checks outgoing invitations: what will clients and SES make of them?");
  const auto files = std::make_shared<std::vector<std::string>>();
  lint->add_option("FILE", *files, ".eml or .ics; - is stdin")->required();
  lint->callback([&session, files] {
    const calinvite::ZoneTable zones;
    for (const std::string& file : *files) {
      const auto bytes = read_whole(file);
      const auto findings =
          bytes ? calinvite::lint_message(*bytes, zones, file) : tl::unexpected(bytes.error());
      if (!findings) {
        complain(findings.error());
        session.exit_code = refused;
        continue;
      }
      for (const Finding& finding : *findings) {
        print_finding(session, finding);
        if (finding.severity == calinvite::Severity::error) session.exit_code = refused;
      }
    }
  });
}

}  // namespace cli
