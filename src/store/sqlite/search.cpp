// Searching by words. What people type is cut into words and quoted: none of it is an operator.
#include "base/text.hpp"
#include "store/sqlite/rows.hpp"
#include "store/sqlite/sqlite_store.hpp"

namespace calinvite::sqlite {
namespace {

std::string hex_of(std::string_view text) {
  return text::hex({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
}

/// The word of the index that stands for a scope: see 0014_reports.sql.
std::string scope_word(const Scope& scope) {
  if (scope.organizer_address().empty()) return hex_of(scope.domain_name());
  return hex_of(scope.domain_name() + ' ' + scope.organizer_address());
}

/// Where a search goes on: behind a row of the index and, of a person, behind an event.
struct SearchCursor {
  bool people = false;
  std::int64_t number = 0;
  std::string event;  ///< empty: the whole row is done
};

std::string write_cursor(const SearchCursor& cursor) {
  return (cursor.people ? 'p' : 'e') + std::to_string(cursor.number) + ' ' + cursor.event;
}

Result<SearchCursor> read_cursor(const Page& page) {
  SearchCursor cursor;
  if (page.after.empty()) return cursor;
  const auto space = page.after.find(' ');
  const char kind = page.after.front();
  if (space != std::string::npos && (kind == 'e' || kind == 'p')) {
    const auto number = number_of({page.limit, page.after.substr(1, space - 1)});
    if (!number) return tl::unexpected<Error>(number.error());
    return SearchCursor{kind == 'p', *number, page.after.substr(space + 1)};
  }
  return fail(Code::invalid_argument, "not a cursor that a list gave", Place{{}, 0, 0, "after"});
}

/// One search, hit by hit until there are enough.
class Search {
 public:
  Search(Connection& connection, const Scope& scope, std::string_view text, std::size_t limit)
      : connection_(connection), scope_(scope), text_(text), limit_(limit) {}

  Paged<SearchHit> run(const SearchCursor& after) {
    if (!after.people) list_events(after.number);
    if (part_.next.empty()) list_people(after.people ? after : SearchCursor{true, 0, {}});
    return std::move(part_);
  }

 private:
  /// @return false when there is no room: then the search goes on behind the last one
  bool add(SearchHit hit, SearchCursor at) {
    if (part_.items.size() == limit_) {
      part_.next = write_cursor(last_);
      return false;
    }
    part_.items.push_back(std::move(hit));
    last_ = std::move(at);
    return true;
  }

  void list_events(std::int64_t after) {
    // CROSS: in the order of the index, which is read no further than needed.
    auto rows = connection_.query(
        "SELECT s.rowid, e.uid, e.summary, e.start, e.organizer FROM event_search AS s"
        " CROSS JOIN event_number AS n ON n.number = s.rowid"
        " CROSS JOIN event AS e ON e.domain = n.domain AND e.uid = n.uid"
        " WHERE event_search MATCH ?3 AND s.rowid > ?4 AND " +
            event_in_scope(scope_) + " ORDER BY s.rowid",
        scope_.domain_name(), scope_.organizer_address(), match_events(connection_, scope_, text_),
        after);
    while (rows.step()) {
      SearchHit hit;
      SearchCursor at;
      rows.read(at.number, hit.event, hit.summary, hit.start, hit.organizer);
      if (!add(std::move(hit), std::move(at))) return;
    }
  }

  void list_people(const SearchCursor& after) {
    auto people = connection_.query(
        "SELECT s.rowid, p.domain, p.organizer, p.address, p.name FROM person_search AS s"
        " CROSS JOIN person AS p ON p.number = s.rowid"
        " WHERE person_search MATCH ?3 AND s.rowid >= ?4 AND " +
            in_scope(scope_, "p.domain", "p.organizer") + " ORDER BY s.rowid",
        scope_.domain_name(), scope_.organizer_address(), match_people(connection_, scope_, text_),
        after.number);
    while (part_.next.empty() && people.step()) {
      SearchCursor at{true, 0, {}};
      std::string domain;
      SearchHit person;
      people.read(at.number, domain, person.organizer, person.address, person.name);
      list_copies(domain, person, at, at.number == after.number ? after.event : std::string());
    }
  }

  /// The events that a person is or was invited to.
  void list_copies(const std::string& domain, const SearchHit& person, SearchCursor at,
                   const std::string& after) {
    auto copies = connection_.query(
        "SELECT e.uid, e.summary, e.start FROM attendee AS a CROSS JOIN event AS e"
        " ON e.domain = a.domain AND e.uid = a.event WHERE a.domain = ?1 AND a.address = ?2"
        " AND a.name = ?3 AND e.organizer = ?4 AND a.event > ?5 ORDER BY a.event",
        domain, person.address, person.name, person.organizer, after);
    while (copies.step()) {
      SearchHit hit = person;
      copies.read(hit.event, hit.summary, hit.start);
      at.event = hit.event;
      if (!add(std::move(hit), at)) return;
    }
  }

  Connection& connection_;
  const Scope& scope_;
  const std::string_view text_;
  const std::size_t limit_;
  Paged<SearchHit> part_;
  SearchCursor last_;
};

/// Every word, and the last one also as the beginning of a longer one. Characters beyond ASCII are
/// left to the index, which splits at those that are no letters.
std::string words_of(std::string_view text) {
  const auto is_word = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           static_cast<unsigned char>(c) >= 0x80;
  };
  std::string words;
  bool inside = false;
  for (const char c : text) {
    if (is_word(c) != inside) {
      words += inside ? "\" " : "\"";
      inside = !inside;
    }
    if (inside) words += c;
  }
  if (inside) words += "\" ";
  return words.empty() ? words : words + '*';
}

/// Where one domain is all there is, going along its word would only take time.
bool is_everything(Connection& connection, const Scope& scope) {
  return scope.organizer_address().empty() &&
         (scope.domain_name().empty() ||
          !connection.query("SELECT 1 FROM domain WHERE domain <> ?1", scope.domain_name()).step());
}

std::string match(Connection& connection, const Scope& scope, std::string_view text,
                  const std::string& columns) {
  const std::string words = words_of(text);
  if (words.empty()) return {};
  std::string match = '{' + columns + "} : (" + words + ')';
  if (!is_everything(connection, scope)) match += " AND scope : \"" + scope_word(scope) + '"';
  return match;
}

}  // namespace

void index_words(Connection& connection) {
  connection.run(
      "INSERT INTO event_search (rowid, summary, description, location, uid, scope)"
      " SELECT n.number, e.summary, e.description, e.location, e.uid,"
      " hex(e.domain) || ' ' || hex(e.domain || ' ' || e.organizer) FROM event_number AS n"
      " JOIN event AS e ON e.domain = n.domain AND e.uid = n.uid WHERE n.unindexed = 1");
  connection.run("UPDATE event_number SET unindexed = 0 WHERE unindexed = 1");
  connection.run(
      "INSERT INTO person_search (rowid, address, name, scope) SELECT p.number, p.address, p.name,"
      " hex(p.domain) || ' ' || hex(p.domain || ' ' || p.organizer) FROM person AS p"
      " WHERE p.unindexed = 1");
  connection.run("UPDATE person SET unindexed = 0 WHERE unindexed = 1");
}

std::string match_events(Connection& connection, const Scope& scope, std::string_view text) {
  return match(connection, scope, text, "summary description location uid");
}

std::string match_people(Connection& connection, const Scope& scope, std::string_view text) {
  return match(connection, scope, text, "address name");
}

Result<Paged<SearchHit>> SqliteStore::search(const Scope& scope, std::string_view text,
                                             const Page& page) {
  return connection_->read([&]() -> Result<Paged<SearchHit>> {
    if (auto some = rows_of(page); !some) return tl::unexpected<Error>(some.error());
    const auto after = read_cursor(page);
    if (!after) return tl::unexpected<Error>(after.error());
    if (match_people(*connection_, scope, text).empty()) return Paged<SearchHit>();
    return Search(*connection_, scope, text, page.limit).run(*after);
  });
}

}  // namespace calinvite::sqlite
