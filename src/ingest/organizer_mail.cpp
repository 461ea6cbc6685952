#include <algorithm>
#include <string>
#include <vector>

#include "base/crypto.hpp"
#include "base/text.hpp"
#include "ingest/events.hpp"
#include "ingest/ingest.hpp"
#include "ingest/notices.hpp"
#include "ingest/owner.hpp"
#include "ingest/registration.hpp"

namespace calinvite::ingest {
namespace {

constexpr std::size_t most_errors_told = 20;

/// The phrase that tells what would help.
std::string advice_for(const Error& error) {
  if (error.place.field == event_limit_field) return "advice_quota";
  switch (error.code) {
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

/// What became of the rows of a list.
struct ListOutcome {
  std::size_t good = 0;
  std::size_t bad = 0;
  Error first{Code::invalid_input, "a list without rows; expected one event in each", {}};
  std::string errors;  ///< a line each, the first ones alone

  void add(const IngestItem& item) {
    if (item.outcome != IngestOutcome::refused) {
      ++good;
      return;
    }
    if (++bad == 1) first = {item.code.value_or(Code::invalid_input), item.reason, item.place};
    if (bad > most_errors_told) return;
    errors += std::to_string(item.place.line) + ':' + std::to_string(item.place.column) + ' ' +
              item.item + ": " + item.reason + '\n';
  }
};

/// Whether From is exactly the sender who is vouched for.
bool is_from(const ParsedMail& mail, const Authentication& sender) {
  return sender.passed && mail.from_headers == 1 && mail.from.size() == 1 &&
         mail.from.front().address == sender.address;
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

  /// From somebody who may do nothing here.
  Result<void> refuse(const Error& error) { return set_aside("mail", error, "advice_register"); }

  /// An invitation of somebody who may become an organizer: it waits until they confirm that they
  /// want to, or `error` is why nothing is done: no link goes to what is automatic in any way.
  Result<void> await_confirmation(const Error& error) {
    if (!answers()) return refuse(error);
    const Error waits{Code::forbidden,
                      sender_.address + " is not an organizer of " + context_.domain.name +
                          " yet; it waits until they confirm that they want to be",
                      {}};
    if (auto kept = keep("mail", waits); !kept) return kept;
    return ask_to_register(context_, to_, mail_.from.front().name);
  }

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
    const auto owner = find_owner(context_, sender_, calendar.events);
    if (!owner) return set_aside(owner.error());
    if (to_.language.empty()) to_.language = owner->language;
    return apply(calendar, method);
  }

  /// An event list attached; its rows are durable step by step, and told as they are. One that
  /// holds nothing of use is kept, as it may have been meant for somebody.
  Result<void> read_list(const MailPart& list, const IngestHandler& on_item) {
    if (!sender_.own || !sender_.own->bulk) {
      return set_aside(
          {Code::forbidden, sender_.address + " has no right to mail event lists", {}});
    }
    IngestInput attached = input_;
    attached.bytes = list.content;
    ListOutcome outcome;
    const auto applied =
        apply_event_list(context_, *sender_.own, attached, [&](const IngestItem& item) {
          outcome.add(item);
          on_item(item);
        });
    if (!applied) return applied;
    return context_.store.atomically([&]() -> Result<void> {
      if (outcome.good == 0) {
        if (auto kept = keep("mail", outcome.first); !kept) return kept;
      }
      if (!answers()) return {};
      return notify(context_, to_, NoticeKind::imported, nullptr,
                    {{"good", std::to_string(outcome.good)},
                     {"bad", std::to_string(outcome.bad)},
                     {"errors", std::string(text::trim(outcome.errors))}});
    });
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

  Result<void> apply(const ParsedCalendar& calendar, Method method) {
    std::vector<IngestItem> done;
    const auto applied = apply_calendar(context_, sender_, calendar, method, input_,
                                        [&](const IngestItem& item) { done.push_back(item); });
    if (!applied) return applied;
    for (const IngestItem& item : done) {
      if (item.outcome == IngestOutcome::refused) {
        const Code code = item.code.value_or(Code::invalid_input);
        const Error why{code, item.reason, item.place};
        if (auto kept = set_aside(item.item, why, advice_for(why)); !kept) {
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

  Result<void> set_aside(const Error& error) { return set_aside("mail", error, advice_for(error)); }

  /// Keeps the whole mail.
  Result<void> keep(std::string_view item, const Error& error) {
    return keep_aside(context_, input_, item, error,
                      [&](const IngestItem& kept) { items_.push_back(kept); });
  }

  /// Keeps the whole mail, and tells its sender why nothing was done.
  Result<void> set_aside(std::string_view item, const Error& error, std::string advice) {
    if (auto kept = keep(item, error); !kept) return kept;
    // Thanks for a notice are no invitation.
    const bool words = advice == "advice_calendar" || advice == "advice_register";
    const bool thanks = words && mail_.recipients.size() == 1 &&
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

/// What the mail does and the notice about it are one step: neither is lost without the other.
Result<void> in_one_step(const Context& context, OrganizerMail& mail, const IngestHandler& on_item,
                         const std::function<Result<void>()>& work) {
  if (auto done = context.store.atomically(work); !done) return done;
  for (const IngestItem& item : mail.take_items()) on_item(item);
  return {};
}

bool is_invitation(const Result<MailCalendar>& read) {
  return read && !read->calendar.events.empty() &&
         (read->method == Method::request || read->method == Method::publish);
}

/// An invitation by which its sender may become an organizer.
/// @return false when it is none
Result<bool> take_in_stranger(const Context& context, const IngestInput& input,
                              const ParsedMail& mail, const Result<MailCalendar>& read,
                              const IngestHandler& on_item) {
  const std::string& address = input.authentication.address;
  if (!is_invitation(read)) return false;
  const auto way = registration_of(context, address);
  if (!way) return tl::unexpected(way.error());
  if (*way == Registration::closed) return false;
  Sender sender{address, {}, {}};
  const Organizer wanted = new_organizer(context.domain, address, mail.from.front().name);
  if (*way == Registration::open) sender.own = wanted;
  OrganizerMail theirs(context, input, mail, sender);
  const auto done = in_one_step(context, theirs, on_item, [&]() -> Result<void> {
    if (!sender.own) {
      return theirs.await_confirmation(
          {Code::forbidden, not_an_organizer(address, context.domain), {}});
    }
    const auto added = context.store.add_organizer(context.scope(), wanted);
    return added ? theirs.read(read) : added;
  });
  return done ? Result<bool>(true) : Result<bool>(tl::unexpected(done.error()));
}

}  // namespace

Result<void> ingest_from_organizer(const Context& context, const IngestInput& input,
                                   const ParsedMail& mail, const Result<MailCalendar>& read,
                                   const IngestHandler& on_item) {
  const auto sender = require_sender(context, input);
  // Who sent it is not known: it is kept, and nobody is told.
  if (!is_from(mail, input.authentication)) {
    const Error other{
        Code::unauthenticated,
        "From is not exactly the sender who is vouched for, " + input.authentication.address,
        {{}, 0, 0, "From"}};
    return keep_aside(context, input, "mail", sender ? other : sender.error(), on_item);
  }
  if (!sender) {
    const auto taken = take_in_stranger(context, input, mail, read, on_item);
    if (!taken) return tl::unexpected(taken.error());
    if (*taken) return {};
    OrganizerMail strangers(context, input, mail, Sender{input.authentication.address, {}, {}});
    return in_one_step(context, strangers, on_item,
                       [&] { return strangers.refuse(sender.error()); });
  }
  OrganizerMail theirs(context, input, mail, *sender);
  const MailPart* list = find_event_list(mail);
  if (list != nullptr && !read && read.error().code == Code::not_found) {
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
    return keep_aside(context, input, "mail", error, on_item);
  }
  const ParsedMail nothing;
  OrganizerMail theirs(context, input, nothing, *sender);
  return in_one_step(context, theirs, on_item,
                     [&] { return theirs.read(tl::unexpected<Error>(error)); });
}

}  // namespace calinvite::ingest
