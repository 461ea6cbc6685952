// What a receipt says of whoever is behind it.
#include <array>
#include <utility>

#include "base/text.hpp"
#include "calinvite/model.hpp"

namespace calinvite {
namespace {

/// What a PRODID holds, in lower case, and whose it is; the first that fits. Exchange answers for
/// whoever uses Outlook or Microsoft 365, Cyrus for Fastmail.
constexpr std::array<std::pair<std::string_view, std::string_view>, 25> kClients = {{
    {"google", "Google"},
    {"icloud", "Apple"},
    {"//apple ", "Apple"},
    {"yahoo", "Yahoo"},
    {"windows live calendar", "Outlook"},
    {"//outlook", "Outlook"},
    {"microsoft exchange", "Outlook"},
    {"microsoft", "Outlook"},
    {"davmail", "DavMail"},
    {"mozilla", "Thunderbird"},
    {"zimbra", "Zimbra"},
    {"zoho", "Zoho"},
    {"//proton ", "Proton"},
    {"lotus", "Notes"},
    {"//ibm domino", "Notes"},
    {"groupwise", "GroupWise"},
    {"evolution", "Evolution"},
    {"k desktop environment", "KOrganizer"},
    {"kde.org", "KOrganizer"},
    {"nextcloud", "Nextcloud"},
    {"sogo", "SOGo"},
    {"emclient", "eM Client"},
    {"mailclient.vobject", "eM Client"},
    {"cyrusimap.org", "Fastmail"},
    {"research in motion", "BlackBerry"},
}};

}  // namespace

std::string_view client_name(std::string_view prodid) {
  const std::string lower = text::lower(prodid);
  for (const auto& [mark, name] : kClients) {
    if (lower.find(mark) != std::string::npos) return name;
  }
  return prodid;
}

std::string_view answer_word(const Receipt& receipt) noexcept {
  if (receipt.kind != ReceiptKind::replied) return {};
  const std::string_view detail = receipt.detail;
  return detail.substr(0, detail.find_first_of(" ,"));
}

Evidence evidence_of(const Receipt& receipt, bool soon) noexcept {
  const bool click = receipt.kind == ReceiptKind::clicked || receipt.kind == ReceiptKind::opened;
  if (click) {
    return soon || receipt.detail.ends_with(", automated") ? Evidence::automated
                                                           : Evidence::unverified;
  }
  if (receipt.kind == ReceiptKind::replied) {
    return receipt.detail.find(", sender not verified") == std::string::npos ? Evidence::verified
                                                                             : Evidence::unverified;
  }
  const bool ours = !receipt.attempt_id.empty() || !receipt.message_id.empty();
  return receipt.channel == "mail" && !ours ? Evidence::unverified : Evidence::verified;
}

}  // namespace calinvite
