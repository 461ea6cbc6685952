#include "calinvite/c/mail.h"

#include <memory>

#include "calinvite/compose.hpp"
#include "calinvite/lint.hpp"
#include "calinvite/mime.hpp"
#include "values.hpp"

namespace calinvite::capi {

static void fill(calinvite_lint_rule& to, const LintRule& from, Arena& arena) {
  LEND(rule);
  LEND(severity);
  LEND(wants);
  LEND(why);
  LEND(clients);
}
CALINVITE_FILL_LIST(calinvite_lint_rule, LintRule)

static void fill(calinvite_finding& to, const Finding& from, Arena& arena) {
  LEND(rule);
  LEND(severity);
  LEND(what);
  LEND(why);
  LEND(clients);
  arena.lend(to.source, from.place.source);
  arena.lend(to.field, from.place.field);
  to.line = from.place.line;
  to.column = from.place.column;
}
CALINVITE_FILL_LIST(calinvite_finding, Finding)

static void fill(calinvite_calendar_links& to, const CalendarLinks& from, Arena& arena) {
  LEND(google);
  LEND(outlook);
  LEND(office365);
  LEND(yahoo);
}

static void fill(calinvite_mail_part& to, const MailPart& from, Arena& arena) {
  LEND(content_type);
  LEND(method);
  LEND(filename);
  LEND(content);
  to.content_size = from.content.size();
  LEND(depth);
  LEND(embedded);
}

static void fill(calinvite_recipient_status& to, const RecipientStatus& from, Arena& arena) {
  LEND(recipient);
  LEND(original_recipient);
  LEND(action);
  LEND(status);
  LEND(diagnostic);
}

static void fill_report(calinvite_mail& to, const ParsedMail& from, Arena& arena) {
  to.report = from.delivery          ? "delivery"
              : from.feedback        ? "feedback"
              : from.delivery_report ? "other"
                                     : "";
  to.feedback = from.feedback ? arena.copy(from.feedback->type) : "";
  to.original_id = "";
  if (from.delivery) to.original_id = arena.copy(from.delivery->original.message_id);
  if (from.feedback) to.original_id = arena.copy(from.feedback->original.message_id);
  if (from.delivery) arena.lend(to.statuses, to.status_count, from.delivery->recipients);
}

static void fill(calinvite_mail& to, const ParsedMail& from, Arena& arena) {
  LEND_LIST(headers, header);
  std::vector<std::pair<std::string_view, std::string_view>> mailboxes;
  for (const Mailbox& mailbox : from.from) mailboxes.emplace_back(mailbox.name, mailbox.address);
  arena.lend(to.from, to.from_count, mailboxes);
  LEND_LIST(recipients, recipient);
  LEND(subject);
  LEND(message_id);
  LEND_LIST(references, reference);
  LEND_LIST(parts, part);
  arena.lend(to.calendars, to.calendar_count, calendar_parts(from));
  arena.lend(to.reply_text, reply_text(from));
  fill_report(to, from, arena);
  LEND(auto_submitted);
  LEND(looping);
}

namespace {

std::string link_of(std::string_view what, std::string_view base_url, const char* event_uid,
                    std::string_view token) {
  if (what == "rsvp") return rsvp_link(base_url, token);
  if (what == "calendar_file") return calendar_file_link(base_url, token);
  if (what == "unsubscribe") return unsubscribe_link(base_url, token);
  if (what == "button") {
    return button_link(base_url, needed_text(event_uid, "event_uid"), token);
  }
  refuse("expected rsvp, calendar_file, unsubscribe or button", "what");
}

Revision revision_of(const calinvite_revision& given) {
  Revision revision;
  revision.event = event_of(given.event, "revision.event");
  revision.method = choice_of(given.method, "revision.method", revision.method);
  revision.sequence = revision.event.sequence;
  revision.occurrence = occurrence_if_any(given.occurrence, "revision.occurrence");
  revision.organizer_name = text_or(given.organizer_name);
  revision.base_url = needed_text(given.base_url, "revision.base_url");
  if (given.before != nullptr) revision.before = event_of(given.before, "revision.before");
  for (auto& [name, text] :
       headers_of(given.templates, given.template_count, "revision.templates")) {
    revision.templates.emplace(std::move(name), std::move(text));
  }
  if (given.description_limit != 0) revision.description_limit = given.description_limit;
  revision.cancelled_status_on_uninvite = given.no_uninvite_status == 0;
  return revision;
}

OutgoingMail mail_of(const calinvite_outgoing_mail& given) {
  OutgoingMail mail;
  mail.from = value(parse_mailbox(needed_text(given.from, "mail.from")));
  mail.to = value(parse_mailbox(needed_text(given.to, "mail.to")));
  mail.subject = text_or(given.subject);
  mail.date = time_of(given.date);
  mail.message_id = text_or(given.message_id);
  mail.references = texts_of(given.references, given.reference_count, "mail.references");
  mail.language = text_or(given.language);
  mail.headers = headers_of(given.headers, given.header_count, "mail.headers");
  mail.text_plain = text_or(given.text_plain);
  mail.text_html = text_or(given.text_html);
  mail.calendar = text_or(given.calendar);
  mail.method = choice_of(given.method, "mail.method", mail.method);
  return mail;
}

}  // namespace

}  // namespace calinvite::capi

namespace capi = calinvite::capi;

struct calinvite_composer {
  explicit calinvite_composer(calinvite::Revision revision)
      : composer(capi::value(calinvite::Composer::prepare(std::move(revision), zones))) {}
  calinvite::ZoneTable zones;
  calinvite::Composer composer;
  calinvite::CopyFields copy;  ///< its strings keep their room from one copy to the next
  std::string message;
};

calinvite_status calinvite_composer_new(const calinvite_revision* revision,
                                        calinvite_composer** composer_out,
                                        calinvite_error** error_out) noexcept {
  capi::clear(composer_out);
  return capi::guard(error_out, [&] {
    capi::needed(composer_out, "composer_out");
    const auto given = capi::read(capi::needed(revision, "revision"), "revision");
    *composer_out = std::make_unique<calinvite_composer>(capi::revision_of(given)).release();
  });
}

calinvite_status calinvite_compose(calinvite_composer* composer, const calinvite_copy* copy,
                                   const char** message_out, size_t* size_out,
                                   calinvite_error** error_out) noexcept {
  capi::clear(message_out, size_out);
  return capi::guard(error_out, [&] {
    capi::needed(message_out, "message_out");
    capi::needed(size_out, "size_out");
    auto& own = *capi::needed(composer, "composer");
    const auto given = capi::read(capi::needed(copy, "copy"), "copy");
    calinvite::CopyFields& to = own.copy;
    to.uid = capi::needed_text(given.uid, "copy.uid");
    to.organizer_address = capi::needed_text(given.organizer_address, "copy.organizer_address");
    to.address = capi::needed_text(given.address, "copy.address");
    to.name = capi::text_or(given.name);
    to.language = capi::text_or(given.language);
    to.partstat =
        capi::choice_of(given.partstat, "copy.partstat", calinvite::Partstat::needs_action);
    to.rsvp_token = capi::text_or(given.rsvp_token);
    to.unsubscribe_token = capi::text_or(given.unsubscribe_token);
    to.first = given.update == 0;
    to.first_message_id = capi::text_or(given.first_message_id);
    to.dtstamp = capi::time_of(given.dtstamp);
    to.attempt_id = capi::needed_text(given.attempt_id, "copy.attempt_id");
    capi::value(own.composer.compose(to, own.message));
    *message_out = own.message.c_str();
    *size_out = own.message.size();
  });
}

void calinvite_composer_free(calinvite_composer* composer) noexcept { delete composer; }

calinvite_status calinvite_link(const char* what, const char* base_url, const char* event_uid,
                                const char* token, const calinvite_text** link_out,
                                calinvite_error** error_out) noexcept {
  return capi::giving(link_out, error_out, [&] {
    return capi::link_of(capi::needed_text(what, "what"), capi::needed_text(base_url, "base_url"),
                         event_uid, capi::needed_text(token, "token"));
  });
}

calinvite_status calinvite_list_calendar_links(const calinvite_event* event, const char* details,
                                               const calinvite_calendar_links** links_out,
                                               calinvite_error** error_out) noexcept {
  return capi::giving(links_out, error_out, [&] {
    return calinvite::calendar_links(capi::event_of(event, "event"), capi::text_or(details),
                                     calinvite::ZoneTable());
  });
}

calinvite_status calinvite_lint_rules(const calinvite_lint_rule_list** rules_out,
                                      calinvite_error** error_out) noexcept {
  return capi::giving(rules_out, error_out, [] {
    const auto rules = calinvite::lint_rules();
    return std::vector<calinvite::LintRule>(rules.begin(), rules.end());
  });
}

calinvite_status calinvite_lint_message(const char* bytes, size_t size, const char* source,
                                        const calinvite_finding_list** findings_out,
                                        calinvite_error** error_out) noexcept {
  return capi::giving(findings_out, error_out, [&] {
    return calinvite::lint_message(capi::bytes_of(bytes, size, "bytes"), calinvite::ZoneTable(),
                                   capi::text_or(source));
  });
}

calinvite_status calinvite_parse_mail(const char* bytes, size_t size,
                                      const calinvite_mail** mail_out,
                                      calinvite_error** error_out) noexcept {
  return capi::giving(mail_out, error_out,
                      [&] { return calinvite::parse_mail(capi::bytes_of(bytes, size, "bytes")); });
}

calinvite_status calinvite_write_mail(const calinvite_outgoing_mail* mail,
                                      const calinvite_text** message_out,
                                      calinvite_error** error_out) noexcept {
  return capi::giving(message_out, error_out, [&] {
    return calinvite::write_mail(capi::mail_of(capi::read(capi::needed(mail, "mail"), "mail")));
  });
}
