/// Going through a list of a store from end to end.
#pragma once

#include "calinvite/store.hpp"

namespace calinvite {

/// Calls `use` for every item of a paged list, until one of its calls gives an error.
template <class List, class Use>
Result<void> for_each_item(const List& list, const Use& use) {
  Page page{.limit = 1000, .after = {}};
  do {
    const auto part = list(page);
    if (!part) return tl::unexpected<Error>(part.error());
    for (const auto& item : part->items) {
      if (auto used = use(item); !used) return used;
    }
    page.after = part->next;
  } while (!page.after.empty());
  return {};
}

}  // namespace calinvite
