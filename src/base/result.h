// Result<T>: a value or an Error; the way base, pkg, build and cli report failure. They throw
// nothing of their own.
//
// Guarantees: a Result is never empty; reading the side that is not there is a programming error
// and stops the program. It must not be mixed with exceptions in one function (ffi and runtime use
// those instead).

#pragma once

#include <cstdlib>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>

namespace krait {

enum class ErrorCode : unsigned char {
  kInvalid,      // the input breaks its own format
  kNotFound,     // something that must be there is not
  kMismatch,     // a hash, size or version is another than promised
  kUnsupported,  // well-formed, but we cannot do it
};

// What went wrong. The message quotes the offending input and says what was expected; whoever
// passes it up may say what it was doing. Its text is part of the interface: tests pin it.
class Error {
 public:
  Error(ErrorCode code, std::string message) : code_(code), message_(std::move(message)) {}

  ErrorCode code() const { return code_; }
  const std::string& message() const { return message_; }

  // Puts "context: " in front.
  Error in(std::string_view context) && {
    message_.insert(0, std::string(context) + ": ");
    return std::move(*this);
  }

 private:
  ErrorCode code_;
  std::string message_;
};

inline Error invalid(std::string message) { return {ErrorCode::kInvalid, std::move(message)}; }

template <typename T = void>
class [[nodiscard]] Result {
  using Value = std::conditional_t<std::is_void_v<T>, std::monostate, T>;

 public:
  // Implicit from both sides, so that a function returns either plainly.
  Result()
    requires std::is_void_v<T>
      : state_(std::in_place_index<0>) {}
  template <typename U = Value>
    requires(!std::is_void_v<T> && std::is_constructible_v<Value, U &&> &&
             !std::is_same_v<std::remove_cvref_t<U>, Result> &&
             !std::is_same_v<std::remove_cvref_t<U>, Error>)
  Result(U&& value) : state_(std::in_place_index<0>, std::forward<U>(value)) {}
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

  bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }

  std::add_lvalue_reference_t<T> value() & { return get(*this); }
  std::add_lvalue_reference_t<const T> value() const& { return get(*this); }
  T value() && {
    if constexpr (std::is_void_v<T>) {
      get(*this);
    } else {
      return std::move(get(*this));
    }
  }

  const Error& error() const& {
    if (ok()) std::abort();
    return *std::get_if<1>(&state_);
  }
  Error error() && {
    if (ok()) std::abort();
    return std::move(*std::get_if<1>(&state_));
  }

 private:
  template <typename Self>
  static decltype(auto) get(Self& self) {
    if (!self.ok()) std::abort();
    if constexpr (!std::is_void_v<T>) return *std::get_if<0>(&self.state_);
  }

  std::variant<Value, Error> state_;
};

}  // namespace krait

// TRY(expression): the value of a Result, or return its Error from the enclosing function.
#define TRY(...)                             \
  ({                                         \
    auto try_result_ = (__VA_ARGS__);        \
    if (!try_result_.ok()) [[unlikely]]      \
      return std::move(try_result_).error(); \
    std::move(try_result_).value();          \
  })
