/// What a request says: its query, its form, its headers.
#pragma once

#include <string>
#include <string_view>

#include "calinvite/web.hpp"

namespace calinvite::web {

/// application/x-www-form-urlencoded, as browsers write queries and forms.
class Fields {
 public:
  explicit Fields(std::string_view encoded) : encoded_(encoded) {}
  /// The first value of that name, decoded, as well-formed UTF-8; empty when there is none.
  std::string get(std::string_view name) const;

 private:
  std::string_view encoded_;
};

/// The first header of that name; empty when there is none.
std::string_view header(const WebRequest& request, std::string_view name);

/// The form of a POST; no fields when its body is none.
Fields form_of(const WebRequest& request);

/// Whether a mail program asks for the one-click unsubscription of RFC 8058: that field and no
/// other, in either of the two forms that it allows.
bool is_one_click(const WebRequest& request);

/// Where a request comes from, as caps count it: an IPv4 address, or the 64 bits of an IPv6 address
/// that one customer has; empty when it is neither.
std::string network_of(std::string_view remote_address);

}  // namespace calinvite::web
