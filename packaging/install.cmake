# What `cmake --install` puts where, in the components that become Debian packages (package.cmake).
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)
set(config_dir ${CMAKE_INSTALL_LIBDIR}/cmake/calinvite)

# The C++ core, static, and its headers. calinvite/c/ and the flat header are the C API's.
set_target_properties(calinvite_core PROPERTIES EXPORT_NAME calinvite)
target_include_directories(calinvite_core PUBLIC $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
install(TARGETS calinvite_core EXPORT calinvite_cpp
  ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT dev)
install(EXPORT calinvite_cpp NAMESPACE calinvite:: DESTINATION ${config_dir}
  FILE calinvite-cpp.cmake COMPONENT dev)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/ DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT dev)

if(TARGET calinvite_c)
  target_include_directories(calinvite_c PUBLIC $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
  install(TARGETS calinvite_c EXPORT calinvite_c
    LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT lib NAMELINK_COMPONENT dev)
  install(EXPORT calinvite_c NAMESPACE calinvite:: DESTINATION ${config_dir}
    FILE calinvite-c.cmake COMPONENT dev)

  # Found from where the file lies, so that the whole prefix can be moved.
  file(RELATIVE_PATH prefix_from_pc /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
  configure_file(${CMAKE_CURRENT_LIST_DIR}/calinvite.pc.in ${PROJECT_BINARY_DIR}/calinvite.pc @ONLY)
  install(FILES ${PROJECT_BINARY_DIR}/calinvite.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig COMPONENT dev)
endif()

set(calinvite_needs_cares "")
if(CALINVITE_WITH_CARES)
  set(calinvite_needs_cares cares=libcares)
endif()
configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/calinvite-config.cmake.in
  ${PROJECT_BINARY_DIR}/calinvite-config.cmake INSTALL_DESTINATION ${config_dir}
  NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/calinvite-config-version.cmake
  COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/calinvite-config.cmake ${PROJECT_BINARY_DIR}/calinvite-config-version.cmake
  DESTINATION ${config_dir} COMPONENT dev)

if(TARGET calinvite_python)
  # Where Debian's Python looks below /usr; elsewhere PYTHONPATH must name it.
  set(CALINVITE_PYTHON_DIR lib/python3/dist-packages CACHE STRING "Where the Python package is installed")
  install(TARGETS calinvite_python LIBRARY DESTINATION ${CALINVITE_PYTHON_DIR}/calinvite COMPONENT python)
  install(DIRECTORY ${PROJECT_SOURCE_DIR}/bindings/python/calinvite/ DESTINATION ${CALINVITE_PYTHON_DIR}/calinvite
    COMPONENT python FILES_MATCHING PATTERN "*.py" PATTERN "*.pyi" PATTERN "py.typed"
    PATTERN "__pycache__" EXCLUDE)
endif()

if(TARGET calinvite)
  install(TARGETS calinvite RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT program)
  # Out of the program's own help, so that the page tells what the program does.
  set(page ${PROJECT_BINARY_DIR}/calinvite.1)
  add_custom_command(OUTPUT ${page}
    COMMAND ${CALINVITE_PYTHON} -B ${CMAKE_CURRENT_LIST_DIR}/man_page.py $<TARGET_FILE:calinvite> ${page}
    DEPENDS calinvite ${CMAKE_CURRENT_LIST_DIR}/man_page.py VERBATIM)
  add_custom_target(calinvite_man ALL DEPENDS ${page})
  install(FILES ${page} DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 COMPONENT program)
endif()
