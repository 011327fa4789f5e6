// Makes wheels for tests, RECORD included. Not for anything but tests.

#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "pkg/wheel/record.h"
#include "pkg/wheel/zip_builder.h"

namespace krait::pkg {

struct TestWheel {
  std::string dist_info = "demo-1.0.dist-info";
  std::string wheel = "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n";
  std::string metadata = "Metadata-Version: 2.1\nName: demo\nVersion: 1.0\n";
  std::vector<TestMember> files = {};
  // Called with RECORD's entries before it is written.
  std::function<void(Record&)> change_record = nullptr;

  Bytes build() const {
    Record record;
    ZipBuilder zip;
    const auto add = [&](const TestMember& member) {
      zip.add(member);
      if (!member.name.ends_with('/'))
        record.entries.push_back(record_entry(member.name, as_bytes(member.content)));
    };
    for (const TestMember& member : files) add(member);
    add({.name = dist_info + "/METADATA", .content = metadata});
    add({.name = dist_info + "/WHEEL", .content = wheel});
    record.entries.push_back({dist_info + "/RECORD", "", "", std::nullopt});
    if (change_record) change_record(record);
    zip.add({.name = dist_info + "/RECORD", .content = record.to_string()});
    return zip.finish();
  }
};

}  // namespace krait::pkg
