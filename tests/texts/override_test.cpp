// What a domain may put in place of our templates.
#include <catch2/catch.hpp>

#include "calinvite/result.hpp"
#include "embedded/text_templates.hpp"
#include "texts/texts.hpp"

using calinvite::Code;
namespace texts = calinvite::texts;

namespace {

const std::string needed =
    "{{summary}} {{when}} {{organizer}} {{#accept}}{{accept}} {{tentative}} {{decline}}{{/accept}} "
    "{{unsubscribe}}\n";
const std::string needed_html =
    "{{summary}} {{when}} {{organizer}} {{#accept}}<a href=\"{{accept}}\">Yes</a> "
    "<a href='{{tentative}}'>Perhaps</a> <a href=\"{{decline}}\">No</a>{{/accept}} "
    "<a href=\"{{unsubscribe}}\">Leave</a>\n";

const std::string& needed_in(const std::string& name) {
  return name.ends_with(".html") ? needed_html : needed;
}

calinvite::Error refusal(const std::string& name, const std::string& contents) {
  const auto checked = texts::check_override(name, contents);
  INFO(contents);
  REQUIRE_FALSE(checked);
  return checked.error();
}

/// What a flaw in the second line of an invitation is told as; more of the page may follow it.
std::string told_of(const std::string& flaw, const std::string& name = "invitation.html") {
  const auto error = refusal(name, needed_in(name) + flaw + "\n");
  CHECK(error.code == Code::invalid_input);
  CHECK(error.place.line == 2);
  return error.message;
}

void check_sound(const std::string& sound, const std::string& name = "invitation.html") {
  INFO(sound);
  const auto checked = texts::check_override(name, needed_in(name) + sound);
  if (!checked) FAIL(to_string(checked.error()));
}

}  // namespace

TEST_CASE("our own templates pass what a domain's must", "[texts]") {
  for (const auto& file : calinvite::text_templates) {
    const auto name = file.name.substr(0, file.name.rfind('.'));
    if (name.starts_with("page_")) continue;  // no mails
    const auto checked = texts::check_override(name, file.contents);
    INFO(name);
    if (!checked) FAIL(to_string(checked.error()));
  }
}

TEST_CASE("a template of an invitation holds all that people need", "[texts]") {
  CHECK(texts::check_override("invitation.txt", needed));
  CHECK(texts::check_override("invitation.html", needed_html));
  CHECK(texts::check_override("invitation.txt", ""));  // ours again
  for (const std::string tag : {"{{summary}}", "{{when}}", "{{organizer}}", "{{accept}}",
                                "{{tentative}}", "{{decline}}", "{{unsubscribe}}"}) {
    for (const auto& instead :
         {std::string(), "{{!" + tag.substr(2), "{{#" + tag.substr(2) + "{{/" + tag.substr(2)}) {
      auto without = needed_html;
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
  CHECK(refusal("page_head.html", "").code == Code::not_found);
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
      const auto error = refusal(name, needed_in(name) + "\n\n" + flaw);
      CHECK(error.code == Code::invalid_input);
      CHECK(to_string(error) == name + ":4: " + told);
    }
  }
}

TEST_CASE("R151: what people write is never put where it would be read as markup", "[texts]") {
  for (const std::string flaw :
       {"<a href=\"{{where}}\">", "<img alt='{{summary}}'>", "<p title={{language}}>",
        "<a href={{accept}}>", "<p {{description}}>", "<{{where}}>", "<p title=x\" {{where}} \">",
        "<style>p:before{content:'{{where}}'}</style>",
        "<!--[if mso]><p title=\"{{where}}\"><![endif]-->",
        "<!-- <p title=\" --><p title='{{where}}'>", "<p {{#where}}title=\"{{/where}}>{{where}}",
        "<p {{#where}}title={{/where}}\">", "<p title=\"{{#where}}\" class='{{/where}}'>"}) {
    CHECK(told_of(flaw).find("(R151)") != std::string::npos);
  }
  for (const std::string sound :
       {"<a title='{{t.answer_accepted}}'>{{where}}</a>", "1 < 2: {{where}}",
        "<p {{#where}}class=\"place\"{{/where}}>{{where}}</p>",
        "<option {{#where}}selected{{/where}}>{{where}}",
        "<style>p{text-align:{{side}}}</style><p>{{where}}</p>", "<!-- don't --><p>{{where}}</p>",
        "<p title=\"a > b\">{{where}}</p>"}) {
    check_sound(sound);
  }
  check_sound("<{{where}}>", "invitation.txt");
}

TEST_CASE("R151: what would act by itself in a mail is refused with what would do", "[texts]") {
  CHECK(told_of("<img src=\"https://x.example/\" onload=\"x()\">") ==
        "onload= would run (R151); leave it out");
  CHECK(told_of("<meta http-equiv=\"refresh\" content=\"0\">") ==
        "http-equiv= would act as a server's header (R151); write <meta charset=\"utf-8\">");
  CHECK(told_of("<object data=\"x\">") ==
        "<object> would run (R151); leave it out, or write an <img>");
  CHECK(told_of("<embed src=\"x\">") ==
        "<embed> would run (R151); leave it out, or write an <img>");
  CHECK(told_of("<base href=\"https://x.example/\">") ==
        "<base> would turn links elsewhere (R151); write whole links");
  CHECK(told_of("<link rel=stylesheet href=x>") ==
        "<link> would fetch from elsewhere (R151); write the styles into <style>");
  CHECK(told_of("<iframe src=\"x\">") ==
        "<iframe> would show another page (R151); write a link to it");
  CHECK(told_of("<script>x='{{where}}'</script>") == "<script> would run (R151); leave it out");
  CHECK(told_of("<form>") ==
        "<form> would send what is typed (R151); write a link to a page that asks");
  CHECK(told_of("<a href=\"javascript:{{accept}}\">") ==
        "javascript: would run (R151); write an https:// link");
}

TEST_CASE("R151: so it is however it is written", "[texts]") {
  for (const std::string flaw : {"<SCRIPT src=\"https://x.example/\"></SCRIPT>",
                                 "<script/src=x>",
                                 "<script\n>",
                                 "<scr{{! hidden }}ipt>",
                                 "<{{#where}}{{/where}}script>",
                                 "<!-- <script> -->",
                                 "<p ONCLICK=x>",
                                 "<p/onclick=x>",
                                 "<p class=a\" onclick=x title=\">",
                                 "<p class=\"a\"onclick=x>",
                                 "<p \" onclick=x \">",
                                 "<p onclick = 'x'>",
                                 "<p\tonclick=x>",
                                 "<p {{#where}}onclick{{/where}}=x>",
                                 "<p o{{! hidden }}nclick=x>",
                                 "<{{^where}}z{{/where}}script>",
                                 "<p {{^where}}z{{/where}}onclick=\"x\">",
                                 "<p {{#where}}onclick=\"x\"{{/where}}>",
                                 "<a href=\"JavaScript:x()\">",
                                 "<Meta content=0 HTTP-EQUIV=refresh>"}) {
    INFO(flaw);
    CHECK(told_of(flaw).find("(R151)") != std::string::npos);
  }
  for (const std::string sound :
       {"<basefont>", "<p title=\"onclick=x\">", "on = off, <b>onclick</b>=x", "<format>",
        "<meta name=\"viewport\" content=\"width=device-width\">", "<p data-on=\"x\">"}) {
    check_sound(sound);
  }
}

TEST_CASE("R151: a link says in plain letters that it leads to where nothing runs", "[texts]") {
  for (const std::string flaw :
       {"<a href=\"&#106;avascript:x()\">",
        "<a href=\"&#x6A;avascript:x()\">",
        "<a href=\"&#0000106avascript:x()\">",
        "<a href=\"java&Tab;script:x()\">",
        "<a href=\"java&NewLine;script:x()\">",
        "<a href=\"javascript&colon;x()\">",
        "<a href=\"java\tscript:x()\">",
        "<a href=\" \x01javascript&#58;x()\">",
        "<a href=\"java{{! hidden }}script:x()\">",
        "<a href=\"{{! hidden }}java{{#where}}{{/where}}script:x()\">",
        "<a href='java{{! hidden }}script:x()'>",
        "<a href=java{{! hidden }}script:x()>",
        "<a HREF = \"vbscript:x()\">",
        "<a href=\"data:text/html,x\">",
        "<a href=\"file:///x\">",
        "<a href=\"http://x.example/\">",
        "<a href=\"//x.example/\">",
        "<a href=\"page.html\">",
        "<a href=\"&#104;ttps://x.example/\">",
        "<a href=\"https{{! hidden }}://x.example/\">",
        "<a href=\"{{t.answer_accepted}}\">",
        "<a href=\"{{url}}java{{! hidden }}script:x()\">",
        "<a href=\"{{url}}&#106;avascript:x()\">",
        "<a href=\"{{#where}}https://x.example/{{/where}}vbscript:x()\">",
        "<a href=\"{{#where}}{{#zone}}https://x.example/{{/zone}}vbscript:x(){{/where}}\">",
        "<a href=\"{{^where}}https://x.example/{{/where}}{{language}}\">",
        "<img src=\"data:image/svg+xml,x\">",
        "<td background=\"vbscript:x()\">",
        "<a xlink:href=\"vbscript:x()\">",
        "<svg>",
        "<math href=\"https://x.example/\">"}) {
    INFO(flaw);
    CHECK(told_of(flaw).find("(R151)") != std::string::npos);
  }
  CHECK(
      told_of("<a href=\"data:text/html,x\">") ==
      "href= leads to what may run, or nowhere (R151); write out https:, mailto:, tel: or geo:, or "
      "begin with a link of ours");
  for (const std::string sound :
       {"<a href=\"https://x.example/?at=10:30&amp;to={{language}}\">",
        "<a href='HTTPS://x.example'>", "<a href=https://x.example/>",
        "<a href=\"mailto:club@x.example\">", "<a href=\"tel:+4930\">",
        "<a href=\"geo:52.5,13.4\">", "<a href=\"#when\">", "<a href=\"\">",
        "<a href=\" https://x.example/{{! which }}javascript\">", "<a href=\"{{url}}?from=mail\">",
        "<a href=\"{{#url}}{{url}}#when{{/url}}\">",
        "<a href=\"{{#url}}{{url}}{{/url}}{{^url}}https://x.example/{{/url}}\">",
        "<a href=\"https://x.example/{{#where}}place/{{/where}}page\">",
        "<p title=\"data: {{language}}\">", "<p class='a' data-href=\"data:x\">"}) {
    check_sound(sound);
  }
}

TEST_CASE("R151: what is left out of a page leaves nothing else of it", "[texts]") {
  for (const std::string flaw :
       {"<a href=\"{{#where}}https://x.example/\" title=\"{{/where}}vbscript:x()\">",
        "<a href={{#where}}{{/where}}{{#where}}#when title={{/where}}vbscript:x()>",
        "<p on{{#where}} title=\"\" {{/where}}click=\"x()\">",
        "<p onclick {{#where}} title=\"\" {{/where}}=\"x()\">", "<{{#where}} {{/where}}script>"}) {
    INFO(flaw);
    CHECK(told_of(flaw).find("(R151)") != std::string::npos);
  }
  for (const std::string sound :
       {"<p hidden{{! so far }}>", "<p {{#where}}title=\"place\" {{/where}}class=\"a\">",
        "{{#where}}<p title=\"place\">{{/where}}"}) {
    check_sound(sound);
  }
}

TEST_CASE("R151: a part is put between tags, and ends between them", "[texts]") {
  const auto told = [](const std::string& name, const std::string& contents) {
    return refusal(name, contents).message;
  };
  CHECK(told("notice_created.html", "<p title=\"{{> notice_head.html}}\">") ==
        "{{> notice_head.html}} puts a part into a tag (R151); put it between tags");
  for (const std::string left_open : {"<p title=\"", "<p ", "<style>p{", "</style><style >"}) {
    CHECK(told("notice_head.html", left_open) ==
          "ends in the midst of a tag or of styles (R151); close them");
  }
  CHECK(texts::check_override("notice_head.html", "<style>p{}</style><body>"));
  CHECK(texts::check_override("notice_created.html", "{{> notice_head.html}}<p>{{summary}}</p>"));
}

TEST_CASE("R84: answers are offered where a cancellation leaves them out", "[texts]") {
  for (const std::string answer : {"accept", "tentative", "decline"}) {
    const auto value = "{{" + answer + "}}";
    const auto told = value +
                      " would be a dead button in a cancellation (R84); put it between "
                      "{{#accept}} and {{/accept}}";
    CHECK(told_of(value, "invitation.txt") == told);
    CHECK(told_of("{{#where}}" + value + "{{/where}}", "invitation.txt") == told);
    CHECK(told_of("{{^accept}}" + value + "{{/accept}}", "invitation.txt") == told);
    CHECK(told_of("<a href=\"" + value + "\">Go</a>") == told);
    check_sound("{{#accept}}{{#where}}" + value + "{{/where}}{{/accept}}", "invitation.txt");
    check_sound("{{#" + answer + "}}" + value + "{{/" + answer + "}}", "invitation.txt");
  }
}

TEST_CASE("R151: a link's value is the link of an HTML page and nothing else", "[texts]") {
  for (const std::string link :
       {"accept", "unsubscribe", "calendar_file", "google", "url", "join"}) {
    const auto value = "{{" + link + "}}";
    const auto told =
        value + " is a link outside of a link's place (R151); expected href=\"" + value + "\"";
    for (const auto& flaw : {"<img src=\"" + value + "\">", "<p title='" + value + "'>",
                             "<a href=\"https://x.example/?to=" + value + "\">",
                             "<style>p{background:url(" + value + ")}</style>"}) {
      CHECK(told_of("{{#accept}}" + flaw + "{{/accept}}") == told);
    }
    const bool shown = link == "url" || link == "join";
    if (shown) check_sound("<p>" + value + "</p>");
    if (!shown) CHECK(told_of("{{#accept}}<p>" + value + "</p>{{/accept}}") == told);
    check_sound("{{#accept}}<a href='" + value + "'>Go</a>{{/accept}}");
    check_sound("{{#accept}}<a class=x HREF = \"{{#join}}" + value +
                "{{/join}}\">Go</a>{{/accept}}");
  }
}

TEST_CASE("a whole page with styles, pictures and buttons for Outlook is sound", "[texts]") {
  const std::string page = R"(<!DOCTYPE html>
<html lang="{{language}}" dir="{{direction}}" xmlns:v="urn:schemas-microsoft-com:vml">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{title}}</title>
<style>
  .button { text-align: {{side}}; }
  @media (max-width: 600px) { .wide > td { display: block } }
</style>
</head>
<body style="margin:0">
<img src="https://club.example/crest.png" alt="Club" width="80">
<h1><bdi>{{summary}}</bdi></h1>
<p>{{when}}{{#zone}} ({{zone}}){{/zone}}, {{#join}}<a href="{{join}}">{{where}}</a>{{/join}}{{^join}}{{where}}{{/join}}</p>
<p>{{organizer}}</p>
{{#url}}<p><a href="{{url}}"><bdi>{{url}}</bdi></a></p>{{/url}}
{{#changes}}<p>{{t.changes}} <s>{{was_when}}</s> {{now_when}}</p>{{/changes}}
{{#accept}}
<!--[if mso]><v:roundrect href="{{accept}}" style="height:40px"><center>{{t.answer_accepted}}</center></v:roundrect><![endif]-->
<!--[if !mso]><!--><a class="button" href="{{accept}}" title="{{t.answer_accepted}}">{{t.answer_accepted}}</a><!--<![endif]-->
<a href="{{tentative}}">{{t.answer_tentative}}</a> <a href='{{decline}}'>{{t.answer_declined}}</a>
{{/accept}}
{{#google}}<p><a href="{{google}}">Google</a> <a href="{{calendar_file}}">{{t.calendar_file}}</a></p>{{/google}}
<p>{{t.footer_recipient}} {{#unsubscribe}}<a href="{{unsubscribe}}">{{t.unsubscribe}}</a>{{/unsubscribe}}</p>
</body>
</html>
)";
  const auto checked = texts::check_override("invitation.html", page);
  if (!checked) FAIL(to_string(checked.error()));
}
