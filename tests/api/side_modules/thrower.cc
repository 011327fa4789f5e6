// A C++ library without Python: throws for others to catch, and catches what others throw.
#include "thrower.h"

#include <vector>

ThrownAcross::ThrownAcross(const std::string& text, int code) : std::runtime_error(text), code(code) {}
ThrownAcross::~ThrownAcross() = default;

void throw_across(int code) { throw ThrownAcross("thrown across " + std::to_string(code), code); }
void throw_standard() { std::vector<int>(3).at(5); }
void throw_int() { throw 42; }

int call_and_catch(void (*callback)(int), int argument) {
  try {
    callback(argument);
  } catch (const ThrownAcross& error) {
    return error.code;
  } catch (const std::exception&) {
    return -1;
  }
  return 0;
}
