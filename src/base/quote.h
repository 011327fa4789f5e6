// quoted(): a piece of input as an error message shows it.
//
// Guarantees: printable, on one line and short, whatever the input: control characters, quotes and
// bytes that are no UTF-8 are escaped, and what is long is cut. Not for writing data: it cannot be
// read back.

#pragma once

#include <string>
#include <string_view>

namespace krait {

// In double quotes; at most `limit` bytes of the text, then "...".
std::string quoted(std::string_view text, std::size_t limit = 80);

}  // namespace krait
