// Times the resolver on worlds that worlds.py made:  krait_resolve_bench WORLD.json...
//
// Prints a line of JSON per world: milliseconds of processor time (the least of several runs,
// from making the resolver to its answer; reading JSON and requirements is not counted), packages, decisions.

#include <algorithm>
#include <ctime>
#include <fstream>
#include <iostream>
#include <map>
#include <sstream>

#include "base/json.h"
#include "pkg/resolve/resolver.h"

using namespace krait;
using namespace krait::pkg;

namespace {

struct World {
  std::vector<Requirement> requirements;
  std::map<std::string, std::vector<resolve::Candidate>> pages;
};

Result<World> read(const char* path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  const Json json = TRY(Json::parse(text.str()));
  World out;
  const auto take = [](const Json& items, std::vector<Requirement>& into) -> Result<> {
    for (const Json& item : *items.find_array())
      into.push_back(TRY(Requirement::parse(*item.find_string())));
    return {};
  };
  TRY(take(*json.find("requirements"), out.requirements));
  for (const auto& [name, versions] : *json.find("projects")->find_object())
    for (const auto& [version, needs] : *versions.find_object()) {
      resolve::Dependencies dependencies;
      TRY(take(needs, dependencies.requirements));
      resolve::Candidate candidate{.version = TRY(Version::parse(version))};
      candidate.dependencies = std::make_shared<const resolve::Dependencies>(std::move(dependencies));
      out.pages[name].push_back(std::move(candidate));
    }
  return out;
}

Result<> run(const char* path) {
  const World world = TRY(read(path));
  double best = 1e9;
  for (int round = 0; round < 5; ++round) {
    const auto begin = std::clock();
    resolve::Request request;
    request.requirements = world.requirements;
    request.environment.python_full_version = "3.13.2";
    resolve::Resolver resolver = TRY(resolve::Resolver::make(std::move(request)));
    resolve::Step step = resolver.advance();
    while (const auto* need = std::get_if<resolve::Need>(&step)) {
      for (const auto& [project, index] : need->pages) {
        const auto page = world.pages.find(project.to_string());
        TRY(page == world.pages.end() ? resolver.supply_missing_page(project, index)
                                      : resolver.supply_page(project, index, page->second));
      }
      step = resolver.advance();
    }
    best = std::min(best, 1000.0 * static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC);
    if (round < 4) continue;
    const auto counts = resolver.counts();
    const auto* solution = std::get_if<resolve::Solution>(&step);
    std::cout << "{\"world\": \"" << path << "\", \"ms\": " << best
              << ", \"packages\": " << (solution ? solution->packages.size() : 0)
              << ", \"decisions\": " << counts.decisions << ", \"conflicts\": " << counts.conflicts
              << "}" << std::endl;
  }
  return {};
}

}  // namespace

int main(int argc, char** argv) {
  for (int i = 1; i < argc; ++i)
    if (const Result<> done = run(argv[i]); !done.ok()) {
      std::cerr << argv[i] << ": " << done.error().message() << "\n";
      return 1;
    }
}
