#include "mime/decode.hpp"

#include <gmime/gmime.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <memory>
#include <mutex>

#include "base/text.hpp"

namespace calinvite::mime {
namespace {

constexpr std::string_view replacement = "\xef\xbf\xbd";

struct Release {
  void operator()(void* object) const { g_object_unref(object); }
};
template <class T>
using Object = std::unique_ptr<T, Release>;

/// to_valid_utf8, without its cost where there is nothing to do.
std::string as_utf8(std::string_view bytes) {
  return text::is_utf8(bytes) ? std::string(bytes) : text::to_valid_utf8(bytes);
}

std::string valid(const char* text) { return text ? as_utf8(text) : std::string(); }

/// glibc reads a slash in a charset name as an option or a path.
bool is_charset_name(std::string_view name) {
  return !name.empty() && name.size() <= 40 && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("._:+-").find(c) != std::string_view::npos;
  });
}

/// Much mail calls itself US-ASCII and is UTF-8.
bool is_utf8_name(std::string_view charset) {
  return charset.empty() || text::iequals(charset, "utf-8") || text::iequals(charset, "utf8") ||
         text::iequals(charset, "us-ascii") || text::iequals(charset, "ascii");
}

/// The byte order that a text in UTF-16 shows, by its mark or by the zeros beside ASCII; empty when
/// it shows none.
std::string_view utf16_order(std::string_view bytes) {
  if (bytes.size() < 2) return {};
  if (bytes.starts_with("\xff\xfe") || (bytes[0] != '\0' && bytes[1] == '\0')) return "UTF-16LE";
  if (bytes.starts_with("\xfe\xff") || (bytes[0] == '\0' && bytes[1] != '\0')) return "UTF-16BE";
  return {};
}

/// What to read `bytes` as; empty: as UTF-8. Exports of Windows are UTF-16 without saying so; what
/// is neither UTF-8 nor declared is not guessed at.
std::string charset_of(std::string_view bytes, std::string_view charset) {
  const std::string name = text::lower(charset);
  if (name.starts_with("utf-16") || name.starts_with("utf16") || name == "unicode") {
    const auto order = utf16_order(bytes);
    if (!order.empty()) return std::string(order);
    return name.ends_with("le") ? "UTF-16LE" : "UTF-16BE";  // RFC 2781 4.3
  }
  if (name == "unicode-1-1-utf-7" || name == "x-unicode-2-0-utf-7") return "UTF-7";
  if (is_utf8_name(charset) || !is_charset_name(charset)) return std::string(utf16_order(bytes));
  return std::string(charset);
}

std::string convert(iconv_t converter, std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size());
  std::array<char, 4096> buffer;
  char* in = const_cast<char*>(bytes.data());  // iconv's signature; it does not write there
  std::size_t left = bytes.size();
  bool flushing = false;
  for (;;) {
    char* end = buffer.data();
    std::size_t room = buffer.size();
    const char* before = in;
    const auto result =
        g_mime_iconv(converter, flushing ? nullptr : &in, flushing ? nullptr : &left, &end, &room);
    const int error = errno;
    out.append(buffer.data(), end);
    if (result != static_cast<std::size_t>(-1) || left == 0) {
      if (flushing) return out;
      flushing = true;
    } else if (error != E2BIG || (in == before && end == buffer.data())) {
      out += replacement;
      ++in;
      --left;
    }
  }
}

void collect(InternetAddressList* list, bool in_group, std::vector<Address>& out) {
  const int count = internet_address_list_length(list);
  for (int i = 0; i < count; ++i) {
    InternetAddress* entry = internet_address_list_get_address(list, i);
    const std::string name = valid(internet_address_get_name(entry));
    if (INTERNET_ADDRESS_IS_MAILBOX(entry)) {
      const auto* address = internet_address_mailbox_get_addr(INTERNET_ADDRESS_MAILBOX(entry));
      out.push_back({name, valid(address), in_group});
      continue;
    }
    const std::size_t before = out.size();
    collect(internet_address_group_get_members(INTERNET_ADDRESS_GROUP(entry)), true, out);
    if (out.size() == before) out.push_back({name, {}, true});
  }
}

}  // namespace

void start_gmime() {
  static std::once_flag once;
  std::call_once(once, g_mime_init);
}

ContentType read_content_type(const std::string& value) {
  ContentType result;
  result.type = "text/plain";
  if (value.find('/') == std::string::npos) return result;
  const Object<GMimeContentType> parsed(g_mime_content_type_parse(nullptr, value.c_str()));
  const auto parameter = [&](const char* name) {
    return valid(g_mime_content_type_get_parameter(parsed.get(), name));
  };
  result.type = text::lower(valid(g_mime_content_type_get_media_type(parsed.get())) + "/" +
                            valid(g_mime_content_type_get_media_subtype(parsed.get())));
  result.boundary = parameter("boundary");
  result.charset = parameter("charset");
  result.method = parameter("method");
  result.name = parameter("name");
  return result;
}

std::string read_filename(const std::string& value) {
  const Object<GMimeContentDisposition> parsed(
      g_mime_content_disposition_parse(nullptr, value.c_str()));
  return parsed ? valid(g_mime_content_disposition_get_parameter(parsed.get(), "filename"))
                : std::string();
}

namespace {

/// The lines between `begin` and `end`, three bytes in four characters each; damage ends a line.
std::string decode_uu(std::string_view body) {
  std::string out;
  bool begun = false;
  for (const std::string_view line : text::split(body, '\n')) {
    if (!begun) {
      begun = line.starts_with("begin ");
      continue;
    }
    if (line.starts_with("end")) break;
    const auto value = [&](std::size_t at) {
      const auto c = at < line.size() ? static_cast<unsigned char>(line[at]) : ' ';
      return static_cast<unsigned>((c - 0x20) & 0x3f);
    };
    const std::size_t size = line.empty() ? 0 : value(0);
    std::string bytes;
    for (std::size_t at = 1; bytes.size() < size && at < line.size(); at += 4) {
      const unsigned triple =
          value(at) << 18 | value(at + 1) << 12 | value(at + 2) << 6 | value(at + 3);
      for (const int shift : {16, 8, 0}) bytes += static_cast<char>(triple >> shift & 0xff);
    }
    out.append(bytes, 0, size);
  }
  return out;
}

}  // namespace

std::string decode_transfer(std::string_view body, std::string_view encoding) {
  const auto kind = g_mime_content_encoding_from_string(std::string(text::trim(encoding)).c_str());
  if (kind == GMIME_CONTENT_ENCODING_UUENCODE) return decode_uu(body);
  if (kind != GMIME_CONTENT_ENCODING_BASE64 && kind != GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE) {
    return std::string(body);
  }
  GMimeEncoding decoder;
  g_mime_encoding_init_decode(&decoder, kind);
  std::string out(g_mime_encoding_outlen(&decoder, body.size()), '\0');
  const auto written = g_mime_encoding_flush(&decoder, body.data(), body.size(), out.data());
  out.resize(written);
  return out;
}

std::string decode_charset(std::string_view bytes, std::string_view charset) {
  constexpr std::string_view bom = "\xef\xbb\xbf";
  const std::string name = charset_of(bytes, charset);
  std::string out;
  const iconv_t none = reinterpret_cast<iconv_t>(std::intptr_t{-1});
  const iconv_t converter = name.empty() ? none : g_mime_iconv_open("UTF-8", name.c_str());
  if (converter == none) {
    out = as_utf8(bytes);
  } else {
    out = as_utf8(convert(converter, bytes));
    g_mime_iconv_close(converter);
  }
  if (!name.empty() && out.starts_with(bom)) out.erase(0, bom.size());
  return out;
}

std::string decode_text(const std::string& value) {
  const std::unique_ptr<char, void (*)(void*)> decoded(
      g_mime_utils_header_decode_text(nullptr, value.c_str()), g_free);
  return valid(decoded.get());
}

std::optional<std::chrono::sys_seconds> decode_date(const std::string& value) {
  constexpr std::size_t longest = 100;
  if (value.size() > longest) return std::nullopt;
  const std::unique_ptr<GDateTime, void (*)(GDateTime*)> date(
      g_mime_utils_header_decode_date(value.c_str()), g_date_time_unref);
  if (!date) return std::nullopt;
  return std::chrono::sys_seconds(std::chrono::seconds(g_date_time_to_unix(date.get())));
}

std::vector<Address> read_addresses(const std::string& value) {
  std::vector<Address> addresses;
  const Object<InternetAddressList> list(internet_address_list_parse(nullptr, value.c_str()));
  if (list) collect(list.get(), false, addresses);
  return addresses;
}

}  // namespace calinvite::mime
