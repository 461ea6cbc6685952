#include "calinvite/store.hpp"

#include "store/sqlite/sqlite_store.hpp"

namespace calinvite {

std::string_view to_string(InviteVerdict verdict) noexcept {
  switch (verdict) {
    case InviteVerdict::invite:
      return "invite";
    case InviteVerdict::already_invited:
      return "already_invited";
    case InviteVerdict::suppressed:
      return "suppressed";
    case InviteVerdict::limit_reached:
      return "limit_reached";
    case InviteVerdict::organizer_itself:
      return "organizer_itself";
  }
  return "unknown";
}

std::string_view to_string(AccountHold hold) noexcept {
  switch (hold) {
    case AccountHold::none:
      return "none";
    case AccountHold::quota:
      return "quota";
    case AccountHold::suspended:
      return "suspended";
  }
  return "unknown";
}

std::optional<AccountHold> parse_account_hold(std::string_view word) {
  for (const auto hold : {AccountHold::none, AccountHold::quota, AccountHold::suspended}) {
    if (word == to_string(hold)) return hold;
  }
  return std::nullopt;
}

std::string_view to_string(BucketSize size) noexcept {
  return size == BucketSize::hour ? "hour" : "day";
}

Result<Event> ScopedStore::get_event(const Scope& scope, std::string_view uid) {
  auto event = find_event(scope, uid);
  if (!event) return tl::unexpected<Error>(event.error());
  if (!*event) return fail(Code::not_found, "no event " + std::string(uid));
  return **std::move(event);
}

Result<void> ScopedStore::suppress(const Scope& scope, std::string_view address,
                                   std::string_view reason, std::chrono::sys_seconds now) {
  const auto added = add_suppression(scope, {scope.domain_name(), scope.organizer_address(),
                                             std::string(address), std::string(reason), now});
  if (!added) return tl::unexpected<Error>(added.error());
  return {};
}

Result<std::unique_ptr<Store>> open_store(std::string_view url,
                                          const std::filesystem::path& zoneinfo) {
  constexpr std::string_view sqlite = "sqlite:";
  if (!url.starts_with(sqlite)) {
    return fail(Code::unsupported,
                "store " + std::string(url.substr(0, url.find(':'))) +
                    ": is not built in; expected sqlite:FILE",
                {.source = {}, .line = 0, .column = 0, .field = "store"});
  }
  const std::string_view file = url.substr(sqlite.size());
  // SQLite would take these as "only in memory".
  if (file.empty() || file == ":memory:") {
    return fail(Code::invalid_argument, "a store needs a file; expected sqlite:FILE");
  }
  auto store = sqlite::open_sqlite_store(file, std::chrono::seconds(5), zoneinfo);
  if (!store) return tl::unexpected<Error>(store.error());
  return std::move(*store);
}

}  // namespace calinvite
