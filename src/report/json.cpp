#include "base/json.hpp"

#include "calinvite/report.hpp"

namespace calinvite {
namespace {

Json counts(const std::map<std::string, std::uint64_t>& values) {
  Json object{Json::Object{}};
  for (const auto& [name, count] : values) object.set(name, count);
  return object;
}

}  // namespace

std::string write_statistics_json(const Statistics& statistics) {
  auto rsvp = statistics.rsvp;
  for (const char* word : {"accepted", "declined", "noaction", "tentative"}) rsvp.try_emplace(word);
  Json json;
  json.set("attendees", statistics.attendees);
  json.set("origin", counts(statistics.origin));
  json.set("prodid", counts(statistics.prodid));
  json.set("rsvp", counts(rsvp));
  json.set("delivery", counts(statistics.delivery));
  return json.write();
}

std::string write_totals_json(const OutboxTotals& totals) {
  Json json;
  json.set("planned", totals.planned);
  json.set("accepted", totals.accepted);
  json.set("refused", totals.refused);
  json.set("suppressed", totals.suppressed);
  json.set("superseded", totals.superseded);
  json.set("expired", totals.expired);
  json.set("in_doubt", totals.in_doubt);
  json.set("pending", totals.pending);
  json.set("claimed", totals.claimed);
  json.set("held", totals.held);
  return json.write();
}

}  // namespace calinvite
