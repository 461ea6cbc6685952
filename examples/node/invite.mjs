// Reads an event from a calendar file, composes an invitation to it whose links carry a signed
// token, and verifies that token. Run as: node invite.mjs match.ics [calinvite.ffi.h]
import fs from 'node:fs';
import koffi from 'koffi';

const [file, header = '/usr/include/calinvite.ffi.h'] = process.argv.slice(2);
const lib = koffi.load('libcalinvite.so.1');

// koffi reads prototypes as they are, and is told structs field by field.
const declarations =
  fs.readFileSync(header, 'utf8').replace(/\/\*.*?\*\//gs, '').replace(/\s+/g, ' ');
koffi.alias('calinvite_status', 'int32_t');
for (const [, name] of declarations.matchAll(/typedef struct (\w+) \1;/g)) koffi.opaque(name);
for (const name of ['calendar', 'parsed_event', 'event', 'revision', 'copy', 'link_token']) {
  const body = declarations.match(new RegExp(`typedef struct calinvite_${name} {(.*?)}`))[1];
  const fields = body.split(';').slice(0, -1).map(field => field.match(/ ?(.*) (\w+)(\[\d+\])?$/));
  koffi.struct(`calinvite_${name}`, Object.fromEntries(fields.map(([, type, field, size = '']) =>
    [field, type.includes('calinvite_') ? 'void *' : type + size])));
}
const prototype = name =>
  declarations.match(new RegExp(`[\\w* ]*\\bcalinvite_${name}\\([^)]*\\)`))[0]
  .replace(/\bchar\* text_out/, 'uint8_t* text_out')  // bytes that are written to
  .replace(/[^,(]*_out\b/g, ' _Inout_ $&');
const call = (name, ...values) => {
  const error = [null];
  if (lib.func(prototype(name))(...values, error) !== 0) {
    const message = lib.func(prototype('error_message'))(error[0]);
    lib.func(prototype('error_free'))(error[0]);
    throw new Error(message);
  }
};
const struct = (name, fields) => ({struct_size: koffi.sizeof(`calinvite_${name}`), ...fields});

const ics = fs.readFileSync(file, 'utf8');
const calendar = [null];
call('parse_calendar', ics, Buffer.byteLength(ics), file, calendar);
const events = koffi.decode(calendar[0], 'calinvite_calendar').events;
const [first] = koffi.decode(events, 'void *', 1);
const parsed = koffi.decode(first, 'calinvite_parsed_event');
const event = koffi.decode(parsed.event, 'calinvite_event');
console.log(`${event.summary}, ${event.start} ${event.timezone}`);

const now = 2119521600, purpose = 1;  // 2037-03-01T12:00:00Z, CALINVITE_PURPOSE_RSVP
const [ring, composer] = [[null], [null]];
call('key_ring_new', ring);
call('key_ring_add', ring[0], 1, Uint8Array.from({length: 32}, (_, i) => i));
const row = Buffer.from('attendee fan 001');
const link = struct('link_token', {purpose, expires: 2125440000, row});
const text = Buffer.alloc(65);
call('mint_link_token', ring[0], link, text);
const token = text.toString('latin1', 0, text.indexOf(0));

call('composer_new', struct('revision', {event: parsed.event, organizer_name: 'League Office',
                                         base_url: 'https://cal.league.example'}), composer);
const copy = {uid: 'ci-0123456789abcdef0123456789abcdef', attempt_id: 'attempt-1', dtstamp: now,
              organizer_address: 'cal+mfrggzdfmztwq2lk@reply.league.example',
              address: 'fan1@example.com', rsvp_token: token};
const message = [null];
call('compose', composer[0], struct('copy', copy), message, [0]);
fs.writeFileSync('invitation.eml', message[0]);

for (const [which, given] of [['its own', token], ['a forged', [...token].reverse().join('')]]) {
  const read = struct('link_token', {});
  try {
    call('verify_link_token', ring[0], given, purpose, now, read);
    console.log(`${which} token names ${Buffer.from(read.row)}`);
  } catch {
    console.log(`${which} token is refused`);
  }
}
lib.func(prototype('composer_free'))(composer[0]);
lib.func(prototype('key_ring_free'))(ring[0]);
lib.func(prototype('free'))(calendar[0]);
