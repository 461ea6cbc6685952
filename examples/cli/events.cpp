#include <algorithm>
#include <calinvite/time.hpp>
#include <map>
#include <memory>

#include "session.hpp"

namespace cli {
namespace {

using calinvite::Result;

/// What the command line says of an event; only what was given is applied, and what was given
/// empty empties its field.
struct EventFields {
  std::string uid, organizer;
  std::optional<std::string> summary, description, location, conference, url, landing, start, end,
      timezone, rrule, language;
  std::vector<std::string> exdates;
  std::optional<std::int64_t> reminder;
  std::optional<std::uint32_t> invite_limit;
  std::optional<bool> transparent, wants_answers, counters_allowed, listed;
  bool preview = false;
  bool yes = false;
  bool drop = false;
};

void add_field_options(CLI::App& command, EventFields& fields) {
  command.add_option("--summary", fields.summary, "Title");
  command.add_option("--description", fields.description, "Plain text");
  command.add_option("--location", fields.location, "Venue");
  command.add_option("--conference", fields.conference, "https link to join by");
  command.add_option("--url", fields.url, "Page of the event");
  command.add_option("--landing", fields.landing, "Page shown after an RSVP button");
  command.add_option("--start", fields.start, "2027-03-01T19:30, or a date for all day");
  command.add_option("--end", fields.end, "The same; of all-day events the day after the last");
  command.add_option("--timezone", fields.timezone, "IANA name");
  command.add_option("--rrule", fields.rrule,
                     "How it repeats, such as FREQ=WEEKLY;COUNT=4; UNTIL as wall time");
  command.add_option("--exdate", fields.exdates, "Left out of the series, as --start; repeatable")
      ->allow_extra_args(false);
  command.add_option("--language", fields.language, "BCP 47, such as de");
  command.add_option("--reminder", fields.reminder, "Minutes before the start; -1: none (default)");
  command.add_option("--invite-limit", fields.invite_limit, "Most attendees (2500); 0: no limit");
  add_choice(command, "--transparent,!--no-transparent", fields.transparent,
             "Whether it shows as free (no)");
  add_choice(command, "--wants-answers,!--no-wants-answers", fields.wants_answers,
             "Whether people are asked for an answer (yes)");
  add_choice(command, "--counters-allowed,!--no-counters-allowed", fields.counters_allowed,
             "Whether people may propose another time (yes)");
  add_choice(command, "--listed,!--no-listed", fields.listed,
             "Whether pages of upcoming events show it (no)");
}

template <typename Given, typename Field>
void set(const std::optional<Given>& given, Field& field) {
  if (given) field = *given;
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

void apply_settings(const EventFields& fields, calinvite::Event& event) {
  set(fields.landing, event.landing);
  set(fields.listed, event.listed);
  set(fields.transparent, event.transparent);
  set(fields.wants_answers, event.wants_answers);
  set(fields.counters_allowed, event.counters_allowed);
  set(fields.invite_limit, event.invite_limit);
  if (!fields.reminder) return;
  event.reminder.reset();
  if (*fields.reminder != -1) event.reminder = std::chrono::minutes(*fields.reminder);
}

std::chrono::seconds hour_of(std::chrono::local_seconds wall) {
  return wall - std::chrono::floor<std::chrono::days>(wall);
}

/// What is left out of a series, or changed in it, stays so on its dates at another hour.
void begin_at(std::chrono::local_seconds start, calinvite::Event& event) {
  const auto later = hour_of(start) - hour_of(event.start);
  for (auto& date : event.exdates) date += later;
  for (auto& changed : event.overrides) changed.occurrence.original_start += later;
  event.start = start;
}

Result<void> apply_times(const EventFields& fields, calinvite::Event& event) {
  set(fields.timezone, event.timezone);
  if (fields.start) {
    const auto start = read_time(*fields.start, "--start", event.all_day);
    if (!start) return tl::unexpected(start.error());
    begin_at(*start, event);
    if (event.all_day) event.timezone.clear();
  }
  if (!fields.end) return {};
  bool date_only = false;
  const auto end = read_time(*fields.end, "--end", date_only);
  if (!end) return tl::unexpected(end.error());
  event.end = date_only && *end == event.start ? *end + std::chrono::days(1) : *end;
  return {};
}

/// A date alone leaves out what begins on it at the hour of the series.
Result<void> apply_series(const EventFields& fields, calinvite::Event& event) {
  set(fields.rrule, event.rrule);
  if (!fields.exdates.empty() || event.rrule.empty()) event.exdates.clear();
  for (const std::string& text : fields.exdates) {
    if (text.empty()) continue;
    bool date_only = false;
    const auto date = read_time(text, "--exdate", date_only);
    if (!date) return tl::unexpected(date.error());
    event.exdates.push_back(date_only ? *date + hour_of(event.start) : *date);
  }
  std::sort(event.exdates.begin(), event.exdates.end());
  return {};
}

Result<void> apply(const EventFields& fields, calinvite::Event& event) {
  set(fields.summary, event.summary);
  set(fields.description, event.description);
  set(fields.location, event.location);
  set(fields.conference, event.conference);
  set(fields.url, event.url);
  set(fields.language, event.language);
  apply_settings(fields, event);
  if (auto times = apply_times(fields, event); !times) return times;
  return apply_series(fields, event);
}

Result<void> create(Session& session, const EventFields& fields, calinvite::Engine& engine,
                    const calinvite::Scope& scope) {
  calinvite::Event event;
  const auto organizer = address(fields.organizer);
  if (!organizer) return tl::unexpected(organizer.error());
  event.organizer = *organizer;
  if (auto applied = apply(fields, event); !applied) return applied;
  if (!fields.end) event.end = event.start + std::chrono::hours(event.all_day ? 24 : 1);
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

/// Whether the command line says anything of the event itself.
bool says_something(const CLI::App& command) {
  const auto options = command.get_options();
  return std::any_of(options.begin(), options.end(), [](const CLI::Option* option) {
    const auto named = [&](const char* name) { return option->check_name(name); };
    return option->count() > 0 && !named("EVENT") && !named("--preview") && !named("--yes") &&
           !named("--drop");
  });
}

/// All that is kept of an event that the command line can say.
void print_event(const Session& session, const calinvite::EventSummary& summary) {
  const calinvite::Event& event = summary.event;
  std::vector<std::string> exdates;
  std::string without;
  for (const auto date : event.exdates) {
    exdates.push_back(calinvite::format_iso(date, event.all_day));
    without += (without.empty() ? "" : " ") + exdates.back();
  }
  Line line = event_line(summary);
  std::string text = event_text(summary);
  for (const auto& [name, value] :
       {std::pair("description", &event.description), std::pair("location", &event.location),
        std::pair("conference", &event.conference), std::pair("url", &event.url),
        std::pair("landing", &event.landing), std::pair("language", &event.language),
        std::pair("rrule", &event.rrule)}) {
    line[name] = *value;
    if (!value->empty()) text += "\n  " + std::string(name) + ": " + *value;
  }
  if (!without.empty()) text += "\n  without: " + without;
  if (event.listed) text += "\n  listed";
  line["exdates"] = exdates;
  line["listed"] = event.listed;
  print(session, line, text);
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
  for (const char* needed : {"--summary", "--start"}) made->get_option(needed)->required();
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
      print_event(session, {*found, statistics->attendees});
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

  auto* updated = app.add_subcommand(
      "update", "Changes what is said of an event, or shows what that would cost; \"\" empties");
  add_uid(*updated, *fields);
  add_field_options(*updated, *fields);
  auto* preview = updated->add_flag("--preview", fields->preview, "Only count");
  auto* yes = updated->add_flag("--yes", fields->yes, "Go ahead")->excludes(preview);
  updated->add_flag("--drop", fields->drop, "Forget the change that waits")
      ->excludes(preview)
      ->excludes(yes);
  updated->callback([&session, fields, updated] {
    run_scoped(session, [&](calinvite::Engine& engine, const calinvite::Scope& scope) {
      if (says_something(*updated)) return update(session, *fields, engine, scope);
      return update_held(session, engine, scope, fields->uid, fields->yes, fields->drop);
    });
  });
}

}  // namespace cli
