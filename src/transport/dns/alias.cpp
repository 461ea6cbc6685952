#include "transport/dns/alias.hpp"

#include <ares.h>
#include <arpa/nameser.h>

#include "base/text.hpp"

namespace calinvite::dns {
namespace {

/// Goes through a message. What goes wrong once stays wrong.
class MessageReader {
 public:
  explicit MessageReader(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}

  bool failed() const { return failed_; }

  std::uint16_t number() {
    if (!has(2)) return 0;
    at_ += 2;
    return static_cast<std::uint16_t>(bytes_[at_ - 2] << 8 | bytes_[at_ - 1]);
  }

  void skip(std::size_t count) {
    if (has(count)) at_ += count;
  }

  std::string name() {
    char* text = nullptr;
    long used = 0;
    if (!has(1) ||
        ares_expand_name(bytes_.data() + at_, bytes_.data(), static_cast<int>(bytes_.size()), &text,
                         &used) != ARES_SUCCESS) {
      failed_ = true;
      return {};
    }
    std::string name = text::lower(text);
    ares_free_string(text);
    at_ += static_cast<std::size_t>(used);
    if (name.ends_with('.')) name.pop_back();
    return name;
  }

 private:
  bool has(std::size_t count) {
    failed_ = failed_ || count > bytes_.size() - at_;
    return !failed_;
  }

  std::span<const std::uint8_t> bytes_;
  std::size_t at_ = 0;
  bool failed_ = false;
};

}  // namespace

Result<std::optional<std::string>> read_alias(std::span<const std::uint8_t> answer) {
  MessageReader reader(answer);
  reader.skip(4);  // number and flags
  const int questions = reader.number();
  const int answers = reader.number();
  reader.skip(4);  // counts of what we don't read
  for (int i = 0; i < questions && !reader.failed(); ++i) {
    reader.name();
    reader.skip(4);  // type and class
  }
  std::optional<std::string> alias;
  for (int i = 0; i < answers && !reader.failed() && !alias; ++i) {
    reader.name();
    const auto type = reader.number();
    reader.skip(6);  // class and time to live
    const auto length = reader.number();
    if (type == ns_t_cname) {
      alias = reader.name();
    } else {
      reader.skip(length);
    }
  }
  if (reader.failed()) return fail(Code::invalid_input, "an answer that is not DNS's");
  return alias;
}

}  // namespace calinvite::dns
