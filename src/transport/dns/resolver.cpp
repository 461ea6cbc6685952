#include <ares.h>
#include <arpa/nameser.h>
#include <poll.h>

#include <algorithm>

#include "base/text.hpp"
#include "calinvite/dns.hpp"
#include "transport/dns/alias.hpp"

namespace calinvite {
namespace {

template <auto free_function>
struct Freed {
  template <class T>
  void operator()(T* memory) const noexcept {
    free_function(memory);
  }
};
using Channel = std::unique_ptr<std::remove_pointer_t<ares_channel>, Freed<ares_destroy>>;
template <class T>
using AresData = std::unique_ptr<T, Freed<ares_free_data>>;

/// What became of one question.
struct Answer {
  int status = ARES_ETIMEOUT;
  bool done = false;
  std::vector<unsigned char> bytes;
};

void keep_answer(void* user, int status, int, unsigned char* bytes, int length) {
  auto& answer = *static_cast<Answer*>(user);
  answer.status = status;
  answer.done = true;
  if (bytes != nullptr) answer.bytes.assign(bytes, bytes + length);
}

/// Nor can there be anything at a name that no server could be asked for.
bool means_nothing_there(int status) {
  return status == ARES_ENOTFOUND || status == ARES_ENODATA || status == ARES_EBADNAME;
}

std::string host_name(std::string_view name) {
  if (name.ends_with('.')) name.remove_suffix(1);
  return text::lower(name);
}

/// Lets c-ares work until the question is answered or given up, which its own timeouts bring about.
void work_until_done(ares_channel channel, const Answer& answer) {
  while (!answer.done) {
    ares_socket_t sockets[ARES_GETSOCK_MAXNUM];
    const int wanted = ares_getsock(channel, sockets, ARES_GETSOCK_MAXNUM);
    std::vector<pollfd> waiting;
    for (int i = 0; i < ARES_GETSOCK_MAXNUM; ++i) {
      const bool reads = ARES_GETSOCK_READABLE(wanted, i) != 0;
      const bool writes = ARES_GETSOCK_WRITABLE(wanted, i) != 0;
      const int events = (reads ? POLLIN : 0) | (writes ? POLLOUT : 0);
      if (events != 0) waiting.push_back({sockets[i], static_cast<short>(events), 0});
    }
    timeval longest{1, 0};
    timeval room{};
    const timeval* next = ares_timeout(channel, &longest, &room);
    const auto milliseconds = next->tv_sec * 1000 + next->tv_usec / 1000 + 1;
    ::poll(waiting.data(), waiting.size(), static_cast<int>(milliseconds));
    // Without a socket that is ready, only timeouts are looked after.
    ares_process_fd(channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
    for (const pollfd& each : waiting) {
      if (each.revents == 0) continue;
      const bool writes = (each.revents & POLLOUT) != 0;
      const bool reads = (each.revents & ~POLLOUT) != 0;
      ares_process_fd(channel, reads ? each.fd : ARES_SOCKET_BAD,
                      writes ? each.fd : ARES_SOCKET_BAD);
    }
  }
}

class AresResolver final : public Resolver {
 public:
  explicit AresResolver(Channel channel) : channel_(std::move(channel)) {}

  Result<std::vector<std::string>> txt(const std::string& name) override {
    const auto answer = ask(name, ns_t_txt);
    if (!answer) return tl::unexpected(answer.error());
    std::vector<std::string> texts;
    if (means_nothing_there(answer->status)) return texts;
    ares_txt_ext* first = nullptr;
    const int status = ares_parse_txt_reply_ext(answer->bytes.data(), length(*answer), &first);
    const AresData<ares_txt_ext> owner(first);
    if (means_nothing_there(status)) return texts;
    if (status != ARES_SUCCESS) return trouble(name, status);
    for (const ares_txt_ext* part = first; part != nullptr; part = part->next) {
      if (part->record_start != 0) texts.emplace_back();
      if (texts.empty()) return trouble(name, ARES_EBADRESP);
      texts.back().append(reinterpret_cast<const char*>(part->txt), part->length);
    }
    return texts;
  }

  Result<std::vector<MailExchanger>> mx(const std::string& name) override {
    const auto answer = ask(name, ns_t_mx);
    if (!answer) return tl::unexpected(answer.error());
    std::vector<MailExchanger> exchangers;
    if (means_nothing_there(answer->status)) return exchangers;
    ares_mx_reply* first = nullptr;
    const int status = ares_parse_mx_reply(answer->bytes.data(), length(*answer), &first);
    const AresData<ares_mx_reply> owner(first);
    if (means_nothing_there(status)) return exchangers;
    if (status != ARES_SUCCESS) return trouble(name, status);
    for (const ares_mx_reply* each = first; each != nullptr; each = each->next) {
      exchangers.push_back({each->priority, host_name(each->host)});
    }
    std::stable_sort(exchangers.begin(), exchangers.end(),
                     [](const auto& a, const auto& b) { return a.preference < b.preference; });
    return exchangers;
  }

  Result<std::optional<std::string>> cname(const std::string& name) override {
    const auto answer = ask(name, ns_t_cname);
    if (!answer) return tl::unexpected(answer.error());
    if (means_nothing_there(answer->status)) return std::optional<std::string>();
    auto alias = dns::read_alias(answer->bytes);
    return alias ? std::move(alias) : trouble(name, ARES_EBADRESP);
  }

 private:
  Result<Answer> ask(const std::string& name, int type) {
    Answer answer;
    ares_query(channel_.get(), name.c_str(), ns_c_in, type, keep_answer, &answer);
    work_until_done(channel_.get(), answer);
    if (answer.status == ARES_SUCCESS || means_nothing_there(answer.status)) return answer;
    return trouble(name, answer.status);
  }

  static int length(const Answer& answer) { return static_cast<int>(answer.bytes.size()); }

  static tl::unexpected<Error> trouble(const std::string& name, int status) {
    return fail(Code::unavailable,
                "DNS of " + text::one_line(name, 253) + ": " + ares_strerror(status));
  }

  Channel channel_;
};

}  // namespace

Result<std::unique_ptr<Resolver>> open_resolver(const ResolverOptions& options) {
  if (options.timeout.count() <= 0 || options.tries <= 0) {
    return fail(Code::invalid_argument, "DNS needs a timeout and a try");
  }
  ares_options wanted{};
  wanted.timeout = static_cast<int>(options.timeout.count());
  wanted.tries = options.tries;
  ares_channel opened = nullptr;
  const int status = ares_init_options(&opened, &wanted, ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES);
  Channel channel(opened);
  if (status != ARES_SUCCESS) {
    return fail(Code::unavailable, std::string("DNS: ") + ares_strerror(status));
  }
  if (!options.servers.empty() &&
      ares_set_servers_ports_csv(channel.get(), options.servers.c_str()) != ARES_SUCCESS) {
    return fail(Code::invalid_argument,
                "DNS servers \"" + text::one_line(options.servers, 200) +
                    "\" are no addresses; expected 192.0.2.1 or "
                    "[2001:db8::1]:53, with commas between",
                {{}, 0, 0, "servers"});
  }
  return std::unique_ptr<Resolver>(std::make_unique<AresResolver>(std::move(channel)));
}

}  // namespace calinvite
