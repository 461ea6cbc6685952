#include "calinvite/token.hpp"

#include <memory>

#include "guard.hpp"

namespace capi = calinvite::capi;
using calinvite::LinkToken;
using calinvite::TokenPurpose;

static_assert(CALINVITE_PURPOSE_RSVP == static_cast<int>(TokenPurpose::rsvp));
static_assert(CALINVITE_PURPOSE_UNSUBSCRIBE == static_cast<int>(TokenPurpose::unsubscribe));
static_assert(CALINVITE_PURPOSE_BUTTON == static_cast<int>(TokenPurpose::button));
static_assert(CALINVITE_PURPOSE_REGISTRATION == static_cast<int>(TokenPurpose::registration));

struct calinvite_key_ring {
  calinvite::KeyRing ring;
};

namespace {

TokenPurpose purpose_of(std::uint32_t purpose) {
  if (purpose < CALINVITE_PURPOSE_RSVP || purpose > CALINVITE_PURPOSE_REGISTRATION) {
    capi::refuse("no token purpose " + std::to_string(purpose) + "; expected CALINVITE_PURPOSE_*",
                 "purpose");
  }
  return static_cast<TokenPurpose>(purpose);
}

std::chrono::sys_seconds time_of(std::int64_t seconds) {
  return std::chrono::sys_seconds(std::chrono::seconds(seconds));
}

}  // namespace

calinvite_status calinvite_key_ring_new(calinvite_key_ring** ring_out,
                                        calinvite_error** error_out) noexcept {
  return capi::guard(error_out, [&] {
    *capi::needed(ring_out, "ring_out") = nullptr;
    *ring_out = std::make_unique<calinvite_key_ring>().release();
  });
}

calinvite_status calinvite_key_ring_add(calinvite_key_ring* ring, uint16_t id,
                                        const uint8_t* secret,
                                        calinvite_error** error_out) noexcept {
  return capi::guard(error_out, [&] {
    calinvite::TokenKey key;
    key.id = id;
    std::copy_n(capi::needed(secret, "secret"), key.secret.size(), key.secret.begin());
    capi::needed(ring, "ring")->ring.add(key);
  });
}

void calinvite_key_ring_free(calinvite_key_ring* ring) noexcept { delete ring; }

calinvite_status calinvite_mint_link_token(const calinvite_key_ring* ring,
                                           const calinvite_link_token* token, char* text_out,
                                           calinvite_error** error_out) noexcept {
  return capi::guard(error_out, [&] {
    const auto given = capi::read(capi::needed(token, "token"), "token");
    if (capi::needed(ring, "ring")->ring.empty()) capi::refuse("the key ring is empty", "ring");
    LinkToken link;
    link.purpose = purpose_of(given.purpose);
    link.expires = time_of(given.expires);
    std::copy_n(given.row, link.row.size(), link.row.begin());
    const std::string text = calinvite::mint_link_token(link, ring->ring);
    std::memcpy(capi::needed(text_out, "text_out"), text.c_str(), text.size() + 1);
  });
}

calinvite_status calinvite_verify_link_token(const calinvite_key_ring* ring, const char* text,
                                             uint32_t purpose, int64_t now,
                                             calinvite_link_token* token_out,
                                             calinvite_error** error_out) noexcept {
  return capi::guard(error_out, [&] {
    const LinkToken link = capi::value(
        calinvite::verify_link_token(capi::needed_text(text, "text"), purpose_of(purpose),
                                     capi::needed(ring, "ring")->ring, time_of(now)));
    calinvite_link_token token = CALINVITE_LINK_TOKEN_INIT;
    token.purpose = static_cast<std::uint32_t>(link.purpose);
    token.expires = link.expires.time_since_epoch().count();
    std::copy(link.row.begin(), link.row.end(), token.row);
    capi::write(token_out, token, "token_out");
  });
}
