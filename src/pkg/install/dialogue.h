// The session's protocol in JSON: one text for a request, a step, a response (session.h says
// which).
//
// Guarantees: what is read was checked, and an error quotes it; what is written has its members in
// one order. No state.

#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "pkg/install/session.h"

namespace krait::pkg::install {

Json to_json(const PlannedInstall& planned);

// `done` is what {"done": ...} says; other steps do not look at it.
std::string step_text(const Session& session, const Step& step, const std::vector<LogLine>& log,
                      Json done = Json::Object{});

Result<Response> parse_response(std::string_view text);

Result<std::pair<Failure::Kind, std::string>> parse_failure(std::string_view text);

}  // namespace krait::pkg::install
