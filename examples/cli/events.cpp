#include <calinvite/time.hpp>
#include <map>
#include <memory>

#include "session.hpp"

namespace cli {
namespace {

using calinvite::Result;

/// What the command line says of an event; only what was given is applied.
struct EventFields {
  std::string uid, organizer, summary, description, location, url, start, end, timezone, language;
  std::optional<std::string> conference;
  std::optional<std::int64_t> reminder;
  std::optional<std::uint32_t> invite_limit;
  std::optional<bool> transparent, wants_answers, counters_allowed;
  bool all_day = false;
  bool preview = false;
  bool yes = false;
};

void add_field_options(CLI::App& command, EventFields& fields) {
  command.add_option("--summary", fields.summary, "Title");
  command.add_option("--description", fields.description, "Plain text");
  command.add_option("--location", fields.location, "Venue");
  command.add_option("--conference", fields.conference, "https link to join by");
  command.add_option("--url", fields.url, "https page of the event");
  command.add_option("--start", fields.start, "2027-03-01T19:30, or a date for all day");
  command.add_option("--end", fields.end, "The same; of all-day events the day after the last");
  command.add_option("--timezone", fields.timezone, "IANA name");
  command.add_option("--language", fields.language, "BCP 47, such as de");
  command.add_option("--reminder", fields.reminder, "Minutes before the start; -1: none (default)");
  command.add_option("--invite-limit", fields.invite_limit, "Most attendees (2500); 0: no limit");
  add_choice(command, "--transparent,!--no-transparent", fields.transparent,
             "Whether it shows as free (no)");
  add_choice(command, "--wants-answers,!--no-wants-answers", fields.wants_answers,
             "Whether people are asked for an answer (yes)");
  add_choice(command, "--counters-allowed,!--no-counters-allowed", fields.counters_allowed,
             "Whether people may propose another time (yes)");
}

Result<std::chrono::local_seconds> read_time(const std::string& text, const char* option,
                                             bool& date_only) {
  const auto time = calinvite::parse_iso(text);
  if (!time) {
    return calinvite::fail(
        calinvite::Code::invalid_argument,
        std::string(option) + " " + text + ": expected 2027-03-01T19:30 or 2027-03-01");
  }
  date_only = time->date_only;
  return time->wall;
}

void apply_hints(const EventFields& fields, calinvite::Event& event) {
  const auto set = [](const auto& given, auto& field) {
    if (given) field = *given;
  };
  set(fields.conference, event.conference);
  set(fields.transparent, event.transparent);
  set(fields.wants_answers, event.wants_answers);
  set(fields.counters_allowed, event.counters_allowed);
  set(fields.invite_limit, event.invite_limit);
  if (!fields.reminder) return;
  event.reminder.reset();
  if (*fields.reminder != -1) event.reminder = std::chrono::minutes(*fields.reminder);
}

Result<void> apply(const EventFields& fields, calinvite::Event& event) {
  const auto set = [](const std::string& given, std::string& field) {
    if (!given.empty()) field = given;
  };
  apply_hints(fields, event);
  set(fields.summary, event.summary);
  set(fields.description, event.description);
  set(fields.location, event.location);
  set(fields.url, event.url);
  set(fields.timezone, event.timezone);
  set(fields.language, event.language);
  if (!fields.start.empty()) {
    const auto start = read_time(fields.start, "--start", event.all_day);
    if (!start) return tl::unexpected(start.error());
    event.start = *start;
    if (event.all_day) event.timezone.clear();
  }
  if (!fields.end.empty()) {
    bool date_only = false;
    const auto end = read_time(fields.end, "--end", date_only);
    if (!end) return tl::unexpected(end.error());
    event.end = date_only && *end == event.start ? *end + std::chrono::days(1) : *end;
  }
  return {};
}

Result<void> create(Session& session, const EventFields& fields, calinvite::Engine& engine,
                    const calinvite::Scope& scope) {
  calinvite::Event event;
  const auto organizer = address(fields.organizer);
  if (!organizer) return tl::unexpected(organizer.error());
  event.organizer = *organizer;
  if (auto applied = apply(fields, event); !applied) return applied;
  if (fields.end.empty()) event.end = event.start + std::chrono::hours(event.all_day ? 24 : 1);
  const auto created = engine.create_event(scope, std::move(event));
  if (!created) return tl::unexpected(created.error());
  print(session, event_line({*created, 0}), event_text({*created, 0}));
  return {};
}

Result<void> update(Session& session, const EventFields& fields, calinvite::Engine& engine,
                    const calinvite::Scope& scope) {
  auto event = engine.get_event(scope, fields.uid);
  if (!event) return tl::unexpected(event.error());
  if (auto applied = apply(fields, *event); !applied) return applied;
  const auto plan =
      fields.yes ? engine.update_event(scope, *event) : engine.preview_update(scope, *event);
  if (!plan) return tl::unexpected(plan.error());
  print(session, plan_line(*plan), plan_text(*plan));
  return {};
}

/// Who answered without being invited, a line each.
Result<void> show_shared(Session& session, calinvite::Engine& engine, const calinvite::Scope& scope,
                         const std::string& uid) {
  calinvite::Page page{1000, {}};
  do {
    const auto part = engine.list_shared_attendees(scope, uid, page);
    if (!part) return tl::unexpected(part.error());
    for (const auto& person : part->items) {
      const std::string status(calinvite::status_word(person.partstat));
      print(session,
            Line{{"shared", person.address},
                 {"name", person.name},
                 {"status", status},
                 {"via", person.via}},
            "  shared: " + person.address + ' ' + status + ", passed on by " + person.via);
    }
    page.after = part->next;
  } while (!page.after.empty());
  return {};
}

/// What identifies one event on the command line.
void add_uid(CLI::App& command, EventFields& fields) {
  command.add_option("EVENT", fields.uid, "uid of the event")->required();
}

void add_listing(CLI::App& app, Session& session) {
  struct Wanted {
    bool future = false, past = false;
    int days = 0;
    std::string organizer, search;
    calinvite::EventSort sort = calinvite::EventSort::start;
  };
  using calinvite::EventSort;
  static const std::map<std::string, EventSort> sorts{{"start", EventSort::start},
                                                      {"organizer", EventSort::organizer},
                                                      {"created", EventSort::created},
                                                      {"changed", EventSort::changed}};
  auto* events = app.add_subcommand("events", "Lists events");
  const auto wanted = std::make_shared<Wanted>();
  events->add_option("--organizer", wanted->organizer, "Only theirs");
  auto* future = events->add_flag("--future", wanted->future, "Not over yet");
  auto* past = events->add_flag("--past", wanted->past, "Over")->excludes(future);
  events->add_option("--days", wanted->days, "Changed in the last N days")->excludes(past);
  events->add_option("--search", wanted->search, "Words in them, the last one by its beginning");
  events->add_option("--sort", wanted->sort, "start, organizer, created or changed, newest first")
      ->transform(CLI::CheckedTransformer(sorts));
  events->callback([&session, wanted] {
    run_scoped(session, [&](calinvite::Engine& engine, const calinvite::Scope& scope) {
      calinvite::EventFilter filter;
      using When = calinvite::EventFilter::When;
      filter.when = wanted->future ? When::future : wanted->past ? When::past : When::all;
      if (wanted->days > 0) filter.changed_within = std::chrono::days(wanted->days);
      filter.search = wanted->search;
      filter.sort = wanted->sort;
      if (!wanted->organizer.empty()) {
        const auto organizer = address(wanted->organizer);
        if (!organizer) return Result<void>(tl::unexpected(organizer.error()));
        filter.organizer = *organizer;
      }
      calinvite::Page page{1000, {}};
      do {
        const auto part = engine.list_events(scope, filter, page);
        if (!part) return Result<void>(tl::unexpected(part.error()));
        for (const auto& summary : part->items) {
          print(session, event_line(summary), event_text(summary));
        }
        page.after = part->next;
      } while (!page.after.empty());
      return Result<void>();
    });
  });
}

}  // namespace

void add_event_commands(CLI::App& app, Session& session) {
  add_listing(app, session);
  auto* event = app.add_subcommand("event", "One event")->require_subcommand(1);
  const auto fields = std::make_shared<EventFields>();

  auto* made = event->add_subcommand("create", "Creates an event without a calendar client");
  made->add_option("--organizer", fields->organizer, "Who owns it")->required();
  add_field_options(*made, *fields);
  made->callback([&session, fields] {
    run_scoped(session,
               [&](auto& engine, auto& scope) { return create(session, *fields, engine, scope); });
  });

  auto* show = event->add_subcommand("show", "Shows it");
  add_uid(*show, *fields);
  show->callback([&session, fields] {
    run_scoped(session, [&](calinvite::Engine& engine, const calinvite::Scope& scope) {
      const auto found = engine.get_event(scope, fields->uid);
      if (!found) return Result<void>(tl::unexpected(found.error()));
      const auto statistics = engine.statistics(scope, fields->uid);
      if (!statistics) return Result<void>(tl::unexpected(statistics.error()));
      const calinvite::EventSummary summary{*found, statistics->attendees};
      print(session, event_line(summary), event_text(summary));
      return show_shared(session, engine, scope, fields->uid);
    });
  });

  auto* cancel = event->add_subcommand("cancel", "Cancels it and tells its holders");
  add_uid(*cancel, *fields);
  cancel->callback([&session, fields] {
    run_scoped(session, [&](calinvite::Engine& engine, const calinvite::Scope& scope) {
      const auto plan = engine.cancel_event(scope, fields->uid);
      if (!plan) return Result<void>(tl::unexpected(plan.error()));
      print(session, plan_line(*plan), plan_text(*plan));
      return Result<void>();
    });
  });

  auto* updated = app.add_subcommand("update", "Changes an event, or shows what that would cost");
  add_uid(*updated, *fields);
  add_field_options(*updated, *fields);
  auto* preview = updated->add_flag("--preview", fields->preview, "Only count");
  updated->add_flag("--yes", fields->yes, "Go ahead")->excludes(preview);
  updated->callback([&session, fields] {
    run_scoped(session,
               [&](auto& engine, auto& scope) { return update(session, *fields, engine, scope); });
  });
}

}  // namespace cli
