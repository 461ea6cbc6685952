// I12 of the engine: each of its calls that takes a scope, asked in each scope for what is
// another's.
#include "access/matrix.hpp"

using namespace roles;

namespace {

using S = const Scope&;
using N = const Names&;
using Calls = std::vector<Call<Engine>>;

/// Answers that there is nothing.
class NoDns final : public Resolver {
 public:
  Result<std::vector<std::string>> txt(const std::string&) override {
    return std::vector<std::string>();
  }
  Result<std::vector<MailExchanger>> mx(const std::string&) override {
    return std::vector<MailExchanger>();
  }
  Result<std::optional<std::string>> cname(const std::string&) override {
    return std::optional<std::string>();
  }
};

Event new_event(N n) {
  Event event{.organizer = n.organizer, .summary = "planted"};
  event.start = parse_iso("2027-05-08T15:00")->wall;
  event.end = event.start + 2h;
  event.timezone = "Europe/London";
  return event;
}

/// The event as it is, or one of that name, with another title.
Event retitled(Engine& e, S in, N n) {
  const auto known = e.get_event(in, n.event);
  Event event = known ? *known : new_event(n);
  event.uid = n.event;
  event.summary = "planted";
  return event;
}

std::string report_of(Engine& e, S in, std::string_view event) {
  std::string told;
  for (const auto format : {ReportFormat::csv, ReportFormat::json, ReportFormat::table}) {
    const auto done = e.report(in, event, format, [&](std::string_view piece) {
      told += piece;
      return true;
    });
    if (!done) return show(done);
  }
  return told;
}

const Calls tenants = {
    {"list_organizers", [](Engine& e, S in, N) { return show(e.list_organizers(in)); }},
    {"list_keys", [](Engine& e, S in, N) { return show(e.list_keys(in)); }, For::domain,
     Says::other},
    {"rotate_key", [](Engine& e, S in, N) { return show(e.rotate_key(in)); }, For::domain,
     Says::other},
    {"withdraw_key",
     [](Engine& e, S in, N) {
       const auto keys = e.list_keys(in);
       if (!keys || !e.rotate_key(in)) return show(keys);
       return show(e.withdraw_key(in, keys->front().id));
     },
     For::domain, Says::other},
    {"suspend_organizer",
     [](Engine& e, S in, N n) { return show(e.suspend_organizer(in, n.organizer)); },
     For::organizer, Says::other},
    {"update_organizer",
     [](Engine& e, S in, N n) {
       return show(e.update_organizer(in, {"", n.organizer, "planted", "", {}, true}));
     },
     For::domain},
    {"set_delegate",
     [](Engine& e, S in, N n) { return show(e.set_delegate(in, n.organizer, n.fan)); },
     For::organizer, Says::other},
    {"add_api_key",
     [](Engine& e, S in, N n) {
       const auto made = e.add_api_key(in, "planted", n.own());
       return made ? std::string("made\n") : show(made);
     },
     For::organizer, Says::other},
    {"list_api_keys", [](Engine& e, S in, N) { return show(e.list_api_keys(in)); }},
    {"revoke_api_key", [](Engine& e, S in, N n) { return show(e.revoke_api_key(in, n.key_id)); },
     For::organizer, Says::other},
};

const Calls events = {
    {"create_event",
     [](Engine& e, S in, N n) {
       const auto made = e.create_event(in, new_event(n));
       return made ? show(made->organizer) : show(made);
     }},
    {"get_event", [](Engine& e, S in, N n) { return show(e.get_event(in, n.event)); }},
    {"list_events",
     [](Engine& e, S in, N n) {
       EventFilter theirs, found;
       theirs.organizer = n.organizer;
       found.search = n.canary;
       return show(e.list_events(in, {}, {})) + show(e.list_events(in, theirs, {})) +
              show(e.list_events(in, found, {})) + show(e.list_events(in, {}, {1, {}}));
     }},
    {"update_event",
     [](Engine& e, S in, N n) { return show(e.update_event(in, retitled(e, in, n))); },
     For::organizer, Says::other},
    {"preview_update",
     [](Engine& e, S in, N n) { return show(e.preview_update(in, retitled(e, in, n))); },
     For::organizer, Says::other},
    {"cancel_event", [](Engine& e, S in, N n) { return show(e.cancel_event(in, n.event)); },
     For::organizer, Says::other},
    {"find_held_change",
     [](Engine& e, S in, N n) { return show(e.find_held_change(in, n.event)); }},
    {"list_held_changes", [](Engine& e, S in, N) { return show(e.list_held_changes(in, {})); }},
    {"approve_change", [](Engine& e, S in, N n) { return show(e.approve_change(in, n.event)); },
     For::organizer, Says::other},
    {"drop_held_change", [](Engine& e, S in, N n) { return show(e.drop_held_change(in, n.event)); },
     For::organizer, Says::other},
};

const std::vector<InviteRequest> somebody{{"late@fans.example", "", ""}};

const Calls invites = {
    {"plan_invites",
     [](Engine& e, S in, N n) { return show(e.plan_invites(in, n.event, somebody, "api")); },
     For::organizer, Says::other},
    {"invite", [](Engine& e, S in, N n) { return show(e.invite(in, n.event, somebody, "api")); },
     For::organizer, Says::other},
    {"uninvite", [](Engine& e, S in, N n) { return show(e.uninvite(in, n.event, n.fan)); },
     For::organizer, Says::other},
    {"resend", [](Engine& e, S in, N n) { return show(e.resend(in, n.event, n.fan)); },
     For::organizer, Says::other},
    {"resend_in_doubt", [](Engine& e, S in, N n) { return show(e.resend_in_doubt(in, n.event)); },
     For::organizer, Says::other},
    {"resend_outdated", [](Engine& e, S in, N n) { return show(e.resend_outdated(in, n.event)); },
     For::organizer, Says::other},
    {"preview", [](Engine& e, S in, N n) { return show(e.preview(in, n.event, n.fan)); }},
    {"rsvp_token", [](Engine& e, S in, N n) { return show(e.rsvp_token(in, n.event, n.fan)); },
     For::organizer, Says::other},
    {"button",
     [](Engine& e, S in, N n) { return show(e.button(in, n.event, ButtonPreset::generic)); }},
};

const Calls sending = {
    {"preflight",
     [](Engine& e, S in, N) {
       NoDns dns;
       return show(e.preflight(in, {dns, nullptr}));
     },
     For::domain, Says::other},
    {"totals", [](Engine& e, S in, N) { return show(e.totals(in)); }, For::organizer, Says::other},
    {"reputation", [](Engine& e, S in, N) { return show(e.reputation(in)); }, For::domain,
     Says::other},
    {"lift_hold",
     [](Engine& e, S in, N) {
       const auto lifted = e.lift_hold(in);
       // Nothing is held here; what else it says is of another scope.
       const bool none = !lifted && lifted.error().message.find("is not held") != std::string::npos;
       return none ? std::string("nothing is held\n") : show(lifted);
     },
     For::domain, Says::other},
    {"notice_totals", [](Engine& e, S in, N) { return show(e.notice_totals(in)); }, For::organizer,
     Says::other},
    {"list_notices", [](Engine& e, S in, N) { return show(e.list_notices(in, {})); }},
    {"set_template",
     [](Engine& e, S in, N) { return show(e.set_template(in, "notice_head.txt", "planted")); },
     For::domain, Says::other},
};

/// Of somebody called `who` by an organizer; that of their canary is there.
Suppression suppression(N n, const std::string& who) {
  Suppression row;
  row.domain = n.domain;
  row.organizer = n.organizer;
  row.address = who + "-gone@fans.example";
  row.reason = "planted";
  return row;
}

std::string import_suppressions(Engine& e, S in, N n) {
  const std::string list = "email,organizer\r\nlate@fans.example," + n.organizer + "\r\n";
  bool handed = false;
  const auto read = [&]() -> Result<std::string_view> {
    return std::exchange(handed, true) ? std::string_view() : std::string_view(list);
  };
  std::string told;
  const auto done = e.import_suppressions(
      in, "list.csv", read, [&](const Error& error) { told += to_string(error) + '\n'; });
  return done ? told + show(done->added) : show(done.error());
}

const Calls people = {
    {"add_suppression",
     [](Engine& e, S in, N n) { return show(e.add_suppression(in, suppression(n, "late"))); },
     For::organizer, Says::other},
    {"remove_suppression",
     [](Engine& e, S in, N n) { return show(e.remove_suppression(in, suppression(n, n.canary))); },
     For::organizer, Says::other},
    {"list_suppressions",
     [](Engine& e, S in, N n) {
       return show(e.list_suppressions(in, "", {})) +
              show(e.list_suppressions(in, suppression(n, n.canary).address, {}));
     }},
    {"import_suppressions", import_suppressions, For::organizer, Says::other},
    {"export_suppressions",
     [](Engine& e, S in, N) {
       std::string told;
       const auto done = e.export_suppressions(in, [&](std::string_view piece) {
         told += piece;
         return true;
       });
       return done ? told : show(done);
     }},
    {"list_consents",
     [](Engine& e, S in, N n) {
       return show(e.list_consents(in, "", {})) + show(e.list_consents(in, n.fan, {}));
     }},
    {"erase", [](Engine& e, S in, N n) { return show(e.erase(in, n.fan)); }, For::domain,
     Says::other},
};

const Calls reports = {
    {"statistics",
     [](Engine& e, S in, N n) { return show(e.statistics(in, n.event)) + show(e.statistics(in)); }},
    {"list_receipt_buckets",
     [](Engine& e, S in, N n) {
       return show(e.list_receipt_buckets(in, n.event, BucketSize::day, {})) +
              show(e.list_receipt_buckets(in, "", BucketSize::hour, {}));
     },
     For::organizer, Says::other},
    {"search",
     [](Engine& e, S in, N n) {
       return show(e.search(in, n.canary, {})) + show(e.search(in, n.fan, {})) +
              show(e.search(in, "match", {})) + show(e.search(in, "fan", {}));
     }},
    {"list_changes", [](Engine& e, S in, N) { return show(e.list_changes(in, {})); }},
    {"mail_report", [](Engine& e, S in, N n) { return show(e.mail_report(in, n.event)); },
     For::organizer, Says::other},
    {"list_attendees",
     [](Engine& e, S in, N n) { return show(e.list_attendees(in, n.event, {})); }},
    {"list_receipts", [](Engine& e, S in, N n) { return show(e.list_receipts(in, n.event, {})); }},
    {"list_history",
     [](Engine& e, S in, N n) { return show(e.list_history(in, n.event, n.fan, {})); }},
    {"list_shared_attendees",
     [](Engine& e, S in, N n) { return show(e.list_shared_attendees(in, n.event, {})); }},
    {"list_outbox",
     [](Engine& e, S in, N n) {
       return show(e.list_outbox(in, OutboxState::in_doubt, n.event, {})) +
              show(e.list_outbox(in, OutboxState::in_doubt, "", {}));
     }},
    {"report",
     [](Engine& e, S in, N n) { return report_of(e, in, n.event) + report_of(e, in, ""); }},
    {"list_quarantine", [](Engine& e, S in, N) { return show(e.list_quarantine(in, {})); }},
    {"get_quarantined",
     [](Engine& e, S in, N n) { return show(e.get_quarantined(in, n.quarantined)); }},
    {"release_quarantined",
     [](Engine& e, S in, N n) {
       return show(e.release_quarantined(in, n.quarantined, {}, [](const IngestItem&) {}));
     },
     For::organizer, Says::other},
    {"drop_quarantined",
     [](Engine& e, S in, N n) { return show(e.drop_quarantined(in, n.quarantined)); },
     For::organizer, Says::other},
};

Calls all_calls() {
  Calls all;
  for (const Calls& some : {tenants, events, invites, sending, people, reports}) {
    all.insert(all.end(), some.begin(), some.end());
  }
  return all;
}

}  // namespace

TEST_CASE("the matrix has every call of the engine, and who calls without a scope is known",
          "[access]") {
  check_complete(calls_of("engine.hpp", "Engine"), all_calls(),
                 {
                     // the operator's: whoever embeds the library, never a face for others
                     "open",
                     "add_domain",
                     "update_domain",
                     "list_domains",
                     "add_organizer",
                     "ingest",
                     "ingest_notifications",
                     "ingest_sns",
                     "receive",
                     "dispatch",
                     "list_accounts",
                     "resume_account",
                     "compact",
                     // whoever holds a link or a key: it tells the scope
                     "authenticate_key",
                     "rsvp",
                     "find_registration",
                     "confirm_registration",
                     "find_approval",
                     "approve",
                     "find_rsvp",
                     "find_button",
                     "issue_nonce",
                     "check_nonce",
                     "record_visit",
                     "press_button",
                     "find_unsubscribe",
                     "unsubscribe",
                     "resubscribe",
                     // what everybody may see who knows an event's uid, and a file of it
                     "find_event_page",
                     "calendar_file",
                 });
}

TEST_CASE("no call of the engine tells or changes what lies outside its scope", "[access]") {
  const Owners owners;
  check_matrix(owners, all_calls(), [&](const std::filesystem::path& file) {
    auto engine = Engine::open({.store = "sqlite:" + file.string(),
                                .master_key = {7},
                                .clock = [&] { return owners.league.now; },
                                .random =
                                    [](std::span<std::uint8_t> out) {
                                      std::fill(out.begin(), out.end(), std::uint8_t{9});
                                    }});
    REQUIRE(engine);
    return std::make_unique<Engine>(std::move(*engine));
  });
}
