/// The corpus of real inputs that may lie beside the project.
#pragma once

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

namespace corpus_files {

namespace fs = std::filesystem;

inline const fs::path corpus = CALINVITE_CORPUS_DIR;

/// Says so when it is not there.
inline bool skipped() {
  if (fs::exists(corpus)) return false;
  std::printf("skipped: no corpus at %s\n", corpus.c_str());
  return true;
}

inline std::string read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream bytes;
  bytes << file.rdbuf();
  return bytes.str();
}

}  // namespace corpus_files
