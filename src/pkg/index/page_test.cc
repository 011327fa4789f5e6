// Tests of pkg/index/page.h.

#include "pkg/index/page.h"

#include <gtest/gtest.h>

namespace krait::pkg {
namespace {

Url page_url() { return Url::parse("https://index.test/simple/foo/").value(); }

constexpr const char* kHtml = R"(<!DOCTYPE html>
<html><head><meta name="pypi:repository-version" content="1.1">
<meta name="pypi:project-status" content="archived">
<meta name="pypi:project-status-reason" content="no time">
<meta name="pypi:tracks" content="https://other.test/simple/foo/"><title>Links</title></head>
<body><h1>Links for foo</h1>
<a href="../../packages/foo-1.0-py3-none-any.whl#sha256=ABCD" data-requires-python="&gt;=3.8,&lt;4"
   data-dist-info-metadata="true" data-core-metadata="sha256=12" data-gpg-sig="false">foo-1.0-py3-none-any.whl</a><br />
<a href="https://files.test/foo-1.1.tar.gz" data-yanked="bad &quot;bug&quot;"> foo-1.1.tar.gz
</a>
<a href="foo-1.2%2Bx-py3-none-any.whl?sig=1#md5=0f&egg=foo" data-yanked>x
<a name="no-link">foo-9.zip</a>
<a href="download?id=7">foo-1.3.bin</a>
<!-- <a href="foo-2.0.tar.gz">foo-2.0.tar.gz</a> -->
</body></html>)";

TEST(IndexPage, ReadsHtml) {
  const IndexPage page =
      IndexPage::parse(as_bytes(kHtml), "text/html; charset=UTF-8", page_url()).value();
  EXPECT_EQ(page.api_version, "1.1");
  EXPECT_EQ(page.status, "archived");
  EXPECT_EQ(page.status_reason, "no time");
  EXPECT_EQ(page.tracks, std::vector<std::string>{"https://other.test/simple/foo/"});
  ASSERT_EQ(page.files.size(), 4u);
  EXPECT_EQ(page.files[0], (IndexFile{.filename = "foo-1.0-py3-none-any.whl",
                                      .url = "https://index.test/packages/foo-1.0-py3-none-any.whl",
                                      .hashes = {{"sha256", "abcd"}},
                                      .requires_python = ">=3.8,<4",
                                      .has_metadata = true,
                                      .metadata_hashes = {{"sha256", "12"}},
                                      .gpg_signature = false}));
  EXPECT_EQ(page.files[1], (IndexFile{.filename = "foo-1.1.tar.gz",
                                      .url = "https://files.test/foo-1.1.tar.gz",
                                      .yanked = "bad \"bug\""}));
  EXPECT_EQ(page.files[2],
            (IndexFile{.filename = "foo-1.2+x-py3-none-any.whl",
                       .url = "https://index.test/simple/foo/foo-1.2%2Bx-py3-none-any.whl?sig=1",
                       .hashes = {{"md5", "0f"}},
                       .yanked = ""}));
  EXPECT_EQ(page.files[2].metadata_url(),
            "https://index.test/simple/foo/foo-1.2%2Bx-py3-none-any.whl.metadata?sig=1");
  EXPECT_EQ(page.files[3], (IndexFile{.filename = "foo-1.3.bin",
                                      .url = "https://index.test/simple/foo/download?id=7"}));
}

TEST(IndexPage, TakesTheFirstBase) {
  const auto url_of = [](const char* html) {
    return IndexPage::parse_html(html, page_url()).value().files.at(0).url;
  };
  EXPECT_EQ(url_of("<base href='/files/'><base href=/x/><a href=a.whl>"),
            "https://index.test/files/a.whl");
  EXPECT_EQ(url_of("<base href='//cdn.test/y/z'><a href='./a.whl'>"), "https://cdn.test/y/a.whl");
  EXPECT_EQ(url_of("<a href=' a b.whl '>"), "https://index.test/simple/foo/a%20b.whl");
}

TEST(IndexPage, PassesOverWhatIsNoFile) {
  for (const char* html : {"", "<a>x.whl</a>", "<a href='x/'></a>", "<a href='&#1;a.whl'>a</a>"})
    EXPECT_TRUE(IndexPage::parse_html(html, page_url()).value().files.empty()) << html;
}

TEST(IndexPage, ReadsMetadataByItsNewerName) {
  const std::pair<const char*, bool> cases[] = {
      {"data-core-metadata", true},
      {"data-core-metadata=true", true},
      {"data-core-metadata=false", false},
      {"data-core-metadata=false data-dist-info-metadata=true", false},
      {"data-dist-info-metadata='sha256=ab'", true},
      {"", false},
  };
  for (const auto& [attributes, has] : cases) {
    const std::string html = std::string("<a href=a.whl ") + attributes + ">a.whl</a>";
    EXPECT_EQ(IndexPage::parse_html(html, page_url()).value().files.at(0).has_metadata, has)
        << html;
  }
}

constexpr const char* kJson = R"({
  "meta": {"api-version": "1.4", "_last-serial": 7, "tracks": ["https://other.test/simple/foo/"]},
  "name": "foo", "versions": ["1.0", "1.1"], "alternate-locations": ["https://alt.test/"],
  "project-status": {"status": "archived", "reason": "no time"},
  "files": [
    {"filename": "foo-1.0-py3-none-any.whl", "url": "../../packages/foo-1.0-py3-none-any.whl#x",
     "hashes": {"sha256": "ABCD"}, "requires-python": ">=3.8,<4", "dist-info-metadata": false,
     "core-metadata": {"sha256": "12"}, "gpg-sig": false, "yanked": false},
    {"filename": "foo-1.1.tar.gz", "url": "https://files.test/foo-1.1.tar.gz", "hashes": {},
     "requires-python": null, "yanked": "bad \"bug\"", "size": 12345678901,
     "upload-time": "2022-01-28T18:40:09Z", "provenance": null},
    {"filename": "foo-1.1-py3-none-any.whl", "url": "f", "hashes": {}, "requires-python": " ",
     "yanked": true, "dist-info-metadata": true, "provenance": "https://p.test/"}
  ]})";

TEST(IndexPage, ReadsJson) {
  const IndexPage page =
      IndexPage::parse(as_bytes(kJson), "application/vnd.pypi.simple.v1+json", page_url()).value();
  const IndexPage same = IndexPage::parse(as_bytes(kHtml), "", page_url()).value();
  EXPECT_EQ(page.api_version, "1.4");
  EXPECT_EQ(page.name, "foo");
  EXPECT_EQ(page.versions, (std::vector<std::string>{"1.0", "1.1"}));
  EXPECT_EQ(page.status, "archived");
  EXPECT_EQ(page.status_reason, "no time");
  EXPECT_EQ(page.tracks, same.tracks);
  EXPECT_EQ(page.alternate_locations, std::vector<std::string>{"https://alt.test/"});
  ASSERT_EQ(page.files.size(), 3u);
  EXPECT_EQ(page.files[0], same.files[0]);
  EXPECT_EQ(page.files[1], (IndexFile{.filename = "foo-1.1.tar.gz",
                                      .url = "https://files.test/foo-1.1.tar.gz",
                                      .yanked = "bad \"bug\"",
                                      .size = 12345678901,
                                      .upload_time = "2022-01-28T18:40:09Z"}));
  EXPECT_EQ(page.files[2], (IndexFile{.filename = "foo-1.1-py3-none-any.whl",
                                      .url = "https://index.test/simple/foo/f",
                                      .yanked = "",
                                      .has_metadata = true,
                                      .provenance = "https://p.test/"}));
}

TEST(IndexPage, ChoosesTheFormatByContentType) {
  const Url url = page_url();
  for (const char* type : {"application/json", " Application/JSON ; charset=utf-8",
                           "application/vnd.pypi.simple.v1+json", ""})
    EXPECT_TRUE(IndexPage::parse(as_bytes(kJson), type, url).value().name) << type;
  for (const char* type :
       {"text/html", "TEXT/HTML;charset=\"utf-8\"", "", "application/vnd.pypi.simple.v1+html"})
    EXPECT_EQ(IndexPage::parse(as_bytes(kHtml), type, url).value().files.size(), 4u) << type;
  const std::string latin = "<a href=a.whl data-yanked='\xe4'>a.whl</a>";
  EXPECT_EQ(IndexPage::parse(as_bytes(latin), "text/html; charset=ISO-8859-1", url)
                .value()
                .files.at(0)
                .yanked,
            "\xc3\xa4");
}

TEST(IndexPage, SaysWhatIsWrong) {
  const std::string json = "application/json";
  const std::string file_start =
      R"({"meta": {"api-version": "1.0"}, "name": "foo", "files": [{"filename": "f", "url": "u")";
  struct Row {
    std::string page, type, message;
  };
  const Row rows[] = {
      {"", "application/vnd.pypi.simple.v2+json",
       "content type \"application/vnd.pypi.simple.v2+json\": expected a page of a package index, "
       "application/vnd.pypi.simple.v1+json or text/html"},
      {"", "text/html; charset=x",
       "the page's character encoding is \"x\": expected utf-8, iso-8859-1 or windows-1252"},
      {"<meta name='pypi:repository-version' content='2.0'>", "text/html",
       "the index has version \"2.0\" of the API: expected 1.x (PEP 629)"},
      {"<meta name='pypi:repository-version' content='x'>", "text/html",
       "the index says that its API has version \"x\": expected one such as 1.0 (PEP 629)"},
      {"{", json, "JSON, line 1 column 2: the text ends: expected a key in double quotes"},
      {"[]", json, "\"(page)\": expected an object, not an array (PEP 691)"},
      {"{}", json, "\"meta\": expected an object (PEP 691)"},
      {R"({"meta": {}})", json, "\"api-version\": expected text (PEP 691)"},
      {R"({"meta": {"api-version": "2.0"}})", json,
       "the index has version \"2.0\" of the API: expected 1.x (PEP 629)"},
      {R"({"meta": {"api-version": "1.0"}})", json, "\"name\": expected text (PEP 691)"},
      {R"({"meta": {"api-version": "1.0"}, "name": "foo"})", json,
       "\"files\": expected an array (PEP 691)"},
      {R"({"meta": {"api-version": "1.0"}, "name": "foo", "versions": [1], "files": []})", json,
       "\"versions\": expected an array of texts, not an integer (PEP 691)"},
      {file_start + "}]}", json, "files[0]: \"hashes\": expected an object of hashes (PEP 691)"},
      {file_start + R"(, "hashes": {"a": 1}}]})", json,
       "files[0]: \"hashes\": expected hashes as text, not an integer (PEP 691)"},
      {file_start + R"(, "hashes": {}, "size": -1}]})", json,
       "files[0]: \"size\": expected a number of bytes, not an integer (PEP 691)"},
      {file_start + R"(, "hashes": {}, "size": 1.5}]})", json,
       "files[0]: \"size\": expected a number of bytes, not a number (PEP 691)"},
      {file_start + R"(, "hashes": {}, "yanked": 1}]})", json,
       "files[0]: \"yanked\": expected true, false or a reason, not an integer (PEP 691)"},
      {std::string(1000, '['), json, "JSON, line 1 column 514: nested more than 512 deep"},
  };
  for (const auto& [page, type, message] : rows) {
    const Result<IndexPage> parsed = IndexPage::parse(as_bytes(page), type, page_url());
    ASSERT_FALSE(parsed.ok()) << page;
    EXPECT_EQ(parsed.error().message(), "https://index.test/simple/foo/: " + message);
  }
}

TEST(IndexPage, HasLimits) {
  const Bytes large(IndexPage::kMaxBytes + 1, ' ');
  EXPECT_EQ(IndexPage::parse(large, "text/html", page_url()).error().message(),
            "https://index.test/simple/foo/: the page has 134217729 bytes, expected at most "
            "134217728");
  std::string many;
  for (std::size_t i = 0; i <= IndexPage::kMaxFiles; ++i) many += "<a href=x.whl>";
  EXPECT_EQ(IndexPage::parse_html(many, page_url()).error().message(),
            "the page has more than 500000 files");
}

TEST(IndexFile, SupportsPython) {
  const std::pair<std::optional<std::string>, bool> cases[] = {
      {std::nullopt, true}, {">=3.8", true}, {"<3", false}, {"nonsense", true}, {">=2.7.*", true}};
  for (const auto& [text, supports] : cases) {
    const IndexFile file{.filename = "f", .url = "u", .requires_python = text};
    EXPECT_EQ(file.supports_python(Version::parse("3.13.2").value()), supports);
  }
}

}  // namespace
}  // namespace krait::pkg
