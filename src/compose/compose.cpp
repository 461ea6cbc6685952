#include "calinvite/compose.hpp"

#include <map>

#include "base/text.hpp"
#include "calinvite/ical.hpp"
#include "calinvite/mime.hpp"
#include "compose/words.hpp"

namespace calinvite {

using compose::Shown;
using compose::Words;

struct Composer::Impl {
  Revision revision;
  const ZoneTable* zones = nullptr;
  Shown shown;
  mutable std::map<std::string, Words, std::less<>> words;  ///< by language asked for

  const Words& words_in(const std::string& language) const;
};

namespace {

constexpr std::size_t max_html = 90 * 1024;  // R19
constexpr std::size_t max_languages = 64;    // kept at a time

/// Tests a copy's own demands; what each field must look like is checked where it is written.
Result<void> check_copy(const Revision& revision, const CopyFields& copy) {
  if (copy.address == copy.organizer_address) {
    return fail(Code::invalid_input, "the attendee is the organizer address itself (R29)",
                Place{{}, 0, 0, "address"});
  }
  const bool series = revision.method == Method::request && !revision.occurrence;
  if (series && copy.rsvp_token.empty()) {
    return fail(Code::invalid_input, "a request needs an RSVP token",
                Place{{}, 0, 0, "rsvp_token"});
  }
  return {};
}

void clean(Revision& revision) {
  revision.organizer_name = compose::without_text_controls(revision.organizer_name);
  revision.event.summary = compose::without_text_controls(revision.event.summary);
  for (auto& override : revision.event.overrides) {
    override.summary = compose::without_text_controls(override.summary);
  }
}

std::string_view intro_key(const Revision& revision, const CopyFields& copy) {
  if (revision.method == Method::cancel) return "intro_cancelled";
  return copy.first ? "intro_invitation" : "intro_updated";
}

std::string_view subject_key(const Revision& revision, const CopyFields& copy) {
  if (revision.method == Method::cancel) return "subject_cancelled";
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

texts::Values copy_values(const Revision& revision, const Words& words, const CopyFields& copy) {
  texts::Values values = words.values;
  values["intro"] = texts::phrase(words.catalog, intro_key(revision, copy));
  values["title"] =
      texts::fill(words.catalog, texts::phrase(words.catalog, subject_key(revision, copy)), values);
  values["organizer"] =
      revision.organizer_name.empty() ? copy.organizer_address : revision.organizer_name;
  values["address"] = copy.address;
  if (revision.method == Method::request && !copy.rsvp_token.empty()) {
    const std::string rsvp = rsvp_link(revision.base_url, copy.rsvp_token);
    values["accept"] = rsvp + "?answer=accepted";
    values["tentative"] = rsvp + "?answer=tentative";
    values["decline"] = rsvp + "?answer=declined";
    values["answer"] = answer_word(words.catalog, copy.partstat);
  }
  if (!copy.unsubscribe_token.empty()) {
    values["unsubscribe"] = unsubscribe_link(revision.base_url, copy.unsubscribe_token);
  }
  return values;
}

/// DESCRIPTION of the calendar object: some calendars show nothing else (D3, R58).
std::string calendar_description(const Revision& revision, const Shown& shown, const Words& words,
                                 const CopyFields& copy) {
  std::string out = shown.description;
  const auto add = [&](std::string_view key, std::string_view link) {
    if (!out.empty()) out += "\n\n";
    out.append(texts::phrase(words.catalog, key)).append("\n").append(link);
  };
  const bool asks = revision.method == Method::request && !copy.rsvp_token.empty();
  const std::string rsvp = asks ? rsvp_link(revision.base_url, copy.rsvp_token) : std::string();
  if (asks) add("answer_here", rsvp);
  if (!revision.event.url.empty()) {
    add("full_details", revision.event.url);
  } else if (asks && shown.cut) {
    add("full_details", rsvp);
  }
  return out;
}

CalendarCopy calendar_copy(const Revision& revision, const CopyFields& copy,
                           std::string description) {
  CalendarCopy calendar;
  calendar.event = &revision.event;
  calendar.method = revision.method;
  calendar.sequence = revision.sequence;
  calendar.occurrence = revision.occurrence;
  calendar.uid = copy.uid;
  calendar.organizer_address = copy.organizer_address;
  calendar.organizer_name = revision.organizer_name;
  calendar.attendee_address = copy.address;
  calendar.attendee_name = compose::without_text_controls(copy.name);
  calendar.partstat = copy.partstat;
  calendar.description = std::move(description);
  calendar.dtstamp = copy.dtstamp;
  calendar.language = revision.event.language;
  return calendar;
}

/// A copy that no one gets: shows whether the revision can be written at all.
CopyFields sample_copy() {
  CopyFields copy;
  copy.uid = "ci-00000000000000000000000000000000";
  copy.organizer_address = "organizer@example.org";
  copy.address = "attendee@example.org";
  copy.rsvp_token = "token";
  copy.attempt_id = "sample";
  return copy;
}

Result<void> check_base_url(std::string_view url) {
  if (auto line = text::check_single_line(url, "base_url"); !line) return line;
  const bool web = url.starts_with("https://") || url.starts_with("http://");
  if (!web || url.ends_with('/') || url.find_first_of(" \"<>") != std::string_view::npos) {
    return fail(Code::invalid_input,
                "base_url is no web origin; expected https://host without a trailing slash",
                Place{{}, 0, 0, "base_url"});
  }
  return {};
}

}  // namespace

const Words& Composer::Impl::words_in(const std::string& language) const {
  const auto found = words.find(language);
  if (found != words.end()) return found->second;
  // Languages come from address lists, which may hold any number of odd ones.
  if (words.size() >= max_languages) words.clear();
  return words.emplace(language, compose::make_words(revision, shown, language)).first->second;
}

Composer::Composer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Composer::~Composer() = default;
Composer::Composer(Composer&&) noexcept = default;
Composer& Composer::operator=(Composer&&) noexcept = default;

Result<Composer> Composer::prepare(Revision revision, const ZoneTable& zones) {
  if (revision.method != Method::request && revision.method != Method::cancel) {
    return fail(Code::invalid_argument, "only a request or a cancel is mailed to attendees");
  }
  clean(revision);
  for (auto checked : {check_event(revision.event), check_base_url(revision.base_url),
                       text::check_single_line(revision.organizer_name, "organizer_name")}) {
    if (!checked) return tl::unexpected<Error>(checked.error());
  }
  auto impl = std::make_unique<Impl>();
  impl->shown = compose::what_is_shown(revision);
  impl->revision = std::move(revision);
  impl->zones = &zones;
  Composer composer(std::move(impl));
  std::string unused;
  if (auto tried = composer.compose(sample_copy(), unused); !tried) {
    return tl::unexpected<Error>(tried.error());
  }
  return composer;
}

Result<void> Composer::compose(const CopyFields& copy, std::string& out) const {
  const Revision& revision = impl_->revision;
  if (auto checked = check_copy(revision, copy); !checked) return checked;
  const Words& words =
      impl_->words_in(copy.language.empty() ? revision.event.language : copy.language);
  const texts::Values values = copy_values(revision, words, copy);
  auto plain = texts::render("invitation.txt", words.catalog, values);
  auto html = texts::render("invitation.html", words.catalog, values);
  if (!plain || !html) return tl::unexpected<Error>(plain ? html.error() : plain.error());
  if (html->size() > max_html) return fail(Code::too_large, "the HTML part is over 90 KB (R19)");
  auto calendar = write_calendar(
      calendar_copy(revision, copy, calendar_description(revision, impl_->shown, words, copy)),
      *impl_->zones);
  if (!calendar) return tl::unexpected<Error>(calendar.error());

  OutgoingMail mail;
  mail.from = {revision.organizer_name, copy.organizer_address};
  mail.to = {compose::without_text_controls(copy.name), copy.address};
  mail.subject = values.at("title");
  mail.date = copy.dtstamp;
  mail.message_id = copy.attempt_id + "@" + std::string(address_domain(copy.organizer_address));
  if (!copy.first_message_id.empty()) mail.references = {copy.first_message_id};
  mail.language = words.catalog;
  if (!copy.unsubscribe_token.empty()) {
    mail.headers = {{"List-Unsubscribe", "<" + values.at("unsubscribe") + ">"},
                    {"List-Unsubscribe-Post", "List-Unsubscribe=One-Click"}};
  }
  mail.text_plain = std::move(*plain);
  mail.text_html = std::move(*html);
  mail.calendar = std::move(*calendar);
  mail.method = revision.method;
  mail.boundary_seed = copy.attempt_id;
  auto written = write_mail(mail);
  if (!written) return tl::unexpected<Error>(written.error());
  out.assign(*written);
  return {};
}

std::string rsvp_link(std::string_view base_url, std::string_view token) {
  return std::string(base_url) + "/r/" + text::percent_encode(token);
}

std::string unsubscribe_link(std::string_view base_url, std::string_view token) {
  return std::string(base_url) + "/u/" + text::percent_encode(token);
}

std::string button_link(std::string_view base_url, std::string_view event_uid,
                        std::string_view token) {
  return std::string(base_url) + "/event/" + text::percent_encode(event_uid) +
         "/invite?button=" + text::percent_encode(token);
}

}  // namespace calinvite
