#pragma once

namespace huiyin {

/// Names the calling thread for top, perf and gdb; at most 15 bytes are kept.
void name_thread(const char* name);

}  // namespace huiyin
