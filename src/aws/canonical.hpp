/// The canonical forms that Signature Version 4 signs: path, query and headers.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace calinvite::aws {

/// @param normalize  drop empty, "." and ".." segments, keep a trailing slash
/// @param encode     percent-encode what the wire shows once more (all services but S3)
void append_canonical_path(std::string& out, std::string_view path, bool normalize, bool encode);

/// Names and values encoded in the one canonical way, sorted, every name with its '='.
void append_canonical_query(std::string& out, std::string_view query);

/// The headers to sign: all but those that proxies and HTTP clients change.
class CanonicalHeaders {
 public:
  /// Borrows the values until the next call.
  void read(const std::vector<std::pair<std::string, std::string>>& headers);
  /// `name:value` lines, names in lower case, sorted, repeated ones joined by commas.
  void append_block(std::string& out) const;
  /// The names, joined by ';'.
  void append_names(std::string& out) const;

 private:
  struct Header {
    std::string name;
    std::string_view value;
    std::size_t order = 0;
  };
  std::vector<Header> headers_;  ///< the first `count_` are of the present request
  std::size_t count_ = 0;
};

}  // namespace calinvite::aws
