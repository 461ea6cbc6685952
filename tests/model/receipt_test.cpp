#include <calinvite/model.hpp>
#include <catch2/catch.hpp>

using namespace calinvite;

TEST_CASE("a PRODID tells the client by the name that people know, an unknown one is its own name",
          "[model]") {
  // As the clients write them.
  const std::pair<const char*, const char*> known[] = {
      {"-//Google Inc//Google Calendar 70.9054//EN", "Google"},
      {"-//Apple Inc.//Mac OS X 10.10.4//EN", "Apple"},
      {"-//Apple Inc.//iCal 3.0//EN", "Apple"},
      {"-//Apple Computer, Inc//iCal 1.0//EN", "Apple"},
      {"-//caldav.icloud.com//CALDAVJ 2514B607//EN", "Apple"},
      {"Microsoft Exchange Server 2010", "Outlook"},
      {"Microsoft CDO for Microsoft Exchange", "Outlook"},
      {"-//Microsoft Corporation//Outlook 11.0 MIMEDIR//EN", "Outlook"},
      {"-//Microsoft Corporation//Outlook 16.0 MIMEDIR//EN", "Outlook"},
      {"-//Microsoft Corporation//Windows Live Calendar//EN", "Outlook"},
      {"//Yahoo//Calendar//EN", "Yahoo"},
      {"-//Mozilla.org/NONSGML Mozilla Calendar V1.1//EN", "Thunderbird"},
      {"-//davmail.sf.net/NONSGML DavMail Calendar V1.1//EN", "DavMail"},
      {"Zimbra-Calendar-Provider", "Zimbra"},
      {"-//Lotus Development Corporation//NONSGML Notes 6.0//EN", "Notes"},
      {"-//Novell Inc//Groupwise 7.0.2 ", "GroupWise"},
      {"-//Ximian//NONSGML Evolution Calendar//EN", "Evolution"},
      {"-//Inverse inc./SOGo 3.2.10//EN", "SOGo"},
      {"-//emClient//EN", "eM Client"},
      {"-//MailClient.VObject/9.2.1735.0", "eM Client"},
      {"-//CyrusIMAP.org/Cyrus 3.8.0//EN", "Fastmail"},
      {"//RESEARCH IN MOTION//BIS 3.0", "BlackBerry"}};
  for (const auto& [prodid, name] : known) {
    CAPTURE(prodid);
    CHECK(client_name(prodid) == name);
  }
  for (const char* unknown :
       {"-//RDU Software//NONSGML HandCal//EN", "-//Pineapple Inc//Cal//EN", ""}) {
    CHECK(client_name(unknown) == unknown);
  }
}

TEST_CASE("R107 R126: a receipt is believed as far as what speaks for it", "[model]") {
  const auto evidence = [](ReceiptKind kind, const char* channel, const char* detail,
                           const char* message = "", bool soon = false) {
    Receipt receipt;
    receipt.kind = kind;
    receipt.channel = channel;
    receipt.detail = detail;
    receipt.message_id = message;
    return to_string(evidence_of(receipt, soon));
  };
  CHECK(evidence(ReceiptKind::accepted, "", "") == "verified");
  CHECK(evidence(ReceiptKind::delivered, "ses", "250 ok", "m") == "verified");
  CHECK(evidence(ReceiptKind::delivered, "ses", "250 ok", "m", true) == "verified");
  CHECK(evidence(ReceiptKind::replied, "web", "accepted") == "verified");
  CHECK(evidence(ReceiptKind::replied, "mail", "accepted") == "verified");
  CHECK(evidence(ReceiptKind::replied, "mail", "accepted, sender not verified") == "unverified");
  CHECK(evidence(ReceiptKind::bounced, "mail", "5.1.1") == "unverified");
  CHECK(evidence(ReceiptKind::bounced, "mail", "5.1.1", "m") == "verified");
  CHECK(evidence(ReceiptKind::opened, "ses", "Mozilla/5.0", "m") == "unverified");
  CHECK(evidence(ReceiptKind::opened, "ses", "Mozilla/5.0", "m", true) == "automated");
  CHECK(evidence(ReceiptKind::clicked, "web", "web page, accepted") == "unverified");
  CHECK(evidence(ReceiptKind::clicked, "web", "web page, accepted, automated") == "automated");
}

TEST_CASE("a receipt of an answer begins with its status", "[model]") {
  Receipt receipt;
  receipt.kind = ReceiptKind::replied;
  for (const char* detail :
       {"accepted", "accepted for 20270508T150000", "accepted, by a@example.com"}) {
    receipt.detail = detail;
    CHECK(answer_word(receipt) == "accepted");
  }
  receipt.kind = ReceiptKind::bounced;
  CHECK(answer_word(receipt).empty());
}
