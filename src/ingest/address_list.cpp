#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "calinvite/csv.hpp"
#include "ingest/ingest.hpp"
#include "ingest/invite.hpp"

namespace calinvite::ingest {
namespace {

constexpr std::size_t people_per_step = 5000;
// An event may hold a megabyte of text, and a list may name any number of them.
constexpr std::size_t max_events = 64;

/// What became of the people of one event, and those who wait for the next step.
struct Invited {
  Event event;
  std::vector<InviteRequest> waiting;
  std::map<InviteVerdict, std::size_t> verdicts;
};

/// Invites the people of a list, each to the event that their row names. One item tells of each
/// event, or several where the list comes back to it after many others.
class AddressBatch {
 public:
  AddressBatch(const Context& context, const Organizer& organizer, const IngestInput& input,
               const IngestHandler& on_item)
      : context_(context),
        scope_(Scope::organizer(context.domain.name, organizer.address)),
        organizer_(organizer),
        input_(input),
        on_item_(on_item) {}

  Result<void> add(AddressRow&& row) {
    auto known = events_.find(row.event);
    if (known == events_.end()) {
      auto event = find(row.event);
      if (!event) return refuse(row, event.error());
      if (events_.size() == max_events) {
        if (auto told = finish(); !told) return told;
      }
      known = events_.emplace(row.event, Invited{*std::move(event), {}, {}}).first;
    }
    known->second.waiting.push_back(std::move(row.request));
    return ++waiting_ < people_per_step ? Result<void>() : flush();
  }

  /// Invites those who wait, tells of each event and forgets it.
  Result<void> finish() {
    if (auto stored = flush(); !stored) return stored;
    for (const auto& [name, invited] : events_) tell(name, invited);
    events_.clear();
    return {};
  }

 private:
  Result<void> refuse(const AddressRow& row, Error error) const {
    if (is_store_error(error.code)) return tl::unexpected(std::move(error));
    error.place = {input_.source, row.line, 0, "uid"};
    on_item_(refused(input_.source, row.request.address, error));
    return {};
  }

  Result<void> flush() {
    waiting_ = 0;
    return context_.store.atomically([&]() -> Result<void> {
      for (auto& [name, invited] : events_) {
        if (invited.waiting.empty()) continue;
        const auto verdicts = invite(context_, scope_, invited.event.uid, invited.waiting, "bulk");
        if (!verdicts) return tl::unexpected(verdicts.error());
        for (const InviteVerdict verdict : *verdicts) ++invited.verdicts[verdict];
        invited.waiting.clear();
      }
      return {};
    });
  }

  void tell(const std::string& name, const Invited& invited) const {
    IngestItem item{input_.source, "people for " + name, IngestOutcome::already_seen,
                    invited.event.uid};
    for (const auto& [verdict, count] : invited.verdicts) {
      const bool fresh = verdict == InviteVerdict::invite;
      if (fresh) item.outcome = IngestOutcome::recorded;
      if (!item.reason.empty()) item.reason += ", ";
      item.reason += std::to_string(count) + ' ';
      item.reason += fresh ? std::string_view("invited") : to_string(verdict);
    }
    on_item_(item);
  }

  /// Ours or the organizer's own uid of one of their events.
  Result<Event> find(const std::string& uid) const {
    if (uid.empty()) return fail(Code::invalid_input, "no event is named; expected its uid");
    auto event = context_.store.find_event(scope_, uid);
    if (event && !*event) {
      event = context_.store.find_event_by_source(scope_, organizer_.address, uid);
    }
    if (!event) return tl::unexpected(event.error());
    if (!*event) return fail(Code::not_found, "no event " + uid + " of " + organizer_.address);
    if (auto open = check_open(context_, **event); !open) return tl::unexpected(open.error());
    return **std::move(event);
  }

  const Context& context_;
  const Scope scope_;
  const Organizer& organizer_;
  const IngestInput& input_;
  const IngestHandler& on_item_;
  std::map<std::string, Invited> events_;
  std::size_t waiting_ = 0;
};

}  // namespace

Result<void> apply_address_list(const Context& context, const Organizer& organizer,
                                const IngestInput& input, const IngestHandler& on_item) {
  AddressBatch batch(context, organizer, input, on_item);
  AddressListReader reader(
      input.source, [&](AddressRow&& row) { return batch.add(std::move(row)); },
      [&](const Error& error) { on_item(refused(input.source, "row", error)); });
  const auto read = feed_pieces(
      input, [&](std::string_view bytes, bool last) { return reader.feed(bytes, last); });
  if (!read) {
    if (is_store_error(read.error().code)) return read;
    on_item(refused(input.source, "list", read.error()));
    return {};
  }
  return batch.finish();
}

}  // namespace calinvite::ingest
