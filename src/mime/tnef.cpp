#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text.hpp"
#include "calinvite/mime.hpp"
#include "mime/decode.hpp"

namespace calinvite {
namespace {

constexpr std::uint32_t signature = 0x223e9f78;
constexpr std::size_t max_value = 500;
constexpr std::size_t max_attachments = 200;
constexpr std::size_t max_diagnostics = 20;

/// Attributes (MS-OXTNEF 2.1.3.2), level left out.
enum Attribute : std::uint32_t {
  att_from = 0x00008000,
  att_subject = 0x00018004,
  att_message_class = 0x00078008,
  att_attach_title = 0x00018010,
  att_attach_rend_data = 0x00069002,
  att_message_properties = 0x00069003,
  att_attachment_properties = 0x00069005,
  att_codepage = 0x00069007,
};

/// Reads little-endian numbers from the front; once something is missing everything is.
class Cursor {
 public:
  explicit Cursor(std::string_view bytes) : rest_(bytes) {}
  bool failed() const { return failed_; }
  bool done() const { return failed_ || rest_.empty(); }
  std::size_t left() const { return rest_.size(); }
  std::string_view take(std::size_t size) {
    if (failed_ || size > rest_.size()) {
      failed_ = true;
      return {};
    }
    const auto taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return taken;
  }
  std::uint32_t number(std::size_t size) {
    std::uint32_t value = 0;
    const auto bytes = take(size);
    for (std::size_t i = bytes.size(); i-- > 0;) {
      value = value << 8 | static_cast<unsigned char>(bytes[i]);
    }
    return value;
  }
  /// Bytes and what fills them up to a multiple of four; the filling may be missing at the end.
  std::string_view padded(std::size_t size) {
    const auto taken = take(size);
    if (!failed_) take(std::min((4 - size % 4) % 4, rest_.size()));
    return taken;
  }

 private:
  std::string_view rest_;
  bool failed_ = false;
};

enum Type : std::uint32_t { string8 = 0x1e, unicode = 0x1f, binary = 0x102, object = 0x0d };

/// Size of a value of a fixed-size property type, filling included; 0: of variable size.
std::size_t fixed_size(std::uint32_t type) {
  switch (type) {
    case string8:
    case unicode:
    case binary:
    case object:
      return 0;
    case 0x05:  // floating point, currency, application time, 64-bit integer, time
    case 0x06:
    case 0x07:
    case 0x14:
    case 0x40:
      return 8;
    case 0x48:  // GUID
      return 16;
    default:
      return 4;
  }
}

struct Property {
  std::uint32_t type = 0;
  std::uint32_t id = 0;    ///< of a named property its number within `set`, when it has one
  std::string_view set;    ///< GUID of a named property; empty for others
  std::string_view value;  ///< the first one
};

/// One MAPI property (MS-OXTNEF 2.1.3.4); the cursor fails where it is cut short.
Property read_property(Cursor& cursor) {
  constexpr std::uint32_t named = 0x8000;
  constexpr std::uint32_t several = 0x1000;
  Property property;
  property.type = cursor.number(2);
  property.id = cursor.number(2);
  if (property.id >= named) {
    property.set = cursor.take(16);
    const bool by_name = cursor.number(4) != 0;
    const auto number_or_length = cursor.number(4);
    property.id = by_name ? named : number_or_length;
    if (by_name) cursor.padded(number_or_length);
  }
  const bool many = (property.type & several) != 0;
  property.type &= ~several;
  const std::size_t size = fixed_size(property.type);
  const std::uint32_t count = many || size == 0 ? cursor.number(4) : 1;
  // Each value takes at least four bytes, so a made-up count ends with the bytes.
  for (std::uint32_t i = 0; i < count && !cursor.failed(); ++i) {
    const auto value = cursor.padded(size != 0 ? size : cursor.number(4));
    if (i == 0) property.value = value;
  }
  return property;
}

/// PSETID_Meeting, 6ED8DA90-450B-101B-98DA-00AA003F1305, as it lies in the stream.
bool is_meeting_set(std::string_view set) {
  static constexpr std::array<unsigned char, 16> guid = {0x90, 0xda, 0xd8, 0x6e, 0x0b, 0x45,
                                                         0x1b, 0x10, 0x98, 0xda, 0x00, 0xaa,
                                                         0x00, 0x3f, 0x13, 0x05};
  return std::equal(set.begin(), set.end(), guid.begin(), guid.end(),
                    [](char a, unsigned char b) { return static_cast<unsigned char>(a) == b; });
}

std::string without_end(std::string text) {
  text.resize(std::min(text.find('\0'), text.size()));
  return text::one_line(text, max_value);
}

/// The classes that stand in the old attribute under names of their own (MS-OXTNEF 2.1.3.3.1).
std::string current_class(std::string name) {
  static constexpr std::pair<std::string_view, std::string_view> renamed[] = {
      {"IPM.Microsoft Mail.Note", "IPM.Note"},
      {"IPM.Microsoft Mail.Read Receipt", "Report.IPM.Note.IPNRN"},
      {"IPM.Microsoft Mail.Non-Delivery", "Report.IPM.Note.NDR"},
      {"IPM.Microsoft Schedule.MtgReq", "IPM.Schedule.Meeting.Request"},
      {"IPM.Microsoft Schedule.MtgRespP", "IPM.Schedule.Meeting.Resp.Pos"},
      {"IPM.Microsoft Schedule.MtgRespN", "IPM.Schedule.Meeting.Resp.Neg"},
      {"IPM.Microsoft Schedule.MtgRespA", "IPM.Schedule.Meeting.Resp.Tent"},
      {"IPM.Microsoft Schedule.MtgCncl", "IPM.Schedule.Meeting.Canceled"},
  };
  for (const auto& [old, now] : renamed) {
    if (text::iequals(name, old)) return std::string(now);
  }
  return name;
}

std::optional<Partstat> answer_of(std::string_view message_class) {
  const auto name = text::lower(message_class);
  if (name.ends_with(".resp.pos")) return Partstat::accepted;
  if (name.ends_with(".resp.neg")) return Partstat::declined;
  if (name.ends_with(".resp.tent")) return Partstat::tentative;
  return std::nullopt;
}

class TnefReader {
 public:
  Result<TnefMessage> read(std::string_view bytes);

 private:
  void take(std::uint32_t id, std::string_view data);
  void take_from(std::string_view data);
  void take_message_properties(std::string_view data);
  void take_message_property(const Property& property);
  void take_attachment_properties(std::string_view data);
  std::string string_of(const Property& property) const;
  void note(std::string message);

  TnefMessage message_;
  std::string charset_ = "windows-1252";
  std::string clean_id_;     ///< of the series, where the message is about an instance
  std::string smtp_sender_;  ///< outranks the other, which may be a directory name
};

void TnefReader::note(std::string message) {
  if (message_.diagnostics.size() < max_diagnostics) {
    message_.diagnostics.push_back({std::move(message), {}});
  }
}

std::string TnefReader::string_of(const Property& property) const {
  if (property.type == unicode) {
    return without_end(mime::decode_charset(property.value, "utf-16le"));
  }
  return property.type == string8 ? without_end(mime::decode_charset(property.value, charset_))
                                  : std::string();
}

Result<TnefMessage> TnefReader::read(std::string_view bytes) {
  Cursor cursor(bytes);
  if (cursor.number(4) != signature) {
    return fail(Code::invalid_input, "winmail.dat does not begin like TNEF");
  }
  cursor.number(2);  // a key that nobody uses
  constexpr std::size_t smallest = 11;
  while (cursor.left() >= smallest) {
    const auto level = cursor.number(1);
    const auto id = cursor.number(4);
    const auto data = cursor.take(cursor.number(4));
    const auto checksum = cursor.number(2);
    if (cursor.failed() || (level != 1 && level != 2)) {
      note("an attribute is cut short or no attribute");
      break;
    }
    std::uint32_t sum = 0;
    for (const char byte : data) sum += static_cast<unsigned char>(byte);
    if ((sum & 0xffff) != checksum) note("the checksum of an attribute is off");
    take(id, data);
  }
  if (!smtp_sender_.empty()) message_.sender = smtp_sender_;
  if (message_.global_object_id.empty()) message_.global_object_id = clean_id_;
  message_.answer = answer_of(message_.message_class);
  return std::move(message_);
}

void TnefReader::take(std::uint32_t id, std::string_view data) {
  const auto text = [&] { return without_end(mime::decode_charset(data, charset_)); };
  switch (id) {
    case att_codepage: {
      const auto page = Cursor(data).number(4);
      if (page != 0) charset_ = page == 65001 ? "utf-8" : "cp" + std::to_string(page);
      break;
    }
    case att_message_class:
      message_.message_class = current_class(text());
      break;
    case att_subject:
      if (message_.subject.empty()) message_.subject = text();
      break;
    case att_from:
      take_from(data);
      break;
    case att_message_properties:
      take_message_properties(data);
      break;
    case att_attach_rend_data:
      if (message_.attachments.size() < max_attachments) message_.attachments.emplace_back();
      break;
    case att_attach_title:
      if (!message_.attachments.empty()) message_.attachments.back() = text();
      break;
    case att_attachment_properties:
      take_attachment_properties(data);
      break;
    default:
      break;
  }
}

/// Lengths of name and address, then both, the address as TYPE:address (MS-OXTNEF 2.1.3.3.2).
void TnefReader::take_from(std::string_view data) {
  Cursor cursor(data);
  cursor.number(4);
  const auto name_length = cursor.number(2);
  const auto address_length = cursor.number(2);
  cursor.take(name_length);
  const auto typed = without_end(std::string(cursor.take(address_length)));
  if (!text::iequals(typed.substr(0, 5), "SMTP:") || !message_.sender.empty()) return;
  if (auto address = normalize_address(typed.substr(5))) message_.sender = *std::move(address);
}

void TnefReader::take_message_properties(std::string_view data) {
  Cursor cursor(data);
  const auto count = cursor.number(4);
  for (std::uint32_t i = 0; i < count && !cursor.done(); ++i) {
    const Property property = read_property(cursor);
    if (cursor.failed()) {
      note("a property is cut short");
      return;
    }
    take_message_property(property);
  }
}

void TnefReader::take_message_property(const Property& property) {
  constexpr std::uint32_t lid_global_object_id = 0x0003;
  constexpr std::uint32_t lid_clean_global_object_id = 0x0023;
  if (is_meeting_set(property.set) && property.type == binary && property.value.size() <= 1000) {
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(property.value.data());
    auto digits = text::hex({bytes, property.value.size()});
    for (char& digit : digits) {
      if (digit >= 'a') digit = static_cast<char>(digit - 'a' + 'A');
    }
    if (property.id == lid_global_object_id)
      message_.global_object_id = std::move(digits);
    else if (property.id == lid_clean_global_object_id)
      clean_id_ = std::move(digits);
  }
  if (!property.set.empty()) return;
  switch (property.id) {
    case 0x001a:  // PidTagMessageClass
      message_.message_class = current_class(string_of(property));
      break;
    case 0x0037:  // PidTagSubject
      message_.subject = string_of(property);
      break;
    case 0x0c1f:  // PidTagSenderEmailAddress
      if (auto address = normalize_address(string_of(property))) message_.sender = *address;
      break;
    case 0x5d01:  // PidTagSenderSmtpAddress
      if (auto address = normalize_address(string_of(property))) smtp_sender_ = *address;
      break;
    default:
      break;
  }
}

void TnefReader::take_attachment_properties(std::string_view data) {
  if (message_.attachments.empty()) return;
  Cursor cursor(data);
  const auto count = cursor.number(4);
  for (std::uint32_t i = 0; i < count && !cursor.done(); ++i) {
    const Property property = read_property(cursor);
    constexpr std::uint32_t long_file_name = 0x3707;
    if (cursor.failed() || !property.set.empty() || property.id != long_file_name) continue;
    const auto name = string_of(property);
    if (!name.empty()) message_.attachments.back() = name;
  }
}

}  // namespace

Result<TnefMessage> parse_tnef(std::string_view bytes) {
  mime::start_gmime();
  return TnefReader().read(bytes);
}

const MailPart* find_tnef(const ParsedMail& mail) {
  const auto found = std::find_if(mail.parts.begin(), mail.parts.end(), [](const MailPart& part) {
    return part.content_type == "application/ms-tnef" ||
           part.content_type == "application/vnd.ms-tnef" ||
           text::iequals(part.filename, "winmail.dat");
  });
  return found == mail.parts.end() ? nullptr : &*found;
}

}  // namespace calinvite
