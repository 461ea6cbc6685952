// calinvite-server: mounts the pages of calinvite's links on cpp-httplib. TLS, compression and
// limits of connections are a proxy's business; see README.md.
#include <httplib.h>
#include <pthread.h>
#include <signal.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <calinvite/web.hpp>
#include <chrono>
#include <fstream>
#include <iostream>
#include <string>
#include <thread>
#include <vector>

namespace {

using calinvite::WebRequest;

enum Exit { done = 0, refused = 1, unavailable = 3 };

constexpr std::size_t max_body_bytes = 64 * 1024;
constexpr time_t patience_seconds = 10;
constexpr int unsupported_media_type = 415;

struct Options {
  std::string store = "sqlite:calinvite.db";
  std::string host = "127.0.0.1";
  int port = 8080;
  std::vector<std::string> trusted_proxies;
};

calinvite::Result<calinvite::Engine> open(const std::string& store) {
  calinvite::EngineOptions options;
  options.store = store;
  const std::string path = store.substr(std::min(store.find(':') + 1, store.size())) + ".key";
  std::ifstream in(path, std::ios::binary);
  in.read(reinterpret_cast<char*>(options.master_key.data()), options.master_key.size());
  if (in.gcount() != static_cast<std::streamsize>(options.master_key.size())) {
    return calinvite::fail(calinvite::Code::not_found,
                           path + ": no master key; 'calinvite domain add' makes store and key");
  }
  return calinvite::Engine::open(std::move(options));
}

/// Who asks: whom the nearest proxy that is not ours heard it from. What else the header says,
/// anybody can write.
std::string remote_address(const httplib::Request& request, const Options& options) {
  const auto trusted = [&](const std::string& address) {
    const auto& all = options.trusted_proxies;
    return std::find(all.begin(), all.end(), address) != all.end();
  };
  std::string address = request.remote_addr;
  std::string chain = request.get_header_value("X-Forwarded-For");
  while (trusted(address) && !chain.empty()) {
    const auto comma = chain.rfind(',');
    address = CLI::detail::trim_copy(comma == chain.npos ? chain : chain.substr(comma + 1));
    chain.resize(comma == chain.npos ? 0 : comma);
  }
  return address;
}

std::string percent_encode(const std::string& text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte) != 0 || std::string_view("-._~").find(c) != std::string_view::npos) {
      out += c;
    } else {
      out.append("%").append(1, digits[byte >> 4]).append(1, digits[byte & 15]);
    }
  }
  return out;
}

/// The fields of a multipart form, as the pages read forms: httplib has taken them apart.
void read_multipart(WebRequest& request, const httplib::ContentReader& content) {
  bool first = true;
  content(
      [&](const httplib::MultipartFormData& field) {
        request.body += (first ? "" : "&") + percent_encode(field.name) + '=';
        first = false;
        return true;
      },
      [&](const char* bytes, std::size_t size) {
        request.body += percent_encode({bytes, size});
        return true;
      });
  for (auto& [name, value] : request.headers) {
    if (CLI::detail::to_lower(name) == "content-type") value = "application/x-www-form-urlencoded";
  }
}

WebRequest translate(const httplib::Request& request, const Options& options) {
  WebRequest asked;
  asked.method = request.method;
  const auto mark = std::min(request.target.find('?'), request.target.size());
  asked.path = request.target.substr(0, mark);
  asked.query = request.target.substr(std::min(mark + 1, request.target.size()));
  asked.headers.assign(request.headers.begin(), request.headers.end());
  asked.remote_address = remote_address(request, options);
  return asked;
}

void answer(calinvite::Engine& engine, const WebRequest& asked, httplib::Response& response) {
  auto page = calinvite::respond(engine, asked);
  response.status = page.status;
  std::string type = "text/plain";
  for (const auto& [name, value] : page.headers) {
    if (name == "Content-Type") {
      type = value;
    } else {
      response.set_header(name.c_str(), value);
    }
  }
  response.set_content(std::move(page.body), type.c_str());
}

void mount(httplib::Server& server, calinvite::Engine& engine, const Options& options) {
  const auto without_body = [&](const httplib::Request& request, httplib::Response& response) {
    answer(engine, translate(request, options), response);
  };
  server.Get(".*", without_body);
  server.Put(".*", without_body);
  server.Patch(".*", without_body);
  server.Delete(".*", without_body);
  server.Options(".*", without_body);
  server.Post(".*", [&](const httplib::Request& request, httplib::Response& response,
                        const httplib::ContentReader& content) {
    if (request.has_header("Content-Encoding")) {  // a small body may unpack to a huge one
      response.status = unsupported_media_type;
      return;
    }
    WebRequest asked = translate(request, options);
    if (request.is_multipart_form_data()) {
      read_multipart(asked, content);
    } else {
      content([&](const char* bytes, std::size_t size) {
        asked.body.append(bytes, size);
        return true;
      });
    }
    if (response.status <= 0) answer(engine, asked, response);
  });
  server.set_payload_max_length(max_body_bytes);
  server.set_read_timeout(patience_seconds);
  server.set_write_timeout(patience_seconds);
}

/// Ends the server when we are told to; requests that have begun are answered first.
std::thread stop_on_signal(httplib::Server& server, const sigset_t& signals) {
  return std::thread([&server, signals] {
    int which = 0;
    ::sigwait(&signals, &which);
    // A server that is about to begin would not notice.
    for (int tries = 0; tries < 100 && !server.is_running(); ++tries) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    server.stop();
  });
}

int serve(const Options& options) {
  auto engine = open(options.store);
  if (!engine) {
    std::cerr << "calinvite-server: " << calinvite::to_string(engine.error()) << '\n';
    return engine.error().retryable() ? unavailable : refused;
  }
  httplib::Server server;
  mount(server, *engine, options);
  const int port = options.port == 0 ? server.bind_to_any_port(options.host)
                   : server.bind_to_port(options.host, options.port) ? options.port
                                                                     : -1;
  if (port < 0) {
    std::cerr << "calinvite-server: can't listen on " << options.host << ':' << options.port
              << '\n';
    return unavailable;
  }
  sigset_t signals;
  ::sigemptyset(&signals);
  ::sigaddset(&signals, SIGTERM);
  ::sigaddset(&signals, SIGINT);
  ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);  // before any thread: all inherit it
  auto stopper = stop_on_signal(server, signals);
  std::cout << "calinvite-server: http://" << options.host << ':' << port << std::endl;
  const bool ended_well = server.listen_after_bind();
  ::pthread_kill(stopper.native_handle(), SIGTERM);
  stopper.join();
  return ended_well ? done : unavailable;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Serves the pages behind calinvite's links");
  Options options;
  app.add_option("--store", options.store, "sqlite:FILE, with its key in FILE.key")
      ->envname("CALINVITE_STORE")
      ->capture_default_str();
  app.add_option("--host", options.host, "Address to listen on")->capture_default_str();
  app.add_option("--port", options.port, "0: a free one, which is printed")
      ->check(CLI::Range(0, 65535))
      ->capture_default_str();
  app.add_option("--trusted-proxy", options.trusted_proxies,
                 "Address whose X-Forwarded-For is believed; repeat it for more");
  CLI11_PARSE(app, argc, argv);
  return serve(options);
}
