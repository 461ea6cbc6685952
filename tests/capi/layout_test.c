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
ENDS_WITH(calinvite_event, all_day);

STANDS_AT(calinvite_event_row, event, 8);
STANDS_AT(calinvite_event_row, command, 16);
STANDS_AT(calinvite_event_row, line, 24);
ENDS_WITH(calinvite_event_row, reserved);

_Static_assert(sizeof(calinvite_status) == 4, "statuses are 32 bits wide");

int main(void) { return 0; }
