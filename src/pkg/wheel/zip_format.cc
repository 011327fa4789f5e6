// The records of a zip file: see zip_format.h. Section numbers are APPNOTE's.

#include "pkg/wheel/zip_format.h"

#include <algorithm>
#include <array>
#include <bit>
#include <tuple>
#include <unordered_set>
#include <utility>

#include "base/inflate.h"
#include "base/quote.h"
#include "base/utf.h"

namespace krait::pkg {

namespace {

constexpr std::uint32_t kEndSignature = 0x06054b50;
constexpr std::uint32_t kEnd64Signature = 0x06064b50;
constexpr std::uint32_t kLocatorSignature = 0x07064b50;
constexpr std::size_t kCentralSize = 46;
constexpr std::size_t kEnd64Size = 56;
constexpr std::size_t kLocatorSize = 20;
constexpr std::uint16_t kZip64Extra = 0x0001;
constexpr std::uint16_t kUnicodePathExtra = 0x7075;
constexpr std::uint16_t kMax16 = 0xffff;
constexpr std::uint32_t kMax32 = 0xffffffff;

Error unsupported(std::string message) { return {ErrorCode::kUnsupported, std::move(message)}; }
Error mismatch(std::string message) { return {ErrorCode::kMismatch, std::move(message)}; }

// Fields at fixed places of a record whose length was checked.
std::uint16_t u16(ByteView bytes, std::size_t at) {
  return find_le<std::uint16_t>(bytes, at).value_or(0);
}
std::uint32_t u32(ByteView bytes, std::size_t at) {
  return find_le<std::uint32_t>(bytes, at).value_or(0);
}
std::uint64_t u64(ByteView bytes, std::size_t at) {
  return find_le<std::uint64_t>(bytes, at).value_or(0);
}

// The upper half of IBM code page 437, in which names without the UTF-8 flag are written (4.4.4).
constexpr std::array<char16_t, 128> kCp437 = {
    u'Ç', u'ü', u'é', u'â', u'ä', u'à', u'å', u'ç',     u'ê', u'ë', u'è', u'ï', u'î', u'ì', u'Ä',
    u'Å', u'É', u'æ', u'Æ', u'ô', u'ö', u'ò', u'û',     u'ù', u'ÿ', u'Ö', u'Ü', u'¢', u'£', u'¥',
    u'₧', u'ƒ', u'á', u'í', u'ó', u'ú', u'ñ', u'Ñ',     u'ª', u'º', u'¿', u'⌐', u'¬', u'½', u'¼',
    u'¡', u'«', u'»', u'░', u'▒', u'▓', u'│', u'┤',     u'╡', u'╢', u'╖', u'╕', u'╣', u'║', u'╗',
    u'╝', u'╜', u'╛', u'┐', u'└', u'┴', u'┬', u'├',     u'─', u'┼', u'╞', u'╟', u'╚', u'╔', u'╩',
    u'╦', u'╠', u'═', u'╬', u'╧', u'╨', u'╤', u'╥',     u'╙', u'╘', u'╒', u'╓', u'╫', u'╪', u'┘',
    u'┌', u'█', u'▄', u'▌', u'▐', u'▀', u'α', u'ß',     u'Γ', u'π', u'Σ', u'σ', u'µ', u'τ', u'Φ',
    u'Θ', u'Ω', u'δ', u'∞', u'φ', u'ε', u'∩', u'≡',     u'±', u'≥', u'≤', u'⌠', u'⌡', u'÷', u'≈',
    u'°', u'∙', u'·', u'√', u'ⁿ', u'²', u'■', u'\u00a0'};

constexpr std::uint16_t kUtf8Flag = 1 << 11;

Result<std::string> decode_name(ByteView raw, std::uint16_t flags) {
  const std::string_view text = as_text(raw);
  if (text.empty()) return invalid("a member has an empty name");
  if (text.contains('\0')) {
    return invalid(member_text(text) + ": its name holds a NUL character");
  }
  if ((flags & kUtf8Flag) != 0) {
    if (!utf8_to_utf16(text, Surrogates::kStrict).ok())
      return invalid(member_text(text) + ": its name is not UTF-8, as its flags say");
    return std::string(text);
  }
  std::string name;
  for (const std::uint8_t byte : raw) append_utf8(name, byte < 0x80 ? byte : kCp437[byte - 0x80]);
  return name;
}

std::string_view method_name(unsigned method) {
  static constexpr std::pair<unsigned, std::string_view> kNames[] = {
      {1, "shrink"}, {6, "implode"}, {9, "deflate64"}, {12, "bzip2"}, {14, "LZMA"},
      {20, "zstd"},  {93, "zstd"},   {95, "xz"},       {98, "PPMd"},  {99, "AES encryption"}};
  for (const auto& [number, name] : kNames)
    if (number == method) return name;
  return "unknown";
}

Result<ZipMethod> parse_method(unsigned method, std::uint16_t flags, std::string_view name) {
  constexpr std::uint16_t kEncrypted = 1 << 0 | 1 << 6 | 1 << 13;
  constexpr std::uint16_t kPatch = 1 << 5;
  if ((flags & kEncrypted) != 0)
    return unsupported(member_text(name) + " is encrypted: expected plain data");
  if ((flags & kPatch) != 0)
    return unsupported(member_text(name) + " is a patch: expected plain data");
  if (method == 0) return ZipMethod::kStored;
  if (method == 8) return ZipMethod::kDeflate;
  return unsupported(member_text(name) + " is packed with method " + std::to_string(method) + " (" +
                     std::string(method_name(method)) + "): expected stored or deflate");
}

// Reads the extra field (4.5): 64-bit values for those fields that hold 0xffffffff, in order.
Result<> parse_extra(ByteView extra, ByteView raw_name, ZipEntry& entry, bool central) {
  const std::string& name = entry.name;
  bool seen = false;
  std::vector<std::uint64_t*> wide;
  if (entry.size == kMax32) wide.push_back(&entry.size);
  if (entry.packed_size == kMax32) wide.push_back(&entry.packed_size);
  if (central && entry.offset == kMax32) wide.push_back(&entry.offset);
  while (!extra.empty()) {
    // Java and others pad with fewer bytes than a block's header has; zeros only.
    if (extra.size() < 4) {
      if (std::ranges::all_of(extra, [](std::uint8_t byte) { return byte == 0; })) break;
      return invalid(member_text(name) + ": its extra field is cut short");
    }
    const std::uint16_t kind = u16(extra, 0);
    const std::size_t size = u16(extra, 2);
    if (extra.size() - 4 < size)
      return invalid(member_text(name) + ": its extra field is cut short");
    const ByteView block = extra.subspan(4, size);
    extra = extra.subspan(4 + size);
    if (kind == kZip64Extra) {
      if (seen) return invalid(member_text(name) + ": it has two zip64 fields");
      seen = true;
      if (block.size() < wide.size() * 8)
        return invalid(member_text(name) + ": its zip64 field is cut short");
      for (std::size_t i = 0; i < wide.size(); ++i) *wide[i] = u64(block, 8 * i);
    } else if (kind == kUnicodePathExtra && block.size() >= 5 && block[0] == 1) {
      // Another name, which some programs prefer: two programs must not see two archives.
      const std::string_view other = as_text(block.subspan(5));
      if (u32(block, 1) == crc32(raw_name) && other != name)
        return invalid(member_text(name) + " has a second name: " + quoted(other));
    }
  }
  return {};
}

// What is common to local and central headers, `shift` bytes apart.
Result<ZipEntry> parse_header(ByteView header, std::size_t shift, std::size_t fixed) {
  ZipEntry entry;
  const bool central = fixed == kCentralSize;
  const std::size_t name_size = u16(header, shift + 26);
  const std::size_t extra_size = u16(header, shift + 28);
  const ByteView raw = header.subspan(fixed, name_size);
  entry.flags = u16(header, shift + 6);
  entry.name = TRY(decode_name(raw, entry.flags));
  entry.method = TRY(parse_method(u16(header, shift + 8), entry.flags, entry.name));
  entry.crc = u32(header, shift + 14);
  entry.packed_size = u32(header, shift + 18);
  entry.size = u32(header, shift + 22);
  if (central) {
    entry.attributes = u32(header, 38);
    entry.offset = u32(header, 42);
  }
  TRY(parse_extra(header.subspan(fixed + name_size, extra_size), raw, entry, central));
  return entry;
}

struct End {
  std::uint64_t entries;
  std::uint64_t size;
  std::uint64_t offset;
  std::uint64_t at;  // where the end records begin
};

// The place of the end record: the last one whose comment reaches to the end of the archive.
Result<std::size_t> find_end(ByteView tail) {
  const std::size_t longest = std::min(tail.size(), kEndSize + kMax16);
  for (std::size_t size = kEndSize; size <= longest; ++size) {
    const std::size_t at = tail.size() - size;
    if (u32(tail, at) == kEndSignature && u16(tail, at + 20) == size - kEndSize) return at;
  }
  return invalid(
      "no end of a central directory: expected a zip archive, whole and with nothing behind it");
}

Result<End> parse_end(ByteView tail, std::uint64_t tail_offset) {
  const std::size_t at = TRY(find_end(tail));
  const ByteView record = tail.subspan(at);
  if (at >= kLocatorSize && u32(tail, at - kLocatorSize) == kLocatorSignature) {
    const ByteView locator = tail.subspan(at - kLocatorSize);
    const std::uint64_t offset = u64(locator, 8);
    const std::uint64_t locator_offset = tail_offset + at - kLocatorSize;
    if (u32(locator, 4) != 0 || u32(locator, 16) > 1)
      return unsupported("the archive has several parts: expected one");
    if (offset < tail_offset || offset > locator_offset || locator_offset - offset < kEnd64Size ||
        u32(tail, static_cast<std::size_t>(offset - tail_offset)) != kEnd64Signature) {
      return invalid("no zip64 end record at byte " + std::to_string(offset) +
                     ", where its locator says");
    }
    const ByteView wide = tail.subspan(static_cast<std::size_t>(offset - tail_offset));
    if (u64(wide, 4) != locator_offset - offset - 12)
      return invalid("the zip64 end record does not end at its locator");
    if (u32(wide, 16) != 0 || u32(wide, 20) != 0 || u64(wide, 24) != u64(wide, 32))
      return unsupported("the archive has several parts: expected one");
    const End end = {u64(wide, 32), u64(wide, 40), u64(wide, 48), offset};
    // The plain record says the same, or that the number is in the other.
    const auto agrees = [](std::uint64_t plain, std::uint64_t value, std::uint64_t none) {
      return plain == value || plain == none;
    };
    if (!agrees(u16(record, 10), end.entries, kMax16) ||
        !agrees(u32(record, 12), end.size, kMax32) || !agrees(u32(record, 16), end.offset, kMax32))
      return mismatch("the two end records of the archive disagree");
    return end;
  }
  if (u16(record, 4) != 0 || u16(record, 6) != 0 || u16(record, 8) != u16(record, 10))
    return unsupported("the archive has several parts: expected one");
  return End{u16(record, 10), u32(record, 12), u32(record, 16), tail_offset + at};
}

}  // namespace

std::string member_text(std::string_view name) { return "member " + quoted(name); }

std::optional<std::size_t> find_local_length(ByteView bytes) {
  if (bytes.size() < kLocalSize) return std::nullopt;
  return kLocalSize + u16(bytes, 26) + u16(bytes, 28);
}

Result<ZipEntry> parse_local_header(ByteView header, std::uint64_t offset) {
  ZipEntry entry = TRY(parse_header(header, 0, kLocalSize));
  entry.offset = offset;
  return entry;
}

std::optional<std::size_t> find_descriptor(ByteView bytes, const ZipEntry& entry) {
  // The longer form first: its sizes have zeros where after the shorter one a signature stands.
  for (const bool wide : {true, false}) {
    for (const bool with_signature : {true, false}) {
      Bytes form;
      if (with_signature) append_le(form, kDescriptorSignature);
      append_le(form, entry.crc);
      for (const std::uint64_t value : {entry.packed_size, entry.size}) {
        if (wide) {
          append_le(form, value);
        } else {
          append_le(form, static_cast<std::uint32_t>(value));
        }
      }
      if (!wide && (entry.packed_size > kMax32 || entry.size > kMax32)) continue;
      if (bytes.size() >= form.size() && std::ranges::equal(bytes.first(form.size()), form))
        return form.size();
    }
  }
  return std::nullopt;
}

Result<> check_member_size(const ZipEntry& entry, const ZipLimits& limits) {
  if (entry.size > limits.member) {
    return unsupported(member_text(entry.name) + " unpacks to " + std::to_string(entry.size) +
                       " bytes: expected at most " + std::to_string(limits.member));
  }
  if (entry.size >= limits.ratio_from && entry.size / limits.ratio > entry.packed_size) {
    return unsupported(member_text(entry.name) + " unpacks from " +
                       std::to_string(entry.packed_size) + " to " + std::to_string(entry.size) +
                       " bytes: expected at most " + std::to_string(limits.ratio) + " for one");
  }
  if (entry.method == ZipMethod::kStored && entry.size != entry.packed_size) {
    return invalid(member_text(entry.name) + " is stored with " +
                   std::to_string(entry.packed_size) + " bytes but has " +
                   std::to_string(entry.size));
  }
  if (entry.is_directory() && entry.size != 0) {
    return invalid(member_text(entry.name) + " is a folder with " + std::to_string(entry.size) +
                   " bytes of data");
  }
  return {};
}

Result<> check_crc(const ZipEntry& entry, std::uint32_t crc) {
  if (crc == entry.crc) return {};
  const auto hex = [](std::uint32_t value) {
    Bytes bytes;
    append_le(bytes, std::byteswap(value));
    return to_hex(bytes);
  };
  return mismatch(member_text(entry.name) + " has CRC " + hex(crc) + ": expected " +
                  hex(entry.crc));
}

Result<> check_same(const ZipEntry& local, const ZipEntry& central) {
  const std::string who = member_text(central.name);
  if (local.name != central.name) {
    return mismatch(who + " is named " + quoted(local.name) + " in its local header");
  }
  if (local.method != central.method || local.flags != central.flags)
    return mismatch(who + ": method or flags in its local header are others");
  const bool told_later = local.has_descriptor();
  const std::tuple<std::string_view, std::uint64_t, std::uint64_t> pairs[] = {
      {"CRC", local.crc, central.crc},
      {"packed size", local.packed_size, central.packed_size},
      {"size", local.size, central.size}};
  for (const auto& [what, here, there] : pairs) {
    if (here == there || (told_later && (here == 0 || here == kMax32))) continue;
    return mismatch(who + ": its " + std::string(what) + " is " + std::to_string(here) +
                    " in the local header, but " + std::to_string(there) +
                    " in the central directory");
  }
  return {};
}

Result<ZipDirectory> parse_directory(ByteView tail, std::uint64_t tail_offset,
                                     const ZipLimits& limits) {
  const End end = TRY(parse_end(tail, tail_offset));
  if (end.offset < tail_offset || end.offset > end.at || end.at - end.offset != end.size) {
    return invalid("the central directory is said to be at bytes " + std::to_string(end.offset) +
                   " to " + std::to_string(end.offset + end.size) +
                   ": expected it to end where the end record begins, at " +
                   std::to_string(end.at));
  }
  if (end.entries > limits.members) {
    return unsupported("the archive has " + std::to_string(end.entries) +
                       " members: expected at most " + std::to_string(limits.members));
  }
  if (tail_offset + tail.size() - end.offset > limits.directory) {
    return unsupported("the central directory has " + std::to_string(end.size) +
                       " bytes: expected at most " + std::to_string(limits.directory));
  }
  ByteView left = tail.subspan(static_cast<std::size_t>(end.offset - tail_offset),
                               static_cast<std::size_t>(end.size));
  ZipDirectory directory = {end.offset, {}};
  std::uint64_t total = 0;
  for (std::uint64_t i = 0; i < end.entries; ++i) {
    const auto where = [&] { return "entry " + std::to_string(i) + " of the central directory"; };
    if (left.size() < kCentralSize || u32(left, 0) != kCentralSignature)
      return invalid(where() + " is not there: expected " + std::to_string(end.entries));
    const std::size_t length = kCentralSize + u16(left, 28) + u16(left, 30) + u16(left, 32);
    if (left.size() < length) return invalid(where() + " is cut short");
    ZipEntry entry = TRY(parse_header(left.first(length), 2, kCentralSize));
    const std::uint16_t disk = u16(left, 34);
    if (disk != 0 && disk != kMax16)
      return unsupported(member_text(entry.name) + " is in another part of the archive");
    TRY(check_member_size(entry, limits));
    total += entry.size;
    if (total > limits.total) {
      return unsupported("the archive unpacks to more than " + std::to_string(limits.total) +
                         " bytes: reached at " + member_text(entry.name));
    }
    left = left.subspan(length);
    directory.entries.push_back(std::move(entry));
  }
  if (!left.empty()) {
    return invalid("the central directory has " + std::to_string(left.size()) +
                   " bytes behind its last entry");
  }
  std::unordered_set<std::string_view> names;
  for (const ZipEntry& entry : directory.entries)
    if (!names.insert(entry.name).second)
      return invalid(member_text(entry.name) + " comes twice in the archive");
  return directory;
}

}  // namespace krait::pkg
