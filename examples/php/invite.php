<?php
// Reads an event from a calendar file, composes an invitation to it whose links carry a signed
// token, and verifies that token. Run as: php invite.php match.ics [calinvite.ffi.h]
declare(strict_types=1);

$header = $argv[2] ?? '/usr/include/calinvite.ffi.h';
$c = FFI::cdef(file_get_contents($header), 'libcalinvite.so.1');

// Calls a function with a place for its error behind the arguments; throws what it says.
$call = function (string $name, mixed ...$arguments) use ($c): void {
    $error = $c->new('calinvite_error*');
    if ($c->{"calinvite_$name"}(...[...$arguments, FFI::addr($error)]) === 0) return;
    $message = $c->calinvite_error_message($error);
    $c->calinvite_error_free($error);
    throw new RuntimeException($message);
};
$texts = [];  // FFI does not keep what a struct points to
$struct = function (string $type, array $fields) use ($c, &$texts): FFI\CData {
    $struct = $c->new("calinvite_$type");
    $struct->struct_size = FFI::sizeof($struct);
    foreach ($fields as $name => $value) {
        if (is_string($value)) {
            $texts[] = $text = $c->new('char[' . strlen($value) + 1 . ']');
            FFI::memcpy($text, $value, strlen($value));
            $value = $c->cast('char*', $text);
        }
        $struct->$name = $value;
    }
    return $struct;
};

$now = 2119521600;  // 2037-03-01T12:00:00Z
$ics = file_get_contents($argv[1]);
$calendar = $c->new('const calinvite_calendar*');
$call('parse_calendar', $ics, strlen($ics), $argv[1], FFI::addr($calendar));
$event = $calendar->events[0]->event;
echo "$event->summary, $event->start $event->timezone\n";

$ring = $c->new('calinvite_key_ring*');
$call('key_ring_new', FFI::addr($ring));
$secret = $c->new('uint8_t[32]');
FFI::memcpy($secret, implode(array_map('chr', range(0, 31))), 32);
$call('key_ring_add', $ring, 1, $secret);
$link = $struct('link_token', ['purpose' => $c->CALINVITE_PURPOSE_RSVP, 'expires' => 2125440000]);
FFI::memcpy($link->row, 'attendee fan 001', 16);
$token = $c->new('char[65]');
$call('mint_link_token', $ring, FFI::addr($link), $token);
$own = FFI::string($token);

$revision = $struct('revision', ['event' => $event, 'organizer_name' => 'League Office',
    'base_url' => 'https://cal.league.example']);
$composer = $c->new('calinvite_composer*');
$call('composer_new', FFI::addr($revision), FFI::addr($composer));
$copy = $struct('copy', ['uid' => 'ci-0123456789abcdef0123456789abcdef',
    'attempt_id' => 'attempt-1', 'organizer_address' => 'cal+mfrggzdfmztwq2lk@reply.league.example',
    'address' => 'fan1@example.com', 'rsvp_token' => $own, 'dtstamp' => $now]);
$message = $c->new('const char*');
$size = $c->new('size_t');
$call('compose', $composer, FFI::addr($copy), FFI::addr($message), FFI::addr($size));
file_put_contents('invitation.eml', FFI::string($message, $size->cdata));

foreach (['its own' => $own, 'a forged' => strrev($own)] as $which => $text) {
    $read = $struct('link_token', []);
    try {
        $call('verify_link_token', $ring, $text, $link->purpose, $now, FFI::addr($read));
        echo "$which token names ", FFI::string($read->row, 16), "\n";
    } catch (RuntimeException $refused) {
        echo "$which token is refused\n";
    }
}
$c->calinvite_composer_free($composer);
$c->calinvite_key_ring_free($ring);
$c->calinvite_free($calendar);
