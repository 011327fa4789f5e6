// Log: what a session tells while it works, for whoever shows it.

#pragma once

#include <string>
#include <utility>
#include <vector>

namespace krait::pkg::install {

enum class LogLevel : unsigned char { kInfo, kVerbose, kWarning };

struct LogLine {
  LogLevel level;
  std::string text;
  bool operator==(const LogLine&) const = default;
};

class Log {
 public:
  void info(std::string text) { lines_.push_back({LogLevel::kInfo, std::move(text)}); }
  void verbose(std::string text) { lines_.push_back({LogLevel::kVerbose, std::move(text)}); }
  void warning(std::string text) { lines_.push_back({LogLevel::kWarning, std::move(text)}); }

  // Oldest first; each comes once.
  std::vector<LogLine> take() { return std::exchange(lines_, {}); }

 private:
  std::vector<LogLine> lines_;
};

}  // namespace krait::pkg::install
