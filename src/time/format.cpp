#include "base/text.hpp"
#include "calinvite/time.hpp"

namespace calinvite {
namespace {

using std::chrono::local_days;
using std::chrono::local_seconds;
using std::chrono::seconds;

void append_padded(std::string& out, int value, std::size_t width) {
  const std::string digits = std::to_string(value);
  if (digits.size() < width) out.append(width - digits.size(), '0');
  out += digits;
}

std::string format(local_seconds wall, bool date_only, std::string_view date_separator,
                   std::string_view time_separator) {
  const auto day = std::chrono::floor<std::chrono::days>(wall);
  const std::chrono::year_month_day date(day);
  std::string out;
  append_padded(out, static_cast<int>(date.year()), 4);
  out += date_separator;
  append_padded(out, static_cast<int>(static_cast<unsigned>(date.month())), 2);
  out += date_separator;
  append_padded(out, static_cast<int>(static_cast<unsigned>(date.day())), 2);
  if (date_only) return out;
  const std::chrono::hh_mm_ss time(wall - day);
  out += 'T';
  append_padded(out, static_cast<int>(time.hours().count()), 2);
  out += time_separator;
  append_padded(out, static_cast<int>(time.minutes().count()), 2);
  out += time_separator;
  append_padded(out, static_cast<int>(time.seconds().count()), 2);
  return out;
}

/// Takes a text apart from the left; the first thing that does not match makes it stay failed.
class Reader {
 public:
  explicit Reader(std::string_view rest) : rest_(rest) {}

  int digits(std::size_t count) {
    int value = 0;
    for (std::size_t i = 0; i < count; ++i) {
      if (rest_.size() <= i || rest_[i] < '0' || rest_[i] > '9') return mismatch();
      value = value * 10 + (rest_[i] - '0');
    }
    rest_.remove_prefix(count);
    return value;
  }
  bool skip(char c) {
    const bool found = !failed_ && !rest_.empty() && rest_.front() == c;
    if (found) rest_.remove_prefix(1);
    return found;
  }
  void expect(char c) {
    if (!skip(c)) mismatch();
  }
  void skip_digits() {
    while (!rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9') rest_.remove_prefix(1);
  }
  bool done() const { return !failed_ && rest_.empty(); }
  bool at_end() const { return rest_.empty(); }

 private:
  int mismatch() {
    failed_ = true;
    return 0;
  }
  std::string_view rest_;
  bool failed_ = false;
};

struct Fields {
  int year = 0, month = 0, day = 0;
  int hour = 0, minute = 0, second = 0;
  bool date_only = false;
  bool utc = false;
};

Result<BasicTime> from_fields(const Fields& f, bool readable, std::string_view text,
                              std::string_view expected) {
  const std::chrono::year_month_day date{std::chrono::year(f.year),
                                         std::chrono::month(static_cast<unsigned>(f.month)),
                                         std::chrono::day(static_cast<unsigned>(f.day))};
  // A leap second (RFC 5545 3.3.5) counts as the one before it.
  const bool in_range =
      f.year >= 1 && date.ok() && f.hour <= 23 && f.minute <= 59 && f.second <= 60;
  if (!readable || !in_range) {
    std::string message = "\"" + text::one_line(text, 40) + "\" is ";
    message += readable ? "no date of the calendar or time of the day; expected "
                        : "not a date or time; expected ";
    message += expected;
    return fail(Code::invalid_input, std::move(message));
  }
  BasicTime time;
  time.wall = local_days(date) + std::chrono::hours(f.hour) + std::chrono::minutes(f.minute) +
              seconds(f.second == 60 ? 59 : f.second);
  time.date_only = f.date_only;
  time.utc = f.utc;
  return time;
}

}  // namespace

std::string format_basic(local_seconds wall, bool date_only) {
  return format(wall, date_only, "", "");
}

std::string format_iso(local_seconds wall, bool date_only) {
  return format(wall, date_only, "-", ":");
}

std::string format_iso(std::chrono::sys_seconds instant) {
  return format_iso(local_seconds(instant.time_since_epoch())) + 'Z';
}

Result<BasicTime> parse_basic(std::string_view text) {
  Reader reader(text);
  Fields f;
  f.year = reader.digits(4);
  f.month = reader.digits(2);
  f.day = reader.digits(2);
  f.date_only = reader.at_end();
  if (!f.date_only) {
    reader.expect('T');
    f.hour = reader.digits(2);
    f.minute = reader.digits(2);
    f.second = reader.digits(2);
    f.utc = reader.skip('Z');
  }
  return from_fields(f, reader.done(), text, "a form such as 20270328T013000 or 20270328");
}

Result<BasicTime> parse_iso(std::string_view text) {
  Reader reader(text);
  Fields f;
  f.year = reader.digits(4);
  reader.expect('-');
  f.month = reader.digits(2);
  reader.expect('-');
  f.day = reader.digits(2);
  f.date_only = reader.at_end();
  if (!f.date_only) {
    reader.expect('T');
    f.hour = reader.digits(2);
    reader.expect(':');
    f.minute = reader.digits(2);
    if (reader.skip(':')) {
      f.second = reader.digits(2);
      if (reader.skip('.')) {
        reader.digits(1);
        reader.skip_digits();
      }
    }
    f.utc = reader.skip('Z');
  }
  return from_fields(f, reader.done(), text, "a form such as 2027-03-28T01:30 or 2027-03-28");
}

}  // namespace calinvite
