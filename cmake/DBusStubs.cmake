# SPDX-License-Identifier: MIT
#
# Adaptors and proxies from the interface descriptions, made at build time by the generator of the
# installed sdbus-c++ (its output differs between 1.2 and 2.1, so it is never committed).

find_program(SDBUS_XML2CPP sdbus-c++-xml2cpp REQUIRED)

# twinlock_dbus_stubs(<target> ADAPTOR|PROXY <interface>...)
#
# Adds <interface>_adaptor.h or <interface>_proxy.h for each common/dbus/<interface>.xml to the
# include path of <target>, under "stubs/".
function(twinlock_dbus_stubs target kind)
  string(TOLOWER ${kind} suffix)
  set(outputs)
  foreach(interface IN LISTS ARGN)
    set(xml ${PROJECT_SOURCE_DIR}/common/dbus/${interface}.xml)
    set(header ${CMAKE_CURRENT_BINARY_DIR}/stubs/stubs/${interface}_${suffix}.h)
    add_custom_command(
      OUTPUT ${header}
      COMMAND ${CMAKE_COMMAND} -E make_directory ${CMAKE_CURRENT_BINARY_DIR}/stubs/stubs
      COMMAND ${SDBUS_XML2CPP} ${xml} --${suffix}=${header}
      DEPENDS ${xml}
      VERBATIM)
    list(APPEND outputs ${header})
  endforeach()
  add_custom_target(${target}_stubs DEPENDS ${outputs})
  add_dependencies(${target} ${target}_stubs)
  target_include_directories(${target} SYSTEM PUBLIC ${CMAKE_CURRENT_BINARY_DIR}/stubs)
endfunction()
