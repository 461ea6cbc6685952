#include "calinvite/compose.hpp"

#include <algorithm>
#include <deque>

#include "base/text.hpp"
#include "calinvite/mime.hpp"
#include "compose/copy_template.hpp"

namespace calinvite {

using compose::CopyTemplate;

namespace {

// Languages come from address lists, which may hold any number of odd ones.
constexpr std::size_t max_kinds = 256;

/// A kind of copies, compiled or known to be refused.
struct Known {
  compose::Kind kind;
  Result<CopyTemplate> made;
  bool checked = false;
};

}  // namespace

struct Composer::Impl {
  compose::Composition composition;
  CopyCheck check;
  mutable std::deque<Known> kinds;  ///< the last used in front
  mutable compose::Kind kind;       ///< of the copy at hand
  mutable compose::Room room;

  Known& known(const CopyFields& copy) const;
  Result<void> write_whole(const compose::Manner& manner, const CopyFields& copy,
                           std::string& out) const;
  Result<void> check_compiled(Known& known, const CopyFields& copy, const std::string& out) const;
};

Known& Composer::Impl::known(const CopyFields& copy) const {
  compose::set_kind(kind, composition.revision, copy);
  const auto place =
      std::find_if(kinds.begin(), kinds.end(), [&](const Known& k) { return k.kind == kind; });
  if (place != kinds.end()) {
    if (place != kinds.begin()) std::swap(*place, kinds.front());
    return kinds.front();
  }
  auto made = CopyTemplate::compile(composition, kind);
  if (kinds.size() >= max_kinds) kinds.pop_back();
  kinds.push_front({kind, std::move(made)});
  return kinds.front();
}

Result<void> Composer::Impl::write_whole(const compose::Manner& manner, const CopyFields& copy,
                                         std::string& out) const {
  const auto mail = compose::write_copy(composition, manner, copy);
  if (!mail) return tl::unexpected<Error>(mail.error());
  auto written = write_mail(*mail);
  if (!written) return tl::unexpected<Error>(written.error());
  out.assign(*written);
  return {};
}

/// One sound copy vouches for what its kind shares. Whether that or the copy is at fault shows in a
/// sample, which has nothing of its own.
Result<void> Composer::Impl::check_compiled(Known& known, const CopyFields& copy,
                                            const std::string& out) const {
  auto sound = check(out);
  known.checked = sound.has_value();
  if (sound) return sound;
  CopyFields sample = compose::sample_copy(composition, known.kind);
  sample.dtstamp = copy.dtstamp;
  std::string neutral;
  auto kind_sound = write_whole(known.made->manner(), sample, neutral);
  if (kind_sound) kind_sound = check(neutral);
  if (!kind_sound) known.made = Result<CopyTemplate>(tl::unexpected<Error>(kind_sound.error()));
  return sound;
}

Composer::Composer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Composer::~Composer() = default;
Composer::Composer(Composer&&) noexcept = default;
Composer& Composer::operator=(Composer&&) noexcept = default;

Result<Composer> Composer::prepare(Revision revision, const ZoneTable& zones, CopyCheck check) {
  auto composition = compose::make_composition(std::move(revision), zones);
  if (!composition) return tl::unexpected<Error>(composition.error());
  auto impl = std::make_unique<Impl>();
  impl->composition = std::move(*composition);
  impl->check = std::move(check);
  // Whether the revision can be written at all shows in any copy: here in that of most people.
  const Revision& checked = impl->composition.revision;
  compose::Kind kind;
  kind.language = checked.event.language;
  kind.named = true;
  kind.asks = checked.method == Method::request && !checked.occurrence;
  kind.unsubscribes = true;
  auto tried = CopyTemplate::compile(impl->composition, kind);
  if (!tried) return tl::unexpected<Error>(tried.error());
  impl->kinds.push_front({std::move(kind), std::move(tried)});
  return Composer(std::move(impl));
}

Result<void> Composer::compose(const CopyFields& copy, std::string& out) const {
  Known& known = impl_->known(copy);
  if (!known.made) return tl::unexpected<Error>(known.made.error());
  if (!known.made->can_write(copy)) {
    auto written = impl_->write_whole(known.made->manner(), copy, out);
    return written && impl_->check ? impl_->check(out) : written;
  }
  known.made->write(impl_->composition, copy, impl_->room, out);
  return known.checked || !impl_->check ? Result<void>() : impl_->check_compiled(known, copy, out);
}

std::string rsvp_link(std::string_view base_url, std::string_view token) {
  return std::string(base_url) + "/r/" + text::percent_encode(token);
}

std::string calendar_file_link(std::string_view base_url, std::string_view token) {
  return rsvp_link(base_url, token) + "/invite.ics";
}

std::string unsubscribe_link(std::string_view base_url, std::string_view token) {
  std::string link;
  compose::append_unsubscribe_link(link, base_url, token);
  return link;
}

std::string button_link(std::string_view base_url, std::string_view event_uid,
                        std::string_view token) {
  return std::string(base_url) + "/event/" + text::percent_encode(event_uid) +
         "/invite?button=" + text::percent_encode(token);
}

}  // namespace calinvite
