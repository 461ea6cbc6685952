#include "calinvite/csv.hpp"
#include "event_view.hpp"
#include "guard.hpp"

namespace capi = calinvite::capi;
using calinvite::EventCommand;

namespace {

const char* word_of(EventCommand command) {
  switch (command) {
    case EventCommand::create:
      return "create";
    case EventCommand::update:
      return "update";
    case EventCommand::cancel:
      return "cancel";
  }
  return "";
}

}  // namespace

calinvite_status calinvite_read_event_list(const char* bytes, size_t size, const char* source,
                                           const char* timezone, calinvite_event_row_fn on_row,
                                           calinvite_row_error_fn on_error, void* user_data,
                                           calinvite_error** error_out) noexcept {
  return capi::guard(error_out, [&] {
    capi::needed(on_row, "on_row");
    const auto hand_row = [&](calinvite::EventRow&& row) -> calinvite::Result<void> {
      const capi::EventView event(std::move(row.event), true);
      calinvite_event_row lent = {sizeof lent, event.lent(), word_of(row.command), row.line, 0};
      if (on_row(&lent, user_data) == 0) return {};
      return calinvite::fail(calinvite::Code::stopped, "the caller stopped at this row",
                             {std::string(capi::text_or(source)), row.line, 0, {}});
    };
    const auto hand_error = [&](const calinvite::Error& error) {
      const calinvite_error lent{error};
      if (on_error != nullptr) on_error(&lent, user_data);
    };
    const calinvite::ZoneTable zones;
    calinvite::EventListReader reader(std::string(capi::text_or(source)),
                                      std::string(capi::text_or(timezone)), zones, hand_row,
                                      hand_error);
    capi::value(reader.feed(capi::bytes_of(bytes, size, "bytes"), true));
  });
}
