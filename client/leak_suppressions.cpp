// SPDX-License-Identifier: MIT
//
// For builds with AddressSanitizer only. sdbus-c++ 1.2 forgets the connection that sd_bus_new(3)
// made when it can't be opened; without this, such a build ends with the sanitizer's exit status
// instead of 3 where nobody listens at the bus address. Our own code makes no connection itself.
// The names are the sanitizer's, and visible to it where everything else of ours is hidden.

// The names are not ours to choose:
// NOLINTBEGIN(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp,readability-identifier-naming)
extern "C" [[gnu::visibility("default")]] const char* __lsan_default_suppressions() {
  return "leak:sd_bus_new\n";
}

extern "C" [[gnu::visibility("default")]] const char* __lsan_default_options() {
  return "print_suppressions=0";
}
// NOLINTEND(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp,readability-identifier-naming)
