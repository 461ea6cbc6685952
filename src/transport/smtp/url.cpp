#include <algorithm>
#include <charconv>

#include "base/text.hpp"
#include "calinvite/transport.hpp"
#include "transport/smtp/options.hpp"

namespace calinvite {
namespace {

constexpr std::uint16_t relay_port = 25;
constexpr std::uint16_t implicit_port = 465;

/// What stands before the first `mark`, which is taken off `rest` with it; all of `rest` if none.
std::string_view cut(std::string_view& rest, char mark) {
  const auto at = std::min(rest.find(mark), rest.size());
  const auto part = rest.substr(0, at);
  rest.remove_prefix(std::min(rest.size(), at + 1));
  return part;
}

tl::unexpected<Error> wrong(std::string_view why) {
  return fail(Code::invalid_argument,
              "SMTP address: " + std::string(why) + "; expected smtp[s]://[user@]host[:port]",
              {{}, 0, 0, "transport"});
}

/// host, [host], host:port or [host]:port.
bool read_place(std::string_view place, SmtpOptions& options, bool& has_port) {
  std::string_view port;
  if (place.starts_with('[')) {
    place.remove_prefix(1);
    if (place.find(']') == std::string_view::npos) return false;
    options.host = cut(place, ']');
    if (!place.empty() && !place.starts_with(':')) return false;
    has_port = !place.empty();
    port = place.substr(has_port ? 1 : 0);
  } else {
    has_port = place.find(':') != std::string_view::npos;
    options.host = cut(place, ':');
    port = place;
  }
  if (!has_port) return true;
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), options.port);
  return error == std::errc() && end == port.data() + port.size() && options.port != 0;
}

Result<std::optional<SmtpTls>> read_tls(std::string_view query) {
  if (query.empty()) return std::optional<SmtpTls>();
  if (query == "tls=starttls") return std::optional(SmtpTls::starttls);
  if (query == "tls=implicit") return std::optional(SmtpTls::implicit);
  if (query == "tls=none") return std::optional(SmtpTls::none);
  return wrong("what follows '?' is not tls=starttls, tls=implicit or tls=none");
}

}  // namespace

Result<SmtpOptions> parse_smtp_url(std::string_view url) {
  const auto scheme_end = std::min(url.find("://"), url.size());
  const auto scheme = url.substr(0, scheme_end);
  const bool secure = text::iequals(scheme, "smtps");
  if (!secure && !text::iequals(scheme, "smtp")) return wrong("it begins with no smtp://");
  url.remove_prefix(std::min(url.size(), scheme_end + 3));
  SmtpOptions options;
  std::string_view place = cut(url, '?');
  const auto tls = read_tls(url);
  if (!tls) return tl::unexpected<Error>(tls.error());
  options.helo = place.substr(std::min(place.size(), place.find('/')));
  place = place.substr(0, place.size() - options.helo.size());
  if (!options.helo.empty()) options.helo.erase(0, 1);
  if (const auto at = place.rfind('@'); at != std::string_view::npos) {
    if (place.substr(0, at).find(':') != std::string_view::npos) {
      return wrong("a password has no place in it");
    }
    options.user = text::percent_decode(place.substr(0, at));
    place.remove_prefix(at + 1);
  }
  bool has_port = false;
  if (!read_place(place, options, has_port))
    return wrong("no host, or no port of 1 to 65535 after ':'");
  const bool local = smtp::is_loopback(options.host) && options.user.empty();
  const bool implicit =
      secure || (has_port && (options.port == implicit_port || options.port == 2465));
  options.tls = implicit ? SmtpTls::implicit : local ? SmtpTls::none : SmtpTls::starttls;
  if (*tls) options.tls = **tls;
  if (!has_port && options.tls == SmtpTls::implicit) options.port = implicit_port;
  if (!has_port && options.tls == SmtpTls::none) options.port = relay_port;
  options.ses_region = ses_smtp_region(options.host);
  if (auto checked = smtp::check_names(options); !checked) return tl::unexpected(checked.error());
  return options;
}

namespace smtp {

bool is_loopback(std::string_view host) noexcept {
  return host == "::1" || text::iequals(host, "localhost") ||
         (host.starts_with("127.") && host.find_first_not_of("0123456789.") == host.npos);
}

Result<void> check_names(const SmtpOptions& options) {
  constexpr std::string_view letters =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._:";
  if (options.host.empty()) return wrong("no host");
  if (options.host.find_first_not_of(letters) != std::string::npos) {
    return wrong("the host is no name or address");
  }
  if (options.helo.find_first_not_of(letters) != std::string::npos) {
    return wrong("the name for EHLO is none");
  }
  return {};
}

}  // namespace smtp
}  // namespace calinvite
