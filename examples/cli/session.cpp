#include "session.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iostream>

namespace cli {
namespace {

using calinvite::Code;
using calinvite::fail;
using calinvite::Result;
using Key = std::array<std::uint8_t, 32>;

Result<Key> read_key(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  Key key{};
  in.read(reinterpret_cast<char*>(key.data()), key.size());
  if (in.gcount() == static_cast<std::streamsize>(key.size()) && in.peek() == EOF) return key;
  return fail(Code::store_corrupt, path + ": not a master key of 32 bytes");
}

/// Made on first use, beside the store, readable by its owner alone. Losing it makes every link
/// already mailed invalid. Written aside and linked into place, so that two first runs agree.
Result<Key> make_key(const std::string& path) {
  Key key{};
  calinvite::system_random(key);
  const std::string draft = path + '.' + std::to_string(::getpid());
  const int file = ::open(draft.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  const bool written =
      file >= 0 && ::write(file, key.data(), key.size()) == 32 && ::fsync(file) == 0;
  if (file >= 0) ::close(file);
  const bool placed = written && (::link(draft.c_str(), path.c_str()) == 0 || errno == EEXIST);
  const std::string why = std::strerror(errno);
  ::unlink(draft.c_str());
  if (!placed) return fail(Code::unavailable, path + ": can't be written: " + why);
  return read_key(path);
}

}  // namespace

calinvite::AwsEnvironment aws_environment() {
  const auto variable = [](const std::string& name) {
    const char* value = std::getenv(name.c_str());
    return std::string(value == nullptr ? "" : value);
  };
  return {variable, variable("HOME")};
}

Result<calinvite::Engine> Session::open() const {
  calinvite::EngineOptions options;
  options.store = store;
  if (store.starts_with("sqlite:")) {
    const std::string path = store.substr(7) + ".key";
    const bool known = ::access(path.c_str(), F_OK) == 0;
    if (!known && ::access(store.substr(7).c_str(), F_OK) == 0) {
      return fail(Code::not_found, path + ": the store's master key is missing; put it back");
    }
    const auto key = known ? read_key(path) : make_key(path);
    if (!key) return tl::unexpected(key.error());
    options.master_key = *key;
  }
  return calinvite::Engine::open(std::move(options));
}

Result<calinvite::Scope> Session::scope(calinvite::Engine& engine) const {
  const auto domains = engine.list_domains();
  if (!domains) return tl::unexpected(domains.error());
  for (const auto& known : *domains) {
    if (known.name == domain || (domain.empty() && domains->size() == 1)) {
      return calinvite::Scope::domain(known.name);
    }
  }
  if (!domain.empty()) return fail(Code::not_found, "no domain " + domain);
  return fail(Code::not_found, domains->empty() ? "no domain yet; see 'calinvite domain add'"
                                                : "several domains: say which with --domain");
}

int exit_code_of(const calinvite::Error& error) {
  if (error.retryable()) return unavailable;
  const bool option = error.place.field == "store" || error.place.field == "transport";
  return error.code == Code::unsupported && option ? usage : refused;
}

void complain(const calinvite::Error& error) {
  std::cerr << "calinvite: " << calinvite::to_string(error) << '\n';
}

void run(Session& session, const std::function<Result<void>(calinvite::Engine&)>& work) {
  auto engine = session.open();
  const auto ran = engine ? work(*engine) : Result<void>(tl::unexpected(engine.error()));
  if (ran) return;
  complain(ran.error());
  session.exit_code = exit_code_of(ran.error());
}

void run_scoped(
    Session& session,
    const std::function<Result<void>(calinvite::Engine&, const calinvite::Scope&)>& work) {
  run(session, [&](calinvite::Engine& engine) -> Result<void> {
    const auto scope = session.scope(engine);
    if (!scope) return tl::unexpected(scope.error());
    return work(engine, *scope);
  });
}

Result<std::string> address(const std::string& text) { return calinvite::normalize_address(text); }

Result<calinvite::Scope> narrowed(const calinvite::Scope& domain, const std::string& organizer) {
  if (organizer.empty()) return domain;
  const auto known = address(organizer);
  if (!known) return tl::unexpected(known.error());
  return calinvite::Scope::organizer(domain.domain_name(), *known);
}

FileReader::FileReader(std::string path, std::FILE* file)
    : path_(std::move(path)), file_(file, [](std::FILE* open) {
        if (open != nullptr && open != stdin) std::fclose(open);
      }) {}

Result<FileReader> FileReader::open(const std::string& path) {
  FileReader reader(path, path == "-" ? stdin : std::fopen(path.c_str(), "rb"));
  if (!reader.file_) return fail(Code::not_found, path + ": " + std::strerror(errno));
  reader.first_ = false;
  // A folder opens like a file and fails at the first read.
  if (auto begun = reader.read(); !begun) return fail(Code::not_found, begun.error().message);
  reader.first_ = true;
  return reader;
}

std::chrono::sys_seconds FileReader::written() const {
  struct stat about {};
  const bool file = ::fstat(::fileno(file_.get()), &about) == 0 && S_ISREG(about.st_mode);
  return std::chrono::sys_seconds(std::chrono::seconds(file ? about.st_mtime : 0));
}

Result<std::string_view> FileReader::read() {
  constexpr std::size_t piece_bytes = 64 * 1024;
  if (first_) {
    first_ = false;
    return piece_;
  }
  piece_.resize(piece_bytes);
  piece_.resize(std::fread(piece_.data(), 1, piece_.size(), file_.get()));
  if (std::ferror(file_.get()) == 0) return piece_;
  return fail(Code::unavailable, path_ + ": " + std::strerror(errno));
}

void add_choice(CLI::App& command, const std::string& names, std::optional<bool>& given,
                const std::string& description) {
  command.add_flag_function(
      names, [&given](std::int64_t times) { given = times > 0; }, description);
}

}  // namespace cli
