#!/bin/bash
# Writes the demo's data into a folder: an invented league's fixtures of next year as CSV, an organizer's invitation mail in the
# shape Google Calendar sends, later versions of both, and a list of 1,000 fans in six languages.
set -euo pipefail
out=$1
year=$(($(date +%Y) + 1))

# Every club meets every other at home and away on Saturdays from March on, five matches a round.
fixtures() {
  awk -v year="$year" 'BEGIN {
    n = split("Harbour Hill Millbrook Northgate Riverside Castle Quarry Lakeside Foundry Orchard", club, " ")
    split("15:00 15:00 17:30 12:30 19:45", kickoff, " ")
    print "uid,summary,description,location,start,end,timezone,language"
    start = mktime(year " 3 1 12 0 0")
    while (strftime("%u", start) != 6) start += 86400
    for (round = 0; round < 2 * (n - 1); ++round) {
      for (pair = 0; pair < n / 2; ++pair) {
        a = pair == 0 ? n : (round + pair) % (n - 1) + 1
        b = (round + n - 1 - pair) % (n - 1) + 1
        if (round >= n - 1) { t = a; a = b; b = t }
        day = strftime("%Y-%m-%d", start + round * 7 * 86400)
        split(kickoff[pair + 1], hm, ":")
        printf "round-%02d-%d,%s v %s,\"Round %d, league match\",%s Ground,%sT%s,%sT%02d:%s,Europe/London,en\n", \
          round + 1, pair + 1, club[a], club[b], round + 1, club[a], day, kickoff[pair + 1], day, hm[1] + 2, hm[2]
      }
    }
    split("Season opening,Supporters evening,Youth tournament,Awards night,Fan congress,Stadium tour,Charity match,Open training,Cup draw,Cup final", extra, ",")
    for (i = 1; i <= 10; ++i)
      printf "extra-%02d,%s,,\"Hall %d, League House\",%s,%s,,en\n", i, extra[i], i, year "-09-" sprintf("%02d", i), year "-09-" sprintf("%02d", i)
  }'
}

# $1 SEQUENCE, $2 DTSTAMP hour, $3 kick-off, $4 end
derby_calendar() {
  sed "s/\$/\r/" <<EOF
BEGIN:VCALENDAR
PRODID:-//Google Inc//Google Calendar 70.9054//EN
VERSION:2.0
CALSCALE:GREGORIAN
METHOD:REQUEST
BEGIN:VTIMEZONE
TZID:Europe/London
X-LIC-LOCATION:Europe/London
BEGIN:DAYLIGHT
TZOFFSETFROM:+0000
TZOFFSETTO:+0100
TZNAME:GMT+1
DTSTART:19700329T010000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
END:DAYLIGHT
BEGIN:STANDARD
TZOFFSETFROM:+0100
TZOFFSETTO:+0000
TZNAME:GMT
DTSTART:19701025T020000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
END:STANDARD
END:VTIMEZONE
BEGIN:VEVENT
DTSTART;TZID=Europe/London:${year}0508T$3
DTEND;TZID=Europe/London:${year}0508T$4
DTSTAMP:$((year - 1))1201T$2
ORGANIZER;CN=League Fixtures:mailto:fixtures@league.example
UID:7kukuqrfedlm2f9t0vr6f5kq2l@google.com
ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=
 TRUE;CN=create@reply.league.example;X-NUM-GUESTS=0:mailto:create@reply.lea
 gue.example
CREATED:$((year - 1))1201T080000Z
DESCRIPTION:The derby. Gates open two hours before\, bring a scarf: ⚽ 🧣
LAST-MODIFIED:$((year - 1))1201T$2
LOCATION:Harbour Ground\, Quay Road
SEQUENCE:$1
STATUS:CONFIRMED
SUMMARY:Derby: Harbour v Hill
TRANSP:OPAQUE
END:VEVENT
END:VCALENDAR
EOF
}

# $1 what the subject begins with, the rest as derby_calendar
derby_mail() {
  local subject=$1
  shift
  sed "s/\$/\r/" <<EOF
MIME-Version: 1.0
Reply-To: League Fixtures <fixtures@league.example>
Sender: Google Calendar <calendar-notification@google.com>
Auto-Submitted: auto-generated
Message-ID: <calendar-derby-$1@google.com>
Date: Mon, 01 Dec $((year - 1)) 09:00:00 +0000
Subject: $subject: Derby: Harbour v Hill @ Sat 8 May $year (fixtures@league.example)
From: League Fixtures <fixtures@league.example>
To: create@reply.league.example
Content-Type: multipart/mixed; boundary="0000000000outer"

--0000000000outer
Content-Type: multipart/alternative; boundary="0000000000inner"

--0000000000inner
Content-Type: text/plain; charset="UTF-8"; format=flowed; delsp=yes
Content-Transfer-Encoding: base64

$(printf 'Derby: Harbour v Hill\nSaturday 8 May %s\n' "$year" | base64)

--0000000000inner
Content-Type: text/html; charset="UTF-8"
Content-Transfer-Encoding: quoted-printable

<p>Derby: Harbour v Hill</p>

--0000000000inner
Content-Type: text/calendar; charset="UTF-8"; method=REQUEST
Content-Transfer-Encoding: base64

$(derby_calendar "$@" | base64)

--0000000000inner--

--0000000000outer
Content-Type: application/ics; name="invite.ics"
Content-Disposition: attachment; filename="invite.ics"
Content-Transfer-Encoding: base64

$(derby_calendar "$@" | base64)

--0000000000outer--
EOF
}

# The cup final stands in the list; its number there is its UID.
cup_final_off() {
  sed "s/\$/\r/" <<EOF
MIME-Version: 1.0
Message-ID: <cup-final-off@league.example>
Date: Wed, 01 Sep $year 09:00:00 +0000
Subject: Cancelled: Cup final
From: League Fixtures <fixtures@league.example>
To: create@reply.league.example
Content-Type: text/calendar; charset="UTF-8"; method=CANCEL

BEGIN:VCALENDAR
PRODID:-//League Office//Planner 4//EN
VERSION:2.0
METHOD:CANCEL
BEGIN:VEVENT
UID:extra-10
SEQUENCE:1
DTSTAMP:${year}0901T090000Z
DTSTART;VALUE=DATE:${year}0910
SUMMARY:Cup final
ORGANIZER:mailto:fixtures@league.example
END:VEVENT
END:VCALENDAR
EOF
}

fans() {
  awk 'BEGIN {
    split("en de fr es ar ja", language, " ")
    split("Fan Anhänger Supporter Aficionado مشجع ファン", name, " ")
    split("mail.example post.example bücher.example club.test", host, " ")
    print "email,name,language"
    for (i = 1; i <= 1000; ++i) {
      l = i % 6 + 1
      printf "fan%04d%s@%s,%s %04d,%s\n", i, i % 50 == 0 ? "+calendar" : "", host[i % 4 + 1], name[l], i, language[l]
    }
  }'
}

mkdir -p "$out"
fixtures >"$out/fixtures.csv"
fans >"$out/fans.csv"
derby_mail Invitation 0 090000Z 150000 170000 >"$out/derby.eml"
derby_mail "Updated invitation" 1 100000Z 173000 193000 >"$out/derby-moved.eml"
cup_final_off >"$out/cup-final-off.eml"
