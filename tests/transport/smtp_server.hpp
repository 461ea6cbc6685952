/// Runs smtp_server.py for one test, and reads what it saw.
#pragma once

#include "transport/server_process.hpp"

namespace calinvite::test {

class SmtpServer {
 public:
  explicit SmtpServer(Json script = Json::Object{}, const std::string& certificate = "good")
      : certificate_(certificate),
        implicit_(script["tls"].string() == "implicit"),
        process_("smtp_server.py", {certificate, script.write()}) {}

  std::vector<Json> log(std::string_view kind) const { return process_.log(kind); }
  std::vector<Json> messages() const { return log("message"); }
  std::size_t connections() const { return log("opened").size(); }
  /// How many commands begin so.
  std::size_t commands(std::string_view verb) const {
    std::size_t count = 0;
    for (const Json& line : log("command")) count += line["command"].string().starts_with(verb);
    return count;
  }

  SmtpOptions options() const {
    SmtpOptions options;
    options.host = "127.0.0.1";
    options.port = static_cast<std::uint16_t>(process_.port());
    options.tls = implicit_ ? SmtpTls::implicit : SmtpTls::starttls;
    options.helo = "mail.league.example";
    options.ca_file = (process_.folder() / (certificate_ + ".crt")).string();
    options.max_connections = 4;
    options.command_timeout = std::chrono::seconds(20);
    options.answer_timeout = std::chrono::seconds(20);
    return options;
  }

 private:
  std::string certificate_;
  bool implicit_;
  ServerProcess process_;
};

}  // namespace calinvite::test
