// See marker.h. Here: what a marker means and how it is written; marker_parse.cc reads it.

#include "pkg/marker/marker.h"

#include <algorithm>
#include <utility>

#include "pkg/marker/marker_names.h"

namespace krait::pkg {

namespace {

std::string_view value_of(MarkerVariable variable, const Environment& environment) {
  switch (variable) {
    case MarkerVariable::kOsName:
      return environment.os_name;
    case MarkerVariable::kSysPlatform:
      return environment.sys_platform;
    case MarkerVariable::kPlatformMachine:
      return environment.platform_machine;
    case MarkerVariable::kPlatformPythonImplementation:
      return environment.platform_python_implementation;
    case MarkerVariable::kPlatformRelease:
      return environment.platform_release;
    case MarkerVariable::kPlatformSystem:
      return environment.platform_system;
    case MarkerVariable::kPlatformVersion:
      return environment.platform_version;
    case MarkerVariable::kPythonVersion:
      return environment.python_version;
    case MarkerVariable::kPythonFullVersion:
      return environment.python_full_version;
    case MarkerVariable::kImplementationName:
      return environment.implementation_name;
    case MarkerVariable::kImplementationVersion:
      return environment.implementation_version;
    case MarkerVariable::kNone:
    case MarkerVariable::kExtra:
    case MarkerVariable::kExtras:
    case MarkerVariable::kDependencyGroups:
      break;  // not of the environment
  }
  return {};
}

bool has_name(std::span<const ProjectName> names, std::string_view name) {
  return std::ranges::contains(names, normalize_name(name), &ProjectName::to_string);
}

// As Python compares strings.
bool compare_text(std::string_view left, Operator op, std::string_view right) {
  switch (op) {
    case Operator::kEqual:
    case Operator::kArbitrary:
      return left == right;
    case Operator::kNotEqual:
      return left != right;
    case Operator::kLessEqual:
      return left <= right;
    case Operator::kGreaterEqual:
      return left >= right;
    case Operator::kLess:
      return left < right;
    case Operator::kGreater:
      return left > right;
    case Operator::kCompatible:
      return false;
  }
  std::unreachable();
}

std::string quoted_literal(const std::string& text) {
  const char quote = text.contains('"') ? '\'' : '"';
  return quote + text + quote;
}

}  // namespace

bool Marker::evaluate(const Environment& environment, const MarkerSelection& selection) const {
  if (selection.extras.empty() || !uses_extra()) return holds(environment, selection, {});
  return std::ranges::any_of(selection.extras, [&](const ProjectName& extra) {
    return holds(environment, selection, extra.to_string());
  });
}

bool Marker::holds(const Environment& environment, const MarkerSelection& selection,
                   std::string_view extra) const {
  const auto child_holds = [&](const Marker& child) {
    return child.holds(environment, selection, extra);
  };
  if (kind_ == Kind::kAnd) return std::ranges::all_of(children_, child_holds);
  if (kind_ == Kind::kOr) return std::ranges::any_of(children_, child_holds);

  const auto value = [&](const Side& side) -> std::string_view {
    if (side.variable == MarkerVariable::kNone) return side.text;
    return side.variable == MarkerVariable::kExtra ? extra : value_of(side.variable, environment);
  };
  const std::string_view left = value(left_);
  switch (right_.variable) {
    case MarkerVariable::kExtras:
      return has_name(selection.extras, left) == (kind_ == Kind::kIn);
    case MarkerVariable::kDependencyGroups:
      return has_name(selection.groups, left) == (kind_ == Kind::kIn);
    default:
      return compares(left, value(right_));
  }
}

bool Marker::is_text_only() const {
  return marker_names::is_text(left_.variable) || marker_names::is_text(right_.variable);
}

bool Marker::compares(std::string_view left, std::string_view right) const {
  if (kind_ != Kind::kVersionOperator) return right.contains(left) == (kind_ == Kind::kIn);
  if (left_.variable == MarkerVariable::kExtra || right_.variable == MarkerVariable::kExtra)
    return compare_text(normalize_name(left), op_, normalize_name(right));
  if (is_text_only()) return compare_text(left, op_, right);
  if (const Result<Version> version = Version::parse(left); version.ok()) {
    if (clause_) return clause_->contains(version.value());
    if (right_.variable != MarkerVariable::kNone)
      if (const Result<Specifier> clause = Specifier::make(op_, right); clause.ok())
        return clause.value().contains(version.value());
  }
  return compare_text(left, op_, right);
}

bool Marker::uses_extra() const {
  return left_.variable == MarkerVariable::kExtra || right_.variable == MarkerVariable::kExtra ||
         std::ranges::any_of(children_, &Marker::uses_extra);
}

std::string Marker::to_string() const {
  if (kind_ == Kind::kAnd || kind_ == Kind::kOr) {
    std::string out;
    for (const Marker& child : children_) {
      if (!out.empty()) out += kind_ == Kind::kAnd ? " and " : " or ";
      const bool brackets = kind_ == Kind::kAnd && child.kind_ == Kind::kOr;
      out += brackets ? "(" + child.to_string() + ")" : child.to_string();
    }
    return out;
  }
  const auto text = [](const Side& side) {
    return side.variable == MarkerVariable::kNone ? quoted_literal(side.text)
                                                  : std::string(marker_names::of(side.variable));
  };
  const std::string_view sign = kind_ == Kind::kIn      ? "in"
                                : kind_ == Kind::kNotIn ? "not in"
                                                        : pkg::to_string(op_);
  return text(left_) + " " + std::string(sign) + " " + text(right_);
}

}  // namespace krait::pkg
