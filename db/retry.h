#pragma once

namespace huiyin::db {

/// How often a transaction that met another is run again.
inline constexpr int kMostAttempts = 8;

/// Sleeps for a random while of up to 2^attempt milliseconds, so that two that met do not meet again.
void wait_with_jitter(int attempt);

}  // namespace huiyin::db
