// The resolver against its plain twin, which tries every combination, on random small worlds; and
// one large world.

#include <gtest/gtest.h>

#include <random>

#include "pkg/resolve/resolver.h"
#include "pkg/resolve/world.h"

namespace krait::pkg::resolve {
namespace {

// Tries all versions of every project that is reached, and nothing cleverer.
class BruteForce {
 public:
  using Choice = std::map<std::string, const World::Offer*>;
  using Reached = std::map<std::string, std::set<std::string>>;  // extras by project

  BruteForce(const World& world, const Request& request) : world_(world), request_(request) {}

  // Whether candidates count that are pre-releases or yanked.
  bool has_hidden = true;

  bool has_solution() {
    Choice choice;
    return search(choice);
  }

  // What of these is reached from the request; empty when something asked for is not met or not
  // chosen. `missing` is then the first project without a choice, or empty.
  std::optional<Reached> check(const Choice& choice, std::string* missing) const {
    Reached reached;
    std::vector<std::pair<std::string, std::string>> open;
    bool holds = true;
    missing->clear();
    const auto take = [&](const Requirement& wanted) {
      const std::string& name = wanted.name.to_string();
      const auto found = choice.find(name);
      if (found == choice.end()) {
        if (missing->empty()) *missing = name;
        return;
      }
      if (!wanted.specifiers.contains(found->second->candidate.version)) holds = false;
      if (!reached.contains(name)) open.emplace_back(name, "");
      reached[name];
      for (const ProjectName& extra : wanted.extras)
        if (reached[name].insert(extra.to_string()).second)
          open.emplace_back(name, extra.to_string());
    };
    for (const Requirement& wanted : request_.requirements) take(wanted);
    while (!open.empty() && holds) {
      const auto [name, extra] = open.back();
      open.pop_back();
      const World::Offer& offer = *choice.at(name);
      const SpecifierSet& python = offer.candidate.requires_python.value_or(SpecifierSet());
      if (offer.is_broken || offer.candidate.unusable ||
          !python.contains(Version::parse("3.13.2").value()))
        holds = false;
      for (const Requirement& constraint : request_.constraints)
        if (constraint.name.to_string() == name &&
            !constraint.specifiers.contains(offer.candidate.version))
          holds = false;
      std::vector<ProjectName> extras;
      if (!extra.empty()) extras.push_back(ProjectName::parse(extra).value());
      for (const Requirement& wanted : offer.dependencies.requirements)
        if (wanted.applies(request_.environment, {.extras = extras})) take(wanted);
    }
    if (!holds) missing->clear();
    if (!holds || !missing->empty()) return std::nullopt;
    return reached;
  }

 private:
  bool search(Choice& choice) {
    std::string missing;
    if (check(choice, &missing)) return true;
    if (missing.empty()) return false;
    const std::string name = missing;
    const auto found = world_.offers.find(name);
    if (found == world_.offers.end()) return false;
    for (const World::Offer& offer : found->second) {
      if (!has_hidden && (offer.candidate.yanked || offer.candidate.version.is_prerelease()))
        continue;
      choice[name] = &offer;
      if (search(choice)) return true;
    }
    choice.erase(name);
    return false;
  }

  const World& world_;
  const Request& request_;
};

class RandomWorld {
 public:
  RandomWorld(unsigned seed, bool with_hidden) : random_(seed), with_hidden_(with_hidden) {
    projects_ = 2 + below(4);
    for (unsigned project = 0; project < projects_; ++project)
      for (unsigned version = 1, count = 1 + below(4); version <= count; ++version) {
        std::string line = name(project) + " " + std::to_string(version);
        if (below(5) == 0) line += pick({"a1", "rc2", ".dev3", ".post1"});
        if (below(12) == 0) line += " py:>=3.14";
        if (below(20) == 0) line += " unusable:has_no_wheel";
        if (below(25) == 0) line += " broken";
        if (with_hidden && below(4) == 0) line += " yanked:";
        std::string needs;
        for (unsigned n = below(4); n > 0; --n)
          needs += (needs.empty() ? " -> " : " | ") + requirement(true);
        world.add(line + needs);
      }
    world.has_full_pages = below(2) == 0;
    request.environment = test_environment();
    for (unsigned n = 1 + below(3); n > 0; --n)
      request.requirements.push_back(Requirement::parse(requirement(false)).value());
    if (below(3) == 0)
      request.constraints.push_back(
          Requirement::parse(name(below(projects_)) + specifier()).value());
    request.prefetch = below(3);
    if (!with_hidden) request.prereleases = Prereleases::kAllow;
  }

  World world;
  Request request;

 private:
  unsigned below(unsigned n) { return static_cast<unsigned>(random_() % n); }
  std::string pick(std::initializer_list<const char*> items) {
    return items.begin()[below(static_cast<unsigned>(items.size()))];
  }
  static std::string name(unsigned project) {
    return std::string(1, static_cast<char>('a' + project));
  }
  std::string specifier() {
    const std::string version = std::to_string(1 + below(4));
    return pick({"", "", ">=", "<", "<=", "==", "!=", ">="}) == ""
               ? ""
               : pick({">=", "<", "<=", "==", "!=", ">"}) + version +
                     (with_hidden_ && below(6) == 0 ? "a1" : "");
  }
  std::string requirement(bool may_be_extra) {
    // One project more than there are, at times.
    std::string out = name(below(10) == 0 ? projects_ : below(projects_));
    if (below(4) == 0) out += pick({"[x]", "[y]", "[x,y]"});
    out += specifier();
    if (may_be_extra && below(3) == 0)
      out += pick({"; extra == 'x'", "; extra == 'y'", "; extra != 'x'", "; os_name == 'nt'"});
    return out;
  }

  std::mt19937 random_;
  bool with_hidden_;
  unsigned projects_ = 0;
};

// The solution as the twin sees it; each of its packages and extras must be reached.
void expect_valid(const RandomWorld& made, const Solution& solution) {
  BruteForce::Choice choice;
  BruteForce::Reached chosen;
  for (const Solution::Package& package : solution.packages) {
    const std::string& name = package.name.to_string();
    for (const World::Offer& offer : made.world.offers.at(name))
      if (offer.candidate.version == package.version) choice[name] = &offer;
    ASSERT_TRUE(choice.contains(name));
    chosen[name];
    for (const ProjectName& extra : package.extras) chosen[name].insert(extra.to_string());
  }
  std::string missing;
  const auto reached = BruteForce(made.world, made.request).check(choice, &missing);
  ASSERT_TRUE(reached.has_value()) << to_string(Step(solution));
  EXPECT_EQ(*reached, chosen) << to_string(Step(solution));
}

TEST(ResolverTwin, AgreesOnRandomWorlds) {
  int solvable = 0;
  int conflicts = 0;
  for (unsigned seed = 0; seed < 6000; ++seed) {
    RandomWorld made(seed, false);
    BruteForce twin(made.world, made.request);
    const bool expected = twin.has_solution();
    // These worlds are too small to go far back by themselves.
    made.request.far_back = static_cast<int>(seed % 3);
    Resolver resolver = Resolver::make(made.request).value();
    const Step step = drive(made.world, resolver);
    const Solution* solution = std::get_if<Solution>(&step);
    ASSERT_EQ(solution != nullptr, expected) << "seed " << seed << ": " << to_string(step);
    (solution ? solvable : conflicts)++;
    if (solution) expect_valid(made, *solution);
    if (!solution) {
      ASSERT_TRUE(to_string(step).find("requirements cannot be met") != std::string::npos)
          << "seed " << seed << ": " << to_string(step);
    }
    ASSERT_FALSE(::testing::Test::HasFailure()) << "seed " << seed;
  }
  EXPECT_GT(solvable, 1500);
  EXPECT_GT(conflicts, 1500);
}

// What is hidden may come in by rules that depend on what was seen; so the twin only says what must
// be solvable without, and what no solution may break.
TEST(ResolverTwin, AgreesOnWorldsWithHiddenCandidates) {
  int solvable = 0;
  int without_hidden = 0;
  for (unsigned seed = 100000; seed < 104000; ++seed) {
    RandomWorld made(seed, true);
    BruteForce twin(made.world, made.request);
    const bool possible = twin.has_solution();
    twin.has_hidden = false;
    const bool needed = twin.has_solution();
    made.request.far_back = static_cast<int>(seed % 3);
    Resolver resolver = Resolver::make(made.request).value();
    const Step step = drive(made.world, resolver);
    const Solution* solution = std::get_if<Solution>(&step);
    ASSERT_TRUE(solution ? possible : !needed) << "seed " << seed << ": " << to_string(step);
    if (!solution) continue;
    ++solvable;
    without_hidden += needed;
    expect_valid(made, *solution);
    for (const Solution::Package& package : solution->packages)
      for (const World::Offer& offer : made.world.offers.at(package.name.to_string())) {
        if (offer.candidate.version != package.version || !offer.candidate.yanked) continue;
        std::string pins;
        const auto look = [&](const Requirement& wanted) {
          if (wanted.name == package.name && wanted.specifiers.contains(package.version) &&
              wanted.specifiers.to_string().starts_with("=="))
            pins += wanted.to_string();
        };
        for (const Requirement& wanted : made.request.requirements) look(wanted);
        for (const Requirement& wanted : made.request.constraints) look(wanted);
        for (const auto& [name, offers] : made.world.offers)
          for (const World::Offer& other : offers)
            for (const Requirement& wanted : other.dependencies.requirements) look(wanted);
        ASSERT_NE(pins, "") << "seed " << seed << ": " << to_string(step);
      }
    ASSERT_FALSE(::testing::Test::HasFailure()) << "seed " << seed;
  }
  EXPECT_GT(solvable, without_hidden);
  EXPECT_GT(without_hidden, 300);
}

// 2,000 projects of 20 versions each. Each version needs projects of higher numbers, in versions
// around its own, so that all of version 11 is a solution and newer ones are often none.
TEST(ResolverTwin, SolvesALargeWorld) {
  constexpr unsigned kProjects = 2000;
  constexpr unsigned kVersions = 20;
  std::mt19937 random(7);
  RandomWorld made(0, false);
  made.world = World();
  for (unsigned project = 0; project < kProjects; ++project)
    for (unsigned version = 1; version <= kVersions; ++version) {
      std::string line = "p" + std::to_string(project) + " " + std::to_string(version);
      std::string needs;
      for (unsigned n = random() % 4; n > 0 && project + 1 < kProjects; --n) {
        const unsigned target =
            project + 1 + static_cast<unsigned>(random() % std::min(kProjects - project - 1, 40U));
        const unsigned lower = version < 11 ? version : 11 - static_cast<unsigned>(random() % 8);
        const unsigned upper = std::max(version, 11U) + 1 + static_cast<unsigned>(random() % 4);
        needs += (needs.empty() ? " -> p" : " | p") + std::to_string(target) +
                 ">=" + std::to_string(lower) + ",<" + std::to_string(upper);
      }
      made.world.add(line + needs);
    }
  made.request = {};
  made.request.environment = test_environment();
  for (const unsigned root : {0U, 3U, 500U, 1000U})
    made.request.requirements.push_back(Requirement::parse("p" + std::to_string(root)).value());
  Resolver resolver = Resolver::make(made.request).value();
  const Step step = drive(made.world, resolver);
  const Solution* solution = std::get_if<Solution>(&step);
  ASSERT_NE(solution, nullptr) << to_string(step);
  EXPECT_GT(solution->packages.size(), 200U);
  expect_valid(made, *solution);
}

}  // namespace
}  // namespace krait::pkg::resolve
