#include "base/text.hpp"
#include "ingest/ingest.hpp"

namespace calinvite {

std::string_view to_string(IngestOutcome outcome) noexcept {
  switch (outcome) {
    case IngestOutcome::created:
      return "created";
    case IngestOutcome::updated:
      return "updated";
    case IngestOutcome::cancelled:
      return "cancelled";
    case IngestOutcome::replied:
      return "replied";
    case IngestOutcome::recorded:
      return "recorded";
    case IngestOutcome::already_seen:
      return "already seen";
    case IngestOutcome::quarantined:
      return "quarantined";
    case IngestOutcome::refused:
      return "refused";
    case IngestOutcome::held:
      return "held";
  }
  return "refused";
}

}  // namespace calinvite

namespace calinvite::ingest {
namespace {

/// `Name: value` or an mbox `From ` line, as a mail begins.
bool looks_like_header(std::string_view line) {
  if (line.starts_with("From ")) return true;
  const auto colon = line.find(':');
  if (colon == 0 || colon == std::string_view::npos) return false;
  for (const char c : line.substr(0, colon)) {
    if (c <= ' ' || c >= 0x7f || c == ',' || c == ';' || c == '"') return false;
  }
  return true;
}

}  // namespace

Result<IngestInput> gather(const IngestInput& input, std::string& storage) {
  IngestInput whole = input;
  whole.read = {};
  if (!input.read) return whole;
  const auto read = feed_pieces(input, [&](std::string_view bytes, bool) -> Result<void> {
    if (storage.size() + bytes.size() > max_gathered_bytes) {
      return fail(Code::too_large, "more than 64 MiB, and no list that is read row by row",
                  {input.source, 0, 0, {}});
    }
    storage += bytes;
    return {};
  });
  if (!read) return tl::unexpected(read.error());
  whole.bytes = storage;
  return whole;
}

Result<void> feed_pieces(const IngestInput& input,
                         const std::function<Result<void>(std::string_view, bool last)>& take) {
  if (!input.read) return take(input.bytes, true);
  std::string_view piece = input.bytes;
  for (;;) {
    if (auto taken = take(piece, false); !taken) return taken;
    const auto next = input.read();
    if (!next) return tl::unexpected(next.error());
    if (next->empty()) return take({}, true);
    piece = *next;
  }
}

InputKind detect_kind(const IngestInput& input) {
  if (input.kind != InputKind::detect) return input.kind;
  const auto name = text::lower(input.source);
  if (name.ends_with(".eml")) return InputKind::mail;
  if (name.ends_with(".ics")) return InputKind::calendar;
  if (name.ends_with(".csv")) return InputKind::event_list;
  if (name.ends_with(".json") || name.ends_with(".jsonl")) return InputKind::notification;
  std::string_view bytes = input.bytes;
  if (bytes.starts_with("\xef\xbb\xbf")) bytes.remove_prefix(3);
  while (!bytes.empty() &&
         (bytes.front() == '\r' || bytes.front() == '\n' || bytes.front() == ' ')) {
    bytes.remove_prefix(1);
  }
  if (bytes.starts_with('{')) return InputKind::notification;
  if (text::iequals(bytes.substr(0, 15), "BEGIN:VCALENDAR")) return InputKind::calendar;
  return looks_like_header(bytes.substr(0, bytes.find_first_of("\r\n"))) ? InputKind::mail
                                                                         : InputKind::event_list;
}

}  // namespace calinvite::ingest
