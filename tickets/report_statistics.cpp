#include "tickets/report_statistics.h"

#include <algorithm>
#include <boost/math/distributions/binomial.hpp>
#include <boost/math/distributions/chi_squared.hpp>
#include <numeric>

namespace huiyin::tickets {
namespace {

constexpr double kLeastExpected = 5;  // of a cell, below which the chi-squared distribution is no approximation

std::int32_t nth(std::vector<std::int32_t>& sample, std::size_t index) {
  const auto at = sample.begin() + static_cast<std::ptrdiff_t>(index);
  std::nth_element(sample.begin(), at, sample.end());
  return *at;
}

}  // namespace

Spread spread_of(std::vector<std::int32_t>& sample) {
  Spread out{.count = sample.size()};
  if (sample.empty()) return out;
  const auto middle = sample.size() / 2;
  const double upper = nth(sample, middle);
  out.median = sample.size() % 2 == 1 ? upper : (upper + nth(sample, middle - 1)) / 2;
  out.p90 = nth(sample, (sample.size() * 9 + 9) / 10 - 1);
  return out;
}

double p_value_of_rise(std::int64_t before, double days_before, std::int64_t now, double days_now) {
  if (now <= 0 || days_before <= 0 || days_now <= 0) return 1;
  const boost::math::binomial_distribution<> same(static_cast<double>(before + now),
                                                  days_now / (days_before + days_now));
  return boost::math::cdf(boost::math::complement(same, static_cast<double>(now - 1)));
}

std::vector<double> corrected_by_holm(const std::vector<double>& p_values) {
  std::vector<std::size_t> order(p_values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return p_values[a] < p_values[b]; });
  std::vector<double> out(p_values.size());
  double least = 0;  // none may come out lower than one that was lower before
  for (std::size_t rank = 0; rank < order.size(); ++rank) {
    const auto corrected = p_values[order[rank]] * static_cast<double>(order.size() - rank);
    least = std::max(least, std::min(1.0, corrected));
    out[order[rank]] = least;
  }
  return out;
}

std::optional<double> p_value_of_difference(const std::vector<Share>& groups) {
  std::vector<Share> usable;
  Share sum;
  const auto add = [&](const Share& group) {
    sum.all += group.all;
    sum.answered += group.answered;
  };
  std::for_each(groups.begin(), groups.end(), add);
  const auto rate = sum.all == 0 ? 0.0 : static_cast<double>(sum.answered) / static_cast<double>(sum.all);
  std::copy_if(groups.begin(), groups.end(), std::back_inserter(usable), [&](const Share& group) {
    return static_cast<double>(group.all) * std::min(rate, 1 - rate) >= kLeastExpected;
  });
  if (usable.size() < 2) return std::nullopt;
  sum = {};
  std::for_each(usable.begin(), usable.end(), add);
  const auto common = static_cast<double>(sum.answered) / static_cast<double>(sum.all);
  if (common <= 0 || common >= 1) return std::nullopt;
  double statistic = 0;
  for (const auto& group : usable) {
    const auto all = static_cast<double>(group.all);
    const auto off = static_cast<double>(group.answered) - all * common;
    statistic += off * off / (all * common) + off * off / (all * (1 - common));
  }
  const boost::math::chi_squared_distribution<> independent(static_cast<double>(usable.size() - 1));
  return boost::math::cdf(boost::math::complement(independent, statistic));
}

}  // namespace huiyin::tickets
