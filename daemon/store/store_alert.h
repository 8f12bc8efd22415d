// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_STORE_STORE_ALERT_H
#define TWINLOCK_DAEMON_STORE_STORE_ALERT_H

#include <functional>
#include <string>

namespace twinlock {

// What an administrator has to hear of, beside the errors that calls return.
enum class StoreAlert {
  Full,     // the disk is full: the reserve was given up, and writing goes on (S132)
  NoRoom,   // the disk is full, and there is no reserve to give up: writes are refused (S132)
  Failing,  // a read or write failed; it may work again (S133)
  Damaged,  // the file is no sound database any more: every call fails from now on (S133)
  Notice,   // worth a line in the log
};

// Called on any thread, the store's own among them, with text that says what to do. Must not call
// the store.
using StoreAlertSink = std::function<void(StoreAlert, const std::string&)>;

}  // namespace twinlock

#endif
