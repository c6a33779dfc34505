#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace huiyin::tickets {

// The arithmetic of reports. Pure.

/// Median and ninth decile of a sample.
struct Spread {
  std::size_t count = 0;
  double median = 0;     ///< of an even number the mean of the two in the middle
  std::int32_t p90 = 0;  ///< the least value that nine tenths do not exceed (nearest rank)
};
/// Reorders the sample. All zero for an empty one.
[[nodiscard]] Spread spread_of(std::vector<std::int32_t>& sample);

/// Has what is counted become more frequent? The exact conditional test for two Poisson rates (Przyborowski and
/// Wilenski, 1940): were the rate the same before and now, then of the `before + now` events each would be of now with
/// the probability that now's share of the time is; the p value is that of a binomial count of `now` or more.
/// 1 where there is no event, or no time before.
[[nodiscard]] double p_value_of_rise(std::int64_t before, double days_before, std::int64_t now, double days_now);

/// Holm's correction (1979) for having looked at many: the p values as they are to be compared with the level that one
/// alone would be, in the order given.
[[nodiscard]] std::vector<double> corrected_by_holm(const std::vector<double>& p_values);

/// Of each group, how many there are and how many of those answered.
struct Share {
  std::int64_t all = 0;
  std::int64_t answered = 0;
};
/// Do the groups answer differently? Pearson's chi-squared test of independence. Nothing where fewer than two groups
/// have an expected count of five on either side: then it says nothing.
[[nodiscard]] std::optional<double> p_value_of_difference(const std::vector<Share>& groups);

}  // namespace huiyin::tickets
