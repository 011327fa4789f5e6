// Runs every fuzz target over its corpus, and over pieces and mixtures of it.

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>

#include "pkg/fuzz/targets.h"

namespace krait::pkg::fuzz {
namespace {

std::vector<std::string> corpus_of(std::string_view name) {
  std::vector<std::string> out;
  const std::filesystem::path folder = std::filesystem::path(KRAIT_FUZZ_CORPUS) / name;
  std::error_code none;
  for (const auto& entry : std::filesystem::directory_iterator(folder, none)) {
    std::ifstream file(entry.path(), std::ios::binary);
    out.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
  }
  std::ranges::sort(out);  // folders have no order
  return out;
}

TEST(Fuzz, TargetsTakeTheirCorpusAndWhatIsNearIt) {
  if (!std::filesystem::exists(KRAIT_FUZZ_CORPUS)) GTEST_SKIP() << "no files of the host here";
  for (const Target& target : targets()) {
    const std::vector<std::string> corpus = corpus_of(target.name);
    EXPECT_GE(corpus.size(), 3u) << target.name;
    std::mt19937 random(7);
    for (const std::string& text : corpus) {
      target.run(text);
      for (int round = 0; round < 300; ++round) {
        const std::string& other = corpus[random() % corpus.size()];
        std::string mixed = text.substr(0, random() % (text.size() + 1)) +
                            other.substr(random() % (other.size() + 1));
        if (!mixed.empty()) mixed[random() % mixed.size()] = static_cast<char>(random());
        target.run(mixed);
      }
    }
  }
}

}  // namespace
}  // namespace krait::pkg::fuzz
