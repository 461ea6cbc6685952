/// Reads along an HTML page that holds {{…}}: where in it one is, and whether it would act by
/// itself in a mail program (R151).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace calinvite::texts {

class Markup {
 public:
  /// What sections must not leave by halves: it reads alike whether they are shown or not.
  enum class Place { text, tag, bare_value, single_quotes, double_quotes };
  struct Fault {
    std::size_t at = 0;  ///< byte of the page
    std::string what;    ///< and what would do
  };
  /// What a {{…}} is to the text that it stands in.
  enum class Piece { value, opening, closing, nothing };

  explicit Markup(std::string_view html) : html_(html) {}

  /// Reads on until byte `at`; what is found at fault ends the reading.
  std::optional<Fault> go_to(std::size_t at);
  /// Goes over a {{…}} that ends before byte `at`.
  void go_over(std::size_t at, Piece piece);

  Place place() const;
  /// Byte of the `=` of the value that it is in; 0 outside of one.
  std::size_t value() const { return in_value() ? value_ : 0; }
  /// Where a {{…}} would make another name of it than the one that is read here.
  bool in_name() const {
    return state_ == State::element || state_ == State::attribute || state_ == State::equals;
  }
  bool quoted() const { return state_ == State::quoted; }
  /// In quotes behind `href=`, and nothing but sections before it.
  bool begins_href() const { return quoted() && attribute_ == "href" && !begun_; }
  /// In the value of a link, where nothing yet says for sure what it leads to.
  bool begins_link() const;

 private:
  enum class State { text, element, between, attribute, equals, value, bare, quoted };

  std::optional<std::string> step(char c);
  std::optional<std::string> step_in_tag(char c);
  bool begins_tag() const;
  bool in_value() const {
    return state_ == State::value || state_ == State::bare || state_ == State::quoted;
  }
  void begin_value();
  std::optional<std::string> step_in_value(char c);

  std::string_view html_;
  std::size_t at_ = 0;
  State state_ = State::text;
  char quote_ = 0;
  std::size_t value_ = 0;   ///< where the last one began
  bool begun_ = false;      ///< the value has characters
  bool filled_ = false;     ///< a {{…}} puts something into it
  bool apart_ = true;       ///< it begins here, or goes on behind a {{…}}
  int sections_ = 0;        ///< open since it began
  std::optional<int> led_;  ///< in how many of them it was when it said what it leads to
  std::string element_;     ///< in lower case, as is the next
  std::string attribute_;   ///< the last one
};

}  // namespace calinvite::texts
