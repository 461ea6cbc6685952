#include "certificate.hpp"

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <ctime>

#include "disk.hpp"

namespace ses_simulator {
namespace {

using Bio = std::unique_ptr<BIO, decltype(&BIO_free)>;

constexpr long day = 24 * 3600;
constexpr long lifetime = 30 * day;

Bio memory() { return {BIO_new(BIO_s_mem()), BIO_free}; }

Bio memory_of(const std::string& text) {
  return {BIO_new_mem_buf(text.data(), static_cast<int>(text.size())), BIO_free};
}

std::string text_of(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  return std::string(data, static_cast<std::size_t>(size));
}

std::optional<Certificate> load(const std::string& directory) {
  const auto certificate = read_file(directory + "/ca.pem");
  const auto key = read_file(directory + "/key.pem");
  if (!certificate || !key) return std::nullopt;
  Certificate result;
  result.certificate.reset(
      PEM_read_bio_X509(memory_of(*certificate).get(), nullptr, nullptr, nullptr));
  result.key.reset(PEM_read_bio_PrivateKey(memory_of(*key).get(), nullptr, nullptr, nullptr));
  if (!result.certificate || !result.key) return std::nullopt;
  std::time_t tomorrow = std::time(nullptr) + day;
  const bool lasts = X509_cmp_time(X509_get0_notAfter(result.certificate.get()), &tomorrow) > 0;
  const bool fits = X509_check_private_key(result.certificate.get(), result.key.get()) == 1;
  return lasts && fits ? std::optional(std::move(result)) : std::nullopt;
}

bool add_extension(X509* certificate, int name, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, name, value);
  const bool added = extension != nullptr && X509_add_ext(certificate, extension, -1) == 1;
  X509_EXTENSION_free(extension);
  return added;
}

std::optional<Certificate> make() {
  Certificate result;
  result.key.reset(EVP_EC_gen("P-256"));
  result.certificate.reset(X509_new());
  X509* certificate = result.certificate.get();
  if (!result.key || certificate == nullptr) return std::nullopt;
  X509_set_version(certificate, X509_VERSION_3);
  // A new serial for each key: some clients refuse two certificates of one issuer and serial.
  ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate),
                          static_cast<std::uint64_t>(std::time(nullptr)));
  X509_gmtime_adj(X509_getm_notBefore(certificate), -day);
  X509_gmtime_adj(X509_getm_notAfter(certificate), lifetime);
  X509_NAME* name = X509_get_subject_name(certificate);
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>("ses-simulator"), -1, -1, 0);
  X509_set_issuer_name(certificate, name);
  X509_set_pubkey(certificate, result.key.get());
  const bool complete =
      add_extension(certificate, NID_basic_constraints, "critical,CA:TRUE,pathlen:0") &&
      add_extension(certificate, NID_key_usage, "critical,digitalSignature,keyCertSign") &&
      add_extension(certificate, NID_ext_key_usage, "serverAuth") &&
      add_extension(certificate, NID_subject_key_identifier, "hash") &&
      add_extension(certificate, NID_subject_alt_name, "DNS:localhost,IP:127.0.0.1") &&
      X509_sign(certificate, result.key.get(), EVP_sha256()) > 0;
  return complete ? std::optional(std::move(result)) : std::nullopt;
}

}  // namespace

std::optional<Certificate> certificate_in(const std::string& directory) {
  if (auto known = load(directory)) return known;
  auto fresh = make();
  if (!fresh) return std::nullopt;
  const Bio certificate = memory();
  const Bio key = memory();
  PEM_write_bio_X509(certificate.get(), fresh->certificate.get());
  PEM_write_bio_PrivateKey(key.get(), fresh->key.get(), nullptr, nullptr, 0, nullptr, nullptr);
  const bool written = write_atomically(directory + "/key.pem", text_of(key.get()), 0600) &&
                       write_atomically(directory + "/ca.pem", text_of(certificate.get()));
  return written ? std::move(fresh) : std::nullopt;
}

}  // namespace ses_simulator
