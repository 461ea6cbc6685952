/* The C API as one text without preprocessing, for what reads declarations by itself, such as PHP's
 * FFI. Made by capi/abi/abi.py; the headers under calinvite/c tell what all of it means. */
const char* calinvite_version(void);
typedef int32_t calinvite_status;
enum {
  CALINVITE_OK = 0,
  CALINVITE_INVALID_ARGUMENT = 1,
  CALINVITE_INVALID_INPUT = 2,
  CALINVITE_TOO_LARGE = 3,
  CALINVITE_UNSUPPORTED = 4,
  CALINVITE_NOT_FOUND = 5,
  CALINVITE_CONFLICT = 6,
  CALINVITE_FORBIDDEN = 7,
  CALINVITE_UNAUTHENTICATED = 8,
  CALINVITE_UNAVAILABLE = 9,
  CALINVITE_BUSY = 10,
  CALINVITE_STORE_FULL = 11,
  CALINVITE_STORE_CORRUPT = 12,
  CALINVITE_IN_DOUBT = 13,
  CALINVITE_THROTTLED = 14,
  CALINVITE_STOPPED = 15,
  CALINVITE_INTERNAL = 16
};
const char* calinvite_status_name(calinvite_status status);
typedef struct calinvite_error calinvite_error;
calinvite_status calinvite_error_status(const calinvite_error* error);
const char* calinvite_error_message(const calinvite_error* error);
const char* calinvite_error_source(const calinvite_error* error);
const char* calinvite_error_field(const calinvite_error* error);
uint32_t calinvite_error_line(const calinvite_error* error);
uint32_t calinvite_error_column(const calinvite_error* error);
int calinvite_error_retryable(const calinvite_error* error);
void calinvite_error_free(calinvite_error* error);
void calinvite_free(const void* given);
typedef struct calinvite_page {
  size_t struct_size;
  const char* after;
  size_t limit;
} calinvite_page;
typedef struct calinvite_text {
  size_t struct_size;
  const char* bytes;
  size_t size;
} calinvite_text;
typedef struct calinvite_count {
  const char* word;
  uint64_t count;
} calinvite_count;
typedef struct calinvite_header {
  const char* name;
  const char* value;
} calinvite_header;
typedef struct calinvite_library {
  size_t struct_size;
  const char* version;
  const char* const* features;
  size_t feature_count;
  const calinvite_header* dependencies;
  size_t dependency_count;
} calinvite_library;
const calinvite_library* calinvite_about(void);
uint32_t calinvite_has_feature(const char* name);
typedef int64_t (*calinvite_clock_fn)(void* user_data);
typedef void (*calinvite_random_fn)(uint8_t* bytes, size_t size, void* user_data);
typedef int (*calinvite_read_fn)(const char** bytes_out, size_t* size_out, void* user_data);
typedef int (*calinvite_write_fn)(const char* piece, size_t size, void* user_data);
typedef void (*calinvite_row_error_fn)(const calinvite_error* error, void* user_data);
typedef struct calinvite_answer calinvite_answer;
calinvite_status calinvite_answer_add(calinvite_answer* answer, const char* text);
typedef void (*calinvite_log_fn)(const char* level, const char* component, const char* message,
                                 void* user_data);
typedef struct calinvite_stop calinvite_stop;
calinvite_status calinvite_stop_new(calinvite_stop** stop_out, calinvite_error** error_out);
void calinvite_stop_request(calinvite_stop* stop);
uint32_t calinvite_stop_requested(const calinvite_stop* stop);
void calinvite_stop_free(calinvite_stop* stop);
typedef struct calinvite_aws_signer calinvite_aws_signer;
calinvite_status calinvite_aws_signer_new(const char* access_key_id, const char* secret_access_key,
                                          const char* session_token,
                                          calinvite_aws_signer** signer_out,
                                          calinvite_error** error_out);
void calinvite_aws_signer_free(calinvite_aws_signer* signer);
typedef struct calinvite_aws_request {
  size_t struct_size;
  const char* method;
  const char* path;
  const char* query;
  const calinvite_header* headers;
  size_t header_count;
  const void* body;
  size_t body_size;
} calinvite_aws_request;
typedef struct calinvite_signing_scope {
  size_t struct_size;
  const char* region;
  const char* service;
  int64_t time;
  uint32_t raw_path;
  uint32_t sign_body_header;
} calinvite_signing_scope;
calinvite_status calinvite_sign(calinvite_aws_signer* signer, const calinvite_aws_request* request,
                                const calinvite_signing_scope* scope,
                                const calinvite_header** headers_out, size_t* header_count_out,
                                calinvite_error** error_out);
typedef struct calinvite_ses_fact {
  size_t struct_size;
  const char* kind;
  const char* address;
  const char* message_id;
  const char* attempt_id;
  const char* detail;
  const char* feedback_id;
  int64_t time;
  uint32_t permanent;
  uint32_t reserved;
} calinvite_ses_fact;
typedef struct calinvite_ses_fact_list {
  size_t struct_size;
  const calinvite_ses_fact* const* items;
  size_t count;
  const char* next;
} calinvite_ses_fact_list;
calinvite_status calinvite_parse_notification(const char* json, size_t size,
                                              const calinvite_ses_fact_list** facts_out,
                                              calinvite_error** error_out);
typedef struct calinvite_inbound_notification {
  size_t struct_size;
  const char* message_id;
  const char* source;
  const char* const* recipients;
  size_t recipient_count;
  const char* header_message_id;
  const char* spam;
  const char* virus;
  const char* spf;
  const char* dkim;
  const char* dmarc;
  const char* dmarc_policy;
  const char* action;
  const char* bucket;
  const char* object_key;
  const char* content;
  size_t content_size;
  int64_t time;
  uint32_t has_content;
  uint32_t setup;
} calinvite_inbound_notification;
calinvite_status calinvite_parse_inbound_notification(
    const char* json, size_t size, const calinvite_inbound_notification** notification_out,
    calinvite_error** error_out);
typedef struct calinvite_sns_message {
  size_t struct_size;
  const char* type;
  const char* message_id;
  const char* topic_arn;
  const char* subject;
  const char* message;
  const char* timestamp;
  const char* token;
  const char* subscribe_url;
  const char* certificate_url;
} calinvite_sns_message;
typedef calinvite_status (*calinvite_fetch_certificate_fn)(const char* url,
                                                           calinvite_answer* answer,
                                                           void* user_data);
typedef struct calinvite_sns_trust {
  size_t struct_size;
  const char* const* topics;
  size_t topic_count;
  const char* const* accounts;
  size_t account_count;
  uint32_t max_age_seconds;
  uint32_t reserved;
  calinvite_fetch_certificate_fn fetch_certificate;
  void* user_data;
} calinvite_sns_trust;
calinvite_status calinvite_authenticate_sns(const char* json, size_t size,
                                            const calinvite_sns_trust* trust, int64_t now,
                                            const calinvite_sns_message** message_out,
                                            calinvite_error** error_out);
typedef struct calinvite_override {
  size_t struct_size;
  const char* occurrence;
  const char* start;
  const char* end;
  const char* summary;
  const char* description;
  const char* location;
  const char* conference;
  uint32_t has_conference;
  uint32_t cancelled;
  int64_t source_dtstamp;
  int32_t source_sequence;
  uint32_t reserved;
} calinvite_override;
typedef struct calinvite_event {
  size_t struct_size;
  const char* uid;
  const char* source_uid;
  const char* organizer;
  const char* source_organizer;
  const char* summary;
  const char* description;
  const char* location;
  const char* conference;
  const char* url;
  const char* landing;
  const char* language;
  const char* start;
  const char* end;
  const char* timezone;
  const char* rrule;
  const char* status;
  const char* const* exdates;
  size_t exdate_count;
  const calinvite_override* const* overrides;
  size_t override_count;
  uint32_t all_day;
  uint32_t has_reminder;
  int32_t reminder_minutes;
  uint32_t transparent;
  uint32_t asks_nobody;
  uint32_t refuses_counters;
  uint32_t listed;
  uint32_t invite_limit;
  int32_t sequence;
  int32_t key_sequence;
  int64_t source_dtstamp;
  int64_t created;
  int64_t changed;
  int32_t source_sequence;
  uint32_t reserved;
} calinvite_event;
calinvite_status calinvite_check_event(const calinvite_event* event, calinvite_error** error_out);
typedef struct calinvite_parsed_attendee {
  size_t struct_size;
  const char* address;
  const char* name;
  const char* partstat;
  const char* partstat_raw;
  const char* sent_by;
  const char* role;
  const char* type;
  const char* const* delegated_to;
  size_t delegated_to_count;
  const char* const* delegated_from;
  size_t delegated_from_count;
} calinvite_parsed_attendee;
typedef struct calinvite_parsed_date {
  size_t struct_size;
  const char* start;
  const char* end;
} calinvite_parsed_date;
typedef struct calinvite_parsed_conference {
  size_t struct_size;
  const char* uri;
  const char* label;
  const char* const* features;
  size_t feature_count;
} calinvite_parsed_conference;
typedef struct calinvite_parsed_event {
  size_t struct_size;
  const calinvite_event* event;
  const char* occurrence;
  const char* organizer_name;
  const calinvite_parsed_attendee* const* attendees;
  size_t attendee_count;
  const char* comment;
  const char* description_html;
  const char* const* categories;
  size_t category_count;
  const char* timezone_raw;
  const char* remark;
  uint32_t line;
  uint32_t has_sequence;
  uint32_t has_start;
  uint32_t floating;
  uint32_t this_and_future;
  uint32_t reserved;
  const calinvite_parsed_date* const* rdates;
  size_t rdate_count;
  int64_t recurrence_instant;
  const calinvite_parsed_conference* const* conferences;
  size_t conference_count;
  const char* const* images;
  size_t image_count;
  const char* color;
} calinvite_parsed_event;
typedef struct calinvite_diagnostic {
  size_t struct_size;
  const char* message;
  const char* source;
  const char* field;
  uint32_t line;
  uint32_t column;
} calinvite_diagnostic;
typedef struct calinvite_calendar {
  size_t struct_size;
  const char* method;
  const char* prodid;
  const calinvite_parsed_event* const* events;
  size_t event_count;
  const calinvite_error* const* refused;
  size_t refused_count;
  const calinvite_diagnostic* const* diagnostics;
  size_t diagnostic_count;
} calinvite_calendar;
calinvite_status calinvite_parse_calendar(const char* bytes, size_t size, const char* source,
                                          const calinvite_calendar** calendar_out,
                                          calinvite_error** error_out);
typedef struct calinvite_occurrence {
  size_t struct_size;
  const char* id;
  const char* summary;
  const char* location;
  int64_t start;
  int64_t end;
} calinvite_occurrence;
typedef struct calinvite_occurrence_list {
  size_t struct_size;
  const calinvite_occurrence* const* items;
  size_t count;
  const char* next;
} calinvite_occurrence_list;
calinvite_status calinvite_list_occurrences(const char* bytes, size_t size, const char* uid,
                                            int64_t from, int64_t to, size_t limit,
                                            const calinvite_occurrence_list** occurrences_out,
                                            calinvite_error** error_out);
typedef struct calinvite_calendar_copy {
  size_t struct_size;
  const calinvite_event* event;
  const char* method;
  const char* occurrence;
  const char* uid;
  const char* organizer_address;
  const char* organizer_name;
  const char* attendee_address;
  const char* attendee_name;
  const char* partstat;
  const char* description;
  const char* language;
  int64_t dtstamp;
  int32_t sequence;
  uint32_t no_uninvite_status;
  const char* conference_label;
} calinvite_calendar_copy;
calinvite_status calinvite_write_calendar(const calinvite_calendar_copy* copy,
                                          const calinvite_text** calendar_out,
                                          calinvite_error** error_out);
typedef struct calinvite_change {
  size_t struct_size;
  const char* method;
  const char* const* occurrences;
  size_t occurrence_count;
  int32_t sequence;
  uint32_t key_change;
} calinvite_change;
calinvite_status calinvite_plan_change(const calinvite_event* before, const calinvite_event* after,
                                       const calinvite_change** change_out,
                                       calinvite_error** error_out);
typedef struct calinvite_attendee {
  size_t struct_size;
  const char* event;
  const char* address;
  const char* name;
  const char* language;
  const char* origin;
  const char* uid;
  const char* partstat;
  const char* channel;
  const char* prodid;
  const char* comment;
  const char* proposal;
  const char* delivery;
  int64_t answer_dtstamp;
  int32_t answer_sequence;
  uint32_t has_answer;
  int32_t held_sequence;
  uint32_t holds_copy;
  uint32_t uninvited;
  uint32_t reserved;
  uint8_t id[16];
} calinvite_attendee;
typedef struct calinvite_attendee_list {
  size_t struct_size;
  const calinvite_attendee* const* items;
  size_t count;
  const char* next;
} calinvite_attendee_list;
typedef struct calinvite_reply {
  size_t struct_size;
  const char* partstat;
  const char* occurrence;
  const char* channel;
  const char* prodid;
  const char* comment;
  const char* proposal;
  int64_t dtstamp;
  int32_t sequence;
  uint32_t has_sequence;
} calinvite_reply;
typedef struct calinvite_reply_effect {
  size_t struct_size;
  const char* verdict;
  const char* partstat;
  const char* reason;
  uint32_t flagged;
  uint32_t reserved;
} calinvite_reply_effect;
calinvite_status calinvite_apply_reply(const calinvite_event* event,
                                       const calinvite_attendee* attendee,
                                       const calinvite_reply* reply,
                                       const calinvite_reply_effect** effect_out,
                                       calinvite_error** error_out);
typedef struct calinvite_event_row {
  size_t struct_size;
  const calinvite_event* event;
  const char* command;
  const char* const* absent;
  size_t absent_count;
  uint32_t line;
  uint32_t reserved;
} calinvite_event_row;
typedef int (*calinvite_event_row_fn)(const calinvite_event_row* row, void* user_data);
calinvite_status calinvite_read_event_list(const char* bytes, size_t size, const char* source,
                                           const char* timezone, const char* date_order,
                                           calinvite_event_row_fn on_row,
                                           calinvite_row_error_fn on_error, void* user_data,
                                           calinvite_error** error_out);
typedef struct calinvite_invite_request {
  size_t struct_size;
  const char* address;
  const char* name;
  const char* language;
  const char* consent_source;
  const char* consent_text;
  int64_t consent_time;
} calinvite_invite_request;
typedef struct calinvite_address_row {
  size_t struct_size;
  const calinvite_invite_request* request;
  const char* event;
  uint32_t line;
  uint32_t reserved;
} calinvite_address_row;
typedef int (*calinvite_address_row_fn)(const calinvite_address_row* row, void* user_data);
calinvite_status calinvite_read_address_list(const char* bytes, size_t size, const char* source,
                                             calinvite_address_row_fn on_row,
                                             calinvite_row_error_fn on_error, void* user_data,
                                             calinvite_error** error_out);
calinvite_status calinvite_normalize_address(const char* address,
                                             const calinvite_text** address_out,
                                             calinvite_error** error_out);
calinvite_status calinvite_to_instant(const char* timezone, const char* wall, int64_t* instant_out,
                                      calinvite_error** error_out);
calinvite_status calinvite_to_local(const char* timezone, int64_t instant,
                                    const calinvite_text** wall_out, calinvite_error** error_out);
calinvite_status calinvite_check_rrule(const char* rule, const char* start,
                                       calinvite_error** error_out);
typedef struct calinvite_credentials {
  size_t struct_size;
  const char* access_key_id;
  const char* secret_access_key;
  const char* session_token;
  int64_t expires;
} calinvite_credentials;
typedef calinvite_status (*calinvite_credentials_fn)(calinvite_credentials* keys, void* user_data);
typedef const char* (*calinvite_variable_fn)(const char* name, void* user_data);
typedef struct calinvite_aws_options {
  size_t struct_size;
  const char* region;
  const char* access_key_id;
  const char* secret_access_key;
  const char* session_token;
  const char* endpoint;
  const char* ca_file;
  const char* home;
  calinvite_credentials_fn credentials;
  calinvite_variable_fn variable;
  calinvite_clock_fn clock;
  void* user_data;
  uint32_t fips;
  uint32_t dual_stack;
  uint32_t max_connections;
  uint32_t answer_seconds;
} calinvite_aws_options;
typedef struct calinvite_transport calinvite_transport;
calinvite_status calinvite_open_ses_transport(const calinvite_aws_options* options,
                                              calinvite_transport** transport_out,
                                              calinvite_error** error_out);
typedef struct calinvite_smtp_options {
  size_t struct_size;
  const char* url;
  const char* password;
  const char* ca_file;
  uint32_t max_connections;
  uint32_t command_seconds;
  uint32_t answer_seconds;
  uint32_t reserved;
} calinvite_smtp_options;
calinvite_status calinvite_open_smtp_transport(const calinvite_smtp_options* options,
                                               calinvite_transport** transport_out,
                                               calinvite_error** error_out);
calinvite_status calinvite_open_spool_transport(const char* folder,
                                                calinvite_transport** transport_out,
                                                calinvite_error** error_out);
typedef struct calinvite_outgoing_message {
  size_t struct_size;
  const char* attempt_id;
  const char* from;
  const char* to;
  const char* bytes;
  size_t size;
  const char* configuration_set;
  const calinvite_header* tags;
  size_t tag_count;
} calinvite_outgoing_message;
typedef struct calinvite_send_outcome {
  size_t struct_size;
  const char* message_id;
  const char* detail;
} calinvite_send_outcome;
typedef const char* (*calinvite_send_fn)(const calinvite_outgoing_message* message,
                                         calinvite_send_outcome* outcome, void* user_data);
calinvite_status calinvite_make_callback_transport(calinvite_send_fn send, void* user_data,
                                                   calinvite_transport** transport_out,
                                                   calinvite_error** error_out);
void calinvite_transport_free(calinvite_transport* transport);
typedef struct calinvite_queue calinvite_queue;
calinvite_status calinvite_open_sqs_queue(const char* url, const calinvite_aws_options* options,
                                          uint32_t visibility_seconds, calinvite_queue** queue_out,
                                          calinvite_error** error_out);
void calinvite_queue_free(calinvite_queue* queue);
calinvite_status calinvite_confirm_sns_subscription(const calinvite_aws_options* options,
                                                    const char* topic_arn, const char* token,
                                                    calinvite_error** error_out);
typedef calinvite_status (*calinvite_resolve_fn)(const char* type, const char* name,
                                                 calinvite_answer* answer, void* user_data);
typedef struct calinvite_engine calinvite_engine;
struct calinvite_ingest_input;
typedef void (*calinvite_verifier_fn)(const struct calinvite_ingest_input* input,
                                      calinvite_answer* sender, void* user_data);
typedef struct calinvite_engine_options {
  size_t struct_size;
  const char* store;
  const uint8_t* master_key;
  calinvite_transport* transport;
  const char* zoneinfo;
  calinvite_clock_fn clock;
  calinvite_random_fn random;
  calinvite_verifier_fn verifier;
  calinvite_log_fn log;
  void* user_data;
} calinvite_engine_options;
calinvite_status calinvite_open(const calinvite_engine_options* options,
                                calinvite_engine** engine_out, calinvite_error** error_out);
void calinvite_close(calinvite_engine* engine);
typedef struct calinvite_scope {
  size_t struct_size;
  const char* domain;
  const char* organizer;
  uint32_t all_domains;
  uint32_t reserved;
} calinvite_scope;
typedef struct calinvite_ingest_input {
  size_t struct_size;
  const char* bytes;
  size_t size;
  const char* source;
  const char* kind;
  const char* sender;
  const char* domain;
  const char* timezone;
  const char* date_order;
  const char* receipt;
  size_t receipt_size;
  const char* const* envelope_recipients;
  size_t envelope_recipient_count;
  calinvite_read_fn read;
  void* user_data;
  const calinvite_stop* stop;
  int64_t written;
} calinvite_ingest_input;
typedef struct calinvite_ingest_item {
  size_t struct_size;
  const char* source;
  const char* item;
  const char* outcome;
  const char* event;
  const char* reason;
  const char* field;
  uint32_t line;
  uint32_t column;
  calinvite_status status;
  uint32_t reserved;
  uint64_t told;
} calinvite_ingest_item;
typedef void (*calinvite_ingest_item_fn)(const calinvite_ingest_item* item, void* user_data);
calinvite_status calinvite_ingest(calinvite_engine* engine, const calinvite_ingest_input* input,
                                  calinvite_ingest_item_fn on_item, void* user_data,
                                  calinvite_error** error_out);
typedef void (*calinvite_refused_fn)(size_t index, const calinvite_error* error, void* user_data);
calinvite_status calinvite_ingest_notifications(calinvite_engine* engine, const char* const* texts,
                                                size_t count, calinvite_ingest_item_fn on_item,
                                                calinvite_refused_fn on_refused, void* user_data,
                                                calinvite_error** error_out);
typedef struct calinvite_sns_options {
  size_t struct_size;
  const calinvite_sns_trust* trust;
  calinvite_status (*confirm)(const char* topic_arn, const char* token, void* user_data);
  void* user_data;
} calinvite_sns_options;
calinvite_status calinvite_ingest_sns(calinvite_engine* engine, const char* body, size_t size,
                                      const calinvite_sns_options* options,
                                      calinvite_ingest_item_fn on_item, void* user_data,
                                      calinvite_error** error_out);
typedef struct calinvite_receive_options {
  size_t struct_size;
  uint64_t max_messages;
  const calinvite_sns_options* sns;
  const char* domain;
  const calinvite_stop* stop;
  int64_t deadline;
  uint32_t until_empty;
  uint32_t wait_seconds;
  uint32_t together;
  uint32_t most_receives;
} calinvite_receive_options;
typedef struct calinvite_receive_result {
  size_t struct_size;
  uint64_t received;
  uint64_t removed;
  uint64_t quarantined;
  uint64_t left;
} calinvite_receive_result;
calinvite_status calinvite_receive(calinvite_engine* engine, calinvite_queue* queue,
                                   const calinvite_receive_options* options,
                                   calinvite_ingest_item_fn on_item, void* user_data,
                                   const calinvite_receive_result** result_out,
                                   calinvite_error** error_out);
typedef struct calinvite_receipt {
  size_t struct_size;
  const char* kind;
  const char* event;
  const char* address;
  const char* method;
  const char* attempt_id;
  const char* message_id;
  const char* detail;
  const char* channel;
  const char* prodid;
  const char* comment;
  const char* proposal;
  int64_t time;
  int32_t sequence;
  uint32_t has_sequence;
} calinvite_receipt;
typedef struct calinvite_receipt_list {
  size_t struct_size;
  const calinvite_receipt* const* items;
  size_t count;
  const char* next;
} calinvite_receipt_list;
typedef struct calinvite_outbox_totals {
  size_t struct_size;
  uint64_t planned;
  uint64_t accepted;
  uint64_t refused;
  uint64_t suppressed;
  uint64_t superseded;
  uint64_t expired;
  uint64_t in_doubt;
  uint64_t pending;
  uint64_t claimed;
  uint64_t held;
  uint64_t notices;
} calinvite_outbox_totals;
typedef struct calinvite_dispatch_progress {
  size_t struct_size;
  const calinvite_outbox_totals* totals;
  const char* reason;
  uint64_t settled;
  int64_t until;
  uint32_t waiting;
  uint32_t reserved;
} calinvite_dispatch_progress;
typedef int (*calinvite_receipt_fn)(const calinvite_receipt* receipt, void* user_data);
typedef int (*calinvite_progress_fn)(const calinvite_dispatch_progress* progress, void* user_data);
typedef struct calinvite_dispatch_options {
  size_t struct_size;
  uint32_t max_messages;
  uint32_t lease_seconds;
  calinvite_transport* transport;
  const calinvite_stop* stop;
  int64_t deadline;
  uint64_t batch;
  calinvite_progress_fn on_progress;
  uint32_t pause_milliseconds;
  uint32_t wait_while_held;
  double max_rate;
  double most_bounces;
  double most_complaints;
  uint64_t min_messages;
} calinvite_dispatch_options;
calinvite_status calinvite_dispatch(calinvite_engine* engine,
                                    const calinvite_dispatch_options* options,
                                    calinvite_receipt_fn on_receipt, void* user_data,
                                    uint32_t* sent_out, calinvite_error** error_out);
typedef struct calinvite_dispatch_result {
  size_t struct_size;
  const calinvite_outbox_totals* totals;
  const char* reason;
  const char* hold;
  uint64_t accepted;
  uint64_t refused;
  uint64_t in_doubt;
  uint64_t held;
  uint64_t notices;
  int64_t next;
  uint32_t more;
  uint32_t reserved;
} calinvite_dispatch_result;
calinvite_status calinvite_dispatch_step(calinvite_engine* engine,
                                         const calinvite_dispatch_options* options,
                                         calinvite_receipt_fn on_receipt, void* user_data,
                                         const calinvite_dispatch_result** result_out,
                                         calinvite_error** error_out);
calinvite_status calinvite_totals(calinvite_engine* engine, const calinvite_scope* scope,
                                  const calinvite_outbox_totals** totals_out,
                                  calinvite_error** error_out);
calinvite_status calinvite_notice_totals(calinvite_engine* engine, const calinvite_scope* scope,
                                         const calinvite_outbox_totals** totals_out,
                                         calinvite_error** error_out);
typedef struct calinvite_sending_account {
  size_t struct_size;
  const char* key;
  const char* hold;
  const char* reason;
  int64_t until;
  double max_rate;
  double max_24_hours;
  double used_24_hours;
  uint64_t answered;
  uint64_t throttled;
} calinvite_sending_account;
typedef struct calinvite_sending_account_list {
  size_t struct_size;
  const calinvite_sending_account* const* items;
  size_t count;
  const char* next;
} calinvite_sending_account_list;
calinvite_status calinvite_list_accounts(calinvite_engine* engine,
                                         const calinvite_sending_account_list** accounts_out,
                                         calinvite_error** error_out);
calinvite_status calinvite_resume_account(calinvite_engine* engine, const char* key,
                                          calinvite_error** error_out);
typedef struct calinvite_reputation_counts {
  size_t struct_size;
  const char* hold;
  int64_t held;
  uint64_t accepted;
  uint64_t bounced;
  uint64_t complained;
} calinvite_reputation_counts;
calinvite_status calinvite_reputation(calinvite_engine* engine, const calinvite_scope* scope,
                                      const calinvite_reputation_counts** counts_out,
                                      calinvite_error** error_out);
calinvite_status calinvite_lift_hold(calinvite_engine* engine, const calinvite_scope* scope,
                                     calinvite_error** error_out);
typedef struct calinvite_preflight_sources {
  size_t struct_size;
  calinvite_resolve_fn resolve;
  void* user_data;
  const char* dns_servers;
  const calinvite_aws_options* ses;
} calinvite_preflight_sources;
typedef struct calinvite_preflight_finding {
  size_t struct_size;
  const char* check;
  const char* severity;
  const char* what;
  const char* why;
  const char* fix;
} calinvite_preflight_finding;
typedef struct calinvite_preflight_finding_list {
  size_t struct_size;
  const calinvite_preflight_finding* const* items;
  size_t count;
  const char* next;
} calinvite_preflight_finding_list;
calinvite_status calinvite_preflight(calinvite_engine* engine, const calinvite_scope* scope,
                                     const calinvite_preflight_sources* sources,
                                     const calinvite_preflight_finding_list** findings_out,
                                     calinvite_error** error_out);
typedef struct calinvite_plan {
  size_t struct_size;
  const char* event;
  uint64_t invite;
  uint64_t update;
  uint64_t cancel;
  uint64_t skip;
  const calinvite_count* skip_reasons;
  size_t skip_reason_count;
} calinvite_plan;
calinvite_status calinvite_create_event(calinvite_engine* engine, const calinvite_scope* scope,
                                        const calinvite_event* event,
                                        const calinvite_event** event_out,
                                        calinvite_error** error_out);
calinvite_status calinvite_get_event(calinvite_engine* engine, const calinvite_scope* scope,
                                     const char* uid, const calinvite_event** event_out,
                                     calinvite_error** error_out);
typedef struct calinvite_event_filter {
  size_t struct_size;
  const char* when;
  const char* search;
  const char* organizer;
  const char* sort;
  uint64_t changed_within;
} calinvite_event_filter;
typedef struct calinvite_event_summary {
  size_t struct_size;
  const calinvite_event* event;
  uint64_t attendees;
} calinvite_event_summary;
typedef struct calinvite_event_summary_list {
  size_t struct_size;
  const calinvite_event_summary* const* items;
  size_t count;
  const char* next;
} calinvite_event_summary_list;
calinvite_status calinvite_list_events(calinvite_engine* engine, const calinvite_scope* scope,
                                       const calinvite_event_filter* filter,
                                       const calinvite_page* page,
                                       const calinvite_event_summary_list** events_out,
                                       calinvite_error** error_out);
calinvite_status calinvite_update_event(calinvite_engine* engine, const calinvite_scope* scope,
                                        const calinvite_event* event, uint32_t include_declined,
                                        const calinvite_plan** plan_out,
                                        calinvite_error** error_out);
calinvite_status calinvite_preview_update(calinvite_engine* engine, const calinvite_scope* scope,
                                          const calinvite_event* event, uint32_t include_declined,
                                          const calinvite_plan** plan_out,
                                          calinvite_error** error_out);
calinvite_status calinvite_cancel_event(calinvite_engine* engine, const calinvite_scope* scope,
                                        const char* uid, uint32_t include_declined,
                                        const calinvite_plan** plan_out,
                                        calinvite_error** error_out);
typedef struct calinvite_approval {
  size_t struct_size;
  const char* domain;
  const calinvite_event* before;
  const calinvite_event* after;
  const calinvite_plan* plan;
} calinvite_approval;
typedef struct calinvite_held_change {
  size_t struct_size;
  const calinvite_event* event;
  int64_t time;
} calinvite_held_change;
typedef struct calinvite_held_change_list {
  size_t struct_size;
  const calinvite_held_change* const* items;
  size_t count;
  const char* next;
} calinvite_held_change_list;
calinvite_status calinvite_find_held_change(calinvite_engine* engine, const calinvite_scope* scope,
                                            const char* event,
                                            const calinvite_approval** approval_out,
                                            calinvite_error** error_out);
calinvite_status calinvite_list_held_changes(calinvite_engine* engine, const calinvite_scope* scope,
                                             const calinvite_page* page,
                                             const calinvite_held_change_list** changes_out,
                                             calinvite_error** error_out);
calinvite_status calinvite_approve_change(calinvite_engine* engine, const calinvite_scope* scope,
                                          const char* event, const calinvite_plan** plan_out,
                                          calinvite_error** error_out);
calinvite_status calinvite_drop_held_change(calinvite_engine* engine, const calinvite_scope* scope,
                                            const char* event, calinvite_error** error_out);
calinvite_status calinvite_find_approval(calinvite_engine* engine, const char* token,
                                         const calinvite_approval** approval_out,
                                         calinvite_error** error_out);
calinvite_status calinvite_approve(calinvite_engine* engine, const char* token,
                                   const calinvite_plan** plan_out, calinvite_error** error_out);
calinvite_status calinvite_plan_invites(calinvite_engine* engine, const calinvite_scope* scope,
                                        const char* event, const calinvite_invite_request* requests,
                                        size_t request_count, const char* origin,
                                        const calinvite_plan** plan_out,
                                        calinvite_error** error_out);
calinvite_status calinvite_invite(calinvite_engine* engine, const calinvite_scope* scope,
                                  const char* event, const calinvite_invite_request* requests,
                                  size_t request_count, const char* origin,
                                  const calinvite_plan** plan_out, calinvite_error** error_out);
calinvite_status calinvite_uninvite(calinvite_engine* engine, const calinvite_scope* scope,
                                    const char* event, const char* address,
                                    const calinvite_plan** plan_out, calinvite_error** error_out);
calinvite_status calinvite_resend(calinvite_engine* engine, const calinvite_scope* scope,
                                  const char* event, const char* address,
                                  const calinvite_plan** plan_out, calinvite_error** error_out);
calinvite_status calinvite_resend_in_doubt(calinvite_engine* engine, const calinvite_scope* scope,
                                           const char* event, const calinvite_plan** plan_out,
                                           calinvite_error** error_out);
calinvite_status calinvite_resend_outdated(calinvite_engine* engine, const calinvite_scope* scope,
                                           const char* event, const calinvite_plan** plan_out,
                                           calinvite_error** error_out);
calinvite_status calinvite_preview(calinvite_engine* engine, const calinvite_scope* scope,
                                   const char* event, const char* address,
                                   const calinvite_outgoing_message** message_out,
                                   calinvite_error** error_out);
calinvite_status calinvite_rsvp(calinvite_engine* engine, const char* token, const char* answer,
                                const char* comment, int32_t sequence,
                                const calinvite_ingest_item** item_out,
                                calinvite_error** error_out);
calinvite_status calinvite_rsvp_token(calinvite_engine* engine, const calinvite_scope* scope,
                                      const char* event, const char* address,
                                      const calinvite_text** token_out,
                                      calinvite_error** error_out);
calinvite_status calinvite_button(calinvite_engine* engine, const calinvite_scope* scope,
                                  const char* event, const char* preset, const char* landing,
                                  const calinvite_text** html_out, calinvite_error** error_out);
typedef struct calinvite_web_request {
  size_t struct_size;
  const char* method;
  const char* path;
  const char* query;
  const calinvite_header* headers;
  size_t header_count;
  const char* body;
  size_t body_size;
  const char* remote_address;
} calinvite_web_request;
typedef struct calinvite_web_options {
  size_t struct_size;
  uint32_t address_cap;
  uint32_t network_cap;
  uint32_t event_cap;
  uint32_t domain_cap;
  uint32_t max_body_bytes;
  uint32_t least_form_seconds;
} calinvite_web_options;
typedef struct calinvite_web_response {
  size_t struct_size;
  const calinvite_header* headers;
  size_t header_count;
  const char* body;
  size_t body_size;
  int32_t status;
  uint32_t reserved;
} calinvite_web_response;
calinvite_status calinvite_respond(calinvite_engine* engine, const calinvite_web_request* request,
                                   const calinvite_web_options* options,
                                   const calinvite_web_response** response_out,
                                   calinvite_error** error_out);
typedef struct calinvite_event_page {
  size_t struct_size;
  const char* domain;
  const calinvite_event* event;
  const char* organizer;
  const char* organizer_address;
  const char* state;
  const calinvite_attendee* attendee;
  const char* landing;
  const char* const* landings;
  size_t landing_count;
} calinvite_event_page;
calinvite_status calinvite_find_rsvp(calinvite_engine* engine, const char* token,
                                     const calinvite_event_page** page_out,
                                     calinvite_error** error_out);
calinvite_status calinvite_find_button(calinvite_engine* engine, const char* event,
                                       const char* token, const calinvite_event_page** page_out,
                                       calinvite_error** error_out);
calinvite_status calinvite_find_event_page(calinvite_engine* engine, const char* event,
                                           const calinvite_event_page** page_out,
                                           calinvite_error** error_out);
calinvite_status calinvite_calendar_file(calinvite_engine* engine, const calinvite_event_page* page,
                                         const calinvite_text** calendar_out,
                                         calinvite_error** error_out);
calinvite_status calinvite_issue_nonce(calinvite_engine* engine, const char* token,
                                       uint32_t purpose, int32_t sequence,
                                       const calinvite_text** nonce_out,
                                       calinvite_error** error_out);
typedef struct calinvite_form_check {
  size_t struct_size;
  int64_t age_seconds;
  int32_t sequence;
  uint32_t reserved;
} calinvite_form_check;
calinvite_status calinvite_check_nonce(calinvite_engine* engine, const char* token,
                                       const char* nonce, const calinvite_form_check** check_out,
                                       calinvite_error** error_out);
typedef struct calinvite_link_visit {
  size_t struct_size;
  const char* link;
  const char* agent;
  uint32_t head;
  uint32_t reserved;
} calinvite_link_visit;
calinvite_status calinvite_record_visit(calinvite_engine* engine, const char* token,
                                        uint32_t purpose, const calinvite_link_visit* visit,
                                        calinvite_error** error_out);
calinvite_status calinvite_press_button(calinvite_engine* engine, const char* event,
                                        const char* token, const calinvite_invite_request* request,
                                        const char* network, const calinvite_web_options* options,
                                        uint32_t* invited_out, calinvite_error** error_out);
typedef calinvite_status (*calinvite_check_fn)(const char* message, size_t size, void* user_data);
typedef struct calinvite_revision {
  size_t struct_size;
  const calinvite_event* event;
  const calinvite_event* before;
  const char* method;
  const char* occurrence;
  const char* organizer_name;
  const char* base_url;
  const calinvite_header* templates;
  size_t template_count;
  uint32_t description_limit;
  uint32_t no_uninvite_status;
  calinvite_check_fn check;
  void* user_data;
} calinvite_revision;
typedef struct calinvite_copy {
  size_t struct_size;
  const char* uid;
  const char* organizer_address;
  const char* address;
  const char* name;
  const char* language;
  const char* partstat;
  const char* rsvp_token;
  const char* unsubscribe_token;
  const char* first_message_id;
  const char* attempt_id;
  int64_t dtstamp;
  uint32_t update;
  uint32_t reserved;
} calinvite_copy;
typedef struct calinvite_composer calinvite_composer;
calinvite_status calinvite_composer_new(const calinvite_revision* revision,
                                        calinvite_composer** composer_out,
                                        calinvite_error** error_out);
calinvite_status calinvite_compose(calinvite_composer* composer, const calinvite_copy* copy,
                                   const char** message_out, size_t* size_out,
                                   calinvite_error** error_out);
void calinvite_composer_free(calinvite_composer* composer);
calinvite_status calinvite_link(const char* what, const char* base_url, const char* event_uid,
                                const char* token, const calinvite_text** link_out,
                                calinvite_error** error_out);
typedef struct calinvite_calendar_links {
  size_t struct_size;
  const char* google;
  const char* outlook;
  const char* office365;
  const char* yahoo;
} calinvite_calendar_links;
calinvite_status calinvite_list_calendar_links(const calinvite_event* event, const char* details,
                                               const calinvite_calendar_links** links_out,
                                               calinvite_error** error_out);
typedef struct calinvite_lint_rule {
  size_t struct_size;
  const char* rule;
  const char* severity;
  const char* wants;
  const char* why;
  const char* clients;
} calinvite_lint_rule;
typedef struct calinvite_lint_rule_list {
  size_t struct_size;
  const calinvite_lint_rule* const* items;
  size_t count;
  const char* next;
} calinvite_lint_rule_list;
calinvite_status calinvite_lint_rules(const calinvite_lint_rule_list** rules_out,
                                      calinvite_error** error_out);
typedef struct calinvite_finding {
  size_t struct_size;
  const char* rule;
  const char* severity;
  const char* what;
  const char* why;
  const char* clients;
  const char* source;
  const char* field;
  uint32_t line;
  uint32_t column;
} calinvite_finding;
typedef struct calinvite_finding_list {
  size_t struct_size;
  const calinvite_finding* const* items;
  size_t count;
  const char* next;
} calinvite_finding_list;
calinvite_status calinvite_lint_message(const char* bytes, size_t size, const char* source,
                                        const calinvite_finding_list** findings_out,
                                        calinvite_error** error_out);
typedef struct calinvite_mail_part {
  size_t struct_size;
  const char* content_type;
  const char* method;
  const char* filename;
  const char* content;
  size_t content_size;
  uint32_t depth;
  uint32_t embedded;
} calinvite_mail_part;
typedef struct calinvite_recipient_status {
  size_t struct_size;
  const char* recipient;
  const char* original_recipient;
  const char* action;
  const char* status;
  const char* diagnostic;
} calinvite_recipient_status;
typedef struct calinvite_mail {
  size_t struct_size;
  const calinvite_header* headers;
  size_t header_count;
  const calinvite_header* from;
  size_t from_count;
  const char* const* recipients;
  size_t recipient_count;
  const char* subject;
  const char* message_id;
  const char* const* references;
  size_t reference_count;
  const calinvite_mail_part* const* parts;
  size_t part_count;
  const calinvite_mail_part* const* calendars;
  size_t calendar_count;
  const char* reply_text;
  const char* report;
  const char* feedback;
  const char* original_id;
  const calinvite_recipient_status* const* statuses;
  size_t status_count;
  uint32_t auto_submitted;
  uint32_t looping;
} calinvite_mail;
calinvite_status calinvite_parse_mail(const char* bytes, size_t size,
                                      const calinvite_mail** mail_out, calinvite_error** error_out);
typedef struct calinvite_outgoing_mail {
  size_t struct_size;
  const char* from;
  const char* to;
  const char* subject;
  const char* message_id;
  const char* const* references;
  size_t reference_count;
  const char* language;
  const calinvite_header* headers;
  size_t header_count;
  const char* text_plain;
  const char* text_html;
  const char* calendar;
  const char* method;
  int64_t date;
} calinvite_outgoing_mail;
calinvite_status calinvite_write_mail(const calinvite_outgoing_mail* mail,
                                      const calinvite_text** message_out,
                                      calinvite_error** error_out);
enum { CALINVITE_REPORT_TABLE = 0, CALINVITE_REPORT_CSV = 1, CALINVITE_REPORT_JSON = 2 };
calinvite_status calinvite_report(calinvite_engine* engine, const calinvite_scope* scope,
                                  const char* event, int32_t format, calinvite_write_fn on_piece,
                                  void* user_data, calinvite_error** error_out);
typedef struct calinvite_statistics_counts {
  size_t struct_size;
  const calinvite_count* origin;
  size_t origin_count;
  const calinvite_count* prodid;
  size_t prodid_count;
  const calinvite_count* rsvp;
  size_t rsvp_count;
  const calinvite_count* delivery;
  size_t delivery_count;
  uint64_t attendees;
} calinvite_statistics_counts;
calinvite_status calinvite_statistics(calinvite_engine* engine, const calinvite_scope* scope,
                                      const char* event,
                                      const calinvite_statistics_counts** counts_out,
                                      calinvite_error** error_out);
calinvite_status calinvite_mail_report(calinvite_engine* engine, const calinvite_scope* scope,
                                       const char* event, calinvite_error** error_out);
typedef struct calinvite_attendee_filter {
  size_t struct_size;
  const char* status;
  const char* origin;
  const char* delivery;
  uint32_t outdated;
  uint32_t reserved;
} calinvite_attendee_filter;
calinvite_status calinvite_list_attendees(calinvite_engine* engine, const calinvite_scope* scope,
                                          const char* event,
                                          const calinvite_attendee_filter* filter,
                                          const calinvite_page* page,
                                          const calinvite_attendee_list** attendees_out,
                                          calinvite_error** error_out);
calinvite_status calinvite_list_receipts(calinvite_engine* engine, const calinvite_scope* scope,
                                         const char* event, const calinvite_page* page,
                                         const calinvite_receipt_list** receipts_out,
                                         calinvite_error** error_out);
typedef struct calinvite_history_item {
  size_t struct_size;
  const calinvite_receipt* receipt;
  const char* evidence;
} calinvite_history_item;
typedef struct calinvite_history_item_list {
  size_t struct_size;
  const calinvite_history_item* const* items;
  size_t count;
  const char* next;
} calinvite_history_item_list;
calinvite_status calinvite_list_history(calinvite_engine* engine, const calinvite_scope* scope,
                                        const char* event, const char* address,
                                        const calinvite_page* page,
                                        const calinvite_history_item_list** items_out,
                                        calinvite_error** error_out);
calinvite_status calinvite_client_name(const char* prodid, const calinvite_text** name_out,
                                       calinvite_error** error_out);
typedef struct calinvite_receipt_bucket {
  size_t struct_size;
  int64_t start;
  const calinvite_count* counts;
  size_t count_count;
} calinvite_receipt_bucket;
typedef struct calinvite_receipt_bucket_list {
  size_t struct_size;
  const calinvite_receipt_bucket* const* items;
  size_t count;
  const char* next;
} calinvite_receipt_bucket_list;
calinvite_status calinvite_list_receipt_buckets(calinvite_engine* engine,
                                                const calinvite_scope* scope, const char* event,
                                                const char* size, const calinvite_page* page,
                                                const calinvite_receipt_bucket_list** buckets_out,
                                                calinvite_error** error_out);
typedef struct calinvite_search_hit {
  size_t struct_size;
  const char* event;
  const char* summary;
  const char* start;
  const char* organizer;
  const char* address;
  const char* name;
} calinvite_search_hit;
typedef struct calinvite_search_hit_list {
  size_t struct_size;
  const calinvite_search_hit* const* items;
  size_t count;
  const char* next;
} calinvite_search_hit_list;
calinvite_status calinvite_search(calinvite_engine* engine, const calinvite_scope* scope,
                                  const char* text, const calinvite_page* page,
                                  const calinvite_search_hit_list** hits_out,
                                  calinvite_error** error_out);
typedef struct calinvite_feed_item {
  size_t struct_size;
  const char* event;
  const char* organizer;
  const calinvite_receipt* receipt;
} calinvite_feed_item;
typedef struct calinvite_feed {
  size_t struct_size;
  const calinvite_feed_item* const* items;
  size_t item_count;
  const char* next;
  uint32_t more;
  uint32_t reserved;
} calinvite_feed;
calinvite_status calinvite_list_changes(calinvite_engine* engine, const calinvite_scope* scope,
                                        const char* after, size_t limit,
                                        const calinvite_feed** feed_out,
                                        calinvite_error** error_out);
typedef struct calinvite_shared_attendee {
  size_t struct_size;
  const char* event;
  const char* address;
  const char* name;
  const char* partstat;
  const char* via;
  int64_t time;
} calinvite_shared_attendee;
typedef struct calinvite_shared_attendee_list {
  size_t struct_size;
  const calinvite_shared_attendee* const* items;
  size_t count;
  const char* next;
} calinvite_shared_attendee_list;
calinvite_status calinvite_list_shared_attendees(calinvite_engine* engine,
                                                 const calinvite_scope* scope, const char* event,
                                                 const calinvite_page* page,
                                                 const calinvite_shared_attendee_list** people_out,
                                                 calinvite_error** error_out);
typedef struct calinvite_outbox_entry {
  size_t struct_size;
  const char* event;
  const char* address;
  const char* method;
  const char* state;
  const char* attempt_id;
  const char* reason;
  int64_t changed;
  int32_t sequence;
  uint32_t reserved;
} calinvite_outbox_entry;
typedef struct calinvite_outbox_entry_list {
  size_t struct_size;
  const calinvite_outbox_entry* const* items;
  size_t count;
  const char* next;
} calinvite_outbox_entry_list;
calinvite_status calinvite_list_outbox(calinvite_engine* engine, const calinvite_scope* scope,
                                       const char* state, const char* event,
                                       const calinvite_page* page,
                                       const calinvite_outbox_entry_list** entries_out,
                                       calinvite_error** error_out);
typedef struct calinvite_notice {
  size_t struct_size;
  const char* kind;
  const char* address;
  const char* event;
  const char* language;
  const char* subject;
  const char* state;
  const char* reason;
  int64_t time;
} calinvite_notice;
typedef struct calinvite_notice_list {
  size_t struct_size;
  const calinvite_notice* const* items;
  size_t count;
  const char* next;
} calinvite_notice_list;
calinvite_status calinvite_list_notices(calinvite_engine* engine, const calinvite_scope* scope,
                                        const calinvite_page* page,
                                        const calinvite_notice_list** notices_out,
                                        calinvite_error** error_out);
typedef struct calinvite_suppression {
  size_t struct_size;
  const char* domain;
  const char* organizer;
  const char* address;
  const char* reason;
  int64_t time;
} calinvite_suppression;
typedef struct calinvite_suppression_list {
  size_t struct_size;
  const calinvite_suppression* const* items;
  size_t count;
  const char* next;
} calinvite_suppression_list;
calinvite_status calinvite_add_suppression(calinvite_engine* engine, const calinvite_scope* scope,
                                           const calinvite_suppression* row, uint32_t* added_out,
                                           calinvite_error** error_out);
calinvite_status calinvite_remove_suppression(calinvite_engine* engine,
                                              const calinvite_scope* scope,
                                              const calinvite_suppression* row,
                                              calinvite_error** error_out);
calinvite_status calinvite_list_suppressions(calinvite_engine* engine, const calinvite_scope* scope,
                                             const char* address, const calinvite_page* page,
                                             const calinvite_suppression_list** rows_out,
                                             calinvite_error** error_out);
typedef struct calinvite_suppression_import {
  size_t struct_size;
  uint64_t added;
  uint64_t known;
  uint64_t bad;
} calinvite_suppression_import;
calinvite_status calinvite_import_suppressions(calinvite_engine* engine,
                                               const calinvite_scope* scope, const char* source,
                                               calinvite_read_fn read,
                                               calinvite_row_error_fn on_error, void* user_data,
                                               const calinvite_suppression_import** import_out,
                                               calinvite_error** error_out);
calinvite_status calinvite_export_suppressions(calinvite_engine* engine,
                                               const calinvite_scope* scope,
                                               calinvite_write_fn on_piece, void* user_data,
                                               calinvite_error** error_out);
typedef struct calinvite_consent {
  size_t struct_size;
  const char* domain;
  const char* organizer;
  const char* address;
  const char* source;
  const char* text;
  int64_t time;
  int64_t withdrawn;
} calinvite_consent;
typedef struct calinvite_consent_list {
  size_t struct_size;
  const calinvite_consent* const* items;
  size_t count;
  const char* next;
} calinvite_consent_list;
calinvite_status calinvite_list_consents(calinvite_engine* engine, const calinvite_scope* scope,
                                         const char* address, const calinvite_page* page,
                                         const calinvite_consent_list** consents_out,
                                         calinvite_error** error_out);
typedef struct calinvite_unsubscribe_view {
  size_t struct_size;
  const char* domain;
  const char* event;
  const char* summary;
  const char* organizer_name;
  const char* language;
  uint32_t organizer_unsubscribed;
  uint32_t domain_unsubscribed;
} calinvite_unsubscribe_view;
calinvite_status calinvite_find_unsubscribe(calinvite_engine* engine, const char* token,
                                            const calinvite_unsubscribe_view** view_out,
                                            calinvite_error** error_out);
calinvite_status calinvite_unsubscribe(calinvite_engine* engine, const char* token,
                                       const char* from, calinvite_error** error_out);
calinvite_status calinvite_resubscribe(calinvite_engine* engine, const char* token,
                                       const char* from, calinvite_error** error_out);
typedef struct calinvite_erasure {
  size_t struct_size;
  uint64_t attendees;
  uint64_t receipts;
  uint64_t suppressed;
  uint64_t consents;
  uint64_t quarantined;
  uint64_t notices;
  const char* const* named;
  size_t named_count;
} calinvite_erasure;
calinvite_status calinvite_erase(calinvite_engine* engine, const calinvite_scope* scope,
                                 const char* address, uint32_t compact,
                                 const calinvite_erasure** erasure_out,
                                 calinvite_error** error_out);
calinvite_status calinvite_compact(calinvite_engine* engine, calinvite_error** error_out);
typedef struct calinvite_quarantined {
  size_t struct_size;
  const char* source;
  const char* sender;
  const char* reason;
  const char* raw;
  size_t raw_size;
  const char* const* envelope_recipients;
  size_t envelope_recipient_count;
  int64_t id;
  int64_t time;
} calinvite_quarantined;
typedef struct calinvite_quarantined_list {
  size_t struct_size;
  const calinvite_quarantined* const* items;
  size_t count;
  const char* next;
} calinvite_quarantined_list;
calinvite_status calinvite_list_quarantine(calinvite_engine* engine, const calinvite_scope* scope,
                                           const calinvite_page* page,
                                           const calinvite_quarantined_list** items_out,
                                           calinvite_error** error_out);
calinvite_status calinvite_get_quarantined(calinvite_engine* engine, const calinvite_scope* scope,
                                           int64_t id, const calinvite_quarantined** item_out,
                                           calinvite_error** error_out);
typedef struct calinvite_release_options {
  size_t struct_size;
  const char* sender;
  const char* timezone;
  const char* date_order;
} calinvite_release_options;
calinvite_status calinvite_release_quarantined(calinvite_engine* engine,
                                               const calinvite_scope* scope, int64_t id,
                                               const calinvite_release_options* options,
                                               calinvite_ingest_item_fn on_item, void* user_data,
                                               uint32_t* landed_out, calinvite_error** error_out);
calinvite_status calinvite_drop_quarantined(calinvite_engine* engine, const calinvite_scope* scope,
                                            int64_t id, calinvite_error** error_out);
typedef struct calinvite_domain {
  size_t struct_size;
  const char* name;
  const char* from;
  const char* reply_domain;
  const char* base_url;
  const char* super_user;
  const char* configuration_set;
  const char* separator;
  const char* registration;
  const char* shared_attendees;
  const char* const* landings;
  size_t landing_count;
  uint32_t description_limit;
  uint32_t no_uninvite_status;
  uint32_t event_limit;
  uint32_t invite_limit;
  uint32_t approval;
  uint32_t reserved;
} calinvite_domain;
typedef struct calinvite_domain_list {
  size_t struct_size;
  const calinvite_domain* const* items;
  size_t count;
  const char* next;
} calinvite_domain_list;
calinvite_status calinvite_add_domain(calinvite_engine* engine, const calinvite_domain* domain,
                                      const calinvite_domain** domain_out,
                                      calinvite_error** error_out);
calinvite_status calinvite_update_domain(calinvite_engine* engine, const calinvite_domain* domain,
                                         const calinvite_domain** domain_out,
                                         calinvite_error** error_out);
calinvite_status calinvite_list_domains(calinvite_engine* engine,
                                        const calinvite_domain_list** domains_out,
                                        calinvite_error** error_out);
calinvite_status calinvite_set_template(calinvite_engine* engine, const calinvite_scope* scope,
                                        const char* name, const char* contents, size_t size,
                                        calinvite_error** error_out);
typedef struct calinvite_organizer {
  size_t struct_size;
  const char* domain;
  const char* address;
  const char* name;
  const char* local_part;
  const char* state;
  const char* language;
  uint32_t bulk;
  uint32_t approval;
} calinvite_organizer;
typedef struct calinvite_organizer_list {
  size_t struct_size;
  const calinvite_organizer* const* items;
  size_t count;
  const char* next;
} calinvite_organizer_list;
calinvite_status calinvite_add_organizer(calinvite_engine* engine,
                                         const calinvite_organizer* organizer,
                                         const calinvite_organizer** organizer_out,
                                         calinvite_error** error_out);
calinvite_status calinvite_update_organizer(calinvite_engine* engine, const calinvite_scope* scope,
                                            const calinvite_organizer* organizer,
                                            const calinvite_organizer** organizer_out,
                                            calinvite_error** error_out);
calinvite_status calinvite_list_organizers(calinvite_engine* engine, const calinvite_scope* scope,
                                           const calinvite_organizer_list** organizers_out,
                                           calinvite_error** error_out);
calinvite_status calinvite_suspend_organizer(calinvite_engine* engine, const calinvite_scope* scope,
                                             const char* address, calinvite_error** error_out);
calinvite_status calinvite_set_delegate(calinvite_engine* engine, const calinvite_scope* scope,
                                        const char* organizer, const char* address,
                                        uint32_t allowed, calinvite_error** error_out);
typedef struct calinvite_registration_page {
  size_t struct_size;
  const char* domain;
  const char* address;
  uint64_t waiting;
} calinvite_registration_page;
calinvite_status calinvite_find_registration(calinvite_engine* engine, const char* token,
                                             const calinvite_registration_page** page_out,
                                             calinvite_error** error_out);
calinvite_status calinvite_confirm_registration(calinvite_engine* engine, const char* token,
                                                calinvite_ingest_item_fn on_item, void* user_data,
                                                const calinvite_organizer** organizer_out,
                                                calinvite_error** error_out);
typedef struct calinvite_signing_key {
  size_t struct_size;
  int64_t created;
  uint32_t id;
  uint32_t signs;
} calinvite_signing_key;
typedef struct calinvite_signing_key_list {
  size_t struct_size;
  const calinvite_signing_key* const* items;
  size_t count;
  const char* next;
} calinvite_signing_key_list;
calinvite_status calinvite_rotate_key(calinvite_engine* engine, const calinvite_scope* scope,
                                      const calinvite_signing_key** key_out,
                                      calinvite_error** error_out);
calinvite_status calinvite_list_keys(calinvite_engine* engine, const calinvite_scope* scope,
                                     const calinvite_signing_key_list** keys_out,
                                     calinvite_error** error_out);
calinvite_status calinvite_withdraw_key(calinvite_engine* engine, const calinvite_scope* scope,
                                        uint32_t id, calinvite_error** error_out);
typedef struct calinvite_api_key {
  size_t struct_size;
  const char* id;
  const char* label;
  const calinvite_scope* scope;
  const char* key;
  int64_t created;
  int64_t last_used;
  int64_t revoked;
} calinvite_api_key;
typedef struct calinvite_api_key_list {
  size_t struct_size;
  const calinvite_api_key* const* items;
  size_t count;
  const char* next;
} calinvite_api_key_list;
calinvite_status calinvite_add_api_key(calinvite_engine* engine, const calinvite_scope* scope,
                                       const char* label, const calinvite_scope* of,
                                       const calinvite_api_key** key_out,
                                       calinvite_error** error_out);
calinvite_status calinvite_list_api_keys(calinvite_engine* engine, const calinvite_scope* scope,
                                         const calinvite_api_key_list** keys_out,
                                         calinvite_error** error_out);
calinvite_status calinvite_revoke_api_key(calinvite_engine* engine, const calinvite_scope* scope,
                                          const char* id, calinvite_error** error_out);
calinvite_status calinvite_authenticate_key(calinvite_engine* engine, const char* key,
                                            const calinvite_scope** scope_out,
                                            calinvite_error** error_out);
typedef struct calinvite_key_ring calinvite_key_ring;
calinvite_status calinvite_key_ring_new(calinvite_key_ring** ring_out, calinvite_error** error_out);
calinvite_status calinvite_key_ring_add(calinvite_key_ring* ring, uint16_t id,
                                        const uint8_t* secret, calinvite_error** error_out);
void calinvite_key_ring_free(calinvite_key_ring* ring);
enum {
  CALINVITE_PURPOSE_RSVP = 1,
  CALINVITE_PURPOSE_UNSUBSCRIBE = 2,
  CALINVITE_PURPOSE_BUTTON = 3,
  CALINVITE_PURPOSE_APPROVAL = 4,
  CALINVITE_PURPOSE_FORM = 5,
  CALINVITE_PURPOSE_REGISTRATION = 6,
  CALINVITE_LINK_TOKEN_SIZE = 65
};
typedef struct calinvite_link_token {
  size_t struct_size;
  int64_t expires;
  uint32_t purpose;
  uint32_t reserved;
  uint8_t row[16];
} calinvite_link_token;
calinvite_status calinvite_mint_link_token(const calinvite_key_ring* ring,
                                           const calinvite_link_token* token, char* text_out,
                                           calinvite_error** error_out);
calinvite_status calinvite_verify_link_token(const calinvite_key_ring* ring, const char* text,
                                             uint32_t purpose, int64_t now,
                                             calinvite_link_token* token_out,
                                             calinvite_error** error_out);
calinvite_status calinvite_token_address(const char* local_part, const char* token,
                                         const char* reply_domain, const char* separator,
                                         const calinvite_text** address_out,
                                         calinvite_error** error_out);
calinvite_status calinvite_address_token(const char* address, const char* reply_domain,
                                         const calinvite_text** token_out,
                                         calinvite_error** error_out);
calinvite_status calinvite_mint_address_token(const calinvite_text** token_out,
                                              calinvite_error** error_out);
calinvite_status calinvite_mint_uid(const calinvite_text** uid_out, calinvite_error** error_out);
