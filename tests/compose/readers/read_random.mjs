// Reads the mails of compose_random with postal-mime and ical.js, and compares every field with what
// the model says. Instants come from the VTIMEZONE that each mail carries.
//
//   node read_random.mjs FOLDER
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import ICAL from 'ical.js';
import PostalMime from 'postal-mime';

const instant = (time) => time.toJSDate().toISOString().replace('.000Z', 'Z');
const byWall = (a, b) => (a.wall < b.wall ? -1 : 1);

function timeOf(time) {
  if (time.isDate) return { wall: time.toString() };
  return { wall: time.toString().replace('Z', ''), instant: instant(time) };
}

/// Every time of the event; they must agree on their zone.
function readTimes(event) {
  const zones = new Set();
  const times = (name) => event.getAllProperties(name).flatMap((property) => {
    const values = property.getValues();
    zones.add(values[0].isDate ? '' : property.getFirstParameter('tzid') ?? 'UTC');
    return values.map(timeOf);
  });
  const found = {
    start: times('dtstart')[0],
    end: times('dtend')[0],
    recurrence_id: times('recurrence-id')[0] ?? null,
    exdates: times('exdate'),
  };
  assert.equal(zones.size, 1, 'zones');
  return { ...found, zone: [...zones][0] };
}

function readCalendar(text) {
  const calendar = new ICAL.Component(ICAL.parse(text));
  for (const zone of calendar.getAllSubcomponents('vtimezone')) {
    ICAL.TimezoneService.register(new ICAL.Timezone(zone));
  }
  assert.equal(calendar.getAllSubcomponents('vevent').length, 1);
  const event = calendar.getFirstSubcomponent('vevent');
  const value = (field) => event.getFirstPropertyValue(field);
  const address = (person) => decodeURIComponent(value(person).replace('mailto:', ''));
  const attendee = event.getFirstProperty('attendee');
  const found = {
    ...readTimes(event),
    method: calendar.getFirstPropertyValue('method'),
    sequence: value('sequence'),
    dtstamp: instant(value('dtstamp')),
    rrule: (value('rrule')?.toString() ?? '').split(';').sort(),
    organizer: address('organizer'),
    organizer_cn: event.getFirstProperty('organizer').getFirstParameter('cn') ?? '',
    attendee: address('attendee'),
    attendee_cn: attendee.getFirstParameter('cn'),
    partstat: attendee.getFirstParameter('partstat'),
    rsvp: attendee.getFirstParameter('rsvp') === 'TRUE',
    all_day: value('dtstart').isDate,
  };
  for (const field of ['uid', 'status', 'summary', 'location', 'description', 'url']) {
    found[field] = value(field) ?? '';
  }
  ICAL.TimezoneService.reset();
  return found;
}

function readMail(mail) {
  const calendars = mail.attachments.filter((part) => /calendar|ics/.test(part.mimeType));
  const texts = calendars.map((part) => (typeof part.content === 'string'
    ? part.content : new TextDecoder().decode(part.content)));
  assert.equal(texts.length, 2, 'calendar parts');
  assert.equal(texts[0], texts[1], 'attachment');
  assert.deepEqual(mail.replyTo, [mail.from], 'Reply-To');
  assert.equal(mail.to.length, 1);
  const header = (key) => mail.headers.find((h) => h.key === key)?.value ?? '';
  const bare = (text) => (text ?? '').replace(/^<|>$/g, '');
  return {
    from: mail.from.address,
    from_name: mail.from.name,
    to: mail.to[0].address,
    to_name: mail.to[0].name,
    subject: mail.subject,
    language: header('content-language'),
    message_id: bare(mail.messageId),
    references: bare(mail.references),
    unsubscribe: bare(header('list-unsubscribe')),
    ...readCalendar(texts[0]),
  };
}

function checkTexts(mail, expected) {
  assert.ok(mail.text.includes(expected.summary), 'summary in the plain text');
  for (const answer of ['accepted', 'tentative', 'declined']) {
    const link = `${expected.rsvp_link}?answer=${answer}`;
    const asked = expected.rsvp_link !== '';
    assert.equal(mail.text.includes(link), asked, 'RSVP links');
    assert.equal(mail.html.includes(`href="${link}"`), asked, 'RSVP links');
  }
}

async function check(raw, expected) {
  const mail = await PostalMime.parse(raw);
  const found = readMail(mail);
  const wanted = { ...expected, rrule: expected.rrule.split(';').sort() };
  wanted.exdates.sort(byWall);
  if (expected.or_utc && found.zone === 'UTC') {
    wanted.zone = 'UTC';
    for (const time of [found, wanted]) {
      for (const field of ['start', 'end', 'recurrence_id']) time[field] &&= time[field].instant;
    }
  }
  for (const [field, value] of Object.entries(found)) assert.deepEqual(value, wanted[field], field);
  checkTexts(mail, expected);
}

const folder = process.argv[2];
const mails = readFileSync(join(folder, 'mails'));
const lines = readFileSync(join(folder, 'expected.jsonl'), 'utf8').trimEnd().split('\n');
assert.ok(lines.length > 0);
for (const [number, line] of lines.entries()) {
  const expected = JSON.parse(line);
  try {
    await check(mails.subarray(expected.at, expected.at + expected.size), expected);
  } catch (error) {
    console.error(`mail ${number}: ${error.message}`);
    process.exit(1);
  }
}
console.log(`postal-mime and ical.js agree with the model on ${lines.length} mails`);
