/// An engine as Python holds it, and the parts of its class.
#pragma once

#include <atomic>
#include <functional>
#include <optional>
#include <shared_mutex>

#include "calinvite/engine.hpp"
#include "callbacks.hpp"

namespace calinvite::python {

class PyEngine {
 public:
  explicit PyEngine(EngineOptions options);
  ~PyEngine() { close(); }
  PyEngine(const PyEngine&) = delete;

  void close();

  /// The value of `work(engine)`, which runs without the GIL: else two threads could wait for each
  /// other for ever, one for the engine, one for the GIL. Raises its error, or what a callback
  /// raised meanwhile.
  template <class Work>
  auto call(Work work) {
    Call::check_outside(this, "engine");
    return value(without_gil(
        [&]() -> decltype(work(*engine_)) {
          if (closing_) return fail(Code::invalid_argument, "the engine is closed");
          const std::shared_lock lock(mutex_);
          if (!engine_) return fail(Code::invalid_argument, "the engine is closed");
          return work(*engine_);
        },
        this));
  }

 private:
  std::shared_mutex mutex_;  ///< closing waits for calls; among calls the engine has its own lock
  std::atomic<bool> closing_ = false;
  std::optional<Engine> engine_;
};

/// A method of Engine that takes and gives plain values.
template <class R, class... Args>
auto method(Result<R> (Engine::*call)(Args...)) {
  return [call](PyEngine& self, std::decay_t<Args>... args) {
    return self.call([&](Engine& engine) { return (engine.*call)(std::forward<Args>(args)...); });
  };
}

/// Walks a list part by part, each in a call of its own.
class Pages {
 public:
  /// Gives the items of `page` and moves `page` on; to an empty `after` when that was all.
  using Fetch = std::function<py::list(Page& page)>;
  explicit Pages(Fetch fetch) : fetch_(std::move(fetch)) {}
  py::object next();

 private:
  Fetch fetch_;
  Page page_{500, {}};
  py::list items_;
  std::size_t at_ = 0;
  bool ended_ = false, in_use_ = false;
};

/// @param list  of an engine and a page, a Result<Paged<…>>
template <class List>
Pages pages(const py::object& self, List list) {
  return Pages([self, list](Page& page) {
    auto part = self.cast<PyEngine&>().call([&](Engine& engine) { return list(engine, page); });
    page.after = std::move(part.next);
    return py::list(py::cast(std::move(part.items)));
  });
}

/// A paged list of Engine whose other arguments are a scope and so many texts.
template <class... Texts>
struct Paging {
  template <class T>
  auto operator()(Result<Paged<T>> (Engine::*list)(const Scope&, Texts..., const Page&)) const {
    return [list](const py::object& self, const Scope& scope,
                  const std::conditional_t<true, std::string, Texts>&... texts) {
      return pages(self, [=](Engine& engine, const Page& page) {
        return (engine.*list)(scope, texts..., page);
      });
    };
  }
};
template <class... Texts>
inline constexpr Paging<Texts...> paged{};

/// Bytes, a text or a binary file, read piece by piece; what it gives is valid until the next
/// piece.
class Source {
 public:
  explicit Source(const py::object& data);
  /// All of what is no file.
  std::string_view bytes() const noexcept { return bytes_; }
  /// Empty for what is no file.
  ReadBytes reader();

 private:
  py::object read_, piece_;
  std::string_view bytes_;
};

using EngineClass = py::class_<PyEngine>;
void add_tenants(EngineClass& engine);
void add_flows(EngineClass& engine);
void add_people(EngineClass& engine);  ///< answers, pages of links, suppression
void add_reports(EngineClass& engine);

}  // namespace calinvite::python
