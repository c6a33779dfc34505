#include "net/workers.h"

#include <boost/asio/post.hpp>

#include "core/thread_name.h"
#include "net/workers_impl.h"

namespace huiyin {

Workers::Workers(std::size_t threads, const std::string& name) : impl_(std::make_unique<Impl>(threads)) {
  for (std::size_t i = 0; i < threads; ++i) {
    impl_->threads.emplace_back([this, name] {
      name_thread(name.c_str());
      while (!ran_out()) continue;
    });
  }
}

/// False where a job threw: the others are to be run yet.
bool Workers::ran_out() try {
  impl_->context.run();
  return true;
} catch (...) {
  return false;
}

Workers::~Workers() { stop(); }

void Workers::post(std::function<void()> job) { boost::asio::post(impl_->context, std::move(job)); }

void Workers::stop() {
  impl_->busy.reset();
  for (auto& thread : impl_->threads) thread.join();
  impl_->threads.clear();
}

}  // namespace huiyin
