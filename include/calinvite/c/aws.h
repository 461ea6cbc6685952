/* What AWS speaks, without a network: Signature Version 4, notifications of SES, messages of SNS.
 */
#ifndef CALINVITE_C_AWS_H
#define CALINVITE_C_AWS_H

#include "calinvite/c/base.h"

#ifdef __cplusplus
extern "C" {
#endif

/* One credential's signer (Signature Version 4); it keeps the day's key. */
typedef struct calinvite_aws_signer calinvite_aws_signer;

/* copies access_key_id, secret_access_key, session_token (NULL: none). gives
 *signer_out. */
CALINVITE_API calinvite_status calinvite_aws_signer_new(
    const char* access_key_id, const char* secret_access_key, const char* session_token,
    calinvite_aws_signer** signer_out, calinvite_error** error_out) CALINVITE_NOEXCEPT;
/* signer may be NULL. */
CALINVITE_API void calinvite_aws_signer_free(calinvite_aws_signer* signer) CALINVITE_NOEXCEPT;

/* A request as it will go on the wire. */
typedef struct calinvite_aws_request {
  size_t struct_size;
  const char* method;              /* NULL: POST */
  const char* path;                /* percent-encoded; NULL: / */
  const char* query;               /* without '?'; NULL: none */
  const calinvite_header* headers; /* Host among them */
  size_t header_count;
  const void* body; /* NULL: none */
  size_t body_size;
} calinvite_aws_request;
#define CALINVITE_AWS_REQUEST_INIT \
  { sizeof(calinvite_aws_request), NULL, NULL, NULL, NULL, 0, NULL, 0 }

typedef struct calinvite_signing_scope {
  size_t struct_size;
  const char* region;        /* such as eu-central-1 */
  const char* service;       /* NULL: ses */
  int64_t time;              /* corrected for clock skew */
  uint32_t raw_path;         /* 1 for S3: the path is signed as it stands */
  uint32_t sign_body_header; /* 1 for S3: adds X-Amz-Content-Sha256 */
} calinvite_signing_scope;
#define CALINVITE_SIGNING_SCOPE_INIT \
  { sizeof(calinvite_signing_scope), NULL, NULL, 0, 0, 0 }

/* Signs a request. headers_out is set to the headers that must go with it, in any order:
   X-Amz-Date, Authorization and, where they apply, X-Amz-Security-Token and X-Amz-Content-Sha256.
   borrows request, scope; lends *headers_out (signer).
   CALINVITE_INVALID_ARGUMENT: no Host header, or one that signing adds. */
CALINVITE_API calinvite_status calinvite_sign(calinvite_aws_signer* signer,
                                              const calinvite_aws_request* request,
                                              const calinvite_signing_scope* scope,
                                              const calinvite_header** headers_out,
                                              size_t* header_count_out,
                                              calinvite_error** error_out) CALINVITE_NOEXCEPT;

/* ---- notifications of SES ------------------------------------------------------------------- */

/* One fact about one recipient. */
typedef struct calinvite_ses_fact {
  size_t struct_size;
  const char* kind;       /* of the receipt that it makes, such as bounced */
  const char* address;    /* empty when SES names none */
  const char* message_id; /* of SES */
  const char* attempt_id; /* empty when absent */
  const char* detail;
  const char* feedback_id;
  int64_t time;
  uint32_t permanent; /* bounced for good */
  uint32_t reserved;
} calinvite_ses_fact;
CALINVITE_LIST_OF(calinvite_ses_fact);

/* Reads a notification, bare or in the envelope of SNS, EventBridge or a Lambda's records. Whether
   to believe it is another question. CALINVITE_INVALID_INPUT: not SES's. CALINVITE_TOO_LARGE: over
   256 KB or nested too deep. */
CALINVITE_API calinvite_status calinvite_parse_notification(
    const char* json, size_t size, const calinvite_ses_fact_list** facts_out,
    calinvite_error** error_out) CALINVITE_NOEXCEPT;

/* SES's notice that a mail came in. Verdicts are none, pass, fail, gray or processing_failed. */
typedef struct calinvite_inbound_notification {
  size_t struct_size;
  const char* message_id;        /* of SES */
  const char* source;            /* envelope sender */
  const char* const* recipients; /* of the envelope */
  size_t recipient_count;
  const char* header_message_id;
  const char* spam;
  const char* virus;
  const char* spf;
  const char* dkim;
  const char* dmarc;
  const char* dmarc_policy;
  const char* action;     /* S3, SNS, Lambda, … */
  const char* bucket;     /* of the S3 action */
  const char* object_key; /* likewise */
  const char* content;    /* of the SNS action: the raw mail */
  size_t content_size;
  int64_t time;
  uint32_t has_content;
  uint32_t setup; /* SES's test of a new rule: nobody's mail */
} calinvite_inbound_notification;

/* CALINVITE_NOT_FOUND: sound, but no notice of an inbound mail. CALINVITE_INVALID_INPUT: not SES's.
   CALINVITE_TOO_LARGE: over 1 MB or nested too deep. */
CALINVITE_API calinvite_status calinvite_parse_inbound_notification(
    const char* json, size_t size, const calinvite_inbound_notification** notification_out,
    calinvite_error** error_out) CALINVITE_NOEXCEPT;

/* ---- messages of SNS ------------------------------------------------------------------------ */

/* An envelope. */
typedef struct calinvite_sns_message {
  size_t struct_size;
  const char* type; /* Notification, SubscriptionConfirmation or UnsubscribeConfirmation */
  const char* message_id;
  const char* topic_arn;
  const char* subject;
  const char* message;
  const char* timestamp;
  const char* token;         /* of the confirmations */
  const char* subscribe_url; /* likewise; never to be fetched */
  const char* certificate_url;
} calinvite_sns_message;

/* The PEM of the certificate at `url`, which is one of SNS's: hand it to calinvite_answer_add.
   Return CALINVITE_OK, or why it can't be had. */
typedef calinvite_status (*calinvite_fetch_certificate_fn)(const char* url,
                                                           calinvite_answer* answer,
                                                           void* user_data);

/* Whose messages count. */
typedef struct calinvite_sns_trust {
  size_t struct_size;
  const char* const* topics; /* ARNs */
  size_t topic_count;
  const char* const* accounts; /* of 12 digits: all topics of theirs */
  size_t account_count;
  uint32_t max_age_seconds; /* older ones are replays; 0: 65 minutes; UINT32_MAX: any age */
  uint32_t reserved;        /* 0 */
  calinvite_fetch_certificate_fn fetch_certificate;
  void* user_data;
} calinvite_sns_trust;
#define CALINVITE_SNS_TRUST_INIT \
  { sizeof(calinvite_sns_trust), NULL, 0, NULL, 0, 0, 0, NULL, NULL }

/* Reads an envelope and verifies that a topic of `trust` sent it. CALINVITE_FORBIDDEN: another
   topic, or a certificate from elsewhere. CALINVITE_UNAUTHENTICATED: not signed so, or too old.
   CALINVITE_NOT_FOUND: no envelope. CALINVITE_INVALID_INPUT: none that is whole. */
CALINVITE_API calinvite_status calinvite_authenticate_sns(
    const char* json, size_t size, const calinvite_sns_trust* trust, int64_t now,
    const calinvite_sns_message** message_out, calinvite_error** error_out) CALINVITE_NOEXCEPT;

#ifdef __cplusplus
}
#endif
#endif
