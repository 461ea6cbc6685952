#include "mime/sender_policy.hpp"

#include <libpsl.h>

#include <algorithm>

#include "base/text.hpp"

namespace calinvite::mime {
namespace {

/// The longest part of a record that an error shows.
constexpr std::size_t shown = 60;

tl::unexpected<Error> flaw(const std::string& what) { return fail(Code::invalid_input, what); }

std::string quoted(std::string_view part) { return '"' + text::one_line(part, shown) + '"'; }

// ---- tag lists, which DKIM and DMARC share (RFC 6376 3.2) --------------------------------------

using Tags = std::vector<std::pair<std::string, std::string>>;

Result<Tags> parse_tags(std::string_view record) {
  Tags tags;
  for (const std::string_view part : text::split(record, ';')) {
    const auto tag = text::trim(part);
    if (tag.empty()) continue;
    const auto equals = tag.find('=');
    if (equals == std::string_view::npos) return flaw("no \"=\" in " + quoted(tag));
    const std::string name(text::trim(tag.substr(0, equals)));
    const bool known = std::any_of(tags.begin(), tags.end(),
                                   [&](const auto& earlier) { return earlier.first == name; });
    if (known) return flaw("tag " + quoted(name) + " twice");
    tags.emplace_back(name, text::trim(tag.substr(equals + 1)));
  }
  return tags;
}

const std::string* find_tag(const Tags& tags, std::string_view name) {
  const auto found =
      std::find_if(tags.begin(), tags.end(), [&](const auto& tag) { return tag.first == name; });
  return found == tags.end() ? nullptr : &found->second;
}

/// Whether a record begins with this version tag; white space may stand around its parts.
bool has_version(std::string_view record, std::string_view version) {
  const auto first = record.substr(0, record.find(';'));
  const auto equals = first.find('=');
  return equals != std::string_view::npos && text::trim(first.substr(0, equals)) == "v" &&
         text::trim(first.substr(equals + 1)) == version;
}

// ---- SPF ---------------------------------------------------------------------------------------

/// One term of an SPF record taken apart: `-include:host`, `redirect=host`, `all`.
struct Term {
  char qualifier = '+';
  std::string name;
  std::string_view value;
  bool modifier = false;  ///< name=value
};

Term parse_term(std::string_view text) {
  Term term;
  if (std::string_view("+-~?").find(text.front()) != std::string_view::npos) {
    term.qualifier = text.front();
    text.remove_prefix(1);
  }
  const auto end = std::min(text.find_first_of(":/="), text.size());
  term.name = text::lower(text.substr(0, end));
  term.modifier = end < text.size() && text[end] == '=';
  const bool has_value = end < text.size() && text[end] != '/';
  term.value = text.substr(has_value ? end + 1 : end);
  return term;
}

bool is_one_of(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

/// A host as it stands in a record; empty when macros complete it.
std::string plain_host(std::string_view value) {
  if (value.find('%') != std::string_view::npos) return {};
  if (value.ends_with('.')) value.remove_suffix(1);
  return text::lower(value);
}

Result<void> read_mechanism(const Term& term, std::string_view text, SpfRecord& record) {
  if (!is_one_of(term.name, {"all", "include", "a", "mx", "ptr", "ip4", "ip6", "exists"})) {
    return flaw(quoted(text) + " is no mechanism of SPF");
  }
  if (is_one_of(term.name, {"include", "exists", "ip4", "ip6"}) && term.value.empty()) {
    return flaw(quoted(text) + " does not say which");
  }
  if (term.name == "all") {
    record.all = term.qualifier;
  } else if (!term.name.starts_with("ip")) {
    ++record.lookups;
  }
  if (term.name != "include" || term.qualifier != '+') return {};
  if (auto host = plain_host(term.value); !host.empty()) record.includes.push_back(std::move(host));
  return {};
}

}  // namespace

bool is_spf(std::string_view record) {
  constexpr std::string_view version = "v=spf1";
  return text::iequals(record.substr(0, version.size()), version) &&
         (record.size() == version.size() || record[version.size()] == ' ');
}

Result<SpfRecord> parse_spf(std::string_view record) {
  if (!is_spf(record)) return flaw("no v=spf1 in front");
  SpfRecord spf;
  bool redirects = false;
  for (const std::string_view text : text::split(record.substr(6), ' ')) {
    if (text.empty()) continue;
    const Term term = parse_term(text);
    if (term.modifier) {
      if (term.name != "redirect") continue;  // exp, and what may come to be (RFC 7208 6)
      if (redirects || term.value.empty()) return flaw(quoted(text) + " is no single redirect");
      redirects = true;
      spf.redirect = plain_host(term.value);
      continue;
    }
    // Nothing behind `all` is ever looked at (5.1), but it must be well formed.
    SpfRecord unused;
    if (auto read = read_mechanism(term, text, spf.all == '\0' ? spf : unused); !read) {
      return tl::unexpected(read.error());
    }
  }
  if (spf.all != '\0') {
    spf.redirect.clear();
  } else if (redirects) {
    ++spf.lookups;
  }
  return spf;
}

Result<DkimKey> parse_dkim_key(std::string_view record) {
  const auto tags = parse_tags(record);
  if (!tags) return tl::unexpected(tags.error());
  // v= may be left out, but comes first where it is (3.6.1).
  if (find_tag(*tags, "v") != nullptr && !has_version(record, "DKIM1")) {
    return flaw("v= is not DKIM1, or not in front");
  }
  const std::string* key = find_tag(*tags, "p");
  if (key == nullptr) return flaw("no p=, the public key");
  if (!text::from_base64(*key)) return flaw("p= is no base64");
  const std::string* kind = find_tag(*tags, "k");
  if (kind != nullptr && !is_one_of(text::lower(*kind), {"rsa", "ed25519"})) {
    return flaw("k= is neither rsa nor ed25519");
  }
  DkimKey read;
  read.revoked = key->empty();
  if (const std::string* flags = find_tag(*tags, "t")) {
    for (const std::string_view flag : text::split(*flags, ':')) {
      if (text::trim(flag) == "y") read.testing = true;
    }
  }
  return read;
}

bool is_dmarc(std::string_view record) { return has_version(record, "DMARC1"); }

Result<DmarcRecord> parse_dmarc(std::string_view record) {
  if (!is_dmarc(record)) return flaw("no v=DMARC1 in front");
  const auto tags = parse_tags(record);
  if (!tags) return tl::unexpected(tags.error());
  DmarcRecord dmarc;
  const auto value = [&](const char* name, std::string_view otherwise) {
    const std::string* tag = find_tag(*tags, name);
    return tag == nullptr ? std::string(otherwise) : text::lower(*tag);
  };
  dmarc.reports = !value("rua", {}).empty();
  // With an address for reports, a missing or wrong policy means none (RFC 7489 6.6.3).
  dmarc.policy = value("p", {});
  if (!is_one_of(dmarc.policy, {"none", "quarantine", "reject"})) {
    if (!dmarc.reports) return flaw("p= is not none, quarantine or reject");
    dmarc.policy = "none";
  }
  dmarc.subdomain_policy = value("sp", dmarc.policy);
  if (!is_one_of(dmarc.subdomain_policy, {"none", "quarantine", "reject"})) {
    return flaw("sp= is not none, quarantine or reject");
  }
  dmarc.strict_dkim = value("adkim", "r") == "s";
  dmarc.strict_spf = value("aspf", "r") == "s";
  return dmarc;
}

std::string organizational_domain(std::string_view dns_name) {
  std::string name = text::lower(dns_name);
  const char* registered = psl_registrable_domain(psl_builtin(), name.c_str());
  return registered == nullptr ? name : std::string(registered);
}

bool is_aligned(std::string_view authenticated, std::string_view from, bool strict) {
  if (authenticated.empty() || from.empty()) return false;
  if (text::iequals(authenticated, from)) return true;
  return !strict && organizational_domain(authenticated) == organizational_domain(from);
}

}  // namespace calinvite::mime
