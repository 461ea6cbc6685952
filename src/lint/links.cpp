#include <algorithm>

#include "base/text.hpp"
#include "lint/checks.hpp"

namespace calinvite::lint {
namespace {

constexpr std::size_t longest_link = 2000;

/// `name=value` of a query, as written.
class Query {
 public:
  explicit Query(std::string_view url) {
    const auto mark = url.find('?');
    if (mark == std::string_view::npos) return;
    url.remove_prefix(mark + 1);
    for (const std::string_view pair : text::split(url.substr(0, url.find('#')), '&')) {
      const auto equals = std::min(pair.find('='), pair.size());
      pairs_.emplace_back(pair.substr(0, equals), pair.substr(std::min(pair.size(), equals + 1)));
    }
  }
  /// Percent-decoded; empty when absent.
  std::string value(std::string_view name) const {
    const auto found = std::find_if(pairs_.begin(), pairs_.end(),
                                    [&](const auto& pair) { return pair.first == name; });
    return found == pairs_.end() ? std::string() : text::percent_decode(found->second);
  }

 private:
  std::vector<std::pair<std::string_view, std::string_view>> pairs_;
};

/// Empty when all are there, else what is missing.
std::string missing(const Query& query, std::initializer_list<std::string_view> names) {
  std::string text;
  for (const std::string_view name : names) {
    if (query.value(name).empty()) text += (text.empty() ? "no " : ", ") + std::string(name);
  }
  return text;
}

std::string google_fault(const Query& query) {
  std::string fault = missing(query, {"text", "dates"});
  if (!fault.empty()) return fault;
  const std::string dates = query.value("dates");
  const auto slash = dates.find('/');
  const auto from = parse_basic(dates.substr(0, slash));
  const auto to = parse_basic(slash == std::string::npos ? "" : dates.substr(slash + 1));
  if (!from || !to || from->date_only != to->date_only || from->utc != to->utc) {
    return "dates is " + in_quotes(dates);
  }
  const bool local = !from->utc && !from->date_only;
  return local && query.value("ctz").empty() ? "local dates without ctz" : "";
}

std::string outlook_fault(const Query& query) {
  std::string fault = missing(query, {"path", "rru", "startdt", "enddt", "subject"});
  if (!fault.empty()) return fault;
  if (query.value("rru") != "addevent") return "rru is " + in_quotes(query.value("rru"));
  const auto from = parse_iso(query.value("startdt"));
  const auto to = parse_iso(query.value("enddt"));
  const bool dates = query.value("allday") == "true";
  const auto fits = [&](const Result<BasicTime>& time) {
    return time && (dates ? time->date_only : time->utc);
  };
  return fits(from) && fits(to) ? "" : "startdt or enddt is in another form";
}

std::string yahoo_fault(const Query& query) {
  std::string fault = missing(query, {"v", "TITLE", "ST", "ET"});
  if (!fault.empty()) return fault;
  if (query.value("v") != "60") return "v is " + in_quotes(query.value("v"));
  const bool read = parse_basic(query.value("ST")) && parse_basic(query.value("ET"));
  return read ? "" : "ST or ET is in another form";
}

/// A link that fills in a form of a calendar service.
struct CalendarForm {
  Check check;
  std::string fault;  ///< empty: none
};
std::optional<CalendarForm> calendar_form(const std::string& url) {
  const std::string_view place = std::string_view(url).substr(0, url.find('?'));
  const auto has = [&](std::string_view part) { return place.find(part) != std::string::npos; };
  if (has("google.com/calendar/")) {
    const Query query(url);
    const bool template_asked = query.value("action") == "TEMPLATE";
    if (!template_asked && !has("/eventedit")) return std::nullopt;
    return CalendarForm{Check::google_link,
                        template_asked ? google_fault(query) : "no action=TEMPLATE"};
  }
  if (has("//outlook.") && has("/deeplink/compose")) {
    return CalendarForm{Check::outlook_link, outlook_fault(Query(url))};
  }
  if (has("//calendar.yahoo.com")) {
    return CalendarForm{Check::yahoo_link, yahoo_fault(Query(url))};
  }
  return std::nullopt;
}

std::string form_fault(const std::string& url) {
  if (url.size() > longest_link) return "has " + std::to_string(url.size()) + " characters";
  const auto query = url.find('?');
  if (query != std::string::npos && url.find('+', query) != std::string::npos) return "has a +";
  const bool ascii = std::all_of(url.begin(), url.end(), [](char c) { return c > ' ' && c < 127; });
  return ascii ? "" : "has blanks or characters beyond ASCII";
}

}  // namespace

Places::Place Places::of(std::size_t at) {
  for (; at_ < at && at_ < text_.size(); ++at_) {
    if (text_[at_] != '\n') continue;
    ++line_;
    begin_ = at_ + 1;
  }
  return {line_, static_cast<std::uint32_t>(at - begin_ + 1)};
}

std::vector<Link> links_in(std::string_view text) {
  std::vector<Link> links;
  for (std::size_t at = text.find("http"); at != std::string_view::npos;
       at = text.find("http", at + 1)) {
    const std::string_view rest = text.substr(at);
    if (!rest.starts_with("http://") && !rest.starts_with("https://")) continue;
    const auto end = std::min(rest.find_first_of(" \t\r\n<>\"'"), rest.size());
    links.push_back({std::string(rest.substr(0, end)), at});
    at += end - 1;
  }
  return links;
}

void check_links(const std::vector<Link>& links, std::string_view text, std::string_view field,
                 std::uint32_t line, Findings& findings) {
  bool answer_seen = false;
  Places places(text);
  for (const Link& link : links) {
    auto [row, column] = places.of(link.at);
    if (line != 0) {  // of a property: the text is all on that line
      row = line;
      column = 1;
    }
    const auto form = calendar_form(link.target);
    if (link.target.starts_with("http://")) {
      findings.add(Check::https, in_quotes(link.target), row, column, field);
    }
    if (!form) {
      answer_seen = true;
      continue;
    }
    if (!form->fault.empty()) findings.add(form->check, form->fault, row, column, field);
    const std::string fault = form_fault(link.target);
    if (!fault.empty()) {
      findings.add(Check::link_form, "the link " + fault, row, column, field);
    }
    if (!answer_seen) {
      findings.add(Check::link_order, "an add-to-calendar link comes first", row, column, field);
    }
  }
}

}  // namespace calinvite::lint
