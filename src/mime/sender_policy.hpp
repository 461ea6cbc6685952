/// What a domain publishes in DNS about the mails sent in its name: SPF (RFC 7208), DKIM keys
/// (RFC 6376), DMARC (RFC 7489). From the texts of records to values; asking DNS is others' work.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "calinvite/result.hpp"

namespace calinvite::mime {

/// The part of an SPF record that says whose servers are let in.
struct SpfRecord {
  /// Domains whose servers pass, lower case, in order; those behind `all` count for nothing and
  /// are left out, as are those that a mail's own names complete (macros).
  std::vector<std::string> includes;
  std::string redirect;  ///< whose record stands for the rest; empty: none, or there is an `all`
  int lookups = 0;       ///< terms that cost a question to DNS; ten are allowed (4.6.4)
  char all = '\0';       ///< '+', '-', '~' or '?' in front of `all`; '\0': there is none
};
/// Whether a TXT record is one of SPF, sound or not.
bool is_spf(std::string_view record);
/// @error invalid_input  receivers would call it a permanent error; the message names the term
Result<SpfRecord> parse_spf(std::string_view record);

/// The public key of a DKIM selector.
struct DkimKey {
  bool revoked = false;  ///< p= is empty
  bool testing = false;  ///< t=y: receivers may treat mails as unsigned
};
/// @error invalid_input  no DKIM key
Result<DkimKey> parse_dkim_key(std::string_view record);

struct DmarcRecord {
  std::string policy;            ///< p: none, quarantine or reject
  std::string subdomain_policy;  ///< sp, else p
  bool strict_dkim = false;      ///< adkim=s
  bool strict_spf = false;       ///< aspf=s
  bool reports = false;          ///< somebody is told how mails fare (rua)
};
/// Whether a TXT record at _dmarc is one of DMARC, sound or not.
bool is_dmarc(std::string_view record);
/// @error invalid_input  receivers would ignore it; the message names the tag
Result<DmarcRecord> parse_dmarc(std::string_view record);

/// The part of a DNS name that somebody registered (RFC 7489 3.2), by the list of public suffixes
/// that libpsl was built with: league.example of reply.league.example. A name that is a public
/// suffix itself stays as it is.
std::string organizational_domain(std::string_view dns_name);

/// Whether a mail that is authenticated for one name speaks for the other (RFC 7489 3.1): equal,
/// or when not strict, of one organizational domain.
bool is_aligned(std::string_view authenticated, std::string_view from, bool strict);

}  // namespace calinvite::mime
