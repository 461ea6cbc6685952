// Mail that comes back: what it is, and which flow takes it.
#include <algorithm>
#include <string>

#include "base/text.hpp"
#include "calinvite/itip.hpp"
#include "calinvite/token.hpp"
#include "ingest/ingest.hpp"
#include "ingest/reply_evidence.hpp"

namespace calinvite::ingest {
namespace {

/// A copy is sent again no more often, whoever asks by mail (R115).
constexpr std::chrono::hours between_refreshes{1};

/// Organizers write to `create@` and `bulk@`; whoever writes to an address with a token answers.
bool is_for_organizers(const Context& context, const Traces& sent_to) {
  return std::all_of(sent_to.addresses.begin(), sent_to.addresses.end(), [&](const Trace& trace) {
    return address_token(trace.address, context.domain.reply_domain).empty();
  });
}

constexpr std::size_t max_id_bytes = 400;

/// One mail on its way through the cases.
class AnswerMail {
 public:
  AnswerMail(const Context& context, const IngestInput& input, const ParsedMail& mail,
             const IngestHandler& on_item)
      : context_(context),
        input_(input),
        mail_(mail),
        on_item_(on_item),
        sent_to_(traces_of_mail(input, mail)) {}

  Result<bool> take(const Result<MailCalendar>& read) {
    if (mail_.delivery_report) return done(apply_report(context_, input_, mail_, on_item_));
    if (read && (read->method == Method::reply || read->method == Method::counter)) {
      return done(apply_replies(context_, input_, mail_, read->calendar, on_item_));
    }
    if (mail_.looping) return noise("a mail that goes round in circles");
    if (read && read->method == Method::refresh) return done(refresh(read->calendar));
    const MailPart* tnef = find_tnef(mail_);
    if (tnef != nullptr && !read) {
      if (const auto message = parse_tnef(tnef->content)) return take_tnef(*message);
    }
    const bool for_organizers = is_for_organizers(context_, sent_to_);
    if (mail_.auto_submitted && (!read || !for_organizers)) {
      return noise("automatic mail, not an answer");
    }
    if (for_organizers) return false;
    if (read) {
      return set_aside(
          {Code::unsupported,
           "METHOD:" + std::string(to_string(read->method)) + " is nothing that an attendee sends",
           {{}, 0, 0, "METHOD"}});
    }
    const bool unreadable = read.error().code != Code::not_found;
    if (unreadable) return set_aside(read.error());
    if (tnef != nullptr) {
      return set_aside(
          {Code::unsupported, "undecodable response: a winmail.dat that is no TNEF", {}});
    }
    return set_aside({Code::not_found, "mail without a calendar answer", {}});
  }

 private:
  static Result<bool> done(const Result<void>& result) {
    if (!result) return tl::unexpected(result.error());
    return true;
  }

  /// Counted, and nothing else (R120).
  Result<bool> noise(std::string why) {
    on_item_({input_.source, "mail", IngestOutcome::recorded, {}, std::move(why), {}});
    return true;
  }

  Result<bool> set_aside(const Error& why) {
    const auto told = quarantine(context_, input_, "mail", why);
    if (!told) return tl::unexpected(told.error());
    on_item_(*told);
    return true;
  }

  // ---- REFRESH (R115) ----

  Result<void> refresh(const ParsedCalendar& calendar) {
    for (const ParsedEvent& parsed : calendar.events) {
      const auto item = refresh_one(parsed);
      if (!item) return tl::unexpected(item.error());
      on_item_(*item);
    }
    return set_aside_refused(context_, input_, calendar, on_item_);
  }

  Result<IngestItem> refresh_one(const ParsedEvent& parsed) {
    const std::string& uid = parsed.event.source_uid;
    const auto aside = [&](const Error& error) -> Result<IngestItem> {
      if (is_store_error(error.code)) return tl::unexpected(error);
      return quarantine(context_, input_, uid,
                        Error{error.code, "REFRESH: " + error.message, error.place});
    };
    Traces traces = sent_to_;
    traces.addresses.push_back({"its ORGANIZER", parsed.event.source_organizer});
    traces.uid = uid;
    const auto match = find_copy(context_, traces);
    if (!match) return aside(match.error());
    const Attendee& copy = match->copy;
    const Authentication& sender = input_.authentication;
    // Nobody is mailed on the word of a stranger (R120c).
    if (!match->by_token && !(sender.passed && sender.address == copy.address)) {
      return aside({Code::unauthenticated, "from a sender nobody vouches for", {}});
    }
    const auto sent = resend_copy(context_, context_.scope(), copy.event, copy.address,
                                  context_.clock() - between_refreshes);
    if (!sent && is_store_error(sent.error().code)) return tl::unexpected(sent.error());
    IngestItem item{input_.source, uid, IngestOutcome::recorded, copy.event, {}, {}};
    if (!sent) {
      item.reason = "REFRESH: not sent again: " + sent.error().message;
    } else if (sent->skip.empty()) {
      item.reason = "REFRESH: sent again";
    } else {
      item.reason = "REFRESH: not sent again: " + sent->skip.begin()->first;
    }
    return item;
  }

  // ---- winmail.dat (R120a) ----

  Result<bool> take_tnef(const TnefMessage& message) {
    const std::string what = describe_winmail(message, mail_);
    if (!message.answer && is_for_organizers(context_, sent_to_)) return false;
    if (!message.answer) {
      // Whatever else Exchange packs so is no answer; an organizer's may not be read either.
      return set_aside({Code::unsupported, "undecodable: " + what, {}});
    }
    // Only what names a copy of ours is an answer.
    Traces traces = sent_to_;
    traces.uid = message.global_object_id;
    const auto match = find_copy(context_, traces);
    if (!match && is_store_error(match.error().code)) return tl::unexpected(match.error());
    if (!match || message.global_object_id.empty()) {
      return set_aside({Code::not_found,
                        "undecodable response: " + what +
                            (match ? std::string() : ", which " + match.error().message),
                        {}});
    }
    ParsedAttendee said;
    said.address = message.sender.empty() && mail_.from.size() == 1 ? mail_.from.front().address
                                                                    : message.sender;
    said.partstat = *message.answer;
    ParsedEvent parsed;
    parsed.event.source_uid = message.global_object_id;
    parsed.attendees.push_back(std::move(said));
    ParsedCalendar calendar;
    calendar.method = Method::reply;
    calendar.prodid = "winmail.dat";
    calendar.events.push_back(std::move(parsed));
    return done(apply_replies(context_, input_, mail_, calendar, on_item_));
  }

  const Context& context_;
  const IngestInput& input_;
  const ParsedMail& mail_;
  const IngestHandler& on_item_;
  const Traces sent_to_;
};

}  // namespace

std::string describe_winmail(const TnefMessage& message, const ParsedMail& mail) {
  std::string words = "winmail.dat of class " + message.message_class;
  const auto id = text::utf8_prefix(message.global_object_id, max_id_bytes);
  words += id.empty() ? ", without a GlobalObjectId," : ", GlobalObjectId " + std::string(id) + ",";
  if (!message.sender.empty()) return words + " from " + message.sender;
  const bool told = mail.from.size() == 1;
  return words + " from " + (told ? mail.from.front().address : "an unknown sender");
}

Result<bool> ingest_from_attendee(const Context& context, const IngestInput& input,
                                  const ParsedMail& mail, const Result<MailCalendar>& read,
                                  const IngestHandler& on_item) {
  return AnswerMail(context, input, mail, on_item).take(read);
}

}  // namespace calinvite::ingest
