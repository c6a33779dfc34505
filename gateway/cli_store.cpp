#include "gateway/cli_store.h"

#include <sysexits.h>

#include <iostream>

#include "gateway/daemon.h"

namespace huiyin::gateway {
namespace {

// A person waits longer than an owner's turn may: a list may have to read much.
constexpr std::chrono::seconds kPatience{60};

}  // namespace

std::unique_ptr<db::Store> open_store_for_command(const Config& config, Console console) {
  auto options = store_options(config);
  options.statement_timeout = kPatience;
  auto store = db::open_store(options);
  if (store) return *std::move(store);
  print({store.error()}, console.errors);
  return nullptr;
}

int say_unavailable(const db::StoreError& error, Console console) {
  console.errors << "the database does not answer: " << error.why << '\n';
  return EX_UNAVAILABLE;
}

}  // namespace huiyin::gateway
