#include <memory>
#include <vector>

#include "session.hpp"

namespace cli {
namespace {

using calinvite::IngestItem;
using calinvite::IngestOutcome;
using calinvite::Result;

struct Wanted {
  std::vector<std::string> files;
  std::string as, timezone, date_order;
};

}  // namespace

void add_ingest_command(CLI::App& app, Session& session) {
  auto* ingest = app.add_subcommand(
      "ingest", "Takes in invitations, event lists, answers and SES notifications");
  const auto wanted = std::make_shared<Wanted>();
  ingest->add_option("FILE", wanted->files, ".eml, .ics, .csv or SES JSON; - is stdin")->required();
  ingest->add_option("--as", wanted->as, "Your word that this address sent it");
  ingest->add_option("--timezone", wanted->timezone, "IANA zone of CSV rows that name none");
  ingest
      ->add_option("--date-order", wanted->date_order,
                   "mdy or dmy: of dates such as 05/06/2027 in CSV")
      ->check(CLI::IsMember({"mdy", "dmy"}, CLI::ignore_case));
  ingest->callback([&session, wanted] {
    run(session, [&](calinvite::Engine& engine) -> Result<void> {
      calinvite::Authentication sender;
      if (!wanted->as.empty()) {
        const auto normal = address(wanted->as);
        if (!normal) return tl::unexpected(normal.error());
        sender = {true, *normal, "operator"};
      }
      std::size_t good = 0, bad = 0;
      for (const std::string& file : wanted->files) {
        auto reader = FileReader::open(file);
        if (!reader) {
          complain(reader.error());
          ++bad;
          continue;
        }
        const calinvite::IngestInput input{
            .bytes = {},
            .source = file,
            .kind = calinvite::InputKind::detect,
            .authentication = sender,
            .domain = session.domain,
            .timezone = wanted->timezone,
            .date_order = calinvite::parse_date_order(wanted->date_order)
                              .value_or(calinvite::DateOrder::usual),
            .written = reader->written(),
            .read = [&] { return reader->read(); }};
        const auto read = engine.ingest(
            input, [&](const IngestItem& item) { ++(print_item(session, item) ? good : bad); });
        if (!read) return read;
      }
      if (bad > 0) session.exit_code = good > 0 ? partly : refused;
      return {};
    });
  });
}

}  // namespace cli
