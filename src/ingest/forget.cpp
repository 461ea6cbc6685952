#include "ingest/forget.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "calinvite/mime.hpp"
#include "store/mentions.hpp"
#include "store/pages.hpp"

namespace calinvite::ingest {
namespace {

/// Without what encodings put into the middle of a word: soft breaks of quoted-printable, folded
/// lines, the zero bytes of UTF-16, and '@' by its number.
std::string joined(std::string_view text) {
  constexpr std::string_view breaks[] = {"=\r\n",  "=\n",  "\r\n ",  "\n ",
                                         "\r\n\t", "\n\t", {"\0", 1}};
  constexpr std::string_view at_signs[] = {"=40", "%40", "&#64;"};
  std::string result;
  while (!text.empty()) {
    const auto skipped = std::find_if(std::begin(breaks), std::end(breaks),
                                      [&](auto one) { return text.starts_with(one); });
    const auto at = std::find_if(std::begin(at_signs), std::end(at_signs),
                                 [&](auto one) { return text.starts_with(one); });
    if (skipped != std::end(breaks)) {
      text.remove_prefix(skipped->size());
    } else if (at != std::end(at_signs)) {
      result += '@';
      text.remove_prefix(at->size());
    } else {
      result += text.front();
      text.remove_prefix(1);
    }
  }
  return result;
}

bool names(std::string_view text, std::string_view address) {
  return mentions(text, address) || mentions(joined(text), address);
}

bool names(const Quarantined& item, std::string_view address) {
  for (const std::string* text : {&item.source, &item.sender, &item.reason, &item.raw}) {
    if (names(*text, address)) return true;
  }
  for (const std::string& recipient : item.envelope_recipients) {
    if (mentions(recipient, address)) return true;
  }
  const auto mail = parse_mail(item.raw);
  if (!mail) return false;
  return std::any_of(mail->parts.begin(), mail->parts.end(), [&](const MailPart& part) {
    return names(part.content, address) || names(part.filename, address);
  });
}

}  // namespace

Result<std::uint64_t> drop_mentions(Store& store, const Scope& scope, std::string_view address) {
  std::uint64_t dropped = 0;
  const auto done =
      for_each_item([&](const Page& page) { return store.list_quarantine(scope, page); },
                    [&](const Quarantined& listed) -> Result<void> {
                      const auto item = store.get_quarantined(scope, listed.id);
                      if (!item) return tl::unexpected(item.error());
                      if (!names(*item, address)) return {};
                      ++dropped;
                      return store.drop_quarantined(scope, listed.id);
                    });
  if (!done) return tl::unexpected(done.error());
  return dropped;
}

}  // namespace calinvite::ingest
