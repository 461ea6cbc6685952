#include "scenario.hpp"

#include <array>
#include <nlohmann/json.hpp>

#include "json_fields.hpp"
#include "wire.hpp"

namespace ses_simulator {
namespace {

using nlohmann::json;
using std::chrono::microseconds;

constexpr double longest_ms = 600000;
constexpr double longest_seconds = 400.0 * 24 * 3600;

struct ClientName {
  const char* name;
  Client client;
};
constexpr std::array client_names = {
    ClientName{"anyone", Client::anyone},
    ClientName{"silent", Client::silent},
    ClientName{"google", Client::google},
    ClientName{"outlook", Client::outlook},
    ClientName{"apple", Client::apple},
    ClientName{"yahoo", Client::yahoo},
    ClientName{"thunderbird", Client::thunderbird},
    ClientName{"party-crasher", Client::party_crasher},
    ClientName{"out-of-office", Client::out_of_office},
    ClientName{"bounce", Client::bounce},
    ClientName{"bounce-mail", Client::bounce_mail},
    ClientName{"complaint", Client::complaint},
    ClientName{"suppressed", Client::suppressed},
    ClientName{"scanner", Client::scanner},
};

struct FaultName {
  const char* name;
  Fault::Kind kind;
  bool accepts;  ///< unless the file says otherwise
};
constexpr std::array fault_names = {
    FaultName{"throttle", Fault::Kind::throttle, false},
    FaultName{"daily-quota", Fault::Kind::daily_quota, false},
    FaultName{"suspend", Fault::Kind::suspend, false},
    FaultName{"pause", Fault::Kind::pause, false},
    FaultName{"error", Fault::Kind::error, false},
    FaultName{"drop", Fault::Kind::drop, true},
    FaultName{"half-answer", Fault::Kind::half_answer, true},
    FaultName{"slow", Fault::Kind::slow, true},
};

template <typename Names>
std::string words(const Names& names) {
  std::string all;
  for (const auto& item : names) all += std::string(all.empty() ? "" : ", ") + item.name;
  return all;
}

microseconds from_ms(double ms) { return microseconds(static_cast<std::int64_t>(ms * 1000)); }

const char* type_of_status(int status) {
  switch (status) {
    case 400:
      return "BadRequestException";
    case 403:
      return "AccessDeniedException";
    case 404:
      return "NotFoundException";
    case 408:
      return "RequestTimeoutException";
    case 413:
      return "RequestEntityTooLargeException";
    case 429:
      return "TooManyRequestsException";
    case 503:
      return "ServiceUnavailable";
    default:
      return status >= 500 ? "InternalFailure" : "BadRequestException";
  }
}

/// A window as a list of its first and, unless open, its last value.
template <typename Number>
void read_window(JsonFields& fields, const char* name, Number& first, Number& last) {
  std::vector<double> ends;
  fields.list(name, [&](const json& value, const std::string& place) {
    const bool right = value.is_number() && value.get<double>() >= 0 && ends.size() < 2 &&
                       (ends.empty() || value.get<double>() >= ends.front());
    if (right) ends.push_back(value.get<double>());
    if (!right) fields.fail(place, "expected [FIRST] or [FIRST, LAST], rising from 0");
  });
  if (!ends.empty()) first = static_cast<Number>(ends[0]);
  if (ends.size() > 1) last = static_cast<Number>(ends[1]);
}

Fault read_fault(JsonFields& fields) {
  Fault fault;
  fields.text("do", fault.name);
  bool known = false;
  for (const FaultName& item : fault_names) {
    if (fault.name != item.name) continue;
    known = true;
    fault.kind = item.kind;
    fault.accepts = item.accepts;
  }
  if (!known) fields.fail(fields.at("do"), "expected one of " + words(fault_names));
  fields.number("percent", fault.percent, 0, 100);
  read_window(fields, "messages", fault.first, fault.last);
  read_window(fields, "seconds", fault.from_seconds, fault.to_seconds);
  fields.whole("tries", fault.tries, 1);
  if (fault.kind == Fault::Kind::error || fault.kind == Fault::Kind::drop ||
      fault.kind == Fault::Kind::half_answer) {
    fields.boolean("accept", fault.accepts);
  }
  double ms = 0;
  fields.number("ms", ms, 0, longest_ms);
  fault.delay = from_ms(ms);
  if (fault.kind == Fault::Kind::error) {
    double status = fault.status;
    fields.number("status", status, 400, 599);
    fault.status = static_cast<int>(status);
    fault.error_type = type_of_status(fault.status);
    fields.text("type", fault.error_type);
  }
  return fault;
}

void read_clock(JsonFields& fields, ClockPlan& clock) {
  std::string start;
  fields.text("start", start);
  if (!start.empty()) {
    clock.start = parse_iso_time(start);
    if (!clock.start)
      fields.fail(fields.at("start"), "expected a time like 2027-01-15T09:30:00.000Z");
  }
  double step = 0;
  double skew = 0;
  fields.number("step_ms", step, 0, 86400000);
  fields.number("skew_seconds", skew, -longest_seconds, longest_seconds);
  fields.number("speed", clock.speed, 0, 1000000);
  clock.step = std::chrono::milliseconds(static_cast<std::int64_t>(step));
  clock.skew = std::chrono::seconds(static_cast<std::int64_t>(skew));
}

void read_addresses(JsonFields& fields, const char* name, std::set<std::string>& into) {
  fields.list(name, [&](const json& value, const std::string& place) {
    if (value.is_string()) into.insert(lower(value.get<std::string>()));
    if (!value.is_string()) fields.fail(place, "expected an address");
  });
}

void read_account(JsonFields& fields, AccountPlan& account) {
  const auto limit = [&fields](const char* name, std::optional<double>& into, double least) {
    double value = least - 1;
    fields.number(name, value, least, 1e12);
    if (value >= least) into = value;
  };
  limit("max_send_rate", account.max_send_rate, 0.001);
  limit("max_24_hours", account.max_24_hours, -1);
  limit("sent_24_hours", account.sent_24_hours, 0);
  fields.boolean("production_access", account.production_access);
  fields.boolean("sending_enabled", account.sending_enabled);
  fields.text("enforcement", account.enforcement);
  if (account.enforcement != "HEALTHY" && account.enforcement != "PROBATION" &&
      account.enforcement != "SHUTDOWN") {
    fields.fail(fields.at("enforcement"), "expected HEALTHY, PROBATION or SHUTDOWN");
  }
  read_addresses(fields, "verified", account.verified);
  read_addresses(fields, "suppressed", account.suppressed);
}

std::optional<Client> client_named(const json& name) {
  for (const ClientName& item : client_names) {
    if (name == item.name) return item.client;
  }
  return std::nullopt;
}

void read_recipients(JsonFields& fields, Recipients& recipients) {
  fields.object("addresses", [&](JsonFields& addresses) {
    addresses.each([&](const std::string& pattern, const json& name) {
      const auto client = client_named(name);
      const bool exact = pattern.find('*') == pattern.npos;
      auto& known = recipients.addresses;
      if (client) known.insert(exact ? known.begin() : known.end(), {lower(pattern), *client});
      if (!client) addresses.fail(addresses.at(pattern), "expected one of " + words(client_names));
    });
  });
  double sum = 0;
  fields.object("shares", [&](JsonFields& shares) {
    for (const ClientName& item : client_names) {
      double share = 0;
      shares.number(item.name, share, 0, 100);
      if (share > 0) recipients.shares.emplace_back(item.client, share);
      sum += share;
    }
  });
  if (sum > 100.000001) fields.fail(fields.at("shares"), "expected at most 100 percent in all");
  fields.number("answer_percent", recipients.answer_percent, 0, 100);
}

void read_all(JsonFields& fields, Scenario& scenario) {
  fields.text("name", scenario.name);
  fields.object("clock", [&](JsonFields& clock) { read_clock(clock, scenario.clock); });
  fields.object("latency", [&](JsonFields& latency) {
    double least = 0;
    latency.number("min_ms", least, 0, longest_ms);
    double most = least;
    latency.number("max_ms", most, least, longest_ms);
    scenario.latency = {from_ms(least), from_ms(most)};
  });
  fields.object("account", [&](JsonFields& account) { read_account(account, scenario.account); });
  fields.object("recipients",
                [&](JsonFields& people) { read_recipients(people, scenario.recipients); });
  fields.object("events", [&](JsonFields& events) {
    events.number("duplicate_percent", scenario.duplicate_events, 0, 100);
    events.whole("shuffle", scenario.shuffle_events, 1);
  });
  fields.object("hosts", [&](JsonFields& hosts) {
    hosts.each([&](const std::string& name, const json& port) {
      const bool right = port.is_number_unsigned() && port.get<unsigned>() - 1u < 65535u;
      if (right) scenario.hosts[lower(name)] = port.get<int>();
      if (!right) hosts.fail(hosts.at(name), "expected a port of 127.0.0.1");
    });
  });
}

}  // namespace

std::variant<Scenario, std::string> read_scenario(const std::string& text) {
  json document;
  try {
    document = json::parse(text);
  } catch (const json::parse_error& error) {  // the only way to learn the place
    return std::string(error.what());
  }
  Scenario scenario;
  std::string problem;
  JsonFields fields(document, "", problem);
  read_all(fields, scenario);
  fields.list("faults", [&](const json& value, const std::string& place) {
    JsonFields fault(value, place, problem);
    if (!value.is_object()) return;
    scenario.faults.push_back(read_fault(fault));
    fault.finish();
  });
  fields.finish();
  if (!problem.empty()) return problem;
  return scenario;
}

}  // namespace ses_simulator
