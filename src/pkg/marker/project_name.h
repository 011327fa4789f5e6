// ProjectName: the name of a project, and of an extra, in its normal form.
//
// Source: PEP 508 ("Names") says which names there are, PEP 503 ("Normalized Names", since PEP 685
// also for extras) when two are the same: letters in lower case, runs of - _ . as one "-".
// Guarantees: equal names have one form; the name as it was written is kept beside it.

#pragma once

#include <compare>
#include <string>
#include <string_view>

#include "base/result.h"

namespace krait::pkg {

// PEP 503's form of any text, be it a name or not.
std::string normalize_name(std::string_view text);

class ProjectName {
 public:
  static constexpr std::size_t kMaxLength = 1000;

  static Result<ProjectName> parse(std::string_view text);

  const std::string& to_string() const { return normal_; }
  const std::string& original() const { return original_; }
  // As it stands in the names of wheels and of .dist-info folders: "_" for "-".
  std::string file_form() const;

  std::strong_ordering operator<=>(const ProjectName& other) const {
    return normal_ <=> other.normal_;
  }
  bool operator==(const ProjectName& other) const { return normal_ == other.normal_; }

 private:
  explicit ProjectName(std::string_view text) : normal_(normalize_name(text)), original_(text) {}

  std::string normal_;
  std::string original_;
};

}  // namespace krait::pkg

template <>
struct std::hash<krait::pkg::ProjectName> {
  std::size_t operator()(const krait::pkg::ProjectName& name) const {
    return std::hash<std::string>()(name.to_string());
  }
};
