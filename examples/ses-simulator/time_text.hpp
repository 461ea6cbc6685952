/// Instants as the texts that HTTP, mail, JSON events and signatures use; all UTC.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace ses_simulator {

using Instant = std::chrono::sys_time<std::chrono::milliseconds>;

std::string iso_time(Instant time);    ///< 2026-01-15T09:30:00.412Z
std::string basic_time(Instant time);  ///< 20260115T093000Z
std::string http_date(Instant time);   ///< Thu, 15 Jan 2026 09:30:00 GMT
std::string mail_date(Instant time);   ///< Thu, 15 Jan 2026 09:30:00 +0000
std::string id_time(Instant time);     ///< 12 hexadecimal digits of milliseconds

/// Reads the form of basic_time().
std::optional<std::chrono::sys_seconds> parse_basic_time(std::string_view text);

/// Reads the form of iso_time().
std::optional<Instant> parse_iso_time(std::string_view text);

}  // namespace ses_simulator
