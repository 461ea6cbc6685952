#include "compose/composition.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "calinvite/ical.hpp"
#include "compose/merge.hpp"

namespace calinvite::compose {
namespace {

constexpr std::size_t max_html = 90 * 1024;  // R19
constexpr std::size_t most_dates = 999;      // R61

bool is_request(const Revision& revision) { return revision.method == Method::request; }

// ---- the revision ------------------------------------------------------------------------------

/// Summaries and names are cleaned where they stand: the calendar object shows them too (R150).
void clean(Revision& revision) {
  revision.organizer_name = without_text_controls(revision.organizer_name);
  revision.event.summary = without_text_controls(revision.event.summary);
  for (auto& override : revision.event.overrides) {
    override.summary = without_text_controls(override.summary);
  }
}

Result<void> check_base_url(std::string_view url) {
  if (auto line = text::check_single_line(url, "base_url"); !line) return line;
  if (!is_link(url) || url.ends_with('/') || url.find_first_of(" \"<>") != std::string_view::npos) {
    return fail(Code::invalid_input,
                "base_url is no web origin; expected https://host without a trailing slash",
                Place{{}, 0, 0, "base_url"});
  }
  return {};
}

/// The dates of a series that ends within what can be counted; 0: of none.
std::size_t count_dates(const Event& event) {
  if (event.rrule.empty()) return 0;
  if (event.rrule.find("COUNT=") == std::string::npos &&
      event.rrule.find("UNTIL=") == std::string::npos) {
    return 0;
  }
  auto left_out = event.exdates;
  for (const auto& changed : event.overrides) {
    if (changed.cancelled) left_out.push_back(changed.occurrence.original_start);
  }
  std::sort(left_out.begin(), left_out.end());
  const auto dates = expand_rrule(event.rrule, event.start, left_out, most_dates + 1);
  return dates && dates->size() <= most_dates ? dates->size() : 0;
}

/// Whatever a mail may show of the revision.
std::string all_texts(const Revision& revision) {
  std::string all = revision.organizer_name + '\n' + revision.base_url;
  const auto add = [&](const std::string& text) { all.append("\n").append(text); };
  for (const Event* event : {&revision.event, revision.before ? &*revision.before : nullptr}) {
    if (event == nullptr) continue;
    add(event->url);
    add(event->conference);
    add(event->rrule);
    add(event->summary);
    add(event->description);
    add(event->location);
    for (const auto& changed : event->overrides) {
      add(changed.summary);
      add(changed.description);
      add(changed.location);
      add(conference_of(*event, changed));
    }
  }
  for (const auto& [name, text] : revision.templates) add(text);
  return text::lower(all);
}

// ---- the copy ----------------------------------------------------------------------------------

/// Tests a copy's own demands; what each field must look like is checked where it is written.
Result<void> check_copy(const Revision& revision, const CopyFields& copy) {
  const auto refuse = [](std::string_view what, std::string_view field) {
    return fail(Code::invalid_input, std::string(what), Place{{}, 0, 0, std::string(field)});
  };
  if (copy.address == copy.organizer_address) {
    return refuse("the attendee is the organizer address itself (R29)", "address");
  }
  const bool asks = is_request(revision) && revision.event.wants_answers && !revision.occurrence;
  if (asks && copy.rsvp_token.empty()) {
    return refuse("a request needs an RSVP token", "rsvp_token");
  }
  return {};
}

std::string_view intro_key(const Revision& revision, const CopyFields& copy) {
  if (!is_request(revision)) return "intro_cancelled";
  return copy.first ? "intro_invitation" : "intro_updated";
}

std::string_view subject_key(const Revision& revision, const CopyFields& copy) {
  if (!is_request(revision)) return "subject_cancelled";
  return copy.first ? "subject_invitation" : "subject_updated";
}

/// The phrase of an answer given before; empty when there is none.
std::string answer_word(const std::string& catalog, Partstat partstat) {
  switch (partstat) {
    case Partstat::accepted:
      return std::string(texts::phrase(catalog, "answer_accepted"));
    case Partstat::tentative:
      return std::string(texts::phrase(catalog, "answer_tentative"));
    case Partstat::declined:
      return std::string(texts::phrase(catalog, "answer_declined"));
    default:
      return {};
  }
}

/// What differs from the revision that its holders know, old beside new (R10).
void add_changes(const Composition& composition, const std::string& dates, texts::Values& values) {
  Shown was = *composition.before;
  Shown now = composition.shown;
  take_place_for_link(was, now);
  take_place_for_link(now, was);
  const Event& old_event = *composition.revision.before;
  const Event& event = composition.revision.event;
  const auto place = [](const std::string& where) { return where.empty() ? "–" : where; };
  const std::string was_when = when_text(old_event, was, dates);
  if (was.summary != now.summary) values["was_summary"] = was.summary;
  values["now_when"] = when_text(event, now, dates);
  if (was_when != values["now_when"]) values["was_when"] = was_when;
  const bool nowhere = is_no_place(was.location) && is_no_place(now.location);
  if (was.location != now.location && !nowhere) values["was_where"] = place(was.location);
  if (was.conference != now.conference) values["was_conference"] = place(was.conference);
  values["now_conference"] = place(now.conference);
  if (was.description != now.description) values["was_description"] = "yes";
  const bool same_dates = old_event.rrule == event.rrule && old_event.exdates == event.exdates;
  if (!same_dates && !composition.revision.occurrence) values["was_dates"] = "yes";
  values["now_where"] = place(now.location);
  for (const auto key :
       {"was_summary", "was_when", "was_where", "was_conference", "was_description", "was_dates"}) {
    if (values.count(key) > 0) values["changes"] = "yes";
  }
}

void add_links(const Composition& composition, const CopyFields& copy, texts::Values& values) {
  const std::string& base_url = composition.revision.base_url;
  if (is_request(composition.revision) && !copy.rsvp_token.empty()) {
    const std::string rsvp = rsvp_link(base_url, copy.rsvp_token);
    if (composition.revision.event.wants_answers) {
      values["accept"] = rsvp + "?answer=accepted";
      values["tentative"] = rsvp + "?answer=tentative";
      values["decline"] = rsvp + "?answer=declined";
      values["answer"] = answer_word(values.at("language"), copy.partstat);
    }
    if (!composition.links.google.empty()) {
      values["calendar_file"] = calendar_file_link(base_url, copy.rsvp_token);
    }
  }
  if (!copy.unsubscribe_token.empty()) {
    values["unsubscribe"] = unsubscribe_link(base_url, copy.unsubscribe_token);
  }
}

texts::Values copy_values(const Composition& composition, const Words& words,
                          const CopyFields& copy) {
  const Revision& revision = composition.revision;
  texts::Values values = words.values;
  values["google"] = composition.links.google;
  values["outlook"] = composition.links.outlook;
  values["office365"] = composition.links.office365;
  values["yahoo"] = composition.links.yahoo;
  if (!is_request(revision)) values["conference"].clear();
  if (revision.occurrence) values["occurrence"] = "yes";
  if (!revision.event.rrule.empty() && !revision.occurrence && is_request(revision)) {
    values["repeats"] = "yes";
  }
  if (composition.dates > 0) values["dates"] = std::to_string(composition.dates);
  values["organizer"] =
      revision.organizer_name.empty() ? copy.organizer_address : revision.organizer_name;
  values["address"] = copy.address;
  if (composition.before && !copy.first) add_changes(composition, words.dates, values);
  if (composition.merges) {
    const MergeValues own{copy.name, copy.address, values["organizer"]};
    for (const auto key :
         {"summary", "description", "where", "was_summary", "was_where", "now_where"}) {
      const auto value = values.find(key);
      if (value != values.end() && !is_link(value->second))
        value->second = merge(value->second, own);
    }
  }
  values["intro"] = texts::phrase(words.catalog, intro_key(revision, copy));
  values["title"] =
      texts::fill(words.catalog, texts::phrase(words.catalog, subject_key(revision, copy)), values);
  add_links(composition, copy, values);
  return values;
}

/// DESCRIPTION of the calendar object: some calendars show nothing else (D3, R56, R58).
std::string calendar_description(const Composition& composition, const texts::Values& values,
                                 const CopyFields& copy) {
  const Revision& revision = composition.revision;
  std::string out = values.at("description");
  const auto add = [&](std::string_view key, std::string_view link) {
    if (!out.empty()) out += "\n\n";
    out.append(texts::phrase(values.at("language"), key)).append("\n").append(link);
  };
  const std::string& join = composition.shown.conference;
  const bool joins = is_request(revision) && !join.empty();
  if (joins && composition.shown.description.find(join) == std::string::npos) {
    add("label_join", join);
  }
  const bool has_page = is_request(revision) && !copy.rsvp_token.empty();
  const std::string rsvp = has_page ? rsvp_link(revision.base_url, copy.rsvp_token) : std::string();
  if (has_page && revision.event.wants_answers) add("answer_here", rsvp);
  if (!revision.event.url.empty()) {
    add("full_details", revision.event.url);
  } else if (has_page && composition.shown.cut) {
    add("full_details", rsvp);
  }
  // One date has no link of its own, and an empty text tells nothing.
  if (out.empty() && revision.occurrence) {
    out = texts::phrase(values.at("language"), "note_occurrence");
  }
  return out;
}

CalendarCopy calendar_copy(const Revision& revision, const Event& event, const CopyFields& copy,
                           std::string description) {
  CalendarCopy calendar;
  calendar.event = &event;
  calendar.method = revision.method;
  calendar.sequence = revision.sequence;
  calendar.occurrence = revision.occurrence;
  calendar.uid = copy.uid;
  calendar.organizer_address = copy.organizer_address;
  calendar.organizer_name = revision.organizer_name;
  calendar.attendee_address = copy.address;
  calendar.attendee_name = copy.name;
  calendar.partstat = copy.partstat;
  calendar.description = std::move(description);
  calendar.dtstamp = copy.dtstamp;
  calendar.language = event.language;
  calendar.conference_label = texts::phrase(texts::best_language(event.language), "label_join");
  calendar.status_on_uninvite = revision.cancelled_status_on_uninvite;
  return calendar;
}

Result<std::string> render(const Composition& composition, std::string_view name,
                           const texts::Values& values) {
  return texts::render(name, values.at("language"), values, composition.revision.templates);
}

}  // namespace

Result<Composition> make_composition(Revision revision, const ZoneTable& zones) {
  if (revision.method != Method::request && revision.method != Method::cancel) {
    return fail(Code::invalid_argument, "only a request or a cancel is mailed to attendees");
  }
  clean(revision);
  for (auto checked : {check_event(revision.event), check_base_url(revision.base_url),
                       text::check_single_line(revision.organizer_name, "organizer_name")}) {
    if (!checked) return tl::unexpected<Error>(checked.error());
  }
  Composition made;
  made.zones = &zones;
  made.shown = what_is_shown(revision.event, revision.occurrence, revision.description_limit);
  if (revision.before && is_request(revision)) {
    made.before = what_is_shown(*revision.before, revision.occurrence, revision.description_limit);
  }
  made.merges = has_merge_fields(revision.event);
  if (is_request(revision) && !revision.occurrence) {
    made.dates = count_dates(revision.event);
    const MergeValues nobody{{}, {}, revision.organizer_name};
    auto links = calendar_links(merge(revision.event, nobody), revision.event.url, zones);
    if (!links) {
      return fail(links.error().code, "timezone is not known: " + links.error().message,
                  Place{{}, 0, 0, "timezone"});
    }
    made.links = std::move(*links);
  }
  made.texts = all_texts(revision);
  made.revision = std::move(revision);
  return made;
}

void set_kind(Kind& kind, const Revision& revision, const CopyFields& copy) {
  kind.language = copy.language.empty() ? revision.event.language : copy.language;
  kind.first = copy.first;
  kind.named = !copy.name.empty();
  kind.asks = !copy.rsvp_token.empty();
  kind.unsubscribes = !copy.unsubscribe_token.empty();
  kind.partstat = copy.partstat;
}

Result<Manner> make_manner(const Composition& composition, const Kind& kind) {
  Manner manner;
  manner.words = make_words(composition.revision.event, composition.shown, kind.language);
  const auto values = copy_values(composition, manner.words, sample_copy(composition, kind));
  const auto plain = render(composition, "invitation.txt", values);
  const auto html = render(composition, "invitation.html", values);
  if (!plain || !html) return tl::unexpected<Error>(plain ? html.error() : plain.error());
  const auto encoding_of = [&](const std::string& text) {
    const auto best = best_encoding(text);
    // What is merged in may hold anything.
    const bool unsure = composition.merges && best == TransferEncoding::seven_bit;
    return unsure ? TransferEncoding::quoted_printable : best;
  };
  manner.plain = encoding_of(*plain);
  manner.html = encoding_of(*html);
  return manner;
}

void append_unsubscribe_link(std::string& out, std::string_view base_url, std::string_view token) {
  out.append(base_url).append("/u/");
  text::append_percent(out, token);
}

CopyFields sample_copy(const Composition& composition, const Kind& kind) {
  // A mark is in none of the texts that the copy shares with others.
  std::string mark = "qz";
  for (int number = 0; composition.texts.find(mark) != std::string::npos; ++number) {
    mark = "qz" + std::to_string(number) + "z";
  }
  CopyFields copy;
  copy.uid = mark + "uid-0123456789abcdef";
  copy.organizer_address = mark + "organizer@" + mark + ".example";
  copy.address = mark + "attendee@" + mark + ".example";
  if (kind.named) copy.name = mark + "name";
  copy.language = kind.language;
  copy.partstat = kind.partstat;
  if (kind.asks) copy.rsvp_token = mark + "rsvp";
  if (kind.unsubscribes) copy.unsubscribe_token = mark + "unsubscribe";
  copy.first = kind.first;
  copy.attempt_id = mark + "attempt";
  return copy;
}

void set_headers(const Composition& composition, const std::string& language,
                 const CopyFields& copy, OutgoingMail& mail) {
  const Revision& revision = composition.revision;
  mail.from.name = revision.organizer_name;
  mail.from.address = copy.organizer_address;
  mail.to.name = copy.name;
  mail.to.address = copy.address;
  mail.date = copy.dtstamp;
  mail.message_id.assign(copy.attempt_id)
      .append("@")
      .append(address_domain(copy.organizer_address));
  mail.references.resize(copy.first_message_id.empty() ? 0 : 1);
  if (!mail.references.empty()) mail.references[0] = copy.first_message_id;
  mail.language = language;
  mail.method = revision.method;
  mail.headers.resize(copy.unsubscribe_token.empty() ? 0 : 2);
  if (mail.headers.empty()) return;
  mail.headers[0].first = "List-Unsubscribe";
  mail.headers[0].second = "<";
  append_unsubscribe_link(mail.headers[0].second, revision.base_url, copy.unsubscribe_token);
  mail.headers[0].second += '>';
  mail.headers[1].first = "List-Unsubscribe-Post";
  mail.headers[1].second = "List-Unsubscribe=One-Click";
}

Result<OutgoingMail> write_copy(const Composition& composition, const Manner& manner,
                                const CopyFields& given) {
  const Revision& revision = composition.revision;
  CopyFields copy = given;
  copy.name = without_text_controls(copy.name);
  if (auto checked = check_copy(revision, copy); !checked) {
    return tl::unexpected<Error>(checked.error());
  }
  const auto values = copy_values(composition, manner.words, copy);
  auto plain = render(composition, "invitation.txt", values);
  auto html = render(composition, "invitation.html", values);
  if (!plain || !html) return tl::unexpected<Error>(plain ? html.error() : plain.error());
  if (html->size() > max_html) return fail(Code::too_large, "the HTML part is over 90 KB (R19)");
  const MergeValues own{copy.name, copy.address, values.at("organizer")};
  const Event event = composition.merges ? merge(revision.event, own) : revision.event;
  auto calendar = write_calendar(
      calendar_copy(revision, event, copy, calendar_description(composition, values, copy)),
      *composition.zones);
  if (!calendar) return tl::unexpected<Error>(calendar.error());

  OutgoingMail mail;
  set_headers(composition, manner.words.catalog, copy, mail);
  mail.subject = values.at("title");
  mail.text_plain = std::move(*plain);
  mail.text_html = std::move(*html);
  mail.plain_encoding = manner.plain;
  mail.html_encoding = manner.html;
  mail.calendar = std::move(*calendar);
  return mail;
}

}  // namespace calinvite::compose
