// Base64 with the URL-safe alphabet and no padding (RFC 4648, section 5), as RECORD files have it.

#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"

namespace krait {

std::string to_base64url(ByteView bytes);

// Padding may be there. Empty for anything that to_base64url does not write otherwise.
std::optional<Bytes> find_base64url(std::string_view text);

}  // namespace krait
