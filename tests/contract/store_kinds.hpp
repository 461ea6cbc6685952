/// The stores that must keep the contract. A second one gets a row here and passes every test of
/// this folder.
#pragma once

#include <stdlib.h>

#include <filesystem>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "calinvite/store.hpp"

namespace contract {

/// Opens the same store once more; each Store stands for a process of its own.
using OpenStore = std::function<std::unique_ptr<calinvite::Store>()>;

struct StoreKind {
  std::string name;
  /// Makes an empty store, which is gone with the last copy of what is returned.
  std::function<OpenStore()> create;
};

class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "calinvite.XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
    path_ = name;
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  std::filesystem::path file(const std::string& name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

inline OpenStore create_sqlite_store() {
  const auto folder = std::make_shared<TemporaryFolder>();
  return [folder] {
    auto store = calinvite::open_store("sqlite:" + folder->file("store.db").string());
    if (!store) throw std::runtime_error(to_string(store.error()));
    return std::move(*store);
  };
}

inline std::vector<StoreKind> store_kinds() { return {{"sqlite", create_sqlite_store}}; }

}  // namespace contract
