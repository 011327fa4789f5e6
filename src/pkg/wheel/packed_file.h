// A file of a wheel that is kept as it lies in the archive, to be unpacked when its content is
// first read. Most files of a large package never are.
//
// Form: u32 size of the content, u32 CRC, u8 method (0 stored, 8 deflate), u8 length of the hash,
// the sha256 as RECORD spells it, the packed data. Little endian. A file system keeps these bytes
// and needs to understand the size alone.
// Guarantees: what unpack_file() gives has the promised size, CRC and hash; anything else, bytes
// that were never packed by us too, is an Error.

#pragma once

#include <cstdint>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "pkg/wheel/zip_format.h"

namespace krait::pkg {

// `data`: the member's packed bytes. `hash`: of its entry in RECORD.
Bytes pack_file(const ZipEntry& entry, ByteView data, std::string_view hash);

Result<Bytes> unpack_file(ByteView packed);

}  // namespace krait::pkg
