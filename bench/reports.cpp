// What reports cost: statistics, receipts over time, lists, the feed and search, over a store with
// COUNT receipts, one for each attendee, in a tenth as many events of a hundred organizers.
//
//   calinvite_bench_reports FOLDER COUNT
//     the store is made in FOLDER, unless one of this COUNT is there; prints medians in ms
#include <algorithm>
#include <calinvite/store.hpp>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <random>
#include <string>
#include <utility>
#include <vector>

using namespace calinvite;

namespace {

constexpr std::size_t organizers = 100;
constexpr std::size_t people_of_event = 10;
constexpr int repetitions = 200;
constexpr std::chrono::sys_seconds start_of_time{std::chrono::seconds(1'800'000'000)};
const Scope scope = Scope::domain("bench");

template <class T>
T must(Result<T> result) {
  if (result) {
    if constexpr (std::is_void_v<T>)
      return;
    else
      return std::move(*result);
  }
  std::fprintf(stderr, "%s\n", to_string(result.error()).c_str());
  std::exit(1);
}

const std::vector<std::string> first_names = {
    "Ana",  "Ben",  "Cleo", "Dora",  "Emil", "Finn", "Greta", "Hugo", "Ida",
    "Jan",  "Kira", "Leo",  "Mia",   "Nils", "Olga", "Paul",  "Rosa", "Sven",
    "Tara", "Udo",  "Vera", "Willi", "Yara", "Zeno", "Agnes", "Bruno"};
const std::vector<std::string> syllables = {"ber", "hof", "mann", "kov", "ac",  "ström", "dal",
                                            "ner", "ski", "vic",  "ley", "ton", "wald",  "reu"};
const std::vector<std::string> topics = {"Cup",  "Derby",   "Training", "Concert",
                                         "Fair", "Lesson",  "Meeting",  "Tour",
                                         "Gala", "Opening", "Webinar",  "Workshop"};
const std::vector<std::string> places = {"Harbour", "Hill", "North", "Garden", "Old town",
                                         "Arena",   "Mill", "River", "Market", "Station"};

/// The same words for the same number.
template <class List>
const auto& pick(const List& list, std::size_t number) {
  return list[number % list.size()];
}

std::string family_name(std::size_t number) {
  return pick(syllables, number) + pick(syllables, number / 14) + pick(syllables, number / 196);
}

std::string organizer(std::size_t number) {
  return "office" + std::to_string(number) + "@league.example";
}

Event event_of(std::size_t number) {
  Event event;
  event.uid = "event-" + std::to_string(number);
  event.organizer = organizer(number % organizers);
  event.summary =
      pick(topics, number) + " at " + pick(places, number / 12) + ' ' + std::to_string(number);
  event.description = "Doors open an hour before. Bring " + family_name(number) + '.';
  event.location = pick(places, number / 7) + " ground";
  event.start = std::chrono::local_seconds(start_of_time.time_since_epoch()) +
                std::chrono::hours(number % 10'000);
  event.end = event.start + std::chrono::hours(2);
  event.timezone = "UTC";
  event.created = event.changed = start_of_time + std::chrono::seconds(number);
  return event;
}

NewAttendee attendee_of(std::size_t number) {
  NewAttendee attendee;
  const std::string first = pick(first_names, number * 7);
  const std::string family = family_name(number * 13);
  const std::string tag = std::to_string(number);
  attendee.request.address = "fan" + tag + "@fans" + std::to_string(number % 500) + ".example";
  attendee.request.name = first + ' ' + family;
  attendee.origin = number % 3 == 0 ? "api" : "webform";
  for (std::size_t i = 0; i < 8; ++i) attendee.id[i] = static_cast<std::uint8_t>(number >> (8 * i));
  attendee.uid = "copy-" + tag;
  attendee.address_token = "token" + tag;
  return attendee;
}

void fill(Store& store, std::size_t count) {
  constexpr std::size_t step = 200;  // events in one
  must(store.add_domain({"bench", "cal@bench.example", "bench.example", "https://bench.example"}));
  for (std::size_t i = 0; i < organizers; ++i) {
    must(store.add_organizer({"bench", organizer(i), "Office", "office" + std::to_string(i)}));
  }
  const std::vector<Mailing> mailings{{Method::request, std::nullopt, {}}};
  for (std::size_t at = 0; at < count / people_of_event; at += step) {
    must(store.atomically([&]() -> Result<void> {
      for (std::size_t number = at; number < std::min(at + step, count / people_of_event);
           ++number) {
        must(store.add_event(scope, event_of(number)));
        std::vector<NewAttendee> people;
        for (std::size_t i = 0; i < people_of_event; ++i) {
          people.push_back(attendee_of(number * people_of_event + i));
        }
        must(store.add_invites(scope, "event-" + std::to_string(number), people, mailings,
                               start_of_time + std::chrono::minutes(number % 43'200)));
      }
      return {};
    }));
  }
}

/// The median of the work's times in ms, each with another number.
double median(const std::function<void(std::size_t)>& work) {
  std::vector<double> times;
  for (int i = 0; i < repetitions; ++i) {
    const auto begin = std::chrono::steady_clock::now();
    work(static_cast<std::size_t>(i));
    const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - begin;
    times.push_back(took.count());
  }
  std::nth_element(times.begin(), times.begin() + repetitions / 2, times.end());
  return times[repetitions / 2];
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fprintf(stderr, "usage: calinvite_bench_reports FOLDER COUNT\n");
    return 2;
  }
  const std::size_t count = std::stoul(argv[2]);
  const auto file = std::filesystem::path(argv[1]) / ("reports-" + std::to_string(count) + ".db");
  const bool there = std::filesystem::exists(file);
  const auto store = must(open_store("sqlite:" + file.string()));
  if (!there) fill(*store, count);

  const auto event = [&](std::size_t i) {
    return "event-" + std::to_string(i * 7919 % (count / people_of_event));
  };
  const auto owner = [](std::size_t i) { return Scope::organizer("bench", organizer(i % 100)); };
  const auto show = [&](const char* what, const std::function<void(std::size_t)>& work) {
    std::printf("%zu\t%s\t%.3f\n", count, what, median(work));
  };
  show("statistics of an event", [&](std::size_t i) { must(store->statistics(scope, event(i))); });
  show("statistics of an organizer", [&](std::size_t i) { must(store->statistics(owner(i), {})); });
  show("statistics of a domain", [&](std::size_t) { must(store->statistics(scope, {})); });
  show("receipts of an event by hour", [&](std::size_t i) {
    must(store->list_receipt_buckets(scope, event(i), BucketSize::hour, {}));
  });
  show("receipts of a domain, 30 days", [&](std::size_t) {
    must(store->list_receipt_buckets(scope, {}, BucketSize::day, {30, {}}));
  });
  show("receipts of an organizer, 48 hours", [&](std::size_t i) {
    must(store->list_receipt_buckets(owner(i), {}, BucketSize::hour, {48, {}}));
  });
  show("100 attendees", [&](std::size_t i) { must(store->list_attendees(scope, event(i), {})); });
  show("100 changes", [&](std::size_t) { must(store->list_changes(scope, {}, 100)); });
  for (const auto& [name, sort] : {std::pair{"100 events by start", EventSort::start},
                                   std::pair{"100 events by organizer", EventSort::organizer},
                                   std::pair{"100 events, newest", EventSort::created}}) {
    EventFilter filter;
    filter.sort = sort;
    show(name, [&, filter](std::size_t) { must(store->list_events(scope, filter, {})); });
  }
  const auto search = [&](const Scope& where, const std::string& text) {
    must(store->search(where, text, {}));
  };
  show("search: a name and its beginning", [&](std::size_t i) {
    search(scope, pick(first_names, i) + ' ' + family_name(i * 31).substr(0, 4));
  });
  show("search: a common word", [&](std::size_t i) { search(scope, pick(topics, i)); });
  show("search: the beginning of a word",
       [&](std::size_t i) { search(scope, family_name(i * 17).substr(0, 3)); });
  show("search: two common words of an organizer",
       [&](std::size_t i) { search(owner(i), pick(topics, i) + ' ' + pick(places, i)); });
  show("search: everybody's host, of an organizer",
       [&](std::size_t i) { search(owner(i), "example"); });
  show("search: nothing", [&](std::size_t i) { search(scope, "nowhere" + std::to_string(i)); });
  return 0;
}
