/// What lint looks for, one name a row of the table in rules.cpp, and where findings gather.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "calinvite/lint.hpp"

namespace calinvite::lint {

/// In the order of the table.
enum class Check {
  has_calendar,        // R1
  mixed,               // R1
  alternative,         // R2
  method,              // R3
  charset,             // R3
  method_form,         // R3
  one_calendar,        // R4
  inline_both,         // R5
  inline_bare,         // R5
  attachment_method,   // R6
  attachment,          // R6
  same_uid,            // R7
  same_bytes,          // R7
  double_return,       // R8
  part_encoding,       // R8
  part_7bit,           // R8
  content_class,       // R9
  texts_tell,          // R10
  one_recipient,       // R11
  header_once,         // R12
  header_bytes,        // R14
  header_998,          // R14
  mixed_line_ends,     // R14
  header_78,           // R14
  line_feeds,          // R14
  mail_size,           // R15
  auto_submitted,      // R16
  ascii_address,       // R17
  amp,                 // R18
  markup_action,       // R18
  html_size,           // R19
  from_organizer,      // R20
  organizer_uri,       // R21
  organizer_name,      // R21
  consumer_domain,     // R24
  address_length,      // R25
  address_case,        // R26
  reply_to,            // R27
  sender,              // R28
  self_invitation,     // R29
  uid_prefix,          // R30
  uid_form,            // R30
  uid_person,          // R30
  calendar_method,     // R31
  calendar_head,       // R31
  calscale,            // R31
  publish,             // R32
  event_identity,      // R33
  event_facts,         // R33
  event_tentative,     // R33
  attendee_is_to,      // R34
  attendee_asks,       // R34
  attendee_hints,      // R34
  other_people,        // R35
  no_rsvp,             // R36
  stamps,              // R37
  one_event,           // R38
  end_before,          // R39
  end_form,            // R39
  all_day,             // R40
  all_day_hint,        // R40
  floating,            // R41
  utc_and_tzid,        // R41
  zone_missing,        // R42
  zone_late,           // R42
  zone_unused,         // R42
  zone_wrong,          // R43
  zone_shape,          // R43
  zone_rule_and_date,  // R44
  zone_invented,       // R45
  zone_name,           // R47
  after_end,           // R48
  line_75,             // R48
  fold,                // R48
  fold_tab,            // R48
  text_bytes,          // R49
  text_escapes,        // R49
  parameter_quotes,    // R50
  parameter_carets,    // R50
  uri,                 // R51
  published_names,     // R52
  microsoft_hints,     // R53
  alarm,               // R54
  attach,              // R55
  attach_type,         // R55
  conference,          // R56
  place,               // R57
  description,         // R58
  description_link,    // R58
  rich_text,           // R59
  description_size,    // R60
  rrule,               // R61
  rdate_alone,         // R62
  rule_start,          // R63
  rule_times,          // R63
  machine_words,       // R64
  language,            // R64
  vendor_names,        // R65
  sequence,            // R69
  sequence_small,      // R69
  asked_again,         // R72
  instance_rule,       // R73
  instance_time,       // R74
  add,                 // R76
  cancel_status,       // R82
  cancel_unstated,     // R83
  cancel_sequence,     // R82
  cancel_facts,        // R82
  cancel_asks,         // R84
  https,               // R121
  no_track,            // R128
  google_link,         // R131
  outlook_link,        // R132
  yahoo_link,          // R133
  link_form,           // R134
  link_order,          // R135
  unsubscribe_form,    // R137
  unsubscribe,         // R137
  content_language,    // R149
  bidi_controls,       // R150
  bidi_isolation,      // R150
  active_html,         // R151
  count
};

class Findings {
 public:
  /// @param source  of the places of what is looked at now
  void look_at(std::string source) { source_ = std::move(source); }
  void add(Check check, std::string_view what, std::uint32_t line = 0, std::uint32_t column = 0,
           std::string_view field = {});
  /// All of them, in the order in which they came.
  std::vector<Finding> take();

 private:
  struct Seen {
    std::size_t count = 0;
    std::size_t last = 0;  ///< index in `list_`
  };
  std::string source_;
  std::vector<Finding> list_;
  std::map<Check, Seen> seen_;
};

/// A piece of an input in a message, quoted: short and on one line.
std::string in_quotes(std::string_view text);

}  // namespace calinvite::lint
