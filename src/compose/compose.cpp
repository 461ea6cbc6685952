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

}  // namespace

struct Composer::Impl {
  compose::Composition composition;
  mutable std::deque<CopyTemplate> templates;  ///< the last used in front
  mutable compose::Kind kind;                  ///< of the copy at hand
  mutable compose::Room room;

  Result<const CopyTemplate*> template_for(const CopyFields& copy) const;
};

Result<const CopyTemplate*> Composer::Impl::template_for(const CopyFields& copy) const {
  compose::set_kind(kind, composition.revision, copy);
  const auto known = std::find_if(templates.begin(), templates.end(),
                                  [&](const CopyTemplate& t) { return t.kind() == kind; });
  if (known != templates.end()) {
    if (known != templates.begin()) std::swap(*known, templates.front());
    return &templates.front();
  }
  auto made = CopyTemplate::compile(composition, kind);
  if (!made) return tl::unexpected<Error>(made.error());
  if (templates.size() >= max_kinds) templates.pop_back();
  templates.push_front(std::move(*made));
  return &templates.front();
}

Composer::Composer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Composer::~Composer() = default;
Composer::Composer(Composer&&) noexcept = default;
Composer& Composer::operator=(Composer&&) noexcept = default;

Result<Composer> Composer::prepare(Revision revision, const ZoneTable& zones) {
  auto composition = compose::make_composition(std::move(revision), zones);
  if (!composition) return tl::unexpected<Error>(composition.error());
  auto impl = std::make_unique<Impl>();
  impl->composition = std::move(*composition);
  // Whether the revision can be written at all shows in any copy: here in that of most people.
  const Revision& checked = impl->composition.revision;
  compose::Kind kind;
  kind.language = checked.event.language;
  kind.named = true;
  kind.asks = checked.method == Method::request && !checked.occurrence;
  kind.unsubscribes = true;
  auto tried = CopyTemplate::compile(impl->composition, std::move(kind));
  if (!tried) return tl::unexpected<Error>(tried.error());
  impl->templates.push_front(std::move(*tried));
  return Composer(std::move(impl));
}

Result<void> Composer::compose(const CopyFields& copy, std::string& out) const {
  const auto made = impl_->template_for(copy);
  if (!made) return tl::unexpected<Error>(made.error());
  if ((*made)->can_write(copy)) {
    (*made)->write(impl_->composition, copy, impl_->room, out);
    return {};
  }
  const auto mail = compose::write_copy(impl_->composition, (*made)->manner(), copy);
  if (!mail) return tl::unexpected<Error>(mail.error());
  auto written = write_mail(*mail);
  if (!written) return tl::unexpected<Error>(written.error());
  out.assign(*written);
  return {};
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
