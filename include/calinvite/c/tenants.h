/* Domains, organizers, registration, and keys by which programs act. */
#ifndef CALINVITE_C_TENANTS_H
#define CALINVITE_C_TENANTS_H

#include "calinvite/c/engine.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- domains --------------------------------------------------------------------------------- */

/* A tenant: whose mail comes back to reply_domain and whose links lie under base_url. */
typedef struct calinvite_domain {
  size_t struct_size;
  const char* name;
  const char* from;              /* default sender address, on reply_domain */
  const char* reply_domain;      /* DNS name */
  const char* base_url;          /* without a trailing slash */
  const char* super_user;        /* address that sees all of the domain; NULL: none */
  const char* configuration_set; /* of SES; NULL: none */
  const char* separator;         /* "+" or "-", between local part and token; NULL: "+" */
  const char* registration;      /* closed, confirm or open; NULL: confirm */
  const char* shared_attendees;  /* hold, accept or refuse: who was not invited and answers what an
                                    attendee passed on to them; NULL: hold */
  const char* const* landings;   /* web pages that readers may be sent on to */
  size_t landing_count;
  uint32_t description_limit;  /* characters of a description that are mailed; 0: 4000 */
  uint32_t no_uninvite_status; /* 1: no STATUS:CANCELLED for one person who is uninvited */
  uint32_t event_limit;        /* most live events of one organizer; 0: any number */
  uint32_t invite_limit;       /* most attendees of a new event; 0: 2500; UINT32_MAX: any number */
  uint32_t approval;           /* 1: what organizers mail of known events waits for a go-ahead */
  uint32_t reserved;           /* 0 */
} calinvite_domain;
#define CALINVITE_DOMAIN_INIT                                                                      \
  {                                                                                                \
    sizeof(calinvite_domain), NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, 0, 0, \
        0, 0, 0, 0                                                                                 \
  }
CALINVITE_LIST_OF(calinvite_domain);

/* *domain_out is the domain as stored. CALINVITE_CONFLICT: its name or reply domain is taken.
   CALINVITE_INVALID_ARGUMENT: `from` is not on reply_domain, or base_url is not https. */
CALINVITE_API calinvite_status calinvite_add_domain(calinvite_engine* engine,
                                                    const calinvite_domain* domain,
                                                    const calinvite_domain** domain_out,
                                                    calinvite_error** error_out) CALINVITE_NOEXCEPT;
/* Changes the settings of the domain of that name; what lies beyond struct_size stays.
   CALINVITE_CONFLICT: another reply domain or separator. CALINVITE_NOT_FOUND: no such domain. */
CALINVITE_API calinvite_status calinvite_update_domain(
    calinvite_engine* engine, const calinvite_domain* domain, const calinvite_domain** domain_out,
    calinvite_error** error_out) CALINVITE_NOEXCEPT;
CALINVITE_API calinvite_status
calinvite_list_domains(calinvite_engine* engine, const calinvite_domain_list** domains_out,
                       calinvite_error** error_out) CALINVITE_NOEXCEPT;
/* Replaces a template of the domain's mails, such as invitation.html; empty contents: ours again.
   CALINVITE_NOT_FOUND: no such template. CALINVITE_INVALID_INPUT: it does not parse, or lacks what
   an invitation needs. CALINVITE_TOO_LARGE: over 80,000 bytes. */
CALINVITE_API calinvite_status calinvite_set_template(
    calinvite_engine* engine, const calinvite_scope* scope, const char* name, const char* contents,
    size_t size, calinvite_error** error_out) CALINVITE_NOEXCEPT;

/* ---- organizers ------------------------------------------------------------------------------ */

/* A person or system that owns events, known by mail address. */
typedef struct calinvite_organizer {
  size_t struct_size;
  const char* domain; /* NULL while there is one */
  const char* address;
  const char* name;       /* display name; NULL: none */
  const char* local_part; /* of its sender address; NULL: that of the domain's `from` */
  const char* state;      /* registered or suspended; ours */
  const char* language;   /* BCP 47, of notices; NULL: the event's */
  uint32_t bulk;          /* 1: may mail lists of events */
  uint32_t approval; /* 0: as the domain; 1: their changes wait for a go-ahead; 2: they don't */
} calinvite_organizer;
#define CALINVITE_ORGANIZER_INIT \
  { sizeof(calinvite_organizer), NULL, NULL, NULL, NULL, NULL, NULL, 0, 0 }
CALINVITE_LIST_OF(calinvite_organizer);

/* *organizer_out is the organizer as stored. CALINVITE_CONFLICT: it is registered. One who is
   suspended is registered again. */
CALINVITE_API calinvite_status calinvite_add_organizer(
    calinvite_engine* engine, const calinvite_organizer* organizer,
    const calinvite_organizer** organizer_out, calinvite_error** error_out) CALINVITE_NOEXCEPT;
/* Changes name, bulk, language and approval; what lies beyond struct_size stays.
   CALINVITE_NOT_FOUND: no such organizer, or the scope is not all of its domain. */
CALINVITE_API calinvite_status calinvite_update_organizer(
    calinvite_engine* engine, const calinvite_scope* scope, const calinvite_organizer* organizer,
    const calinvite_organizer** organizer_out, calinvite_error** error_out) CALINVITE_NOEXCEPT;
CALINVITE_API calinvite_status
calinvite_list_organizers(calinvite_engine* engine, const calinvite_scope* scope,
                          const calinvite_organizer_list** organizers_out,
                          calinvite_error** error_out) CALINVITE_NOEXCEPT;
/* CALINVITE_NOT_FOUND: no such organizer. */
CALINVITE_API calinvite_status
calinvite_suspend_organizer(calinvite_engine* engine, const calinvite_scope* scope,
                            const char* address, calinvite_error** error_out) CALINVITE_NOEXCEPT;
/* Lets a delegate's mail create, change and cancel an organizer's events, or no longer.
   CALINVITE_NOT_FOUND: no such organizer. */
CALINVITE_API calinvite_status calinvite_set_delegate(
    calinvite_engine* engine, const calinvite_scope* scope, const char* organizer,
    const char* address, uint32_t allowed, calinvite_error** error_out) CALINVITE_NOEXCEPT;

/* ---- registration by mailed links ------------------------------------------------------------ */

/* What the page behind such a link shows. */
typedef struct calinvite_registration_page {
  size_t struct_size;
  const char* domain;
  const char* address; /* of whoever would become an organizer */
  uint64_t waiting;    /* their mails that wait for it; 1,000 also stands for more */
} calinvite_registration_page;

/* CALINVITE_UNAUTHENTICATED: no valid token, or it waits no more. */
CALINVITE_API calinvite_status calinvite_find_registration(
    calinvite_engine* engine, const char* token, const calinvite_registration_page** page_out,
    calinvite_error** error_out) CALINVITE_NOEXCEPT;
/* A person pressed the button: they are an organizer now, and the oldest 20 of their mails that
   waited are taken in; pressing again takes in the next. As calinvite_find_registration.
   CALINVITE_FORBIDDEN: they are suspended, or the domain registers nobody this way any more. */
CALINVITE_API calinvite_status calinvite_confirm_registration(
    calinvite_engine* engine, const char* token, calinvite_ingest_item_fn on_item, void* user_data,
    const calinvite_organizer** organizer_out, calinvite_error** error_out) CALINVITE_NOEXCEPT;

/* ---- signing keys of links; other processes follow within some seconds ----------------------- */

/* A key that signs a domain's links, or did. */
typedef struct calinvite_signing_key {
  size_t struct_size;
  int64_t created;
  uint32_t id;
  uint32_t signs; /* 1: new links; older keys only verify those that they signed */
} calinvite_signing_key;
CALINVITE_LIST_OF(calinvite_signing_key);
/* A new key signs from now on; links that older ones signed stay good until they run out.
   CALINVITE_NOT_FOUND: no such domain, or the scope is not all of it. */
CALINVITE_API calinvite_status calinvite_rotate_key(calinvite_engine* engine,
                                                    const calinvite_scope* scope,
                                                    const calinvite_signing_key** key_out,
                                                    calinvite_error** error_out) CALINVITE_NOEXCEPT;
/* Oldest first. As calinvite_rotate_key. */
CALINVITE_API calinvite_status calinvite_list_keys(calinvite_engine* engine,
                                                   const calinvite_scope* scope,
                                                   const calinvite_signing_key_list** keys_out,
                                                   calinvite_error** error_out) CALINVITE_NOEXCEPT;
/* Ends every link that a key signed, such as after it became known; answers by mail still count. As
   calinvite_rotate_key. CALINVITE_NOT_FOUND: no such key. CALINVITE_CONFLICT: it is the one that
   signs: rotate first. */
CALINVITE_API calinvite_status
calinvite_withdraw_key(calinvite_engine* engine, const calinvite_scope* scope, uint32_t id,
                       calinvite_error** error_out) CALINVITE_NOEXCEPT;

/* ---- API keys -------------------------------------------------------------------------------- */

/* A key by which a program acts in a scope. */
typedef struct calinvite_api_key {
  size_t struct_size;
  const char* id;    /* names it; no secret */
  const char* label; /* what people call it */
  const calinvite_scope* scope;
  const char* key; /* the secret itself: when it was just made, and never again */
  int64_t created;
  int64_t last_used; /* within a minute */
  int64_t revoked;
} calinvite_api_key;
CALINVITE_LIST_OF(calinvite_api_key);

/* `of` is what the key opens and lies in scope. CALINVITE_INVALID_INPUT: no label, or no single
   line. CALINVITE_NOT_FOUND: `of` lies outside, or there is no such domain or organizer. */
CALINVITE_API calinvite_status
calinvite_add_api_key(calinvite_engine* engine, const calinvite_scope* scope, const char* label,
                      const calinvite_scope* of, const calinvite_api_key** key_out,
                      calinvite_error** error_out) CALINVITE_NOEXCEPT;
/* Those whose scope lies in this one, oldest first; revoked ones too. */
CALINVITE_API calinvite_status calinvite_list_api_keys(
    calinvite_engine* engine, const calinvite_scope* scope, const calinvite_api_key_list** keys_out,
    calinvite_error** error_out) CALINVITE_NOEXCEPT;
/* From now on. CALINVITE_NOT_FOUND: no such key. */
CALINVITE_API calinvite_status
calinvite_revoke_api_key(calinvite_engine* engine, const calinvite_scope* scope, const char* id,
                         calinvite_error** error_out) CALINVITE_NOEXCEPT;
/* What a key opens. CALINVITE_UNAUTHENTICATED: unknown, revoked, or of a suspended organizer. */
CALINVITE_API calinvite_status calinvite_authenticate_key(
    calinvite_engine* engine, const char* key, const calinvite_scope** scope_out,
    calinvite_error** error_out) CALINVITE_NOEXCEPT;

#ifdef __cplusplus
}
#endif
#endif
