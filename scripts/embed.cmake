# Puts the files of a folder into the library, so that it reads no data directory at run time.
#
#   calinvite_embed(target symbol folder pattern...)
#
# `#include "embedded/<symbol>.hpp"` then declares `calinvite::<symbol>`, a span of EmbeddedFile
# (base/embedded_file.hpp) sorted by name; names are relative to the folder. A missing or empty
# folder gives an empty span.

if(CMAKE_SCRIPT_MODE_FILE)
  # cmake -D SYMBOL= -D FOLDER= -D FILES= -D OUTPUT= -P embed.cmake
  set(rows "")
  set(count 0)
  foreach(file IN LISTS FILES)
    file(READ "${FOLDER}/${file}" hex HEX)
    string(LENGTH "${hex}" digits)
    math(EXPR bytes "${digits} / 2")
    # Every byte as a hex escape: no character set, quote or trigraph can then change the content.
    string(REGEX REPLACE "([0-9a-f][0-9a-f])" "\\\\x\\1" text "${hex}")
    string(APPEND rows "    {\"${file}\", {\"${text}\", ${bytes}}},\n")
    math(EXPR count "${count} + 1")
  endforeach()
  set(table "std::array<calinvite::EmbeddedFile, ${count}> files")
  if(count GREATER 0)
    string(APPEND table "{{\n${rows}}}")
  endif()
  file(WRITE "${OUTPUT}" "#include \"embedded/${SYMBOL}.hpp\"\n\n#include <array>\n\n"
    "namespace {\nconstexpr ${table};\n}  // namespace\n\n"
    "const std::span<const calinvite::EmbeddedFile> calinvite::${SYMBOL}(files);\n")
  return()
endif()

set(CALINVITE_EMBED_SCRIPT ${CMAKE_CURRENT_LIST_FILE})

function(calinvite_embed target symbol folder)
  set(folder ${CMAKE_CURRENT_SOURCE_DIR}/${folder})
  list(TRANSFORM ARGN PREPEND ${folder}/ OUTPUT_VARIABLE patterns)
  file(GLOB_RECURSE files RELATIVE ${folder} CONFIGURE_DEPENDS ${patterns})
  list(SORT files)
  list(TRANSFORM files PREPEND ${folder}/ OUTPUT_VARIABLE paths)
  set(header ${CMAKE_CURRENT_BINARY_DIR}/generated/embedded/${symbol}.hpp)
  set(source ${CMAKE_CURRENT_BINARY_DIR}/generated/embedded/${symbol}.cpp)
  file(CONFIGURE OUTPUT ${header} @ONLY CONTENT
"#pragma once
#include \"base/embedded_file.hpp\"

namespace calinvite {
extern const std::span<const EmbeddedFile> @symbol@;
}
")
  add_custom_command(OUTPUT ${source}
    COMMAND ${CMAKE_COMMAND} -D SYMBOL=${symbol} -D FOLDER=${folder} -D "FILES=${files}"
            -D OUTPUT=${source} -P ${CALINVITE_EMBED_SCRIPT}
    DEPENDS ${paths} ${CALINVITE_EMBED_SCRIPT}
    COMMENT "Embedding ${symbol}"
    VERBATIM)
  target_sources(${target} PRIVATE ${source})
  target_include_directories(${target} PRIVATE ${CMAKE_CURRENT_BINARY_DIR}/generated)
endfunction()
