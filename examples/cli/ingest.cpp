#include <memory>
#include <vector>

#include "session.hpp"

namespace cli {
namespace {

using calinvite::IngestItem;
using calinvite::IngestOutcome;
using calinvite::InputKind;
using calinvite::Result;

constexpr std::size_t max_receipt = 2'000'000;  // the library refuses half of it

struct Wanted {
  std::vector<std::string> files;
  std::string as, timezone, date_order, receipt;
  std::vector<std::string> topics;
  bool trust_receipt = false;
};

/// The one posted envelope that a file holds.
Result<void> ingest_posted(calinvite::Engine& engine, FileReader& reader,
                           const calinvite::SnsOptions& options,
                           const calinvite::IngestHandler& on_item) {
  std::string body;
  for (;;) {
    const auto piece = reader.read();
    if (!piece) return tl::unexpected(piece.error());
    if (piece->empty()) return engine.ingest_sns(body, options, on_item);
    if (body.size() > max_receipt) {
      return calinvite::fail(calinvite::Code::too_large, "more than SNS posts");
    }
    body += *piece;
  }
}

/// A name is no proof: what a notification says about the mail in it counts on the operator's word.
InputKind kind_of(const Wanted& wanted, std::string_view file) {
  const bool json = file.ends_with(".json") || file.ends_with(".jsonl");
  return json && wanted.trust_receipt ? InputKind::notification : InputKind::detect;
}

Result<std::string> read_receipt(const Wanted& wanted) {
  if (wanted.receipt.empty()) return std::string();
  if (wanted.files.size() != 1) {
    return calinvite::fail(calinvite::Code::invalid_argument,
                           "--receipt is about one mail; give one FILE");
  }
  auto reader = FileReader::open(wanted.receipt);
  if (!reader) return tl::unexpected(reader.error());
  std::string receipt;
  for (;;) {
    const auto piece = reader->read();
    if (!piece) return tl::unexpected(piece.error());
    if (piece->empty() || receipt.size() > max_receipt) return receipt;
    receipt += *piece;
  }
}

}  // namespace

void add_ingest_command(CLI::App& app, Session& session) {
  auto* ingest = app.add_subcommand(
      "ingest", "Takes in invitations, event lists, answers and SES notifications");
  const auto wanted = std::make_shared<Wanted>();
  ingest->add_option("FILE", wanted->files, ".eml, .ics, .csv or SES JSON; - is stdin")->required();
  ingest->add_option("--as", wanted->as, "Your word that this address sent it");
  ingest->add_option("--receipt", wanted->receipt,
                     "SES's notification of the one mail given: its verdicts and recipients");
  ingest->add_flag("--trust-receipt", wanted->trust_receipt,
                   "Your word that .json files came from SES by a channel that only SES can write "
                   "to: the verdicts on mails in them count");
  ingest->add_option("--topic", wanted->topics,
                     "Each file is what SNS posted: its signature is verified, and only this topic "
                     "(ARN) or account counts; may be repeated");
  ingest->add_option("--timezone", wanted->timezone,
                     "IANA zone of CSV rows and floating times, which name none");
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
      const auto receipt = read_receipt(*wanted);
      if (!receipt) return tl::unexpected(receipt.error());
      const auto sns = sns_options(wanted->topics);
      if (!sns) return tl::unexpected(sns.error());
      std::size_t good = 0, bad = 0;
      const auto tell = [&](const IngestItem& item) { ++(print_item(session, item) ? good : bad); };
      for (const std::string& file : wanted->files) {
        auto reader = FileReader::open(file);
        if (!reader) {
          complain(reader.error());
          ++bad;
          continue;
        }
        if (!wanted->topics.empty()) {
          const auto posted = ingest_posted(engine, *reader, *sns, tell);
          if (posted) continue;
          if (posted.error().retryable()) return posted;
          tell({file,
                "notification",
                IngestOutcome::refused,
                {},
                posted.error().message,
                posted.error().place,
                posted.error().code});
          continue;
        }
        const calinvite::IngestInput input{
            .bytes = {},
            .source = file,
            .kind = kind_of(*wanted, file),
            .authentication = sender,
            .domain = session.domain,
            .timezone = wanted->timezone,
            .date_order = calinvite::parse_date_order(wanted->date_order)
                              .value_or(calinvite::DateOrder::usual),
            .written = reader->written(),
            .receipt = *receipt,
            .read = [&] { return reader->read(); }};
        const auto read = engine.ingest(input, tell);
        if (!read) return read;
      }
      if (bad > 0) session.exit_code = good > 0 ? partly : refused;
      return {};
    });
  });
}

}  // namespace cli
