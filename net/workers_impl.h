#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <thread>
#include <vector>

#include "net/workers.h"

namespace huiyin {

/// What the .cpp files of net/ see of Workers.
struct Workers::Impl {
  explicit Impl(std::size_t count) : context(static_cast<int>(count)), busy(boost::asio::make_work_guard(context)) {}

  boost::asio::io_context context;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> busy;
  std::vector<std::thread> threads{};
};

}  // namespace huiyin
