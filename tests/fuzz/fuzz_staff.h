#pragma once

#include <cstddef>
#include <cstdint>

namespace huiyin::fuzz {

/// What a member of staff writes. Aborts where a command names no action or keeps a line of the text out of bounds.
void staff_command(const std::uint8_t* data, std::size_t size);
/// What an owner answers to a survey. Aborts where an answer has neither score nor outcome, or a score that is none.
void survey_answer(const std::uint8_t* data, std::size_t size);
/// A file of holidays. Aborts where a complaint names no line.
void calendar(const std::uint8_t* data, std::size_t size);
/// The first byte says how long the header is, then come header and body of a form with files. Aborts where a part
/// lies outside of the body.
void form_data(const std::uint8_t* data, std::size_t size);

}  // namespace huiyin::fuzz
