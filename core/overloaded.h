#pragma once

namespace huiyin {

/// A visitor made of lambdas, for std::visit over the sum types of core/. A new alternative does not compile until it
/// is handled.
template <class... Handlers>
struct Overloaded : Handlers... {
  using Handlers::operator()...;
};
template <class... Handlers>
Overloaded(Handlers...) -> Overloaded<Handlers...>;  // clang 14 has no implicit one for aggregates

}  // namespace huiyin
