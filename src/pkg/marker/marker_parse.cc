// The reader of markers: recursive descent over PEP 508's grammar, where only brackets recurse.

#include <algorithm>
#include <array>

#include "base/ascii.h"
#include "base/quote.h"
#include "pkg/marker/marker.h"
#include "pkg/marker/marker_names.h"

namespace krait::pkg {

class MarkerParser {
 public:
  explicit MarkerParser(std::string_view text) : whole_(trimmed(text)), rest_(whole_) {}

  Result<Marker> document() {
    if (whole_.size() > Marker::kMaxLength) {
      return wrong("it has " + std::to_string(whole_.size()) + " characters, expected at most " +
                   std::to_string(Marker::kMaxLength));
    }
    Marker marker = TRY(any(0));
    if (!rest_.empty()) return unexpected("\"and\", \"or\" or the end");
    return marker;
  }

 private:
  using Kind = Marker::Kind;

  Result<Marker> any(int depth) {
    return sequence(Kind::kOr, "or",
                    [&] { return sequence(Kind::kAnd, "and", [&] { return one(depth); }); });
  }

  // PART (WORD PART)*; a single part stands for itself, and a part of the same kind is taken apart.
  template <typename Part>
  Result<Marker> sequence(Kind kind, std::string_view word, Part part) {
    Marker out;
    out.kind_ = kind;
    do {
      Marker child = TRY(part());
      if (child.kind_ == kind) {
        std::ranges::move(child.children_, std::back_inserter(out.children_));
      } else {
        out.children_.push_back(std::move(child));
      }
    } while (skip_word(word));
    if (out.children_.size() > 1) return out;
    Marker single = std::move(out.children_.front());
    return single;
  }

  Result<Marker> one(int depth) {
    skip_space();
    if (!rest_.starts_with('(')) return comparison();
    if (depth == Marker::kMaxDepth)
      return wrong("brackets are nested more than " + std::to_string(Marker::kMaxDepth) + " deep");
    rest_.remove_prefix(1);
    Marker inner = TRY(any(depth + 1));
    skip_space();
    if (!rest_.starts_with(')')) return unexpected("\")\"");
    rest_.remove_prefix(1);
    return inner;
  }

  Result<Marker> comparison() {
    Marker out;
    out.left_ = TRY(side());
    TRY(read_operator(out));
    out.right_ = TRY(side());
    const bool membership = out.kind_ != Kind::kVersionOperator;
    if (marker_names::is_set(out.left_.variable) ||
        (marker_names::is_set(out.right_.variable) && !membership))
      return wrong("extras and dependency_groups can only follow \"in\" or \"not in\"");
    if (!membership) TRY(prepare(out));
    return out;
  }

  // Reads the clause on the right once and for all.
  Result<> prepare(Marker& out) {
    const auto is_literal = [](const Marker::Side& side) {
      return side.variable == MarkerVariable::kNone;
    };
    bool version = !out.is_text_only();
    if (version && is_literal(out.right_)) {
      if (Result<Specifier> clause = Specifier::make(out.op_, out.right_.text); clause.ok())
        out.clause_ = std::move(clause).value();
      version = out.clause_.has_value();
    }
    if (is_literal(out.left_)) version = version && Version::parse(out.left_.text).ok();
    if (out.op_ == Operator::kCompatible && !version)
      return wrong("~= needs versions on both sides, not " + quoted(out.to_string()));
    return {};
  }

  Result<Marker::Side> side() {
    skip_space();
    Marker::Side out;
    if (rest_.starts_with('"') || rest_.starts_with('\'')) {
      const std::size_t end = rest_.find(rest_[0], 1);
      if (end == std::string_view::npos) return unexpected("the quote to be closed");
      out.text = rest_.substr(1, end - 1);
      rest_.remove_prefix(end + 1);
      return out;
    }
    const std::string_view name = word();
    out.variable = marker_names::find(name);
    if (out.variable == MarkerVariable::kNone)
      return unexpected("a marker variable or a quoted string");
    rest_.remove_prefix(name.size());
    return out;
  }

  Result<> read_operator(Marker& out) {
    skip_space();
    if (skip_word("in")) {
      out.kind_ = Kind::kIn;
      return {};
    }
    if (skip_word("not")) {
      out.kind_ = Kind::kNotIn;
      skip_space();
      if (!skip_word("in")) return unexpected("\"in\"");
      return {};
    }
    static constexpr std::array kLongestFirst = {
        Operator::kArbitrary, Operator::kCompatible,   Operator::kEqual, Operator::kNotEqual,
        Operator::kLessEqual, Operator::kGreaterEqual, Operator::kLess,  Operator::kGreater};
    out.kind_ = Kind::kVersionOperator;
    for (const Operator op : kLongestFirst) {
      if (!rest_.starts_with(to_string(op))) continue;
      out.op_ = op;
      rest_.remove_prefix(to_string(op).size());
      return {};
    }
    return unexpected("an operator such as ==, < or \"in\"");
  }

  std::string_view word() const {
    const auto end =
        std::ranges::find_if_not(rest_, [](char c) { return is_alnum(c) || c == '_' || c == '.'; });
    return {rest_.begin(), end};
  }

  bool skip_word(std::string_view wanted) {
    skip_space();
    if (word() != wanted) return false;
    rest_.remove_prefix(wanted.size());
    return true;
  }

  void skip_space() {
    while (!rest_.empty() && is_space(rest_[0])) rest_.remove_prefix(1);
  }

  Error unexpected(std::string_view expected) const {
    return wrong((rest_.empty() ? "it ends" : "unexpected " + quoted(rest_, 20)) + ", expected " +
                 std::string(expected));
  }

  Error wrong(std::string_view what) const {
    return invalid(quoted(whole_) + " is no marker: " + std::string(what) + " (PEP 508)");
  }

  std::string_view whole_;
  std::string_view rest_;
};

Result<Marker> Marker::parse(std::string_view text) { return MarkerParser(text).document(); }

}  // namespace krait::pkg
