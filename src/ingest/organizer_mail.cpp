#include <algorithm>
#include <string>
#include <vector>

#include "base/crypto.hpp"
#include "base/text.hpp"
#include "ingest/ingest.hpp"
#include "ingest/notices.hpp"
#include "ingest/owner.hpp"

namespace calinvite::ingest {
namespace {

constexpr std::size_t most_errors_told = 20;

/// The phrase that tells what would help.
std::string advice_for(Code code) {
  switch (code) {
    case Code::forbidden:
      return "advice_owner";
    case Code::too_large:
      return "advice_limits";
    case Code::invalid_input:
      return "advice_unreadable";
    default:
      return "advice_other";
  }
}

/// Of a mail that can't be parsed: whether its head says that nobody wrote it.
bool looks_automatic(std::string_view raw) {
  const auto head = text::lower(raw.substr(0, 64 * 1024));
  return head.find("\nauto-submitted:") != std::string::npos ||
         head.find("\nprecedence:") != std::string::npos || head.starts_with("auto-submitted:");
}

bool several_uids(const ParsedCalendar& calendar) {
  return std::any_of(calendar.events.begin(), calendar.events.end(), [&](const ParsedEvent& one) {
    return one.event.source_uid != calendar.events.front().event.source_uid;
  });
}

const MailPart* find_event_list(const ParsedMail& mail) {
  for (const MailPart& part : mail.parts) {
    const auto name = text::lower(part.filename);
    if (part.content_type == "text/csv" || name.ends_with(".csv")) return &part;
  }
  return nullptr;
}

bool is_automatic_reply(const ParsedMail& mail) {
  return std::any_of(mail.headers.begin(), mail.headers.end(), [](const auto& header) {
    return text::iequals(header.first, "Auto-Submitted") &&
           text::lower(text::trim(header.second)).starts_with("auto-replied");
  });
}

/// One mail of a sender who is vouched for.
class OrganizerMail {
 public:
  OrganizerMail(const Context& context, const IngestInput& input, const ParsedMail& mail,
                const Sender& sender)
      : context_(context), input_(input), mail_(mail), sender_(sender) {
    to_.address = sender.address;
    to_.cause = crypto::sha256_hex(input.bytes);
    if (sender.own) to_.language = sender.own->language;
    const bool sound = text::check_single_line(mail.message_id, "Message-ID").has_value() &&
                       mail.message_id.size() <= 250 &&
                       mail.message_id.find_first_of("<> ") == std::string::npos;
    if (sound) to_.in_reply_to = mail.message_id;
  }

  /// What it made of the mail so far.
  std::vector<IngestItem> take_items() { return std::exchange(items_, {}); }

  Result<void> read(const Result<MailCalendar>& read) {
    if (!read) return set_aside_unread(read.error());
    const auto& [calendar, method] = *read;
    calendar_ = true;
    if (method != Method::request && method != Method::publish && method != Method::cancel) {
      const char* why = method == Method::add
                            ? " adds dates beside the rule; send the whole series as METHOD:REQUEST"
                            : " is nothing an organizer sends";
      return set_aside({Code::unsupported,
                        "METHOD:" + std::string(to_string(method)) + why,
                        {{}, 0, 0, "METHOD"}});
    }
    if (!calendar.refused.empty()) return set_aside(calendar.refused.front());
    if (calendar.events.empty()) {
      return set_aside({Code::invalid_input, "no VEVENT in its calendar", {}});
    }
    if (several_uids(calendar)) {
      return set_aside("mail",
                       {Code::unsupported,
                        "holds several appointments; send each in its own mail",
                        {{}, 0, 0, "UID"}},
                       "advice_several");
    }
    const auto owner = find_owner(context_, sender_, calendar);
    if (!owner) return set_aside(owner.error());
    if (to_.language.empty()) to_.language = owner->language;
    return apply(*owner, calendar, method);
  }

  /// An event list attached; its rows are durable step by step, and told as they are.
  Result<void> read_list(const MailPart& list, const IngestHandler& on_item) {
    if (!sender_.own || !sender_.own->bulk) {
      return set_aside(
          {Code::forbidden, sender_.address + " has no right to mail event lists", {}});
    }
    IngestInput attached = input_;
    attached.bytes = list.content;
    std::size_t good = 0;
    std::size_t bad = 0;
    std::string errors;
    const auto applied =
        apply_event_list(context_, *sender_.own, attached, [&](const IngestItem& item) {
          const bool refused = item.outcome == IngestOutcome::refused;
          ++(refused ? bad : good);
          if (refused && bad <= most_errors_told) {
            errors += std::to_string(item.place.line) + ':' + std::to_string(item.place.column) +
                      ' ' + item.item + ": " + item.reason + '\n';
          }
          on_item(item);
        });
    if (!applied || !answers()) return applied;
    return notify(context_, to_, NoticeKind::imported, nullptr,
                  {{"good", std::to_string(good)},
                   {"bad", std::to_string(bad)},
                   {"errors", std::string(text::trim(errors))}});
  }

 private:
  /// Automatic mail is never answered (R120), but for an invitation that a calendar program marks
  /// so when its owner sends it.
  bool answers() const {
    return !mail_.looping && (!mail_.auto_submitted || (calendar_ && !is_automatic_reply(mail_)));
  }

  Result<void> set_aside_unread(const Error& error) {
    if (error.code != Code::not_found) return set_aside(error);
    const MailPart* winmail = find_tnef(mail_);
    if (winmail == nullptr) return set_aside("mail", error, "advice_calendar");
    const auto message = parse_tnef(winmail->content);
    const std::string what = message ? describe_winmail(*message, mail_) : "winmail.dat";
    return set_aside("mail", {Code::unsupported, "no calendar in this mail but a " + what, {}},
                     "advice_winmail");
  }

  Result<void> apply(const Organizer& owner, const ParsedCalendar& calendar, Method method) {
    std::vector<IngestItem> done;
    const auto applied = apply_calendar(context_, owner, calendar, method, input_,
                                        [&](const IngestItem& item) { done.push_back(item); });
    if (!applied) return applied;
    for (const IngestItem& item : done) {
      if (item.outcome == IngestOutcome::refused) {
        const Code code = item.code.value_or(Code::invalid_input);
        if (auto kept = set_aside(item.item, {code, item.reason, item.place}, advice_for(code));
            !kept) {
          return kept;
        }
        continue;
      }
      items_.push_back(item);
      if (!answers()) continue;
      if (auto told = notify_done(context_, to_, item); !told) return told;
    }
    return {};
  }

  Result<void> set_aside(const Error& error) {
    return set_aside("mail", error, advice_for(error.code));
  }

  /// Keeps the whole mail, and tells its sender why nothing was done.
  Result<void> set_aside(std::string_view item, const Error& error, std::string advice) {
    if (is_store_error(error.code)) return tl::unexpected(error);
    auto kept = quarantine(context_, input_, std::string(item), error);
    if (!kept) return tl::unexpected(kept.error());
    items_.push_back(*std::move(kept));
    // Thanks for a notice are no invitation.
    const bool thanks = advice == "advice_calendar" && mail_.recipients.size() == 1 &&
                        mail_.recipients[0] == "notices@" + context_.domain.reply_domain;
    if (!answers() || thanks) return {};
    return notify(context_, to_, NoticeKind::failed, nullptr,
                  {{"subject", mail_.subject}, {"reason", error.message}, {"advice", advice}});
  }

  const Context& context_;
  const IngestInput& input_;
  const ParsedMail& mail_;
  const Sender& sender_;
  NoticeTo to_;
  bool calendar_ = false;  ///< the mail holds one
  std::vector<IngestItem> items_;
};

/// Sets the whole mail aside and tells nobody: who sent it is not known.
Result<void> set_aside_silently(const Context& context, const IngestInput& input,
                                const Error& error, const IngestHandler& on_item) {
  if (is_store_error(error.code)) return tl::unexpected(error);
  const auto told = quarantine(context, input, "mail", error);
  if (!told) return tl::unexpected(told.error());
  on_item(*told);
  return {};
}

/// What the mail does and the notice about it are one step: neither is lost without the other.
Result<void> in_one_step(const Context& context, OrganizerMail& mail, const IngestHandler& on_item,
                         const std::function<Result<void>()>& work) {
  if (auto done = context.store.atomically(work); !done) return done;
  for (const IngestItem& item : mail.take_items()) on_item(item);
  return {};
}

}  // namespace

Result<void> ingest_from_organizer(const Context& context, const IngestInput& input,
                                   const ParsedMail& mail, const Result<MailCalendar>& read,
                                   const IngestHandler& on_item) {
  const auto sender = require_sender(context, input);
  if (!sender) return set_aside_silently(context, input, sender.error(), on_item);
  if (mail.from_headers != 1 || mail.from.size() != 1 ||
      mail.from.front().address != sender->address) {
    return set_aside_silently(
        context, input,
        {Code::unauthenticated,
         "From is not exactly the sender who is vouched for, " + sender->address,
         {{}, 0, 0, "From"}},
        on_item);
  }
  OrganizerMail theirs(context, input, mail, *sender);
  if (const MailPart* list = find_event_list(mail)) {
    if (auto done = theirs.read_list(*list, on_item); !done) return done;
    for (const IngestItem& item : theirs.take_items()) on_item(item);
    return {};
  }
  return in_one_step(context, theirs, on_item, [&] { return theirs.read(read); });
}

Result<void> set_aside_unread(const Context& context, const IngestInput& input, const Error& error,
                              const IngestHandler& on_item) {
  const auto sender = require_sender(context, input);
  if (!sender && is_store_error(sender.error().code)) return tl::unexpected(sender.error());
  if (!sender || looks_automatic(input.bytes)) {
    return set_aside_silently(context, input, error, on_item);
  }
  const ParsedMail nothing;
  OrganizerMail theirs(context, input, nothing, *sender);
  return in_one_step(context, theirs, on_item,
                     [&] { return theirs.read(tl::unexpected<Error>(error)); });
}

}  // namespace calinvite::ingest
