// The interface of libthrower.so, which cpp_exceptions.cc is linked with.
#pragma once
#include <stdexcept>
#include <string>

// Only by virtue of one type_info for both libraries can one catch what the other throws.
struct __attribute__((visibility("default"))) ThrownAcross : std::runtime_error {
  int code;
  ThrownAcross(const std::string& text, int code);
  ~ThrownAcross() override;
};

void throw_across(int code);
void throw_standard();
void throw_int();
int call_and_catch(void (*callback)(int), int argument);
