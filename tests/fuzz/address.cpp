#include "calinvite/model.hpp"
#include "fuzz/targets.hpp"

namespace calinvite::fuzz {

void address(std::string_view input) {
  if (const auto once = normalize_address(input)) {
    const auto twice = normalize_address(*once);
    promise(twice && *twice == *once, "a normalised address stays as it is");
    promise(once->size() <= 254 && once->find('@') != std::string::npos,
            "an address is local@host");
  } else {
    check_error(once.error());
  }
  if (const auto mailbox = parse_mailbox(input)) {
    promise(normalize_address(mailbox->address) == mailbox->address, "a mailbox is normalised");
  } else {
    check_error(mailbox.error());
  }
}

}  // namespace calinvite::fuzz
