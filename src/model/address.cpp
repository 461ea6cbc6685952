#include <algorithm>

#include "base/text.hpp"
#include "calinvite/model.hpp"
#include "locale/locale.hpp"

namespace calinvite {
namespace {

constexpr std::size_t max_address = 254;  // RFC 5321 4.5.3.1.3, less the angle brackets
constexpr std::size_t max_local = 64;
constexpr std::size_t max_host = 253;
constexpr std::size_t max_label = 63;

bool is_ascii(std::string_view text) noexcept {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

bool is_alnum(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

// RFC 5322 3.2.3
bool is_atext(char c) noexcept {
  return is_alnum(c) || std::string_view("!#$%&'*+-/=?^_`{|}~").find(c) != std::string_view::npos;
}

/// Whether each part between dots passes, an empty one too. Memory is not asked for: every copy
/// that is mailed has its addresses looked at.
template <class Test>
bool all_parts(std::string_view text, const Test& test) {
  for (auto dot = text.find('.'); dot != std::string_view::npos; dot = text.find('.')) {
    if (!test(text.substr(0, dot))) return false;
    text.remove_prefix(dot + 1);
  }
  return test(text);
}

bool is_dot_atom(std::string_view text) {
  return all_parts(text, [](std::string_view atom) {
    return !atom.empty() && std::all_of(atom.begin(), atom.end(), is_atext);
  });
}

bool is_label(std::string_view label) {
  return !label.empty() && label.size() <= max_label && label.front() != '-' &&
         label.back() != '-' &&
         std::all_of(label.begin(), label.end(), [](char c) { return is_alnum(c) || c == '-'; });
}

/// A name that mail on the internet can be routed by: two labels or more, not an IP address.
bool is_mail_host(std::string_view host) {
  const auto dot = host.rfind('.');
  if (dot == std::string_view::npos) return false;
  const auto last = host.substr(dot + 1);
  return host.size() <= max_host && all_parts(host, is_label) &&
         !std::all_of(last.begin(), last.end(), [](char c) { return c >= '0' && c <= '9'; });
}

Error flaw(Code code, std::string_view address, std::string_view what) {
  // A hostile address may be long: enough of it to be found again.
  return Error{code, "address \"" + text::one_line(address, 80) + "\" " + std::string(what),
               Place{{}, 0, 0, "address"}};
}

Result<void> check_local_part(std::string_view local, std::string_view address) {
  const auto refuse = [&](Code code, std::string_view what) {
    return tl::unexpected<Error>(flaw(code, address, what));
  };
  if (local.empty()) return refuse(Code::invalid_input, "has no local part; expected name@host");
  if (!is_ascii(local)) {
    return refuse(Code::unsupported,
                  "has a local part beyond ASCII, which SES can't mail; ask for another address");
  }
  if (local.size() > max_local) {
    return refuse(Code::invalid_input, "has a local part over 64 octets");
  }
  if (local.front() == '"') {
    return refuse(Code::unsupported,
                  "has a quoted local part; expected letters, digits and "
                  "!#$%&'*+-/=?^_`{|}~ with single dots between");
  }
  if (!is_dot_atom(local)) {
    return refuse(Code::invalid_input, "has a local part with a character or dot out of place");
  }
  return {};
}

Result<std::string> check_host(std::string_view host, std::string_view address) {
  const auto refuse = [&](std::string_view what) {
    return tl::unexpected<Error>(flaw(Code::invalid_input, address, what));
  };
  if (host.empty()) return refuse("has no host part; expected name@host");
  std::string ascii = text::lower(host);
  if (!is_ascii(ascii) || ascii.find("xn--") != std::string::npos) {
    auto converted = locale::host_to_ascii(host);
    if (!converted) return refuse("has a host part that is no international host name");
    ascii = std::move(*converted);
  }
  if (!is_mail_host(ascii)) return refuse("has a host part that is no full DNS name");
  return ascii;
}

constexpr std::string_view blanks = " \t";

std::string_view trim_blanks(std::string_view text) noexcept {
  const auto first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

/// A display name and where the angle bracket behind it stands; npos: there is no bracket.
struct NameScan {
  std::string name;
  std::size_t bracket = std::string_view::npos;
};

Result<NameScan> scan_name(std::string_view text) {
  NameScan scan;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '"') {
      quoted = !quoted;
    } else if (quoted && c == '\\' && i + 1 < text.size()) {
      scan.name += text[++i];
    } else if (!quoted && c == '<') {
      return NameScan{std::string(trim_blanks(scan.name)), i};
    } else if (!quoted && (c == ',' || c == ';')) {
      return tl::unexpected<Error>(
          flaw(Code::invalid_input, text,
               "is a list, or its name needs quotes; expected \"Name\" <name@host>"));
    } else {
      scan.name += c;
    }
  }
  if (!quoted) return NameScan{};
  return tl::unexpected<Error>(
      flaw(Code::invalid_input, text, "never closes its quotes; expected \"Name\" <name@host>"));
}

}  // namespace

Result<std::string> normalize_address(std::string_view address) {
  constexpr std::string_view scheme = "mailto:";
  if (text::iequals(address.substr(0, scheme.size()), scheme)) {
    address.remove_prefix(scheme.size());
  }
  if (auto line = text::check_single_line(address, "address"); !line) {
    return tl::unexpected<Error>(line.error());
  }
  const auto at = address.rfind('@');
  if (at == std::string_view::npos) {
    return tl::unexpected<Error>(
        flaw(Code::invalid_input, address, "has no @; expected name@host"));
  }
  if (auto local = check_local_part(address.substr(0, at), address); !local) {
    return tl::unexpected<Error>(local.error());
  }
  auto host = check_host(address.substr(at + 1), address);
  if (!host) return host;
  std::string normal = text::lower(address.substr(0, at)) + "@" + *host;
  if (normal.size() > max_address) {
    return tl::unexpected<Error>(flaw(Code::invalid_input, address, "is over 254 octets"));
  }
  return normal;
}

bool is_normal_address(std::string_view address) {
  const auto at = address.rfind('@');
  if (at == std::string_view::npos || address.size() > max_address) return false;
  const auto local = address.substr(0, at);
  const auto host = address.substr(at + 1);
  if (host.find("xn--") != std::string_view::npos) {
    const auto normal = normalize_address(address);
    return normal && *normal == address;
  }
  return local.size() <= max_local && is_dot_atom(local) && is_mail_host(host) &&
         std::none_of(address.begin(), address.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

Result<Mailbox> parse_mailbox(std::string_view text) {
  text = trim_blanks(text);
  Mailbox mailbox;
  auto scan = scan_name(text);
  if (!scan) return tl::unexpected<Error>(scan.error());
  if (scan->bracket != std::string_view::npos) {
    if (text.back() != '>') {
      return tl::unexpected<Error>(
          flaw(Code::invalid_input, text, "does not end in >; expected Name <name@host>"));
    }
    mailbox.name = std::move(scan->name);
    text = trim_blanks(text.substr(scan->bracket + 1, text.size() - scan->bracket - 2));
  }
  if (auto name = text::check_single_line(mailbox.name, "name"); !name) {
    return tl::unexpected<Error>(name.error());
  }
  auto address = normalize_address(text);
  if (!address) return tl::unexpected<Error>(address.error());
  mailbox.address = std::move(*address);
  return mailbox;
}

std::string mailbox_key(std::string_view address) {
  const auto at = address.rfind('@');
  if (at == std::string_view::npos) return text::lower(address);
  std::string local = text::lower(address.substr(0, at));
  std::string host = text::lower(address.substr(at + 1));
  if (const auto tag = local.find('+'); tag != std::string::npos && tag > 0) local.erase(tag);
  if (host == "googlemail.com") host = "gmail.com";
  if (host == "gmail.com") std::erase(local, '.');
  return local + '@' + host;
}

bool is_consumer_domain(std::string_view dns_name) {
  // A star stands for every country's ending, such as "com", "de" or "co.uk".
  static constexpr std::string_view names[] = {
      "gmail.com", "googlemail.com", "outlook.*",      "hotmail.*",   "live.com",  "msn.com",
      "yahoo.*",   "ymail.com",      "rocketmail.com", "icloud.com",  "me.com",    "mac.com",
      "aol.com",   "gmx.*",          "web.de",         "t-online.de", "proton.me", "protonmail.com",
      "pm.me",     "mail.ru",        "yandex.*",       "qq.com",      "163.com",   "126.com",
      "naver.com", "fastmail.com",   "zoho.com",       "mail.com"};
  const std::string host = text::lower(dns_name);
  return std::any_of(std::begin(names), std::end(names), [&](std::string_view name) {
    const bool any_ending = name.ends_with(".*");
    if (any_ending) name.remove_suffix(1);
    const auto at = host.rfind(name);
    if (at == std::string::npos || (at > 0 && host[at - 1] != '.')) return false;
    const auto ending = std::string_view(host).substr(at + name.size());
    if (!any_ending) return ending.empty();
    const bool second = ending.starts_with("co.") || ending.starts_with("com.");
    return !ending.empty() && ending.size() <= (second ? 6 : 3);
  });
}

std::string mask_address(std::string_view address) {
  const auto at = std::min(address.rfind('@'), address.size());
  // Of a short one the first character would tell all of it.
  const bool tells_little = at > 1 && static_cast<unsigned char>(address.front()) < 0x80;
  return std::string(address.substr(0, tells_little ? 1 : 0)) + "***" +
         std::string(address.substr(at));
}

std::string_view address_domain(std::string_view address) noexcept {
  const auto at = address.rfind('@');
  return at == std::string_view::npos ? std::string_view() : address.substr(at + 1);
}

}  // namespace calinvite
