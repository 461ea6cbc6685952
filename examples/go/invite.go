// Reads an event from a calendar file, composes an invitation to it whose links carry a signed
// token, and verifies that token. Run as: go run . match.ics
package main

/*
#cgo LDFLAGS: -lcalinvite
#include <calinvite.h>
#include <stdlib.h>
*/
import "C"

import (
	"fmt"
	"os"
	"unsafe"
)

// Ends the program with what a failed call says.
func check(status C.calinvite_status, failure *C.calinvite_error) {
	if status != C.CALINVITE_OK {
		defer C.calinvite_error_free(failure)
		panic(C.GoString(C.calinvite_error_message(failure)))
	}
}

func reversed(text string) string {
	bytes := []byte(text)
	for i, j := 0, len(bytes)-1; i < j; i, j = i+1, j-1 {
		bytes[i], bytes[j] = bytes[j], bytes[i]
	}
	return string(bytes)
}

func main() {
	const now = 2119521600 // 2037-03-01T12:00:00Z
	ics, err := os.ReadFile(os.Args[1])
	if err != nil {
		panic(err)
	}
	var failure *C.calinvite_error
	var calendar *C.calinvite_calendar
	check(C.calinvite_parse_calendar((*C.char)(unsafe.Pointer(&ics[0])), C.size_t(len(ics)),
		C.CString(os.Args[1]), &calendar, &failure), failure)
	defer C.calinvite_free(unsafe.Pointer(calendar))
	event := (*calendar.events).event
	fmt.Printf("%s, %s %s\n", C.GoString(event.summary), C.GoString(event.start),
		C.GoString(event.timezone))

	var ring *C.calinvite_key_ring
	check(C.calinvite_key_ring_new(&ring, &failure), failure)
	defer C.calinvite_key_ring_free(ring)
	var secret [32]C.uint8_t
	for i := range secret {
		secret[i] = C.uint8_t(i)
	}
	check(C.calinvite_key_ring_add(ring, 1, &secret[0], &failure), failure)
	link := C.calinvite_link_token{struct_size: C.sizeof_calinvite_link_token,
		purpose: C.CALINVITE_PURPOSE_RSVP, expires: 2125440000}
	for i, letter := range []byte("attendee fan 001") {
		link.row[i] = C.uint8_t(letter)
	}
	var token [C.CALINVITE_LINK_TOKEN_SIZE]C.char
	check(C.calinvite_mint_link_token(ring, &link, &token[0], &failure), failure)

	// Not freed: this process ends soon.
	text := func(text string) *C.char { return C.CString(text) }
	var composer *C.calinvite_composer
	revision := C.calinvite_revision{struct_size: C.sizeof_calinvite_revision, event: event,
		organizer_name: text("League Office"), base_url: text("https://cal.league.example")}
	check(C.calinvite_composer_new(&revision, &composer, &failure), failure)
	defer C.calinvite_composer_free(composer)
	copy := C.calinvite_copy{struct_size: C.sizeof_calinvite_copy,
		uid: text("ci-0123456789abcdef0123456789abcdef"), attempt_id: text("attempt-1"), dtstamp: now,
		organizer_address: text("cal+mfrggzdfmztwq2lk@reply.league.example"),
		address:           text("fan1@example.com"), rsvp_token: text(C.GoString(&token[0]))}
	var message *C.char
	var size C.size_t
	check(C.calinvite_compose(composer, &copy, &message, &size, &failure), failure)
	mail := C.GoBytes(unsafe.Pointer(message), C.int(size))
	if err := os.WriteFile("invitation.eml", mail, 0o600); err != nil {
		panic(err)
	}

	own := C.GoString(&token[0])
	for i, given := range []string{own, reversed(own)} {
		which := []string{"its own", "a forged"}[i]
		read := C.calinvite_link_token{struct_size: C.sizeof_calinvite_link_token}
		status := C.calinvite_verify_link_token(ring, text(given), C.CALINVITE_PURPOSE_RSVP, now,
			&read, nil)
		if status == C.CALINVITE_OK {
			fmt.Printf("%s token names %s\n", which, C.GoBytes(unsafe.Pointer(&read.row[0]), 16))
		} else {
			fmt.Printf("%s token is refused\n", which)
		}
	}
}
