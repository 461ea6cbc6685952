// I12 of the store: each of its calls, asked in each scope for what is another's.
#include "access/matrix.hpp"
#include "base/crypto.hpp"

using namespace roles;

namespace {

using S = const Scope&;
using N = const Names&;
using Calls = std::vector<Call<Store>>;

std::vector<InviteRequest> requests(N n) { return {{n.newcomer, "", ""}}; }

NewAttendee new_attendee(N n) {
  return {{n.newcomer, "", ""}, "api", some_id(90), "copy-90", "token90"};
}

Event planted(N n) {
  Event event{.uid = "planted", .source_uid = "planted", .organizer = n.organizer};
  event.summary = "planted";
  event.start = parse_iso("2027-05-08T15:00")->wall;
  event.end = event.start + 2h;
  event.timezone = "Europe/London";
  return event;
}

/// The event as it is, or one of that name.
Event changed(Store& store, S scope, N n) {
  auto event = store.find_event(scope, n.event);
  Event after = event && *event ? **event : planted(n);
  after.uid = n.event;
  after.landing = after.summary = "planted";
  return after;
}

/// Of somebody called `who` by an organizer; that of their canary is there.
Suppression suppression(N n, const std::string& who) {
  Suppression row;
  row.domain = n.domain;
  row.organizer = n.organizer;
  row.address = who + "-gone@fans.example";
  row.reason = "planted";
  return row;
}

std::vector<Mailing> mailings() { return {{Method::request, {}, {}}}; }

constexpr std::chrono::sys_seconds now{std::chrono::seconds(1'800'000'000)};
const Change moved{Method::request, 2, true, {}};

const Calls organizers = {
    {"add_organizer",
     [](Store& s, S in, N n) {
       return show(s.add_organizer(in, {n.domain, "late@people.example", "", "late"}));
     },
     For::domain, Says::other},
    {"save_organizer",
     [](Store& s, S in, N n) {
       return show(s.save_organizer(in, {n.domain, n.organizer, "planted", "", {}, true}));
     },
     For::organizer, Says::other},
    {"find_organizer", [](Store& s, S in, N n) { return show(s.find_organizer(in, n.organizer)); }},
    {"list_organizers", [](Store& s, S in, N) { return show(s.list_organizers(in)); }},
    {"set_organizer_state",
     [](Store& s, S in, N n) {
       return show(s.set_organizer_state(in, n.organizer, OrganizerState::suspended));
     },
     For::organizer, Says::other},
    {"set_delegate",
     [](Store& s, S in, N n) { return show(s.set_delegate(in, n.organizer, n.fan, true)); },
     For::organizer, Says::other},
    {"list_principals",
     [](Store& s, S in, N n) { return show(s.list_principals(in, n.delegate)); }},
    {"keep_registration",
     [](Store& s, S in, N) {
       return show(
           s.keep_registration(in, {some_id(91), "late@people.example", "", now + 1h}, now));
     },
     For::domain, Says::other},
    {"find_registration",
     [](Store& s, S in, N n) { return show(s.find_registration(in, n.registration)); },
     For::domain},
    {"list_keys", [](Store& s, S in, N) { return show(s.list_keys(in)); }, For::domain,
     Says::other},
    {"add_key",
     [](Store& s, S in, N) {
       return show(s.add_key(in, {9, {1}, now}));
     },
     For::domain, Says::other},
    {"remove_key",
     [](Store& s, S in, N) {
       const auto keys = s.list_keys(in);
       return show(s.remove_key(in, keys && !keys->empty() ? keys->front().id : 0));
     },
     For::domain, Says::other},
    {"add_api_key",
     [](Store& s, S in, N n) {
       return show(s.add_api_key(in, {"0123456789abcdef", "planted", n.own(), now, {}, {}}, {}));
     },
     For::organizer, Says::other},
    {"list_api_keys", [](Store& s, S in, N) { return show(s.list_api_keys(in)); }},
    {"revoke_api_key",
     [](Store& s, S in, N n) { return show(s.revoke_api_key(in, n.key_id, now)); }, For::organizer,
     Says::other},
};

const Calls events = {
    {"find_event", [](Store& s, S in, N n) { return show(s.find_event(in, n.event)); }},
    {"get_event", [](Store& s, S in, N n) { return show(s.get_event(in, n.event)); }},
    {"find_revision", [](Store& s, S in, N n) { return show(s.find_revision(in, n.event, 0)); }},
    {"find_event_by_source",
     [](Store& s, S in, N n) {
       return show(s.find_event_by_source(in, n.organizer, n.source_uid));
     }},
    {"list_source_owners",
     [](Store& s, S in, N n) { return show(s.list_source_owners(in, n.source_uid)); }},
    {"keep_cancel",
     [](Store& s, S in, N n) {
       return show(s.keep_cancel(in, {n.organizer, "planted", 1, now, now}, {}));
     },
     For::organizer, Says::other},
    {"find_cancel",
     [](Store& s, S in, N n) { return show(s.find_cancel(in, n.organizer, n.early_cancel, {})); }},
    {"count_live_events",
     [](Store& s, S in, N n) {
       return show(s.count_live_events(in, n.organizer, std::chrono::sys_seconds()));
     },
     For::organizer, Says::other},
    {"list_events",
     [](Store& s, S in, N n) {
       EventFilter theirs, found;
       theirs.organizer = n.organizer;
       found.search = n.canary;
       return show(s.list_events(in, {}, {})) + show(s.list_events(in, theirs, {})) +
              show(s.list_events(in, found, {})) + show(s.list_events(in, {}, {1, {}}));
     }},
    {"add_event", [](Store& s, S in, N n) { return show(s.add_event(in, planted(n))); },
     For::organizer, Says::other},
    {"save_event", [](Store& s, S in, N n) { return show(s.save_event(in, changed(s, in, n))); },
     For::organizer, Says::other},
    {"apply_change",
     [](Store& s, S in, N n) {
       return show(s.apply_change(in, changed(s, in, n), 1, moved, mailings(), true, now));
     },
     For::organizer, Says::other},
    {"continue_change", [](Store& s, S in, N n) { return show(s.continue_change(in, n.event)); },
     For::organizer, Says::other},
    {"preview_change",
     [](Store& s, S in, N n) {
       return show(s.preview_change(in, n.event, moved, mailings(), true));
     },
     For::organizer, Says::other},
    {"hold_change",
     [](Store& s, S in, N n) {
       return show(s.hold_change(in, {some_id(92), changed(s, in, n), now}));
     },
     For::organizer, Says::other},
    {"find_held_change", [](Store& s, S in, N n) { return show(s.find_held_change(in, n.event)); }},
    {"find_held_change_by_id",
     [](Store& s, S in, N n) { return show(s.find_held_change_by_id(in, n.held)); }},
    {"list_held_changes", [](Store& s, S in, N) { return show(s.list_held_changes(in, {})); }},
    {"drop_held_change", [](Store& s, S in, N n) { return show(s.drop_held_change(in, n.event)); },
     For::organizer, Says::other},
};

const Calls attendees = {
    {"plan_invites",
     [](Store& s, S in, N n) { return show(s.plan_invites(in, n.event, requests(n), "api", 0)); },
     For::organizer, Says::other},
    {"add_invites",
     [](Store& s, S in, N n) {
       return show(s.add_invites(in, n.event, std::vector{new_attendee(n)}, mailings(), now));
     },
     For::organizer, Says::other},
    {"uninvite", [](Store& s, S in, N n) { return show(s.uninvite(in, n.event, n.fan, now)); },
     For::organizer, Says::other},
    {"resend",
     [](Store& s, S in, N n) { return show(s.resend(in, n.event, n.fan, mailings(), now, now)); },
     For::organizer, Says::other},
    {"repeat", [](Store& s, S in, N n) { return show(s.repeat(in, n.doubt, now, now)); },
     For::organizer, Says::other},
    {"draft_invite", [](Store& s, S in, N n) { return show(s.draft_invite(in, n.event, n.fan)); }},
    {"find_attendee",
     [](Store& s, S in, N n) { return show(s.find_attendee(in, n.event, n.fan)); }},
    {"find_attendee_by_uid",
     [](Store& s, S in, N n) { return show(s.find_attendee_by_uid(in, n.copy_uid)); }},
    {"find_attendee_by_id",
     [](Store& s, S in, N n) { return show(s.find_attendee_by_id(in, n.attendee)); }},
    {"list_attendees", [](Store& s, S in, N n) { return show(s.list_attendees(in, n.event, {})); }},
    {"find_correspondent",
     [](Store& s, S in, N n) { return show(s.find_correspondent(in, n.address_token)); }},
    {"list_live_copies",
     [](Store& s, S in, N n) {
       return show(s.list_live_copies(in, n.organizer, n.fan)) +
              show(s.list_live_copies(in, "", n.fan));
     }},
    {"find_attendee_by_message",
     [](Store& s, S in, N n) { return show(s.find_attendee_by_message(in, n.message)); }},
    {"record_reply",
     [](Store& s, S in, N n) {
       Attendee person;
       person.event = n.event;
       person.address = n.fan;
       person.uid = n.copy_uid;
       Receipt answer{ReceiptKind::replied, now, n.event, n.fan};
       return show(s.record_reply(in, {person, answer, {}, false, "planted"}));
     },
     For::organizer, Says::other},
    {"get_occurrence",
     [](Store& s, S in, N n) {
       return show(s.get_occurrence(in, n.event, n.fan, {parse_iso("2027-05-08T16:00")->wall}));
     }},
    {"list_occurrence_answers",
     [](Store& s, S in, N n) { return show(s.list_occurrence_answers(in, n.event, {})); }},
    {"list_proposals", [](Store& s, S in, N n) { return show(s.list_proposals(in, n.event, {})); }},
    {"record_shared_attendee",
     [](Store& s, S in, N n) {
       return show(s.record_shared_attendee(in, {n.event, n.newcomer, "", {}, n.fan, now}));
     },
     For::organizer, Says::other},
    {"list_shared_attendees",
     [](Store& s, S in, N n) { return show(s.list_shared_attendees(in, n.event, {})); }},
    {"get_button",
     [](Store& s, S in, N n) {
       return show(s.get_button(in, {some_id(93), n.event, "api", ""}));
     },
     For::organizer, Says::other},
    {"find_button", [](Store& s, S in, N n) { return show(s.find_button(in, n.button)); }},
};

const Calls sending = {
    {"totals", [](Store& s, S in, N) { return show(s.totals(in)); }, For::organizer, Says::other},
    {"list_outbox",
     [](Store& s, S in, N n) {
       return show(s.list_outbox(in, OutboxState::in_doubt, n.event, {})) +
              show(s.list_outbox(in, OutboxState::in_doubt, "", {}));
     }},
    {"list_doubts", [](Store& s, S in, N n) { return show(s.list_doubts(in, n.event, {})); }},
    {"edit_account",
     [](Store& s, S in, N) {
       return show(s.edit_account(in, "planted", [](SendingAccount& a) { a.reason = "planted"; }));
     },
     For::system, Says::other},
    {"list_accounts", [](Store& s, S in, N) { return show(s.list_accounts(in)); }, For::system,
     Says::other},
    {"reputation", [](Store& s, S in, N) { return show(s.reputation(in, {})); }, For::domain,
     Says::other},
    {"hold_domain", [](Store& s, S in, N) { return show(s.hold_domain(in, "planted", now)); },
     For::domain, Says::other},
    {"lift_hold",
     [](Store& s, S in, N) {
       const auto held = s.hold_domain(in, "planted", now);
       return show(held ? s.lift_hold(in, now) : held);
     },
     For::domain, Says::other},
    {"add_notice",
     [](Store& s, S in, N n) {
       // A domain may write to anybody, an organizer's notices are their own.
       Notice notice;
       notice.address = in.organizer_address().empty() ? "late@people.example" : n.organizer;
       notice.cause = "planted";
       return show(s.add_notice(in, notice, 10, now));
     },
     For::organizer, Says::other},
    {"list_notices", [](Store& s, S in, N) { return show(s.list_notices(in, {})); }},
    {"notice_totals", [](Store& s, S in, N) { return show(s.notice_totals(in)); }, For::organizer,
     Says::other},
    {"set_template",
     [](Store& s, S in, N) { return show(s.set_template(in, "notice_head.txt", "planted")); },
     For::domain, Says::other},
    {"list_templates", [](Store& s, S in, N) { return show(s.list_templates(in)); }, For::domain,
     Says::other},
};

const Calls coming_back = {
    {"record_reported",
     [](Store& s, S in, N n) {
       DeliveryFact fact;
       fact.receipt = {ReceiptKind::bounced, now, n.event, n.fan};
       fact.receipt.message_id = n.message;
       fact.dedupe_key = "planted";
       fact.suppress = true;
       return show(s.record_reported(in, fact, now));
     },
     For::organizer, Says::other},
    {"list_receipts", [](Store& s, S in, N n) { return show(s.list_receipts(in, n.event, {})); }},
    {"list_history",
     [](Store& s, S in, N n) { return show(s.list_history(in, n.event, n.fan, {})); }},
    {"list_facts", [](Store& s, S in, N n) { return show(s.list_facts(in, n.event, "planted")); },
     For::organizer, Says::other},
    {"count_use",
     [](Store& s, S in, N) {
       const std::vector<DailyCap> caps{{"planted", 3}};
       return show(s.count_use(in, caps, now));
     },
     For::domain, Says::other},
    {"add_suppression",
     [](Store& s, S in, N n) { return show(s.add_suppression(in, suppression(n, "late"))); },
     For::organizer, Says::other},
    {"remove_suppression",
     [](Store& s, S in, N n) { return show(s.remove_suppression(in, suppression(n, n.canary))); },
     For::organizer, Says::other},
    {"list_suppressions",
     [](Store& s, S in, N n) {
       return show(s.list_suppressions(in, "", {})) +
              show(s.list_suppressions(in, suppression(n, n.canary).address, {}));
     }},
    {"record_consent",
     [](Store& s, S in, N n) {
       return show(s.record_consent(
           in, {n.domain, n.organizer, "late@fans.example", "planted", now, "planted"}));
     },
     For::organizer, Says::other},
    {"withdraw_consent",
     [](Store& s, S in, N n) { return show(s.withdraw_consent(in, n.organizer, n.fan, now)); },
     For::organizer, Says::other},
    {"list_consents",
     [](Store& s, S in, N n) {
       return show(s.list_consents(in, "", {})) + show(s.list_consents(in, n.fan, {}));
     }},
    {"erase",
     [](Store& s, S in, N n) {
       s.set_erasure_key({5});
       return show(s.erase(in, n.fan, "erased-1@erased.invalid", now));
     },
     For::domain, Says::other},
    {"suppress",
     [](Store& s, S in, N) { return show(s.suppress(in, "later@fans.example", "planted", now)); },
     For::organizer, Says::other},
    {"add_quarantine",
     [](Store& s, S in, N) {
       return show(s.add_quarantine(in, {0, "", "", "planted", "planted", now, {}}));
     },
     For::organizer, Says::other},
    {"list_quarantine", [](Store& s, S in, N) { return show(s.list_quarantine(in, {})); }},
    {"get_quarantined",
     [](Store& s, S in, N n) { return show(s.get_quarantined(in, n.quarantined)); }},
    {"drop_quarantined",
     [](Store& s, S in, N n) { return show(s.drop_quarantined(in, n.quarantined)); },
     For::organizer, Says::other},
    {"drop_quarantined_bytes",
     [](Store& s, S in, N n) {
       return show(s.drop_quarantined_bytes(in, crypto::sha256(n.canary)));
     },
     For::organizer, Says::other},
    {"statistics",
     [](Store& s, S in, N n) {
       return show(s.statistics(in, n.event)) + show(s.statistics(in, ""));
     }},
    {"list_receipt_buckets",
     [](Store& s, S in, N n) {
       return show(s.list_receipt_buckets(in, n.event, BucketSize::day, {})) +
              show(s.list_receipt_buckets(in, "", BucketSize::hour, {}));
     },
     For::organizer, Says::other},
    {"search",
     [](Store& s, S in, N n) {
       return show(s.search(in, n.canary, {})) + show(s.search(in, n.fan, {})) +
              show(s.search(in, "match", {})) + show(s.search(in, "fan", {}));
     }},
    {"list_changes", [](Store& s, S in, N) { return show(s.list_changes(in, "", 1000)); }},
};

Calls all_calls() {
  Calls all;
  for (const Calls& some : {organizers, events, attendees, sending, coming_back}) {
    all.insert(all.end(), some.begin(), some.end());
  }
  return all;
}

std::unique_ptr<Store> open_at(const std::filesystem::path& file) {
  return must(open_store("sqlite:" + file.string()));
}

}  // namespace

TEST_CASE("the matrix has every call of the store, and only the whole store's take no scope",
          "[access]") {
  // atomically reads and writes nothing itself.
  check_complete(calls_of("store.hpp", "ScopedStore"), all_calls(), {"atomically"});
  // These are on the type that flows over one domain's input are not given.
  check_complete<Store>(calls_of("store.hpp", "Store"), {},
                        {"add_domain",     "save_domain",  "find_domain",  "list_domains",
                         "add_organizer",  "find_api_key", "note_api_key", "list_domains_with_key",
                         "highest_key_id", "new_fence",    "claim",        "commit_intents",
                         "settle",         "renew",        "release",      "recover",
                         "next_due",       "next_held",    "record_facts", "record_fact",
                         "compact"});
}

TEST_CASE("no call of the store tells or changes what lies outside its scope", "[access]") {
  const Owners owners;
  check_matrix(owners, all_calls(), open_at);
}
