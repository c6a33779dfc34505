#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>

#include "gateway/hooks.h"
#include "gateway/mail_intake.h"

namespace huiyin::gateway {

/// Takes the spool's rows, oldest first, through the pipeline as soon as the store answers, and lets their replies go
/// by the outbox. A thread of its own from construction until stop().
class Replayer {
 public:
  Replayer(const ChannelTable& channels, Pipeline& pipeline, MailIntake& mails, Spool& spool, db::Store& store,
           IdSource& ids, Metrics& metrics, const Clock& clock);
  ~Replayer();
  Replayer(const Replayer&) = delete;
  Replayer& operator=(const Replayer&) = delete;

  /// Finishes the row under way, and joins. Idempotent.
  void stop();

 private:
  enum class Result { done, set_aside, try_later };

  void work();
  bool replay_batch();
  Result replay(const SpoolRow& row, std::string& why);
  Result replay_mail(const SpoolRow& row, const ReceivedMail& mail, std::string& why);
  Result decide(const SpoolRow& row, Incoming incoming, std::string& why);
  Result settle_reply(const Event& event, const Outcome& outcome);

  const ChannelTable& channels_;
  Pipeline& pipeline_;
  MailIntake& mails_;
  Spool& spool_;
  db::Store& store_;
  IdSource& ids_;
  Metrics& metrics_;
  const Clock& clock_;
  std::mutex mutex_;
  std::condition_variable wakes_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace huiyin::gateway
