// JSON values and their writer: see json.h. The reader is json_parse.cc.

#include "base/json.h"

#include <array>
#include <charconv>
#include <cmath>

#include "base/utf.h"

namespace krait {

namespace {

class Writer {
 public:
  explicit Writer(int indent) : indent_(static_cast<std::size_t>(indent)) {}

  std::string take() { return std::move(out_); }

  void write(const Json& json) {
    std::visit([this](const auto& value) { put(value); }, json.variant());
  }

 private:
  void put(std::nullptr_t) { out_ += "null"; }
  void put(bool value) { out_ += value ? "true" : "false"; }
  void put(std::int64_t value) { out_ += std::to_string(value); }

  void put(double value) {
    // JSON has no word for these; JavaScript writes null as well.
    if (!std::isfinite(value)) return put(nullptr);
    std::array<char, 32> digits;
    const auto [end, failure] = std::to_chars(digits.data(), digits.data() + digits.size(), value);
    const std::string_view text(digits.data(), end);
    out_ += text;
    // Else it would read back as an integer.
    if (text.find_first_of(".e") == std::string_view::npos) out_ += ".0";
  }

  void put(const std::string& text) {
    out_ += '"';
    for (std::size_t i = 0; i < text.size(); ++i) {
      const auto byte = static_cast<unsigned char>(text[i]);
      if (byte == '"' || byte == '\\') {
        out_ += '\\';
        out_ += text[i];
      } else if (byte < 0x20) {
        put_control(byte);
      } else if (byte == 0xED && i + 2 < text.size() &&
                 static_cast<unsigned char>(text[i + 1]) >= 0xA0) {
        // A surrogate in WTF-8: only an escape can say it.
        put_unit(0xD000u | (static_cast<unsigned char>(text[i + 1]) & 0x3Fu) << 6 |
                 (static_cast<unsigned char>(text[i + 2]) & 0x3Fu));
        i += 2;
      } else {
        out_ += text[i];
      }
    }
    out_ += '"';
  }

  void put_control(unsigned char byte) {
    static constexpr std::string_view kShort = "\b\f\n\r\t";
    const std::size_t name = kShort.find(static_cast<char>(byte));
    if (name == std::string_view::npos) return put_unit(byte);
    out_ += '\\';
    out_ += "bfnrt"[name];
  }

  void put_unit(unsigned unit) {
    out_ += "\\u";
    for (int shift = 12; shift >= 0; shift -= 4) out_ += "0123456789abcdef"[unit >> shift & 15];
  }

  void put(const Json::Array& items) {
    put_all('[', ']', items, [this](const Json& item) { write(item); });
  }

  void put(const Json::Object& members) {
    put_all('{', '}', members, [this](const auto& member) {
      put(member.first);
      out_ += indent_ ? ": " : ":";
      write(member.second);
    });
  }

  template <typename Items, typename Put>
  void put_all(char open, char close, const Items& items, Put put_one) {
    out_ += open;
    ++depth_;
    bool first = true;
    for (const auto& item : items) {
      if (!first) out_ += ',';
      first = false;
      new_line();
      put_one(item);
    }
    --depth_;
    if (!items.empty()) new_line();
    out_ += close;
  }

  void new_line() {
    if (!indent_) return;
    out_ += '\n';
    out_.append(depth_ * indent_, ' ');
  }

  std::size_t indent_;
  std::size_t depth_ = 0;
  std::string out_;
};

}  // namespace

std::string Json::to_string(int indent) const {
  Writer writer(indent);
  writer.write(*this);
  return writer.take();
}

const Json* Json::find(std::string_view key) const {
  if (const Object* members = find_object()) {
    for (const auto& [name, value] : *members) {
      if (name == key) return &value;
    }
  }
  return nullptr;
}

std::string_view Json::kind() const {
  static constexpr std::array<std::string_view, std::variant_size_v<Variant>> kNames = {
      "null", "a boolean", "an integer", "a number", "a string", "an array", "an object"};
  return kNames[value_.index()];
}

}  // namespace krait
