// SPDX-License-Identifier: MIT
#include "daemon/store/occupancy.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

namespace twinlock {
namespace {

using Holder = LockFile::Holder;
using Kind = LockFile::Kind;
using Part = LockFile::Part;

constexpr std::array kSeats{Seat::Bus, Seat::Http, Seat::Command};
constexpr std::size_t kDisorderLine = kSeats.size();
constexpr std::string_view kDisorder = "a process ended without closing the store";

Part part_of(Seat seat) {
  switch (seat) {
    case Seat::Bus:
      return Part::Bus;
    case Seat::Http:
      return Part::Http;
    case Seat::Command:
      break;
  }
  return Part::Command;
}

const char* name_of(Seat seat) {
  switch (seat) {
    case Seat::Bus:
      return "serve --bus";
    case Seat::Http:
      return "serve --http";
    case Seat::Command:
      break;
  }
  return "a command";
}

std::size_t line_of(Seat seat) { return static_cast<std::size_t>(seat); }

// The number behind `word` in a line such as "process 1234 key 2"; 0 if there is none.
std::uint64_t number_behind(std::string_view line, std::string_view word) {
  const auto at = line.find(word);
  std::uint64_t number = 0;
  if (at == std::string_view::npos) return 0;
  const auto rest = line.substr(at + word.size());
  std::from_chars(rest.data(), rest.data() + rest.size(), number);
  return number;
}

Occupant occupant(const LockFile& file, Seat seat) {
  const auto line = file.line(line_of(seat));
  const auto process = number_behind(line, "process ");
  return {.seat = seat,
          .name = std::string(name_of(seat)) +
                  (process == 0 ? "" : ", process " + std::to_string(process)),
          .key = static_cast<KeyId>(number_behind(line, "key "))};
}

Error in_use(const LockFile& file, const std::string& path) {
  std::string names;
  for (const auto& one : occupants_of(file)) names += one.name + "; ";
  return {ErrorCode::Unavailable,
          "another twinlockd uses this store (" + names + path +
              "); stop it, or give this one a directory of its own"};
}

}  // namespace

std::vector<Occupant> occupants_of(const LockFile& file) {
  std::vector<Occupant> found;
  for (const auto seat : kSeats) {
    if (file.is_held_elsewhere(part_of(seat))) found.push_back(occupant(file, seat));
  }
  return found;
}

Result<Occupancy> Occupancy::enter(LockFile file,
                                   const std::string& path,
                                   std::vector<Seat> seats) {
  if (seats.empty()) return Error{ErrorCode::Internal, "a store is used from a seat"};
  // The seats first: a second daemon is refused at once, however long the first one's start takes.
  for (const auto seat : seats) {
    const auto taken = file.try_lock(part_of(seat), Kind::Alone);
    if (!taken) return taken.error();
    if (*taken == Holder::Another) return in_use(file, path);
  }
  if (const auto through = file.wait_lock(Part::Gate, Kind::Alone); !through) {
    return through.error();
  }
  const auto alone = file.try_lock(Part::Use, Kind::Alone);
  if (!alone) return alone.error();
  const bool is_first = *alone == Holder::We;
  Occupancy occupancy(std::move(file), std::move(seats), is_first);
  if (is_first) return occupancy;
  if (occupancy.is_alone()) return in_use(occupancy.file_, path);
  const auto beside = occupancy.file_.try_lock(Part::Use, Kind::Shared);
  if (!beside) return beside.error();
  if (*beside == Holder::Another) return in_use(occupancy.file_, path);
  return occupancy;
}

Occupancy::Occupancy(LockFile file, std::vector<Seat> seats, bool first)
    : file_(std::move(file)), seats_(std::move(seats)), first_(first) {}

Occupancy::Occupancy(Occupancy&& other) noexcept
    : file_(std::move(other.file_)),
      seats_(std::move(other.seats_)),
      first_(other.first_),
      settled_(other.settled_),
      key_(other.key_.load()),
      on_duty_(other.on_duty_.load()) {}

bool Occupancy::is_alone() const {
  return std::find(seats_.begin(), seats_.end(), Seat::Command) != seats_.end();
}

void Occupancy::settle() {
  if (first_) {
    // The first has looked at the whole store, if anybody before didn't close it in order.
    for (std::size_t line = 0; line <= kDisorderLine; ++line) file_.write_line(line, "");
  }
  for (const auto seat : seats_) {
    if (!file_.line(line_of(seat)).empty()) file_.write_line(kDisorderLine, kDisorder);
  }
  settled_ = true;
  write_lines(key_);
  // From alone to shared: nothing is in the way of that.
  if (first_ && !is_alone()) static_cast<void>(file_.try_lock(Part::Use, Kind::Shared));
  file_.unlock(Part::Gate);
}

void Occupancy::seals_under(KeyId key) {
  if (key_.exchange(key) != key && settled_) write_lines(key);
}

void Occupancy::write_lines(KeyId key) const {
  const auto text = "process " + std::to_string(getpid()) + " key " + std::to_string(key);
  for (const auto seat : seats_) file_.write_line(line_of(seat), text);
}

bool Occupancy::is_on_duty() {
  if (!on_duty_) {
    const auto taken = file_.try_lock(Part::Duty, Kind::Alone);
    on_duty_ = taken && *taken == Holder::We;
  }
  return on_duty_;
}

void Occupancy::begin_to_leave() {
  // Without it two that go at once would each take the other for somebody who stays.
  static_cast<void>(file_.wait_lock(Part::Gate, Kind::Alone));
}

bool Occupancy::is_last_of_all() {
  const auto alone = file_.try_lock(Part::Use, Kind::Alone);
  if (!alone || *alone == Holder::Another || !file_.line(kDisorderLine).empty()) return false;
  return std::all_of(kSeats.begin(), kSeats.end(), [this](Seat seat) {
    const bool is_ours = std::find(seats_.begin(), seats_.end(), seat) != seats_.end();
    return is_ours || file_.line(line_of(seat)).empty();
  });
}

void Occupancy::leave() {
  for (const auto seat : seats_) file_.write_line(line_of(seat), "");
}

}  // namespace twinlock
