#include "transport/http/client.hpp"

#include <curl/curl.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "transport/curl.hpp"

namespace calinvite::http {
namespace {

struct EasyDeleter {
  void operator()(CURL* easy) const noexcept { curl_easy_cleanup(easy); }
};
struct ListDeleter {
  void operator()(curl_slist* list) const noexcept { curl_slist_free_all(list); }
};

/// One request on its way, and the handle that carries it; reused for the next.
struct Transfer {
  std::unique_ptr<CURL, EasyDeleter> easy{curl_easy_init()};
  std::unique_ptr<curl_slist, ListDeleter> headers;
  Exchange exchange;
  std::size_t sent = 0;
  std::size_t max_answer_bytes = 0;
  std::array<char, CURL_ERROR_SIZE> error{};
};

std::size_t read_body(char* out, std::size_t size, std::size_t count, void* user) {
  auto& transfer = *static_cast<Transfer*>(user);
  const std::string& body = transfer.exchange.body;
  transfer.exchange.body_begun = true;
  const std::size_t taken = std::min(size * count, body.size() - transfer.sent);
  std::copy_n(body.data() + transfer.sent, taken, out);
  transfer.sent += taken;
  return taken;
}

// Without this refusal libcurl opens a new connection and sends the body again (M1).
int refuse_to_seek(void*, curl_off_t, int) { return CURL_SEEKFUNC_FAIL; }

std::size_t write_answer(char* bytes, std::size_t size, std::size_t count, void* user) {
  auto& transfer = *static_cast<Transfer*>(user);
  const std::size_t length = size * count;
  if (transfer.exchange.answer.size() + length > transfer.max_answer_bytes) return 0;
  transfer.exchange.answer.append(bytes, length);
  return length;
}

std::size_t write_header(char* bytes, std::size_t size, std::size_t count, void* user) {
  Headers& headers = static_cast<Transfer*>(user)->exchange.headers;
  const std::string_view line(bytes, size * count);
  const auto colon = line.find(':');
  if (line.starts_with("HTTP/")) {
    headers.clear();  // an interim answer came before
  } else if (colon != std::string_view::npos) {
    headers.emplace_back(text::lower(line.substr(0, colon)),
                         std::string(text::trim(line.substr(colon + 1))));
  }
  return line.size();
}

void set_policies(CURL* easy, const ClientOptions& options) {
  transport::set_safe_defaults(easy, options.ca_file);
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, long{CURL_HTTP_VERSION_1_1});
  curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L);  // what was signed goes on the wire
  curl_easy_setopt(
      easy, CURLOPT_CONNECTTIMEOUT_MS,
      static_cast<long>(std::min(options.connect_timeout, options.answer_timeout).count()));
  curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(options.answer_timeout.count()));
  curl_easy_setopt(easy, CURLOPT_MAXAGE_CONN, static_cast<long>(options.max_idle.count()));
}

void set_callbacks(Transfer& transfer) {
  CURL* easy = transfer.easy.get();
  curl_easy_setopt(easy, CURLOPT_PRIVATE, &transfer);
  curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, transfer.error.data());
  curl_easy_setopt(easy, CURLOPT_READFUNCTION, read_body);
  curl_easy_setopt(easy, CURLOPT_READDATA, &transfer);
  curl_easy_setopt(easy, CURLOPT_SEEKFUNCTION, refuse_to_seek);
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, write_answer);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, &transfer);
  curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, write_header);
  curl_easy_setopt(easy, CURLOPT_HEADERDATA, &transfer);
}

std::unique_ptr<Transfer> make_transfer(const ClientOptions& options) {
  auto transfer = std::make_unique<Transfer>();
  if (!transfer->easy) return nullptr;
  transfer->max_answer_bytes = options.max_answer_bytes;
  set_policies(transfer->easy.get(), options);
  set_callbacks(*transfer);
  return transfer;
}

void append(std::unique_ptr<curl_slist, ListDeleter>& list, const std::string& line) {
  if (curl_slist* longer = curl_slist_append(list.get(), line.c_str())) {
    static_cast<void>(list.release());
    list.reset(longer);
  }
}

void load(Transfer& transfer, std::uint64_t id, Request request) {
  CURL* easy = transfer.easy.get();
  transfer.exchange = Exchange{};
  transfer.exchange.id = id;
  transfer.exchange.body = std::move(request.body);
  transfer.sent = 0;
  transfer.error[0] = '\0';
  transfer.headers.reset();
  for (const auto& [name, value] : request.headers) {
    std::string line = name;
    append(transfer.headers, line.append(": ").append(value));
  }
  // No header of libcurl's own choice: a server that waits for its 100 would cost a round trip.
  append(transfer.headers, "Expect:");
  curl_easy_setopt(easy, CURLOPT_URL, request.url.c_str());
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, transfer.headers.get());
  if (request.method == "POST") {
    curl_easy_setopt(easy, CURLOPT_POST, 1L);
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE,
                     static_cast<curl_off_t>(transfer.exchange.body.size()));
  } else if (request.method == "PUT") {
    curl_easy_setopt(easy, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(easy, CURLOPT_INFILESIZE_LARGE, curl_off_t{0});
  } else {
    curl_easy_setopt(easy, CURLOPT_HTTPGET, 1L);
  }
}

std::string describe(const Transfer& transfer, CURLcode code) {
  if (code == CURLE_OK) return {};
  if (code == CURLE_WRITE_ERROR) return "answer is longer than any that is expected";
  if (code == CURLE_SEND_FAIL_REWIND) return "connection closed without an answer";
  const std::string_view words =
      transfer.error[0] != '\0' ? transfer.error.data() : curl_easy_strerror(code);
  return text::to_valid_utf8(text::trim(words));
}

}  // namespace

/// libcurl tells which sockets it waits for, and epoll which of them are ready: work is paid for
/// what happens, where curl_multi_perform would look at every connection each time.
struct Client::Impl {
  using Clock = std::chrono::steady_clock;

  ClientOptions options;
  std::size_t running = 0;
  std::vector<std::unique_ptr<Transfer>> transfers;  ///< all that were ever made
  std::vector<Transfer*> idle;
  CURLM* multi = nullptr;
  int epoll = -1;
  std::optional<Clock::time_point> timer;  ///< when libcurl wants to be called, whatever happens

  ~Impl() {
    for (const auto& transfer : transfers) curl_multi_remove_handle(multi, transfer->easy.get());
    transfers.clear();
    curl_multi_cleanup(multi);
    if (epoll >= 0) ::close(epoll);
  }

  bool start() {
    epoll = ::epoll_create1(EPOLL_CLOEXEC);
    if (transport::start_libcurl()) multi = curl_multi_init();
    if (multi == nullptr || epoll < 0) return false;
    const auto connections = static_cast<long>(options.max_connections);
    curl_multi_setopt(multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, connections);
    curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, connections);
    curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, watch_socket);
    curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, this);
    curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, set_timer);
    curl_multi_setopt(multi, CURLMOPT_TIMERDATA, this);
    return true;
  }

  static int watch_socket(CURL*, curl_socket_t socket, int what, void* user, void*) {
    const int epoll = static_cast<Impl*>(user)->epoll;
    epoll_event event{};
    event.data.fd = socket;
    if (what == CURL_POLL_REMOVE) return ::epoll_ctl(epoll, EPOLL_CTL_DEL, socket, &event), 0;
    if ((what & CURL_POLL_IN) != 0) event.events |= EPOLLIN;
    if ((what & CURL_POLL_OUT) != 0) event.events |= EPOLLOUT;
    if (::epoll_ctl(epoll, EPOLL_CTL_MOD, socket, &event) == 0) return 0;
    return ::epoll_ctl(epoll, EPOLL_CTL_ADD, socket, &event) == 0 ? 0 : -1;
  }

  static int set_timer(CURLM*, long milliseconds, void* user) {
    auto& timer = static_cast<Impl*>(user)->timer;
    timer.reset();
    if (milliseconds >= 0) timer = Clock::now() + std::chrono::milliseconds(milliseconds);
    return 0;
  }

  Exchange finish(const CURLMsg& message) {
    CURL* const easy = message.easy_handle;
    const CURLcode code = message.data.result;
    Transfer* transfer = nullptr;
    long status = 0;
    curl_easy_getinfo(easy, CURLINFO_PRIVATE, &transfer);
    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    curl_multi_remove_handle(multi, easy);
    transfer->exchange.status = static_cast<int>(status);
    transfer->exchange.failure = describe(*transfer, code);
    idle.push_back(transfer);
    --running;
    return std::move(transfer->exchange);
  }

  /// Waits for sockets or the timer, no longer than until `deadline`, and lets libcurl work.
  void advance(Clock::time_point deadline) {
    constexpr int most = 64;
    std::array<epoll_event, most> events;
    if (timer) deadline = std::min(deadline, *timer);
    const auto wait = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
    const int ready =
        ::epoll_wait(epoll, events.data(), most, static_cast<int>(std::max<long>(0, wait.count())));
    int still_running = 0;
    for (int i = 0; i < ready; ++i) {
      const std::uint32_t told = events[i].events;
      const int what = ((told & EPOLLIN) != 0 ? CURL_CSELECT_IN : 0) |
                       ((told & EPOLLOUT) != 0 ? CURL_CSELECT_OUT : 0) |
                       ((told & (EPOLLERR | EPOLLHUP)) != 0 ? CURL_CSELECT_ERR : 0);
      curl_multi_socket_action(multi, events[i].data.fd, what, &still_running);
    }
    if (!timer || *timer > Clock::now()) return;
    timer.reset();  // libcurl sets it anew when it still wants one; else this would spin
    curl_multi_socket_action(multi, CURL_SOCKET_TIMEOUT, 0, &still_running);
  }

  std::vector<Exchange> collect() {
    std::vector<Exchange> ended;
    int queued = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi, &queued)) {
      if (message->msg == CURLMSG_DONE) ended.push_back(finish(*message));
    }
    return ended;
  }
};

Client::Client(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Client::~Client() = default;
Client::Client(Client&&) noexcept = default;
Client& Client::operator=(Client&&) noexcept = default;

Result<Client> Client::open(const ClientOptions& options) {
  auto impl = std::make_unique<Impl>();
  impl->options = options;
  if (!impl->start()) return fail(Code::unavailable, "libcurl does not start");
  return Client(std::move(impl));
}

Result<void> Client::submit(std::uint64_t id, Request request) {
  auto& idle = impl_->idle;
  if (idle.empty()) {
    auto fresh = make_transfer(impl_->options);
    if (!fresh) return fail(Code::unavailable, "libcurl has no handle left");
    idle.push_back(fresh.get());
    impl_->transfers.push_back(std::move(fresh));
  }
  Transfer& transfer = *idle.back();
  load(transfer, id, std::move(request));
  if (curl_multi_add_handle(impl_->multi, transfer.easy.get()) != CURLM_OK) {
    return fail(Code::unavailable, "libcurl takes no more requests");
  }
  idle.pop_back();
  ++impl_->running;
  return {};
}

std::vector<Exchange> Client::poll(std::chrono::milliseconds wait) {
  const bool idle = impl_->running == 0;
  const auto deadline = Impl::Clock::now() + (idle ? std::chrono::milliseconds(0) : wait);
  for (;;) {
    impl_->advance(deadline);
    auto ended = impl_->collect();
    if (!ended.empty() || impl_->running == 0 || Impl::Clock::now() >= deadline) return ended;
  }
}

std::size_t Client::in_flight() const noexcept { return impl_->running; }

std::string_view find_header(const Headers& headers, std::string_view lower_case_name) noexcept {
  const auto found = std::find_if(headers.begin(), headers.end(), [&](const auto& header) {
    return header.first == lower_case_name;
  });
  return found == headers.end() ? std::string_view() : std::string_view(found->second);
}

std::optional<std::chrono::sys_seconds> parse_date(std::string_view value) {
  const time_t time = curl_getdate(std::string(value).c_str(), nullptr);
  if (time < 0) return std::nullopt;
  return std::chrono::sys_seconds(std::chrono::seconds(time));
}

}  // namespace calinvite::http
