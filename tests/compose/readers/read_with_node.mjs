// Parses composed mails with postal-mime and ical.js and compares every field with expected.json.
// ical.js knows no zones of its own here: instants come from the VTIMEZONE that each mail carries.
//
//   node read_with_node.mjs FOLDER     the samples of compose_samples
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import ICAL from 'ical.js';
import PostalMime from 'postal-mime';

function checkTime(name, property, expected) {
  const time = property.getFirstValue();
  if (!expected.zone) {
    assert.ok(time.isDate, name);
    assert.equal(time.toString(), expected.wall, name);
    return;
  }
  assert.equal(time.toString().replace('Z', ''), expected.wall, name);
  assert.equal(property.getFirstParameter('tzid') ?? 'UTC', expected.zone, name);
  assert.equal(instant(time), expected.instant, name);
}

function instant(time) {
  return time.toJSDate().toISOString().replace('.000Z', 'Z');
}

function checkInstances(name, vevent, expected) {
  if (expected.recurrence_id) return;
  const iterator = new ICAL.Event(vevent).iterator();
  const found = [];
  for (let time = iterator.next(); time && found.length < 200; time = iterator.next()) {
    found.push(time.isDate ? time.toString() : instant(time));
  }
  // Without a rule there is the start alone.
  assert.deepEqual(found, expected.instances.map((e) => e.instant ?? e.wall), name);
}

function checkPerson(name, property, address, fullName) {
  assert.equal(property.getFirstValue(), `mailto:${address}`, name);
  // A double quote can't be said in a parameter (R50).
  assert.equal(property.getFirstParameter('cn'), fullName.replaceAll('"', "'"), name);
}

function checkCalendar(name, text, expected) {
  const calendar = new ICAL.Component(ICAL.parse(text));
  for (const zone of calendar.getAllSubcomponents('vtimezone')) {
    ICAL.TimezoneService.register(new ICAL.Timezone(zone));
  }
  assert.equal(calendar.getFirstPropertyValue('method'), expected.method, name);
  assert.equal(calendar.getAllSubcomponents('vevent').length, 1, name);
  const event = calendar.getFirstSubcomponent('vevent');
  const value = (field) => event.getFirstPropertyValue(field);
  for (const field of ['uid', 'status', 'summary', 'location', 'url', 'sequence']) {
    assert.equal(value(field), expected[field], `${name}: ${field}`);
  }
  assert.equal(instant(value('dtstamp')), expected.dtstamp, name);
  assert.ok(value('description').startsWith(expected.description_begins), name);
  checkTime(`${name}: DTSTART`, event.getFirstProperty('dtstart'), expected.start);
  checkTime(`${name}: DTEND`, event.getFirstProperty('dtend'), expected.end);
  assert.equal(event.hasProperty('recurrence-id'), 'recurrence_id' in expected, name);
  if (expected.recurrence_id) {
    checkTime(`${name}: RECURRENCE-ID`, event.getFirstProperty('recurrence-id'),
              expected.recurrence_id);
  }
  const rule = value('rrule')?.toString() ?? '';
  assert.deepEqual(rule.split(';').sort(), expected.rrule.split(';').sort(), name);
  const exdates = event.getAllProperties('exdate').flatMap((p) => p.getValues().map(instant));
  assert.deepEqual(exdates, expected.exdates.map((e) => e.instant), name);
  checkInstances(name, event, expected);
  checkPerson(`${name}: ORGANIZER`, event.getFirstProperty('organizer'), expected.organizer,
              expected.organizer_name);
  const attendee = event.getFirstProperty('attendee');
  checkPerson(`${name}: ATTENDEE`, attendee, expected.attendee, expected.attendee_name);
  assert.equal(attendee.getFirstParameter('partstat'), expected.partstat, name);
  ICAL.TimezoneService.reset();
}

function checkMail(name, mail, expected) {
  const { calendar } = expected;
  assert.equal(mail.from.address, calendar.organizer, name);
  assert.equal(mail.from.name, calendar.organizer_name, name);
  assert.equal(mail.to.length, 1, name);
  assert.equal(mail.to[0].address, calendar.attendee, name);
  assert.equal(mail.to[0].name, calendar.attendee_name, name);
  if (expected.mail.subject) assert.equal(mail.subject, expected.mail.subject, name);
  assert.ok(mail.subject.endsWith(expected.mail.subject_ends), name);
  assert.ok(mail.text.includes(calendar.summary), name);
  for (const answer of ['accepted', 'tentative', 'declined']) {
    const link = `${expected.mail.rsvp}?answer=${answer}`;
    assert.equal(mail.text.includes(link), expected.mail.rsvp !== '', name);
    assert.equal(mail.html.includes(`href="${link}"`), expected.mail.rsvp !== '', name);
  }
}

const folder = process.argv[2];
const samples = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8'));
assert.ok(samples.length > 0);
for (const sample of samples) {
  const mail = await PostalMime.parse(readFileSync(join(folder, sample.file)));
  checkMail(sample.file, mail, sample);
  const calendars = mail.attachments.filter((a) => /calendar|ics/.test(a.mimeType));
  assert.ok(calendars.length > 0, sample.file);
  for (const part of calendars) {
    const text = typeof part.content === 'string' ? part.content
                                                  : new TextDecoder().decode(part.content);
    checkCalendar(sample.file, text, sample.calendar);
  }
}
console.log(`${samples.length} mails read back by postal-mime and ical.js with equal fields`);
