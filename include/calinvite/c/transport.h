/* What takes finished messages: SES, an SMTP server, a folder, or the host itself. */
#ifndef CALINVITE_C_TRANSPORT_H
#define CALINVITE_C_TRANSPORT_H

#include "calinvite/c/base.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- how AWS is reached --------------------------------------------------------------------- */

/* Keys that a callback fetches. Texts are borrowed until the next call. */
typedef struct calinvite_credentials {
  size_t struct_size;
  const char* access_key_id;
  const char* secret_access_key;
  const char* session_token; /* NULL: none */
  int64_t expires;           /* 0: until AWS refuses them */
} calinvite_credentials;
/* Fills `keys`, whose struct_size is set. Return CALINVITE_OK, or why there are none. Never called
   by two threads at once. */
typedef calinvite_status (*calinvite_credentials_fn)(calinvite_credentials* keys, void* user_data);
/* The value of an environment variable, or NULL: getenv, or a table. */
typedef const char* (*calinvite_variable_fn)(const char* name, void* user_data);

/* A service of AWS, and with whose keys it is asked: those given here, those of a callback, or
   those that every AWS program finds (docs/credentials.md), for which `variable` must be given. */
typedef struct calinvite_aws_options {
  size_t struct_size;
  const char* region;        /* such as eu-central-1; NULL: as `variable` tells */
  const char* access_key_id; /* NULL: keys of `credentials`, else as `variable` tells */
  const char* secret_access_key;
  const char* session_token; /* NULL: none */
  const char* endpoint;      /* NULL: the service's own address in the region */
  const char* ca_file;       /* PEM bundle; NULL: the system's */
  const char* home;          /* holds .aws/config; NULL: no such files */
  calinvite_credentials_fn credentials;
  calinvite_variable_fn variable;
  calinvite_clock_fn clock; /* NULL: the system's */
  void* user_data;          /* of the three; must outlive what is opened */
  uint32_t fips;            /* 1: the address with validated cryptography */
  uint32_t dual_stack;      /* 1: the address with IPv6 */
  uint32_t max_connections; /* of SES; 0: 32 */
  uint32_t answer_seconds;  /* then a send is in doubt; 0: 60 for SES, 30 for SQS */
} calinvite_aws_options;
#define CALINVITE_AWS_OPTIONS_INIT                                                             \
  {                                                                                            \
    sizeof(calinvite_aws_options), NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, \
        NULL, 0, 0, 0, 0                                                                       \
  }

/* ---- transports ----------------------------------------------------------------------------- */

/* Whatever takes a finished message and answers for it. */
typedef struct calinvite_transport calinvite_transport;

/* SES API v2 over TLS. copies options, but for user_data; gives *transport_out.
   CALINVITE_INVALID_ARGUMENT: no region, no keys, or no sound endpoint. */
CALINVITE_API calinvite_status calinvite_open_ses_transport(
    const calinvite_aws_options* options, calinvite_transport** transport_out,
    calinvite_error** error_out) CALINVITE_NOEXCEPT;

/* An SMTP server. */
typedef struct calinvite_smtp_options {
  size_t struct_size;
  const char* url;          /* smtp[s]://[user@]host[:port]; never holds the password */
  const char* password;     /* NULL: no AUTH */
  const char* ca_file;      /* PEM bundle; NULL: the system's */
  uint32_t max_connections; /* 0: 8 */
  uint32_t command_seconds; /* for each reply before the message; 0: 60 */
  uint32_t answer_seconds;  /* to the final dot; then a send is in doubt; 0: 600 */
  uint32_t reserved;        /* 0 */
} calinvite_smtp_options;
#define CALINVITE_SMTP_OPTIONS_INIT \
  { sizeof(calinvite_smtp_options), NULL, NULL, NULL, 0, 0, 0, 0 }
/* SMTP over TLS (docs/smtp.md). gives *transport_out. CALINVITE_INVALID_ARGUMENT: another form of
   URL, a user without password, or a password in the clear. */
CALINVITE_API calinvite_status calinvite_open_smtp_transport(
    const calinvite_smtp_options* options, calinvite_transport** transport_out,
    calinvite_error** error_out) CALINVITE_NOEXCEPT;

/* Writes each message as folder/new/ATTEMPT.eml. gives *transport_out. CALINVITE_UNAVAILABLE: the
   folder can't be made. */
CALINVITE_API calinvite_status
calinvite_open_spool_transport(const char* folder, calinvite_transport** transport_out,
                               calinvite_error** error_out) CALINVITE_NOEXCEPT;

/* One message for one recipient. */
typedef struct calinvite_outgoing_message {
  size_t struct_size;
  const char* attempt_id; /* unique for ever */
  const char* from;       /* bare address */
  const char* to;         /* bare address */
  const char* bytes;      /* RFC 5322 */
  size_t size;
  const char* configuration_set; /* of SES; empty: none */
  const calinvite_header* tags;  /* of SES */
  size_t tag_count;
} calinvite_outgoing_message;

/* What became of it: fill what is known. Texts are borrowed until the next call. */
typedef struct calinvite_send_outcome {
  size_t struct_size;
  const char* message_id; /* of accepted */
  const char* detail;     /* one line: the peer's words, or what went wrong */
} calinvite_send_outcome;
/* Sends a message. Return a word: accepted, refused (for good), throttled, unavailable (try again),
   or in_doubt (bytes may have left, nobody knows). Anything else, and NULL, is in_doubt. */
typedef const char* (*calinvite_send_fn)(const calinvite_outgoing_message* message,
                                         calinvite_send_outcome* outcome, void* user_data);
/* The host's own sender, which answers at once. user_data must outlive the transport. gives
 *transport_out. */
CALINVITE_API calinvite_status calinvite_make_callback_transport(
    calinvite_send_fn send, void* user_data, calinvite_transport** transport_out,
    calinvite_error** error_out) CALINVITE_NOEXCEPT;

/* transport may be NULL; no engine may have it. */
CALINVITE_API void calinvite_transport_free(calinvite_transport* transport) CALINVITE_NOEXCEPT;

/* ---- queues of notifications ---------------------------------------------------------------- */

/* Hands out messages that are removed once they are taken in. */
typedef struct calinvite_queue calinvite_queue;

/* Amazon SQS. url is https://sqs.REGION.amazonaws.com/ACCOUNT/NAME; visibility_seconds is for how
   long a message is not handed out again (0: 60). gives *queue_out. CALINVITE_INVALID_ARGUMENT: no
   such address, no region or keys. */
CALINVITE_API calinvite_status calinvite_open_sqs_queue(
    const char* url, const calinvite_aws_options* options, uint32_t visibility_seconds,
    calinvite_queue** queue_out, calinvite_error** error_out) CALINVITE_NOEXCEPT;
/* queue may be NULL. */
CALINVITE_API void calinvite_queue_free(calinvite_queue* queue) CALINVITE_NOEXCEPT;

/* Confirms a subscription through SNS's API. token is its SubscriptionConfirmation's.
   CALINVITE_INVALID_ARGUMENT: no ARN of a topic. */
CALINVITE_API calinvite_status calinvite_confirm_sns_subscription(
    const calinvite_aws_options* options, const char* topic_arn, const char* token,
    calinvite_error** error_out) CALINVITE_NOEXCEPT;

/* ---- DNS ------------------------------------------------------------------------------------ */

/* Answers a question about a DNS name: type is TXT, MX or CNAME. Hand each record to
   calinvite_answer_add: the text, "10 mx.example.net", or the name. Return CALINVITE_OK, also
   when there is no such name, or CALINVITE_UNAVAILABLE. */
typedef calinvite_status (*calinvite_resolve_fn)(const char* type, const char* name,
                                                 calinvite_answer* answer, void* user_data);

#ifdef __cplusplus
}
#endif
#endif
