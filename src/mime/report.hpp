/// Reports about mail: delivery status (RFC 3464) and complaints (RFC 5965).
#pragma once

#include "calinvite/mime.hpp"
#include "mime/structure.hpp"

namespace calinvite::mime {

/// Takes what a report says from the leaves of a mail as they go by.
class ReportReader {
 public:
  explicit ReportReader(const MailLimits& limits) : limits_(limits) {}
  /// @param part  what was read of the leaf
  void take(const Leaf& leaf, const MailPart& part);
  /// Sets `delivery` and `feedback`, each when its part was there.
  void finish(ParsedMail& mail);

 private:
  void read_delivery(const std::string& content);
  void read_feedback(const std::string& content);
  void read_original(const Headers& headers);

  const MailLimits& limits_;
  std::optional<DeliveryReport> delivery_;
  std::optional<FeedbackReport> feedback_;
  ReturnedMail original_;
  bool has_original_ = false;
};

}  // namespace calinvite::mime
