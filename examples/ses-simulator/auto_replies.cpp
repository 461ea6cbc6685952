// The mails of clients.hpp that are no answer: from a person who is away, and from a mail server
// that could not deliver after all.
#include <cstdio>

#include "clients.hpp"
#include "encoding.hpp"
#include "time_text.hpp"

namespace ses_simulator {
namespace {

/// Headers of a mail that goes back to whoever sent `mail`.
std::string headers_back(const Reply& reply, const Entry& entry, const Mail& mail, const Seed& seed,
                         const std::string& subject) {
  char id[20];
  std::snprintf(id, sizeof id, "%016llx",
                static_cast<unsigned long long>(seed.number({"automatic", entry.message_id})));
  const auto original = find_header(mail.headers, "message-id");
  std::string text = "From: " + reply.from + "\r\nTo: " + address_of(entry.source).value_or("") +
                     "\r\nSubject: " + header_text(subject) + "\r\nDate: " + mail_date(entry.time) +
                     "\r\nMessage-ID: <" + id +
                     "@mail.example>\r\nAuto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n";
  if (original) text += "In-Reply-To: " + *original + "\r\nReferences: " + *original + "\r\n";
  return text;
}

}  // namespace

/// RFC 3834.
std::string out_of_office(const Reply& reply, const Entry& entry, const Mail& mail,
                          const Seed& seed) {
  return headers_back(reply, entry, mail, seed, "Automatic reply: Out of office") +
         "X-Auto-Response-Suppress: All\r\nContent-Type: text/plain; charset=UTF-8\r\n\r\n"
         "I am out of the office and read no mail until I am back.\r\n";
}

/// A delivery status notification (RFC 3464).
std::string bounce_mail(const Reply& reply, const Entry& entry, const Mail& mail,
                        const Seed& seed) {
  std::string original;
  for (const Header& header : mail.headers) original += header.name + ": " + header.value + "\r\n";
  return "Return-Path: <>\r\n" +
         headers_back(reply, entry, mail, seed, "Undeliverable: your message") +
         "Content-Type: multipart/report; report-type=delivery-status;\r\n"
         "\tboundary=\"report\"\r\n\r\n"
         "--report\r\nContent-Type: text/plain; charset=us-ascii\r\n\r\n"
         "Your message could not be delivered to " +
         entry.to +
         ".\r\n\r\n--report\r\nContent-Type: message/delivery-status\r\n\r\n"
         "Reporting-MTA: dns; mx.mail.example\r\n\r\nFinal-Recipient: rfc822; " +
         entry.to +
         "\r\nAction: failed\r\nStatus: 5.1.1\r\n"
         "Diagnostic-Code: smtp; 550 5.1.1 user unknown\r\n\r\n"
         "--report\r\nContent-Type: text/rfc822-headers\r\n\r\n" +
         original + "\r\n--report--\r\n";
}

}  // namespace ses_simulator
