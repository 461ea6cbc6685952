/* What C programs do without a store: calendars, the rules of iTIP, mails, tokens, notifications.
 */
#include "calinvite.h"
#include "check.h"

static calinvite_event match(void) {
  static const char* const exdates[] = {"2037-04-11T15:30:00"};
  static const calinvite_override moved = {.struct_size = sizeof moved,
                                           .occurrence = "2037-04-04T15:30",
                                           .start = "2037-04-04T18:00",
                                           .end = "2037-04-04T19:45",
                                           .summary = "Rovers v United, evening"};
  static const calinvite_override* const overrides[] = {&moved};
  calinvite_event event = CALINVITE_EVENT_INIT;
  event.uid = "ci-event";
  event.organizer = "fixtures@league.example";
  event.summary = "Rovers v United";
  event.start = "2037-03-28T15:30";
  event.end = "2037-03-28T17:15";
  event.timezone = "Europe/Berlin";
  event.rrule = "FREQ=WEEKLY;COUNT=5";
  event.exdates = exdates;
  event.exdate_count = 1;
  event.overrides = overrides;
  event.override_count = 1;
  return event;
}

static void tells_what_it_is_made_of(void) {
  const calinvite_library* library = calinvite_about();
  CHECK_TEXT(library->version, calinvite_version());
  int has_sqlite = 0;
  for (size_t i = 0; i < library->dependency_count; ++i) {
    CHECK(strlen(library->dependencies[i].value) > 2);
    has_sqlite += strcmp(library->dependencies[i].name, "SQLite") == 0;
  }
  CHECK(has_sqlite == 1);
  CHECK(library->feature_count > 0);
  CHECK(calinvite_has_feature(library->features[0]) == 1);
  CHECK(calinvite_has_feature("store:papyrus") == 0);
  CHECK(calinvite_has_feature(NULL) == 0);
}

static const calinvite_text* written(const calinvite_event* event) {
  calinvite_calendar_copy copy = CALINVITE_CALENDAR_COPY_INIT;
  copy.event = event;
  copy.uid = "ci-copy";
  copy.organizer_address = "cal+abc@reply.league.example";
  copy.attendee_address = "ana@example.net";
  copy.attendee_name = "Ana";
  copy.dtstamp = 2100000000;
  const calinvite_text* text = NULL;
  CHECK(calinvite_write_calendar(&copy, &text, NULL) == CALINVITE_OK);
  return text;
}

static void writes_what_it_reads(void) {
  const calinvite_event event = match();
  CHECK(calinvite_check_event(&event, NULL) == CALINVITE_OK);
  const calinvite_text* text = written(&event);
  CHECK(text->bytes[text->size] == '\0');
  const calinvite_calendar* calendar = NULL;
  CHECK(calinvite_parse_calendar(text->bytes, text->size, NULL, &calendar, NULL) == CALINVITE_OK);
  CHECK_TEXT(calendar->method, "REQUEST");
  CHECK(calendar->event_count == 1);
  const calinvite_parsed_event* read = calendar->events[0];
  CHECK_TEXT(read->event->source_uid, "ci-copy");
  CHECK_TEXT(read->event->rrule, "FREQ=WEEKLY;COUNT=5");
  CHECK(read->event->exdate_count == 1);
  CHECK_TEXT(read->event->exdates[0], "2037-04-11T15:30:00");
  CHECK(read->attendee_count == 1);
  CHECK_TEXT(read->attendees[0]->name, "Ana");
  CHECK_TEXT(read->attendees[0]->partstat, "NEEDS-ACTION");
  calinvite_free(calendar);

  const calinvite_occurrence_list* dates = NULL;
  CHECK(calinvite_list_occurrences(text->bytes, text->size, "ci-copy", 0, INT64_C(1) << 32, 0,
                                   &dates, NULL) == CALINVITE_OK);
  CHECK(dates->count == 4);
  CHECK_TEXT(dates->items[0]->id, "2037-03-28T15:30:00");
  CHECK(dates->items[1]->start - dates->items[0]->start == 7 * 86400 - 3600); /* to summer time */
  calinvite_free(dates);
  CHECK(calinvite_list_occurrences(text->bytes, text->size, "another", 0, 1, 0, &dates, NULL) ==
        CALINVITE_NOT_FOUND);
  calinvite_free(text);
}

static void writes_a_copy_as_it_is_told(void) {
  calinvite_event event = match();
  event.conference = "https://meet.example/17";
  calinvite_calendar_copy copy = CALINVITE_CALENDAR_COPY_INIT;
  copy.event = &event;
  copy.uid = "ci-copy";
  copy.organizer_address = "cal+abcdefghijklmnop@reply.league.example";
  copy.attendee_address = "ana@example.net";
  copy.conference_label = "Join the match";
  const calinvite_text* text = NULL;
  CHECK(calinvite_write_calendar(&copy, &text, NULL) == CALINVITE_OK);
  CHECK(strstr(text->bytes, "LABEL=\"Join the match\"") != NULL ||
        strstr(text->bytes, "LABEL=Join the match") != NULL);
  calinvite_free(text);
  copy.method = "CANCEL"; /* for one person: the event itself goes on */
  for (uint32_t without = 0; without < 2; ++without) {
    copy.no_uninvite_status = without;
    CHECK(calinvite_write_calendar(&copy, &text, NULL) == CALINVITE_OK);
    CHECK((strstr(text->bytes, "STATUS:CANCELLED") == NULL) == (without == 1));
    calinvite_free(text);
  }
}

static void plans_changes_and_answers(void) {
  const calinvite_event before = match();
  calinvite_event after = match();
  const calinvite_change* change = NULL;
  CHECK(calinvite_plan_change(&before, &after, &change, NULL) == CALINVITE_OK);
  CHECK(change == NULL);
  after.location = "Ground 4";
  after.sequence = 1;
  CHECK(calinvite_plan_change(&before, &after, &change, NULL) == CALINVITE_OK);
  CHECK_TEXT(change->method, "REQUEST");
  CHECK(change->sequence == 1);
  CHECK(change->key_change == 0);
  calinvite_free(change);
  after.overrides = NULL;
  after.override_count = 0;
  after.location = NULL;
  CHECK(calinvite_plan_change(&before, &after, &change, NULL) == CALINVITE_OK);
  CHECK(change->key_change == 1);
  calinvite_free(change);

  calinvite_attendee attendee = CALINVITE_ATTENDEE_INIT;
  attendee.address = "ana@example.net";
  attendee.holds_copy = 1;
  calinvite_reply reply = CALINVITE_REPLY_INIT;
  reply.partstat = "ACCEPTED";
  reply.dtstamp = 2100000000;
  reply.has_sequence = 1;
  const calinvite_reply_effect* effect = NULL;
  CHECK(calinvite_apply_reply(&before, &attendee, &reply, &effect, NULL) == CALINVITE_OK);
  CHECK_TEXT(effect->verdict, "applied");
  CHECK_TEXT(effect->partstat, "ACCEPTED");
  calinvite_free(effect);
  attendee.uninvited = 1;
  CHECK(calinvite_apply_reply(&before, &attendee, &reply, &effect, NULL) == CALINVITE_OK);
  CHECK_TEXT(effect->verdict, "history");
  calinvite_free(effect);
  calinvite_error* error = NULL;
  reply.partstat = "PERHAPS";
  CHECK(calinvite_apply_reply(&before, &attendee, &reply, &effect, &error) ==
        CALINVITE_INVALID_ARGUMENT);
  CHECK_TEXT(calinvite_error_field(error), "reply.partstat");
  calinvite_error_free(error);
}

static void composes_what_lint_finds_sound(void) {
  const calinvite_event event = match();
  calinvite_revision revision = CALINVITE_REVISION_INIT;
  revision.event = &event;
  revision.base_url = "https://cal.league.example";
  revision.organizer_name = "Fixtures";
  calinvite_composer* composer = NULL;
  CHECK(calinvite_composer_new(&revision, &composer, NULL) == CALINVITE_OK);
  for (int i = 0; i < 2; ++i) {
    calinvite_copy copy = CALINVITE_COPY_INIT;
    copy.uid = i == 0 ? "ci-0" : "ci-1";
    copy.organizer_address = "cal+abcdefghijklmnop@reply.league.example";
    copy.address = i == 0 ? "ana@example.net" : "ben@example.org";
    copy.rsvp_token = "AQEAAWs27IAQERITFBUWFxgZGhscHR4fdRyfUFjTBRJuPe9y3LiQgQ";
    copy.unsubscribe_token = copy.rsvp_token;
    copy.attempt_id = copy.uid;
    copy.dtstamp = 2100000000;
    const char* message = NULL;
    size_t size = 0;
    CHECK(calinvite_compose(composer, &copy, &message, &size, NULL) == CALINVITE_OK);
    CHECK(strlen(message) == size);
    const calinvite_finding_list* findings = NULL;
    CHECK(calinvite_lint_message(message, size, "mail", &findings, NULL) == CALINVITE_OK);
    for (size_t at = 0; at < findings->count; ++at) {
      CHECK(strcmp(findings->items[at]->severity, "error") != 0);
    }
    calinvite_free(findings);
    const calinvite_mail* mail = NULL;
    CHECK(calinvite_parse_mail(message, size, &mail, NULL) == CALINVITE_OK);
    CHECK(mail->from_count == 1);
    CHECK_TEXT(mail->from[0].name, "Fixtures");
    CHECK(mail->calendar_count == 1);
    CHECK(strstr(mail->calendars[0]->content, copy.uid) != NULL);
    CHECK_TEXT(mail->report, "");
    calinvite_free(mail);
  }
  calinvite_composer_free(composer);
  const calinvite_lint_rule_list* rules = NULL;
  CHECK(calinvite_lint_rules(&rules, NULL) == CALINVITE_OK);
  CHECK(rules->count > 50);
  calinvite_free(rules);
}

static calinvite_status judge(const char* message, size_t size, void* user_data) {
  CHECK(size > 1000);
  CHECK(memchr(message, '\0', size) == NULL);
  calinvite_status* answer = user_data;
  return *answer;
}

static void composes_only_what_the_hosts_check_lets_pass(void) {
  const calinvite_event event = match();
  calinvite_status answer = CALINVITE_FORBIDDEN;
  calinvite_revision revision = CALINVITE_REVISION_INIT;
  revision.event = &event;
  revision.base_url = "https://cal.league.example";
  revision.check = judge;
  revision.user_data = &answer;
  calinvite_copy copy = CALINVITE_COPY_INIT;
  copy.uid = "ci-0";
  copy.organizer_address = "cal+abcdefghijklmnop@reply.league.example";
  copy.address = "ana@example.net";
  copy.rsvp_token = "AQEAAWs27IAQERITFBUWFxgZGhscHR4fdRyfUFjTBRJuPe9y3LiQgQ";
  copy.attempt_id = "1";
  for (int lets = 0; lets < 2; ++lets) {
    answer = lets ? CALINVITE_OK : CALINVITE_FORBIDDEN;
    calinvite_composer* composer = NULL;
    CHECK(calinvite_composer_new(&revision, &composer, NULL) == CALINVITE_OK);
    const char* message = (const char*)&failures; /* stale */
    size_t size = 1;
    CHECK(calinvite_compose(composer, &copy, &message, &size, NULL) == answer);
    CHECK((message != NULL) == (lets == 1));
    CHECK((size > 0) == (lets == 1));
    calinvite_composer_free(composer);
  }
}

static void writes_mails(void) {
  const calinvite_header header = {"X-Campaign", "spring"};
  calinvite_outgoing_mail mail = CALINVITE_OUTGOING_MAIL_INIT;
  mail.from = "Fixtures <cal@reply.league.example>";
  mail.to = "ana@example.net";
  mail.subject =
      "Gr\xc3\xbc\xc3\x9f"
      "e";
  mail.message_id = "1@league.example";
  mail.headers = &header;
  mail.header_count = 1;
  mail.text_plain = "Hello";
  mail.text_html = "<p>Hello</p>";
  const calinvite_text* text = NULL;
  CHECK(calinvite_write_mail(&mail, &text, NULL) == CALINVITE_OK);
  const calinvite_mail* read = NULL;
  CHECK(calinvite_parse_mail(text->bytes, text->size, &read, NULL) == CALINVITE_OK);
  CHECK_TEXT(read->subject, mail.subject);
  CHECK_TEXT(read->message_id, mail.message_id);
  CHECK(read->part_count == 2);
  calinvite_free(read);
  calinvite_free(text);
  mail.subject = "two\nlines";
  CHECK(calinvite_write_mail(&mail, &text, NULL) == CALINVITE_INVALID_INPUT);
  CHECK(text == NULL);
}

static int take_person(const calinvite_address_row* row, void* user_data) {
  int* count = user_data;
  ++*count;
  CHECK_TEXT(row->request->address, "ana@example.net");
  CHECK_TEXT(row->request->name, "Ana");
  CHECK_TEXT(row->request->consent_source, "spring form");
  CHECK(row->line == 2);
  return 0;
}

static void knows_addresses_zones_and_rules(void) {
  const calinvite_text* text = NULL;
  CHECK(calinvite_normalize_address("mailto:Ana@EXAMPLE.net", &text, NULL) == CALINVITE_OK);
  CHECK_TEXT(text->bytes, "ana@example.net");
  calinvite_free(text);
  CHECK(calinvite_normalize_address("nobody", NULL, NULL) == CALINVITE_INVALID_INPUT);

  int64_t instant = 0;
  CHECK(calinvite_to_instant("Europe/Berlin", "2025-03-30T02:30", &instant, NULL) == CALINVITE_OK);
  CHECK(instant == 1743298200); /* in the gap: by the offset before it */
  CHECK(calinvite_to_local("Europe/Berlin", instant, &text, NULL) == CALINVITE_OK);
  CHECK_TEXT(text->bytes, "2025-03-30T03:30:00");
  calinvite_free(text);
  CHECK(calinvite_to_instant("../etc/passwd", "2025-03-30T02:30", &instant, NULL) ==
        CALINVITE_NOT_FOUND);
  CHECK(calinvite_check_rrule("FREQ=WEEKLY;COUNT=3", "2037-03-28T15:30", NULL) == CALINVITE_OK);
  CHECK(calinvite_check_rrule("FREQ=SECONDLY", "2037-03-28T15:30", NULL) == CALINVITE_UNSUPPORTED);

  int count = 0;
  const char list[] = "email,name,consent_source\nana@example.net,Ana,spring form\n";
  CHECK(calinvite_read_address_list(list, sizeof list - 1, "fans.csv", take_person, NULL, &count,
                                    NULL) == CALINVITE_OK);
  CHECK(count == 1);

  CHECK(calinvite_token_address("cal", "abcdefghijklmnop", "reply.league.example", NULL, &text,
                                NULL) == CALINVITE_OK);
  CHECK_TEXT(text->bytes, "cal+abcdefghijklmnop@reply.league.example");
  const calinvite_text* token = NULL;
  CHECK(calinvite_address_token(text->bytes, "reply.league.example", &token, NULL) == CALINVITE_OK);
  CHECK_TEXT(token->bytes, "abcdefghijklmnop");
  calinvite_free(token);
  calinvite_free(text);
  CHECK(calinvite_mint_address_token(&token, NULL) == CALINVITE_OK);
  CHECK(token->size == 16);
  calinvite_free(token);
  CHECK(calinvite_link("rsvp", "https://cal.league.example", NULL, "TOKEN", &text, NULL) ==
        CALINVITE_OK);
  CHECK(strstr(text->bytes, "https://cal.league.example/r/TOKEN") == text->bytes);
  calinvite_free(text);
  const calinvite_event event = match();
  const calinvite_calendar_links* links = NULL;
  CHECK(calinvite_list_calendar_links(&event, NULL, &links, NULL) == CALINVITE_OK);
  CHECK(strstr(links->google, "https://") == links->google);
  calinvite_free(links);
}

static calinvite_status no_certificate(const char* url, calinvite_answer* answer, void* user_data) {
  (void)url;
  (void)answer;
  ++*(int*)user_data;
  return CALINVITE_UNAVAILABLE;
}

static void reads_what_aws_says(void) {
  static const char bounce[] =
      "{\"eventType\":\"Bounce\",\"bounce\":{\"bounceType\":\"Permanent\",\"bounceSubType\":"
      "\"General\",\"bouncedRecipients\":[{\"emailAddress\":\"ana@example.net\"}],\"timestamp\":"
      "\"2037-03-01T12:00:00.000Z\",\"feedbackId\":\"f-1\"},\"mail\":{\"messageId\":\"m-1\","
      "\"tags\":{\"attempt_id\":[\"a-1\"]}}}";
  const calinvite_ses_fact_list* facts = NULL;
  CHECK(calinvite_parse_notification(bounce, sizeof bounce - 1, &facts, NULL) == CALINVITE_OK);
  CHECK(facts->count == 1);
  CHECK_TEXT(facts->items[0]->kind, "bounced");
  CHECK_TEXT(facts->items[0]->address, "ana@example.net");
  CHECK_TEXT(facts->items[0]->attempt_id, "a-1");
  CHECK(facts->items[0]->permanent == 1);
  calinvite_free(facts);
  const calinvite_inbound_notification* inbound = NULL;
  CHECK(calinvite_parse_inbound_notification(bounce, sizeof bounce - 1, &inbound, NULL) ==
        CALINVITE_NOT_FOUND);

  static const char envelope[] =
      "{\"Type\":\"Notification\",\"MessageId\":\"1\",\"TopicArn\":\"arn:aws:sns:eu-central-1:"
      "123456789012:ses\",\"Message\":\"{}\",\"Timestamp\":\"2037-03-01T12:00:00.000Z\","
      "\"SignatureVersion\":\"2\",\"Signature\":\"AAAA\",\"SigningCertURL\":"
      "\"https://sns.eu-central-1.amazonaws.com/SimpleNotificationService-1.pem\"}";
  static const char* const topics[] = {"arn:aws:sns:eu-central-1:123456789012:ses"};
  int asked = 0;
  calinvite_sns_trust trust = CALINVITE_SNS_TRUST_INIT;
  trust.fetch_certificate = no_certificate;
  trust.user_data = &asked;
  const calinvite_sns_message* message = NULL;
  CHECK(calinvite_authenticate_sns(envelope, sizeof envelope - 1, &trust, 2119521600, &message,
                                   NULL) == CALINVITE_FORBIDDEN);
  CHECK(asked == 0);
  trust.topics = topics;
  trust.topic_count = 1;
  CHECK(calinvite_authenticate_sns(envelope, sizeof envelope - 1, &trust, 2119521600, &message,
                                   NULL) == CALINVITE_UNAVAILABLE);
  CHECK(asked == 1);
}

int main(void) {
  tells_what_it_is_made_of();
  writes_what_it_reads();
  writes_a_copy_as_it_is_told();
  plans_changes_and_answers();
  composes_what_lint_finds_sound();
  composes_only_what_the_hosts_check_lets_pass();
  writes_mails();
  knows_addresses_zones_and_rules();
  reads_what_aws_says();
  return failures != 0;
}
