#pragma once

#include <optional>
#include <string>
#include <utility>
#include <variant>

namespace hpo {

/// What kind of thing went wrong: decides the exit code (engine/cli) and whether a caller can go
/// on.
enum class ErrorCode {
  usage,          ///< the user's file, flag or data is wrong                          (exit 2)
  not_found,      ///< a study, trial or file that was named does not exist            (exit 2)
  exhausted,      ///< a finite search space has no configuration left                 (not an exit)
  environment,    ///< device, disk, permission, credentials, a missing program        (exit 3)
  corrupt,        ///< a file's content is damaged or not what its name says           (exit 3)
  newer_version,  ///< written by a newer version of this program                      (exit 3)
  held,           ///< another process holds it; `message` names its pid               (exit 4)
  numerical,      ///< a computation could not be carried out (callers have a fallback)
};

/// A message for the user: what, where, what was expected (`message`), and what to do next
/// (`hint`).
struct Error {
  ErrorCode code = ErrorCode::usage;
  std::string message = {};
  std::string hint = {};
};

/// Prints the message with its place and aborts: a contract inside the program is broken.
[[noreturn]] void fail_check(const char* message, const char* file, int line);

/// Aborts with `message` unless `condition` holds. For broken contracts, never for user input.
inline void check(bool condition, const char* message, const char* file = __builtin_FILE(),
                  int line = __builtin_LINE()) {
  if (!condition) fail_check(message, file, line);
}

/// Either a value or an Error; member names are those of std::expected.
template <class T>
class [[nodiscard]] Result {
 public:
  using value_type = T;

  Result() : state_(T{}) {}
  Result(T value) : state_(std::move(value)) {}      // NOLINT(google-explicit-constructor)
  Result(Error error) : state_(std::move(error)) {}  // NOLINT(google-explicit-constructor)

  [[nodiscard]] bool has_value() const { return state_.index() == 0; }
  explicit operator bool() const { return has_value(); }

  [[nodiscard]] T& value() & { return get(); }
  [[nodiscard]] const T& value() const& { return get(); }
  [[nodiscard]] T&& value() && { return std::move(get()); }
  T& operator*() & { return get(); }
  const T& operator*() const& { return get(); }
  T&& operator*() && { return std::move(get()); }
  T* operator->() { return &get(); }
  const T* operator->() const { return &get(); }

  [[nodiscard]] const Error& error() const {
    check(!has_value(), "Result::error() of a value");
    return *std::get_if<1>(&state_);
  }
  template <class U>
  [[nodiscard]] T value_or(U&& other) const {
    return has_value() ? get() : static_cast<T>(std::forward<U>(other));
  }

  /// f(value) where there is one, else the error. f returns a Result.
  template <class F>
  auto and_then(F&& f) && -> decltype(f(std::declval<T&&>())) {
    if (!has_value()) return error();
    return std::forward<F>(f)(std::move(get()));
  }
  /// f(value) where there is one, wrapped in a Result, else the error.
  template <class F>
  auto transform(F&& f) && -> Result<decltype(f(std::declval<T&&>()))> {
    if (!has_value()) return error();
    return std::forward<F>(f)(std::move(get()));
  }

 private:
  T& get() {
    check(has_value(), "Result::value() of an error");
    return *std::get_if<0>(&state_);
  }
  const T& get() const {
    check(has_value(), "Result::value() of an error");
    return *std::get_if<0>(&state_);
  }

  std::variant<T, Error> state_;
};

/// Success, or an Error.
template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : error_(std::move(error)) {}  // NOLINT(google-explicit-constructor)

  [[nodiscard]] bool has_value() const { return !error_; }
  explicit operator bool() const { return has_value(); }
  [[nodiscard]] const Error& error() const {
    check(error_.has_value(), "Result::error() of a success");
    return *error_;
  }

 private:
  std::optional<Error> error_;
};

}  // namespace hpo
