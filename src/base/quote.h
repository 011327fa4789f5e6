// How error messages show input: quoted() a piece of it, place_in() where it is.
//
// Guarantees of quoted(): printable, on one line and short, whatever the input: control characters,
// quotes and bytes that are no UTF-8 are escaped, and what is long is cut. Not for writing data: it
// cannot be read back.

#pragma once

#include <string>
#include <string_view>

namespace krait {

// In double quotes; at most `limit` bytes of the text, then "...".
std::string quoted(std::string_view text, std::size_t limit = 80);

// "line 2 column 7": where in a text its byte `at` is, both counted from 1, columns in bytes.
std::string place_in(std::string_view text, std::size_t at);

}  // namespace krait
