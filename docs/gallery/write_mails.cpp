/// Writes the mails of the gallery: one event as invitation, update and cancellation, in several
/// languages, as FOLDER/LANGUAGE-KIND.eml.
#include <calinvite/compose.hpp>
#include <calinvite/time.hpp>
#include <filesystem>
#include <fstream>
#include <iostream>

namespace {

using namespace calinvite;
using namespace std::chrono_literals;

/// What the organizer writes, in the language of their guests.
struct Words {
  std::string language, organizer, summary, description, location, moved_to, name, timezone;
};

const Words every_words[] = {
    {"en", "Harbour Orchestra", "Summer concert by the water",
     "Bring a blanket and good company.\nGates open at 18:00.", "Pier 3, Harbour Gardens",
     "Old Customs Hall", "Alex Morgan", "Europe/London"},
    {"de", "Hafenorchester", "Sommerkonzert am Wasser",
     "Bringen Sie eine Decke und gute Laune mit.\nEinlass ab 18 Uhr.", "Pier 3, Hafengarten",
     "Altes Zollhaus", "Jona Becker", "Europe/Berlin"},
    {"ar", "أوركسترا الميناء", "حفل صيفي على ضفاف الماء",
     "أحضروا بساطًا ورفقة طيبة.\nتفتح الأبواب الساعة السادسة مساءً.", "الرصيف 3، حدائق الميناء",
     "قاعة الجمارك القديمة", "سلمى", "Africa/Cairo"},
    {"ja", "ハーバー管弦楽団", "水辺のサマーコンサート",
     "敷物をお持ちのうえ、お誘い合わせてお越しください。\n開場は18時です。", "港公園 第3埠頭",
     "旧税関ホール", "佐藤 光", "Asia/Tokyo"},
    {"tr", "Liman Orkestrası", "Su kıyısında yaz konseri",
     "Bir örtü ve iyi dostlarınızı getirin.\nKapılar saat 18.00’de açılır.",
     "3. İskele, Liman Bahçeleri", "Eski Gümrük Salonu", "Deniz", "Europe/Istanbul"},
    {"hi", "हार्बर ऑर्केस्ट्रा", "पानी के किनारे ग्रीष्म संगीत संध्या",
     "साथ में एक चादर और अच्छे दोस्त लाइए।\nद्वार शाम 6 बजे खुलेंगे।", "घाट 3, हार्बर गार्डन",
     "पुराना सीमा शुल्क भवन", "किरण", "Asia/Kolkata"},
};

Revision invitation(const Words& words) {
  Revision revision;
  revision.event.uid = "concert";
  revision.event.organizer = "office@orchestra.example";
  revision.event.summary = words.summary;
  revision.event.description = words.description;
  revision.event.location = words.location;
  revision.event.url = "https://orchestra.example/summer";
  revision.event.language = words.language;
  revision.event.timezone = words.timezone;
  revision.event.start = parse_iso("2027-06-19T19:00")->wall;
  revision.event.end = revision.event.start + 2h;
  revision.organizer_name = words.organizer;
  revision.base_url = "https://invite.orchestra.example";
  return revision;
}

Revision update(const Words& words) {
  Revision revision = invitation(words);
  revision.before = revision.event;
  revision.event.location = words.moved_to;
  revision.event.start += 1h;
  revision.event.end += 1h;
  revision.sequence = 1;
  return revision;
}

Revision cancellation(const Words& words) {
  Revision revision = update(words);
  revision.before.reset();
  revision.method = Method::cancel;
  revision.sequence = 2;
  return revision;
}

bool write(const std::filesystem::path& path, const Words& words, Revision revision,
           const ZoneTable& zones) {
  CopyFields copy;
  copy.uid = "concert-copy";
  copy.organizer_address = "concerts+6b7a@reply.orchestra.example";
  copy.address = "guest@example.com";
  copy.name = words.name;
  if (revision.method == Method::request) copy.rsvp_token = "token";
  copy.unsubscribe_token = "token";
  copy.first = revision.sequence == 0;
  // What moves asks anew; whoever said yes to that is told of the end of it.
  if (revision.method == Method::cancel) copy.partstat = Partstat::accepted;
  copy.dtstamp = std::chrono::sys_seconds(1798761600s);
  copy.attempt_id = "gallery";
  const auto composer = Composer::prepare(std::move(revision), zones);
  std::string bytes;
  const auto done = composer ? composer->compose(copy, bytes)
                             : Result<void>(tl::unexpected<Error>(composer.error()));
  if (!done) std::cerr << path.string() << ": " << to_string(done.error()) << '\n';
  std::ofstream out(path, std::ios::binary);
  out << bytes;
  return done.has_value() && out.good();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: gallery_mails FOLDER\n";
    return 2;
  }
  const std::filesystem::path folder = argv[1];
  std::filesystem::create_directories(folder);
  const ZoneTable zones;
  bool good = true;
  for (const Words& words : every_words) {
    const auto path = [&](const char* kind) { return folder / (words.language + kind); };
    good = write(path("-invitation.eml"), words, invitation(words), zones) && good;
    good = write(path("-update.eml"), words, update(words), zones) && good;
    good = write(path("-cancel.eml"), words, cancellation(words), zones) && good;
  }
  return good ? 0 : 1;
}
