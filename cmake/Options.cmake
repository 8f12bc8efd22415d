# SPDX-License-Identifier: MIT
#
# What every target of ours is compiled with, as interface targets:
#   twinlock_warnings   the warnings of this project; errors under TWINLOCK_WERROR
#   twinlock_uninstrumented  Debian's hardening, whatever the preset: for what real programs load
#   twinlock_hardening  the same with the sanitizers or coverage of the preset

option(TWINLOCK_TESTS "Build the tests" ON)
option(TWINLOCK_BENCH "Build the benchmarks" OFF)
option(TWINLOCK_FUZZ "Build the fuzz targets (clang)" OFF)
option(TWINLOCK_COVERAGE "Count executed lines" OFF)
option(TWINLOCK_WERROR "Treat warnings as errors" OFF)
set(TWINLOCK_SANITIZE "" CACHE STRING "Sanitizers, as -fsanitize takes them")
set(TWINLOCK_PAM_DIR "${CMAKE_INSTALL_LIBDIR}/security" CACHE STRING "Where PAM looks for modules")
set(TWINLOCK_SYSTEM_BUS "/run/dbus/system_bus_socket" CACHE STRING
    "The system bus that the PAM module connects to (S09); never taken from the environment")

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_CXX_VISIBILITY_PRESET hidden)
set(CMAKE_VISIBILITY_INLINES_HIDDEN ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_VERIFY_INTERFACE_HEADER_SETS ON)

if(TWINLOCK_TESTS OR TWINLOCK_BENCH)
  find_program(TWINLOCK_CCACHE ccache)
  if(TWINLOCK_CCACHE)
    set(CMAKE_CXX_COMPILER_LAUNCHER ${TWINLOCK_CCACHE})
  endif()
endif()

add_library(twinlock_warnings INTERFACE)
target_compile_options(twinlock_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wnon-virtual-dtor -Wold-style-cast -Wswitch-enum
  -Wformat=2 -Werror=format-security $<$<BOOL:${TWINLOCK_WERROR}>:-Werror>)

add_library(twinlock_uninstrumented INTERFACE)
target_compile_options(twinlock_uninstrumented INTERFACE
  -fstack-protector-strong -fstack-clash-protection
  $<$<STREQUAL:${CMAKE_SYSTEM_PROCESSOR},x86_64>:-fcf-protection>)
target_compile_definitions(twinlock_uninstrumented INTERFACE _GLIBCXX_ASSERTIONS)
target_link_options(twinlock_uninstrumented INTERFACE
  -Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack)

add_library(twinlock_hardening INTERFACE)
target_link_libraries(twinlock_hardening INTERFACE twinlock_uninstrumented)

if(TWINLOCK_SANITIZE)
  target_compile_options(twinlock_hardening INTERFACE
    -fsanitize=${TWINLOCK_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(twinlock_hardening INTERFACE -fsanitize=${TWINLOCK_SANITIZE})
elseif(NOT CMAKE_BUILD_TYPE STREQUAL "Debug")
  # Not together with the sanitizers, which check the same calls themselves.
  target_compile_options(twinlock_hardening INTERFACE -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3)
endif()

if(TWINLOCK_COVERAGE)
  target_compile_options(twinlock_hardening INTERFACE --coverage -fprofile-update=atomic)
  target_link_options(twinlock_hardening INTERFACE --coverage)
  target_compile_definitions(twinlock_hardening INTERFACE TWINLOCK_COVERAGE)
endif()
