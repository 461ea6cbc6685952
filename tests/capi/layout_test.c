/* What the ABI promise pins: where the fields of public structs stand, and that no struct ends in
   padding, where a new field would not change its size. Figures are those of 64-bit machines. */
#include "calinvite.h"

#define ENDS_WITH(type, field)                                                      \
  _Static_assert(offsetof(type, field) + sizeof(((type*)0)->field) == sizeof(type), \
                 #type " ends with " #field)
#define STANDS_AT(type, field, offset) \
  _Static_assert(sizeof(void*) != 8 || offsetof(type, field) == (offset), #type "." #field)

STANDS_AT(calinvite_link_token, expires, 8);
STANDS_AT(calinvite_link_token, purpose, 16);
STANDS_AT(calinvite_link_token, row, 24);
ENDS_WITH(calinvite_link_token, row);

STANDS_AT(calinvite_header, value, 8);
ENDS_WITH(calinvite_header, value);

STANDS_AT(calinvite_aws_request, method, 8);
STANDS_AT(calinvite_aws_request, path, 16);
STANDS_AT(calinvite_aws_request, query, 24);
STANDS_AT(calinvite_aws_request, headers, 32);
STANDS_AT(calinvite_aws_request, header_count, 40);
STANDS_AT(calinvite_aws_request, body, 48);
STANDS_AT(calinvite_aws_request, body_size, 56);
ENDS_WITH(calinvite_aws_request, body_size);

STANDS_AT(calinvite_signing_scope, region, 8);
STANDS_AT(calinvite_signing_scope, service, 16);
STANDS_AT(calinvite_signing_scope, time, 24);
STANDS_AT(calinvite_signing_scope, raw_path, 32);
STANDS_AT(calinvite_signing_scope, sign_body_header, 36);
ENDS_WITH(calinvite_signing_scope, sign_body_header);

STANDS_AT(calinvite_event, uid, 8);
STANDS_AT(calinvite_event, source_uid, 16);
STANDS_AT(calinvite_event, organizer, 24);
STANDS_AT(calinvite_event, source_organizer, 32);
STANDS_AT(calinvite_event, summary, 40);
STANDS_AT(calinvite_event, description, 48);
STANDS_AT(calinvite_event, location, 56);
STANDS_AT(calinvite_event, url, 64);
STANDS_AT(calinvite_event, landing, 72);
STANDS_AT(calinvite_event, language, 80);
STANDS_AT(calinvite_event, start, 88);
STANDS_AT(calinvite_event, end, 96);
STANDS_AT(calinvite_event, timezone, 104);
STANDS_AT(calinvite_event, rrule, 112);
STANDS_AT(calinvite_event, status, 120);
STANDS_AT(calinvite_event, sequence, 128);
STANDS_AT(calinvite_event, all_day, 132);
STANDS_AT(calinvite_event, conference, 136);
STANDS_AT(calinvite_event, reminder_minutes, 144);
STANDS_AT(calinvite_event, transparent, 148);
STANDS_AT(calinvite_event, wants_answers, 152);
STANDS_AT(calinvite_event, counters_allowed, 156);
ENDS_WITH(calinvite_event, counters_allowed);

STANDS_AT(calinvite_event_row, event, 8);
STANDS_AT(calinvite_event_row, command, 16);
STANDS_AT(calinvite_event_row, line, 24);
ENDS_WITH(calinvite_event_row, reserved);

STANDS_AT(calinvite_engine_options, store, 8);
STANDS_AT(calinvite_engine_options, master_key, 16);
STANDS_AT(calinvite_engine_options, transport, 24);
STANDS_AT(calinvite_engine_options, ses_region, 32);
STANDS_AT(calinvite_engine_options, ses_access_key_id, 40);
STANDS_AT(calinvite_engine_options, ses_secret_access_key, 48);
STANDS_AT(calinvite_engine_options, ses_session_token, 56);
STANDS_AT(calinvite_engine_options, ses_endpoint, 64);
STANDS_AT(calinvite_engine_options, ca_file, 72);
STANDS_AT(calinvite_engine_options, clock, 80);
STANDS_AT(calinvite_engine_options, random, 88);
STANDS_AT(calinvite_engine_options, user_data, 96);
ENDS_WITH(calinvite_engine_options, user_data);

STANDS_AT(calinvite_domain, name, 8);
STANDS_AT(calinvite_domain, from, 16);
STANDS_AT(calinvite_domain, reply_domain, 24);
STANDS_AT(calinvite_domain, base_url, 32);
STANDS_AT(calinvite_domain, super_user, 40);
STANDS_AT(calinvite_domain, configuration_set, 48);
STANDS_AT(calinvite_domain, separator, 56);
STANDS_AT(calinvite_domain, description_limit, 64);
STANDS_AT(calinvite_domain, no_uninvite_status, 68);
ENDS_WITH(calinvite_domain, no_uninvite_status);

STANDS_AT(calinvite_organizer, domain, 8);
STANDS_AT(calinvite_organizer, address, 16);
STANDS_AT(calinvite_organizer, name, 24);
STANDS_AT(calinvite_organizer, local_part, 32);
STANDS_AT(calinvite_organizer, bulk, 40);
STANDS_AT(calinvite_organizer, reserved, 44);
ENDS_WITH(calinvite_organizer, reserved);

STANDS_AT(calinvite_ingest_input, bytes, 8);
STANDS_AT(calinvite_ingest_input, size, 16);
STANDS_AT(calinvite_ingest_input, source, 24);
STANDS_AT(calinvite_ingest_input, sender, 32);
STANDS_AT(calinvite_ingest_input, domain, 40);
STANDS_AT(calinvite_ingest_input, timezone, 48);
ENDS_WITH(calinvite_ingest_input, timezone);

STANDS_AT(calinvite_ingest_item, source, 8);
STANDS_AT(calinvite_ingest_item, item, 16);
STANDS_AT(calinvite_ingest_item, outcome, 24);
STANDS_AT(calinvite_ingest_item, event, 32);
STANDS_AT(calinvite_ingest_item, reason, 40);
STANDS_AT(calinvite_ingest_item, line, 48);
STANDS_AT(calinvite_ingest_item, column, 52);
ENDS_WITH(calinvite_ingest_item, column);

STANDS_AT(calinvite_invite_request, address, 0);
STANDS_AT(calinvite_invite_request, name, 8);
STANDS_AT(calinvite_invite_request, language, 16);
ENDS_WITH(calinvite_invite_request, language);

STANDS_AT(calinvite_plan, invite, 8);
STANDS_AT(calinvite_plan, update, 16);
STANDS_AT(calinvite_plan, cancel, 24);
STANDS_AT(calinvite_plan, skip, 32);
ENDS_WITH(calinvite_plan, skip);

STANDS_AT(calinvite_receipt, kind, 8);
STANDS_AT(calinvite_receipt, event, 16);
STANDS_AT(calinvite_receipt, address, 24);
STANDS_AT(calinvite_receipt, method, 32);
STANDS_AT(calinvite_receipt, attempt_id, 40);
STANDS_AT(calinvite_receipt, message_id, 48);
STANDS_AT(calinvite_receipt, detail, 56);
STANDS_AT(calinvite_receipt, time, 64);
STANDS_AT(calinvite_receipt, sequence, 72);
STANDS_AT(calinvite_receipt, reserved, 76);
ENDS_WITH(calinvite_receipt, reserved);

STANDS_AT(calinvite_dispatch_options, max_messages, 8);
STANDS_AT(calinvite_dispatch_options, lease_seconds, 12);
ENDS_WITH(calinvite_dispatch_options, lease_seconds);

_Static_assert(sizeof(calinvite_status) == 4, "statuses are 32 bits wide");

int main(void) { return 0; }
