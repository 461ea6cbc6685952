# Debian packages, by `cpack -G DEB` in the build directory: libcalinvite1, libcalinvite-dev, python3-calinvite and
# calinvite. What they depend on is read from what was linked.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME calinvite)
set(CPACK_PACKAGE_VENDOR calinvite)
set(CPACK_PACKAGE_CONTACT "calinvite <maintainers@calinvite.invalid>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "calendar invitations that are mailed, tracked and answered")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_COMPONENTS_ALL lib dev python program)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)

set(CPACK_DEBIAN_LIB_PACKAGE_NAME libcalinvite1)
set(CPACK_DEBIAN_LIB_PACKAGE_SECTION libs)
set(CPACK_DEBIAN_LIB_PACKAGE_GENERATE_SHLIBS ON)
set(CPACK_DEBIAN_LIB_PACKAGE_GENERATE_SHLIBS_POLICY ">=")
# Zones are read from the files of tzdata, which no linker sees.
set(CPACK_DEBIAN_LIB_PACKAGE_DEPENDS tzdata)
set(CPACK_COMPONENT_LIB_DESCRIPTION "shared library of the C API")

set(CPACK_DEBIAN_DEV_PACKAGE_NAME libcalinvite-dev)
set(CPACK_DEBIAN_DEV_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_DEV_PACKAGE_SHLIBDEPS OFF)
# The static C++ library is linked with what it uses, some of which pkg-config finds.
string(CONCAT CPACK_DEBIAN_DEV_PACKAGE_DEPENDS
  "libcalinvite1 (= ${PROJECT_VERSION}), libexpected-dev, libsqlitecpp-dev, libsqlite3-dev, libcurl4-openssl-dev, "
  "libssl-dev, libicu-dev, libgmime-3.0-dev, libc-ares-dev, libpsl-dev, "
  "pkg-config")
set(CPACK_COMPONENT_DEV_DESCRIPTION "headers for C and C++, and the static C++ library")

set(CPACK_DEBIAN_PYTHON_PACKAGE_NAME python3-calinvite)
set(CPACK_DEBIAN_PYTHON_PACKAGE_SECTION python)
# The module runs with the minor version of Python that it was built for.
if(CALINVITE_BUILD_PYTHON)
  get_directory_property(python_major DIRECTORY bindings/python DEFINITION Python_VERSION_MAJOR)
  get_directory_property(python_minor DIRECTORY bindings/python DEFINITION Python_VERSION_MINOR)
  math(EXPR python_next "${python_minor} + 1")
  set(CPACK_DEBIAN_PYTHON_PACKAGE_DEPENDS
    "python3 (>= ${python_major}.${python_minor}), python3 (<< ${python_major}.${python_next}), tzdata")
endif()
set(CPACK_COMPONENT_PYTHON_DESCRIPTION "Python package")

set(CPACK_DEBIAN_PROGRAM_PACKAGE_NAME calinvite)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_SECTION mail)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_DEPENDS tzdata)
set(CPACK_COMPONENT_PROGRAM_DESCRIPTION "the program calinvite")

foreach(component lib=libcalinvite1 dev=libcalinvite-dev python=python3-calinvite program=calinvite)
  string(REPLACE "=" ";" component ${component})
  list(GET component 1 package)
  list(GET component 0 component)
  install(FILES ${PROJECT_SOURCE_DIR}/LICENSE DESTINATION share/doc/${package} RENAME copyright COMPONENT ${component})
endforeach()
include(CPack)
