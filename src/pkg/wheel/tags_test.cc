// Tests of pkg/wheel/tags.h.

#include "pkg/wheel/tags.h"

#include <gtest/gtest.h>

namespace krait::pkg {
namespace {

TEST(Tags, ReadsCompressedSets) {
  const auto tags = parse_tags("Py2.py3-none-any").value();
  ASSERT_EQ(tags.size(), 2u);
  EXPECT_EQ(tags[0].to_string(), "py2-none-any");
  EXPECT_EQ(tags[1].to_string(), "py3-none-any");
  EXPECT_EQ(parse_tags("cp39.cp310-abi3.none-a_1.b").value().size(), 8u);
}

TEST(Tags, SaysWhatIsWrong) {
  const std::string why =
      " is no wheel tag: expected python-abi-platform, each of letters, digits, _ and \".\" "
      "between alternatives (PEP 425)";
  for (const char* text :
       {"", "py3", "py3-none", "py3-none-any-x", "py3..py2-none-any", "py3-none-", "py 3-none-any"})
    EXPECT_EQ(parse_tags(text).error().message(), "\"" + std::string(text) + "\"" + why);
  std::string many = "a";
  for (int i = 0; i < 40; ++i) many += ".a";
  EXPECT_TRUE(parse_tags(many + "-" + many + "-any")
                  .error()
                  .message()
                  .ends_with(" stands for more than 1000 wheel tags"));
}

TEST(Tags, SupportedOnesAreInOrder) {
  const TagSet set = TagSet::cpython3(13);
  const char* ascending[] = {
      "cp313-cp313-pyodide_2025_0_wasm32",
      "cp313-cp313-pyemscripten_2025_0_wasm32",
      "cp313-cp313-emscripten_4_0_9_wasm32",
      "cp313-abi3-pyodide_2025_0_wasm32",
      "cp313-none-pyodide_2025_0_wasm32",
      "cp312-abi3-pyodide_2025_0_wasm32",
      "cp312-abi3-emscripten_4_0_9_wasm32",
      "cp32-abi3-pyodide_2025_0_wasm32",
      "py313-none-pyodide_2025_0_wasm32",
      "py3-none-pyodide_2025_0_wasm32",
      "py312-none-emscripten_4_0_9_wasm32",
      "cp313-none-any",
      "py313-none-any",
      "py3-none-any",
      "py312-none-any",
      "py30-none-any",
  };
  std::size_t last = 0;
  for (const char* text : ascending) {
    const auto place = set.find_best(parse_tags(text).value());
    ASSERT_TRUE(place) << text;
    EXPECT_TRUE(*place > last || text == ascending[0]) << text;
    last = *place;
  }
  EXPECT_EQ(last, set.tags().size() - 1);
  EXPECT_EQ(set.find_best(parse_tags("py2.py3-none-any").value()),
            set.find_best(parse_tags("py3-none-any").value()));
  for (const char* text :
       {"cp312-cp312-pyodide_2025_0_wasm32", "cp314-abi3-pyodide_2025_0_wasm32",
        "cp31-abi3-pyodide_2025_0_wasm32", "py2-none-any", "cp312-none-any",
        "cp313-cp313-pyodide_2024_0_wasm32", "cp313-cp313-linux_x86_64", "cp313-cp313-any"})
    EXPECT_FALSE(set.find_best(parse_tags(text).value())) << text;
}

}  // namespace
}  // namespace krait::pkg
