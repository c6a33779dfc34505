// A header's text as it would come alone, which forgot <string>.
inline bool is_empty(const std::string& text) { return text.empty(); }
