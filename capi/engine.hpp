/// An engine as C programs hold it, and the calls of one that only translate.
#pragma once

#include <memory>

#include "transport.hpp"
#include "values.hpp"

struct calinvite_engine {
  std::unique_ptr<calinvite::Transport> transport;  ///< null: none
  calinvite::Clock clock;
  calinvite::capi::Log log;
  calinvite::Engine engine;
};

namespace calinvite::capi {

/// guard() over an engine; what fails is logged under the function's name.
template <class Body>
calinvite_status on_engine(calinvite_engine* engine, const char* function,
                           calinvite_error** error_out, Body body) noexcept {
  return guard(
      error_out, [&] { body(needed(engine, "engine")->engine); },
      engine != nullptr ? engine->log : Log{}, function);
}

/// giving() over an engine, likewise.
template <class Struct, class Body>
calinvite_status from_engine(calinvite_engine* engine, const char* function, const Struct** out,
                             calinvite_error** error_out, Body body) noexcept {
  return giving(
      out, error_out, [&] { return body(needed(engine, "engine")->engine); },
      engine != nullptr ? engine->log : Log{}, function);
}

/// Hands items to a callback, and what was set aside to the log.
IngestHandler items_to(const calinvite_engine* engine, const char* function,
                       calinvite_ingest_item_fn on_item, void* user_data);

/// A sink that may stop.
template <class Callback>
ReportSink pieces_to(Callback on_piece, void* user_data) {
  needed(on_piece, "on_piece");
  return
      [=](std::string_view piece) { return on_piece(piece.data(), piece.size(), user_data) == 0; };
}

ReadBytes pieces_of(calinvite_read_fn read, void* user_data, const calinvite_stop* stop);

/// Whether work with this stop and deadline must end.
struct Limit {
  const calinvite_stop* stop;
  std::int64_t deadline;
  const Clock& clock;
  bool reached() const;
};

}  // namespace calinvite::capi
