/// Three owners on one store: two organizers of a domain, and one of another domain. Whatever is an
/// owner's has their canary in it.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "engine/league.hpp"
#include "store/sqlite/connection.hpp"

namespace roles {

using namespace calinvite;
using namespace std::chrono_literals;

/// How an owner's rows are called.
struct Names {
  std::string canary, domain, organizer, delegate, fan, other_fan, newcomer;
  std::string event, source_uid, early_cancel, copy_uid, message, address_token, key_id;
  RowId attendee{}, button{}, registration{}, held{};
  std::int64_t quarantined = -1;
  std::int64_t doubt = -1;

  Scope own() const { return Scope::organizer(domain, organizer); }
  Scope whole() const { return Scope::domain(domain); }

  /// The texts among them, which errors may repeat to whoever said them.
  std::vector<std::string> texts() const {
    return {event,     source_uid, early_cancel, copy_uid, message,   address_token, key_id,
            organizer, delegate,   fan,          newcomer, other_fan, canary,        domain};
  }
};

template <class T>
T must(Result<T> result) {
  if (!result) FAIL(to_string(result.error()));
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

inline RowId some_id(std::uint8_t number) { return RowId{number, 77}; }

/// Names of the same kinds that are nobody's.
inline Names nobody() {
  Names n;
  n.canary = "nobodys";
  n.domain = "nowhere";
  n.organizer = "nobody@people.example";
  n.delegate = "nobody-delegate@people.example";
  n.fan = "nobody-fan@fans.example";
  n.other_fan = "nobody-fan2@fans.example";
  n.newcomer = "nobody-new@people.example";
  n.event = "ci-00000000000000000000000000000000";
  n.source_uid = "nobody-source";
  n.early_cancel = "nobody-gone";
  n.copy_uid = "ci-11111111111111111111111111111111";
  n.message = "ses-nothing";
  n.address_token = "aaaaaaaaaaaaaaaa";
  n.key_id = "bbbbbbbbbbbbbbbb";
  n.quarantined = 987654;
  n.doubt = 876543;
  n.attendee = n.button = n.registration = n.held = some_id(255);
  return n;
}

class Owners {
 public:
  Owners() {
    add_domain("canaryalpha");
    add_domain("canarybeta");
    one = add("canaryalpha", "canaryone", 1);
    two = add("canaryalpha", "canarytwo", 2);
    beta = add("canarybeta", "canarythree", 3);
    league.engine.reset();  // the file is whole
  }

  std::filesystem::path file() const { return league.folder_ / "league.db"; }
  /// Another store that holds the same.
  std::filesystem::path copy() const {
    const auto target = league.folder_ / "copy.db";
    for (const char* end : {"", "-wal", "-shm"}) {
      std::filesystem::remove(target.string() + end);
      if (!std::filesystem::exists(file().string() + end)) continue;
      std::filesystem::copy_file(file().string() + end, target.string() + end);
    }
    return target;
  }

  league::League league;
  Names one, two, beta;

 private:
  Engine& engine() { return *league.engine; }

  void add_domain(const std::string& name) {
    must(engine().add_domain({.name = name,
                              .from = "cal@reply." + name + ".example",
                              .reply_domain = "reply." + name + ".example",
                              .base_url = "https://" + name + ".example",
                              .super_user = "head@" + name + ".example"}));
    must(engine().set_template(Scope::domain(name), "notice_foot.txt", name));
  }

  Names add(const std::string& domain, const std::string& canary, std::uint8_t number) {
    Names n;
    n.canary = canary;
    n.domain = domain;
    n.organizer = canary + "@people.example";
    n.delegate = canary + "-delegate@people.example";
    n.fan = canary + "-fan@fans.example";
    n.other_fan = canary + "-fan2@fans.example";
    n.newcomer = canary + "-new@people.example";
    n.early_cancel = canary + "-gone";
    must(engine().add_organizer(
        {.domain = domain, .address = n.organizer, .name = canary + " office", .bulk = true}));
    must(engine().set_delegate(n.own(), n.organizer, n.delegate));
    n.key_id = must(engine().add_api_key(n.whole(), canary + " key", n.own())).entry.id;
    add_event(n);
    const auto store = must(open_store("sqlite:" + file().string()));
    add_rows(*store, n, number);
    return n;
  }

  void add_event(Names& n) {
    Event event{.source_uid = n.canary + "-source", .organizer = n.organizer};
    event.summary = event.description = event.location = n.canary + " match";
    event.landing = event.url = "https://" + n.canary + ".example";
    event.start = parse_iso("2027-05-08T15:00")->wall;
    event.end = event.start + 2h;
    event.timezone = "Europe/London";
    event = must(engine().create_event(n.own(), event));
    n.event = event.uid;
    n.source_uid = event.source_uid;
    const std::vector<InviteRequest> fans{{n.fan, n.canary, ""}, {n.other_fan, n.canary, ""}};
    must(engine().invite(n.own(), n.event, fans, "api"));
    league.verdict = SendVerdict::accepted;
    league.dispatch();
    event.summary = n.canary + " moved";
    event.start += 1h;
    event.end += 1h;
    must(engine().update_event(n.own(), event));
    league.verdict = SendVerdict::in_doubt;
    league.dispatch();
    for (const Attendee& one : must(engine().list_attendees(n.own(), n.event, {})).items) {
      if (one.address != n.fan) continue;
      n.attendee = one.id;
      n.copy_uid = one.uid;
    }
    for (const Receipt& receipt : must(engine().list_receipts(n.own(), n.event, {})).items) {
      if (!receipt.message_id.empty()) n.message = receipt.message_id;
    }
  }

  void add_rows(Store& store, Names& n, std::uint8_t number) {
    const auto now = league.now;
    Attendee fan = must(store.find_attendee(n.own(), n.event, n.fan)).value();
    fan.partstat = Partstat::accepted;
    fan.comment = fan.prodid = n.canary;
    fan.proposal = n.canary;
    Receipt answer{ReceiptKind::replied, now, n.event, n.fan};
    answer.comment = answer.prodid = n.canary;
    must(store.record_reply(n.own(), {fan, answer, {}, false, n.canary}));
    const OccurrenceId date{parse_iso("2027-05-08T16:00")->wall};
    must(store.record_reply(n.own(), {fan, answer, date, false, n.canary + " date"}));
    must(store.record_shared_attendee(
        n.own(), {n.event, n.canary + "-friend@fans.example", n.canary, {}, n.fan, now}));
    n.doubt = must(store.list_doubts(n.own(), n.event, {})).items.at(0).entry;
    must(store.keep_cancel(n.own(), {n.organizer, n.early_cancel, 1, now, now}, {}));
    n.button = must(store.get_button(n.own(), {some_id(number), n.event, "api", n.canary})).id;
    must(store.add_quarantine(n.own(), {0, n.canary, n.organizer, n.canary, n.canary, now}));
    n.quarantined = must(store.list_quarantine(n.own(), {})).items.at(0).id;
    Notice notice;
    notice.address = n.organizer;
    notice.event = n.event;
    notice.subject = notice.text = notice.html = n.canary;
    must(store.add_notice(n.own(), notice, 10, now));
    must(store.record_consent(n.own(), {n.domain, n.organizer, n.fan, n.canary, now, n.canary}));
    must(store.suppress(n.own(), n.canary + "-gone@fans.example", n.canary, now));
    n.registration = must(store.keep_registration(
                              n.whole(), {some_id(number), n.newcomer, n.canary, now + 24h}, now))
                         .id;
    Event changed = must(store.get_event(n.own(), n.event));
    changed.location = n.canary + " elsewhere";
    n.held = some_id(number);
    must(store.hold_change(n.own(), {n.held, changed, now}));
    add_token(store, n);
  }

  /// The address that answers of their attendee go to.
  static void add_token(Store& store, Names& n) {
    n.address_token = must(store.draft_invite(n.own(), n.event, n.fan)).value().address_token;
  }
};

/// Every row of the store's tables that speaks of an owner.
inline std::string rows_of(const std::filesystem::path& file, const Names& owner) {
  sqlite::Connection connection(file, 5s);
  const auto read = [&](const std::string& sql) {
    std::vector<std::string> values;
    auto rows = connection.query(sql);
    while (rows.step()) rows.read(values.emplace_back());
    return values;
  };
  std::string found;
  for (const std::string& table : read("SELECT name FROM sqlite_schema WHERE type = 'table'")) {
    std::string row;
    for (const auto& column : read("SELECT name FROM pragma_table_info('" + table + "')")) {
      row += (row.empty() ? "" : "||'|'||") + ("quote(\"" + column + "\")");
    }
    for (const auto& line : read("SELECT " + row + " FROM \"" + table + "\"")) {
      for (const std::string& word : {owner.canary, owner.event}) {
        if (line.find(word) == line.npos) continue;
        found += table + ": " + line + '\n';
        break;
      }
    }
  }
  return found;
}

}  // namespace roles
