// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_DBUS_SDBUS_COMPAT_H
#define TWINLOCK_DAEMON_DBUS_SDBUS_COMPAT_H

#include <sdbus-c++/sdbus-c++.h>
#include <systemd/sd-bus.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>

// The differences between sdbus-c++ 1.2 (Debian 12) and 2.1 (Debian 13), nowhere else.
#if __has_include(<sdbus-c++/VTableItems.h>)
#define TWINLOCK_SDBUS_2 1
#else
#define TWINLOCK_SDBUS_2 0
#endif

namespace twinlock::dbus {

#if TWINLOCK_SDBUS_2
inline sdbus::Error make_error(const std::string& name, const std::string& text) {
  return sdbus::Error(sdbus::Error::Name{name}, text);
}
inline void request_name(sdbus::IConnection& connection, const std::string& name) {
  connection.requestName(sdbus::ServiceName{name});
}
inline std::unique_ptr<sdbus::IObject> create_object(sdbus::IConnection& connection,
                                                     const std::string& path) {
  return sdbus::createObject(connection, sdbus::ObjectPath{path});
}
inline std::unique_ptr<sdbus::IProxy> create_proxy(sdbus::IConnection& connection,
                                                   const std::string& service,
                                                   const std::string& path) {
  return sdbus::createProxy(connection, sdbus::ServiceName{service}, sdbus::ObjectPath{path});
}
using AsyncError = std::optional<sdbus::Error>;
inline sdbus::MethodCall make_call(sdbus::IProxy& proxy,
                                   const std::string& interface,
                                   const std::string& method) {
  return proxy.createMethodCall(sdbus::InterfaceName{interface}, sdbus::MethodName{method});
}
inline bool process_pending(sdbus::IConnection& connection) {
  return connection.processPendingEvent();
}
inline sdbus::Message current_message(const sdbus::IObject& object) {
  return object.getCurrentlyProcessedMessage();
}
inline void finish_registration(sdbus::IObject&) {}
#else
inline sdbus::Error make_error(const std::string& name, const std::string& text) {
  return {name, text};
}
inline void request_name(sdbus::IConnection& connection, const std::string& name) {
  connection.requestName(name);
}
inline std::unique_ptr<sdbus::IObject> create_object(sdbus::IConnection& connection,
                                                     const std::string& path) {
  return sdbus::createObject(connection, path);
}
inline std::unique_ptr<sdbus::IProxy> create_proxy(sdbus::IConnection& connection,
                                                   const std::string& service,
                                                   const std::string& path) {
  return sdbus::createProxy(connection, service, path);
}
using AsyncError = const sdbus::Error*;
inline sdbus::MethodCall make_call(sdbus::IProxy& proxy,
                                   const std::string& interface,
                                   const std::string& method) {
  return proxy.createMethodCall(interface, method);
}
inline bool process_pending(sdbus::IConnection& connection) {
  return connection.processPendingRequest();
}
// The object is only asked while it handles a call, so there is a message.
inline const sdbus::Message& current_message(const sdbus::IObject& object) {
  return *object.getCurrentlyProcessedMessage();
}
inline void finish_registration(sdbus::IObject& object) { object.finishRegistration(); }
#endif

// The bus itself, as a peer of `connection`.
inline constexpr const char* kBusItself = "org.freedesktop.DBus";
inline std::unique_ptr<sdbus::IProxy> create_bus_proxy(sdbus::IConnection& connection) {
  return create_proxy(connection, kBusItself, "/org/freedesktop/DBus");
}

// Calls a method that returns one Value. `then` gets it, or nothing if there was an error, on the
// thread that serves the proxy's connection; it must not throw.
template <typename Value, typename Then, typename... Arguments>
void call_async(sdbus::IProxy& proxy,
                const char* interface,
                const char* method,
                std::chrono::microseconds limit,
                Then then,
                const Arguments&... arguments) {
  proxy.callMethodAsync(method)
      .onInterface(interface)
      .withTimeout(limit)
      .withArguments(arguments...)
      .uponReplyInvoke([then = std::move(then)](const AsyncError error, const Value& value) {
        then(error ? std::nullopt : std::optional<Value>(value));
      });
}

// An interface of ours on an object. In 2.1 a generated adaptor doesn't register itself.
template <typename Adaptor>
class Registered : public Adaptor {
 protected:
  explicit Registered(sdbus::IObject& object) : Adaptor(object) {
    if constexpr (TWINLOCK_SDBUS_2) this->registerAdaptor();
  }
  ~Registered() = default;
};

// What neither version of the library passes on of a message.
class MessageHandle : private sdbus::Message {
 public:
  // Whether the caller lets us ask somebody for a password on its behalf.
  static bool allows_interaction(const sdbus::Message& message) {
    return sd_bus_message_get_allow_interactive_authorization(handle(message)) > 0;
  }
  // The connection beneath the library's.
  static sd_bus* bus_of(const sdbus::Message& message) {
    return sd_bus_message_get_bus(handle(message));
  }
  // Has libsystemd wipe the message's memory when it frees it (S19).
  static void mark_sensitive(const sdbus::Message& message) {
    sd_bus_message_sensitive(handle(message));
  }

 private:
  static sd_bus_message* handle(const sdbus::Message& message) {
    return static_cast<sd_bus_message*>(message.*(&MessageHandle::msg_));
  }
};

// The library shows its connection's handle nowhere but in a message.
inline sd_bus* handle_of(sdbus::IConnection& connection) {
  const auto bus = create_bus_proxy(connection);
  return MessageHandle::bus_of(make_call(*bus, "org.freedesktop.DBus.Peer", "Ping"));
}

}  // namespace twinlock::dbus

#endif
