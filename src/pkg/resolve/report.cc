// See report.h. describe.cc has the clauses; here is how they are strung together.

#include "pkg/resolve/report.h"

#include <algorithm>
#include <format>
#include <map>
#include <ranges>
#include <set>

namespace krait::pkg::resolve {

namespace {

class Report {
 public:
  Report(const Universe& universe, const States& states, const std::vector<Incompatibility>& all)
      : universe_(universe), states_(states), all_(all) {}

  std::string text(IncompatibilityId failure) {
    count(failure);
    if (is_derived(failure)) {
      visit(failure, false, 0);
    } else {
      line("Because " + clause(failure) + ", your requirements cannot be met.");
    }
    std::string out;
    for (const std::string& item : lines_) out += item + "\n";
    for (const std::string& hint : hints_) out += "Hint: " + hint + "\n";
    out.pop_back();
    return out;
  }

 private:
  bool is_derived(IncompatibilityId id) const {
    return all_[id].cause.kind == Cause::Kind::kDerived;
  }
  IncompatibilityId first(IncompatibilityId id) const { return all_[id].cause.first; }
  IncompatibilityId second(IncompatibilityId id) const { return all_[id].cause.second; }
  // Derived from two that are simply so.
  bool is_simple(IncompatibilityId id) const {
    return !is_derived(first(id)) && !is_derived(second(id));
  }

  // How often each is referred to; and what the leaves have to hint at.
  void count(IncompatibilityId failure) {
    std::vector<IncompatibilityId> open = {failure};
    while (!open.empty()) {
      const IncompatibilityId id = open.back();
      open.pop_back();
      if (uses_[id]++ > 0) continue;
      if (is_derived(id)) {
        open.push_back(second(id));
        open.push_back(first(id));
      } else {
        hint(all_[id].cause);
      }
    }
  }

  void hint(const Cause& cause) {
    if (cause.kind != Cause::Kind::kNoVersions) return;
    const auto& entries = universe_.project(cause.subject).entries;
    const Ranges versions = states_.at(cause.subject).versions(cause.subject_states);
    for (const auto& place : std::views::reverse(entries)) {
      const Entry& entry = *place;
      if (entry.visible || entry.data.unusable || entry.data.yanked ||
          !versions.contains(entry.data.version))
        continue;
      hints_.insert(std::format(
          "{0} {1} is a pre-release and was not considered; require {0}>={1} or allow pre-releases "
          "to use it.",
          universe_.project(cause.subject).name.to_string(), entry.data.version.to_string()));
      return;
    }
  }

  std::string clause(IncompatibilityId id) const {
    std::string out = describe(universe_, states_, all_[id]);
    if (const auto found = numbers_.find(id); found != numbers_.end())
      out += " (" + std::to_string(found->second) + ")";
    return out;
  }
  bool has_number(IncompatibilityId id) const { return numbers_.contains(id); }

  void line(std::string text) { lines_.push_back(std::move(text)); }

  // Ends the story of `id`.
  void conclude(const std::string& reasons, IncompatibilityId id, bool numbered) {
    std::string text = reasons + describe(universe_, states_, all_[id]) + ".";
    if (numbered || uses_[id] > 1) {
      const std::size_t number = numbers_.size() + 1;
      numbers_.emplace(id, number);
      text += " (" + std::to_string(number) + ")";
    }
    line(std::move(text));
  }

  void visit(IncompatibilityId id, bool numbered, int depth) {
    if (depth > kMaxReportDepth) {
      conclude("For reasons that are too many to tell, ", id, numbered);
      return;
    }
    const IncompatibilityId a = first(id);
    const IncompatibilityId b = second(id);
    if (is_derived(a) && is_derived(b)) {
      visit_both(id, a, b, numbered, depth);
    } else if (is_derived(a) || is_derived(b)) {
      visit_one(id, is_derived(a) ? a : b, is_derived(a) ? b : a, numbered, depth);
    } else {
      conclude("Because " + clause(a) + " and " + clause(b) + ", ", id, numbered);
    }
  }

  void visit_both(IncompatibilityId id, IncompatibilityId a, IncompatibilityId b, bool numbered,
                  int depth) {
    if (has_number(a) && has_number(b)) {
      conclude("Because " + clause(a) + " and " + clause(b) + ", ", id, numbered);
    } else if (has_number(a) || has_number(b)) {
      const IncompatibilityId told = has_number(a) ? a : b;
      visit(has_number(a) ? b : a, false, depth + 1);
      conclude("And because " + clause(told) + ", ", id, numbered);
    } else if (is_simple(a) || is_simple(b)) {
      const IncompatibilityId simple = is_simple(b) ? b : a;
      visit(is_simple(b) ? a : b, false, depth + 1);
      // The longer story may have told this one on its way.
      if (has_number(simple)) {
        conclude("And because " + clause(simple) + ", ", id, numbered);
      } else {
        visit(simple, false, depth + 1);
        conclude("Thus, ", id, numbered);
      }
    } else {
      visit(a, true, depth + 1);
      line("");
      if (!has_number(b)) visit(b, false, depth + 1);
      conclude("And because " + clause(a) + ", ", id, numbered);
    }
  }

  void visit_one(IncompatibilityId id, IncompatibilityId derived, IncompatibilityId plain,
                 bool numbered, int depth) {
    if (has_number(derived)) {
      conclude("Because " + clause(plain) + " and " + clause(derived) + ", ", id, numbered);
      return;
    }
    // Two steps in a row that each add something plain make one line.
    const bool chains =
        uses_[derived] == 1 && is_derived(first(derived)) != is_derived(second(derived));
    if (chains) {
      const bool at_first = is_derived(first(derived));
      const IncompatibilityId deeper = at_first ? first(derived) : second(derived);
      const IncompatibilityId other = at_first ? second(derived) : first(derived);
      if (has_number(deeper)) {
        conclude(
            "Because " + clause(deeper) + ", " + clause(other) + " and " + clause(plain) + ", ", id,
            numbered);
      } else {
        visit(deeper, false, depth + 1);
        conclude("And because " + clause(other) + " and " + clause(plain) + ", ", id, numbered);
      }
      return;
    }
    visit(derived, false, depth + 1);
    conclude("And because " + clause(plain) + ", ", id, numbered);
  }

  const Universe& universe_;
  const States& states_;
  const std::vector<Incompatibility>& all_;
  std::map<IncompatibilityId, std::size_t> uses_;
  std::map<IncompatibilityId, std::size_t> numbers_;
  std::vector<std::string> lines_;
  std::set<std::string> hints_;
};

}  // namespace

std::string explain(const Universe& universe, const States& states,
                    const std::vector<Incompatibility>& incompatibilities,
                    IncompatibilityId failure) {
  return Report(universe, states, incompatibilities).text(failure);
}

}  // namespace krait::pkg::resolve
