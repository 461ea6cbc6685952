// What a domain may put in place of our templates.
#include <catch2/catch.hpp>

#include "calinvite/result.hpp"
#include "embedded/text_templates.hpp"
#include "texts/texts.hpp"

using calinvite::Code;
namespace texts = calinvite::texts;

namespace {

const std::string needed =
    "{{summary}} {{when}} {{organizer}} {{accept}} {{tentative}} {{decline}} {{unsubscribe}}\n";

calinvite::Error refusal(const std::string& name, const std::string& contents) {
  const auto checked = texts::check_override(name, contents);
  INFO(contents);
  REQUIRE_FALSE(checked);
  return checked.error();
}

}  // namespace

TEST_CASE("our own templates pass what a domain's must", "[texts]") {
  for (const auto& file : calinvite::text_templates) {
    const auto name = file.name.substr(0, file.name.rfind('.'));
    const auto checked = texts::check_override(name, file.contents);
    INFO(name);
    if (!checked) FAIL(to_string(checked.error()));
  }
}

TEST_CASE("a template of an invitation holds all that people need", "[texts]") {
  CHECK(texts::check_override("invitation.txt", needed));
  CHECK(texts::check_override("invitation.html", needed));
  CHECK(texts::check_override("invitation.txt", ""));  // ours again
  for (const std::string tag : {"{{summary}}", "{{when}}", "{{organizer}}", "{{accept}}",
                                "{{tentative}}", "{{decline}}", "{{unsubscribe}}"}) {
    for (const auto& instead :
         {std::string(), "{{!" + tag.substr(2), "{{#" + tag.substr(2) + "{{/" + tag.substr(2)}) {
      auto without = needed;
      without.replace(without.find(tag), tag.size(), instead);
      const auto error = refusal("invitation.html", without);
      CHECK(error.code == Code::invalid_input);
      CHECK(error.message == "an invitation needs " + tag);
    }
  }
  CHECK(refusal("invitation.txt", "Come!").message ==
        "an invitation needs {{accept}}, {{tentative}}, {{decline}}, {{unsubscribe}}, {{when}}, "
        "{{summary}}, {{organizer}}");
  CHECK(refusal("no_such.html", needed).code == Code::not_found);
  CHECK(refusal("invitation.txt", needed + std::string(80'000, 'x')).code == Code::too_large);
}

TEST_CASE("what is wrong with a template is told with its line", "[texts]") {
  const std::pair<std::string, std::string> flaws[] = {
      {"{{{where}}}", "{{{where}} would write a value unescaped"},
      {"{{& where}}", "{{& where}} would write a value unescaped"},
      {"{{=<% %>=}}", "{{=<% %>=}} would change the braces"},
      {"{{}}", "{{}} names nothing"},
      {"{{t.no_such}}", "{{t.no_such}} names no phrase"},
      {"{{sumary}}", "{{sumary}} names no value of an invitation"},
      {"{{> notice_head.html}}", "{{> notice_head.html}} names a part; an invitation has none"},
      {"{{#where}}", "{{#where}} is not closed"},
      {"{{/where}}", "{{/where}} closes no section that is open"},
      {"{{#where}}{{^zone}}{{/where}}{{/zone}}", "{{/where}} closes no section that is open"},
      {"{{where", "{{ is not closed by }}"},
  };
  for (const auto& [flaw, told] : flaws) {
    for (const std::string name : {"invitation.txt", "invitation.html"}) {
      const auto error = refusal(name, needed + "\n\n" + flaw);
      CHECK(error.code == Code::invalid_input);
      CHECK(to_string(error) == name + ":4: " + told);
    }
  }
}

TEST_CASE("R151: what people write is never put where it would be read as markup", "[texts]") {
  for (const std::string flaw :
       {"<a href=\"{{where}}\">", "<img alt='{{summary}}'>", "<p title={{language}}>",
        "<a href={{accept}}>", "<p {{description}}>",
        "<style>p:before{content:'{{where}}'}</style>",
        "<!--[if mso]><p title=\"{{where}}\"><![endif]-->", "<script>x='{{where}}'</script>",
        "<SCRIPT src=\"https://x.example/\"></SCRIPT>", "<iframe>", "<form>",
        "<a href=\"javascript:{{accept}}\">"}) {
    const auto error = refusal("invitation.html", needed + flaw);
    CHECK(error.code == Code::invalid_input);
    CHECK(error.place.line == 2);
    CHECK(error.message.find("(R151)") != std::string::npos);
  }
  for (const std::string sound :
       {"<a href=\"{{accept}}\" title='{{t.answer_accepted}}'>{{where}}</a>", "1 < 2: {{where}}",
        "<p {{#where}}class=\"place\"{{/where}}>{{where}}</p>",
        "<style>p{text-align:{{side}}}</style><p>{{where}}</p>", "<!-- don't --><p>{{where}}</p>",
        "<p title=\"a > b\">{{where}}</p>"}) {
    INFO(sound);
    const auto checked = texts::check_override("invitation.html", needed + sound);
    if (!checked) FAIL(to_string(checked.error()));
  }
  CHECK(texts::check_override("invitation.txt", needed + "<{{where}}>"));
}
