/// Signs as Amazon SNS does, with a key and a certificate of its own.
#pragma once

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <string>

#include "base/json.hpp"
#include "base/text.hpp"
#include "calinvite/sns.hpp"

namespace calinvite::test {

inline const std::string sns_topic = "arn:aws:sns:eu-central-1:111122223333:ses-events";

class SnsSigner {
 public:
  /// @param from, until  dates of the certificate
  SnsSigner(std::chrono::sys_seconds from, std::chrono::sys_seconds until, unsigned bits = 2048)
      : key_(EVP_RSA_gen(bits)) {
    X509* const x509 = X509_new();
    X509_set_version(x509, 2);
    ASN1_TIME_set(X509_getm_notBefore(x509), from.time_since_epoch().count());
    ASN1_TIME_set(X509_getm_notAfter(x509), until.time_since_epoch().count());
    X509_set_pubkey(x509, key_);
    X509_sign(x509, key_, EVP_sha256());
    BIO* const bio = BIO_new(BIO_s_mem());
    PEM_write_bio_X509(bio, x509);
    char* bytes = nullptr;
    const long size = BIO_get_mem_data(bio, &bytes);
    certificate_.assign(bytes, static_cast<std::size_t>(size));
    BIO_free(bio);
    X509_free(x509);
  }
  ~SnsSigner() { EVP_PKEY_free(key_); }
  SnsSigner(const SnsSigner&) = delete;

  const std::string& certificate() const { return certificate_; }

  void sign(SnsMessage& message) const {
    const std::string text = sns_signed_text(message);
    EVP_MD_CTX* const context = EVP_MD_CTX_new();
    EVP_DigestSignInit(context, nullptr,
                       message.signature_version == "2" ? EVP_sha256() : EVP_sha1(), nullptr, key_);
    std::string bytes(512, '\0');
    std::size_t size = bytes.size();
    const auto* const data = reinterpret_cast<const unsigned char*>(text.data());
    auto* const out = reinterpret_cast<unsigned char*>(bytes.data());
    REQUIRE(EVP_DigestSign(context, out, &size, data, text.size()) == 1);
    EVP_MD_CTX_free(context);
    bytes.resize(size);
    message.signature = text::base64(bytes);
  }

 private:
  EVP_PKEY* key_;
  std::string certificate_;
};

inline SnsMessage sns_message(std::string text, SnsType type = SnsType::notification) {
  SnsMessage message{.type = type,
                     .message_id = "22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324",
                     .topic_arn = sns_topic,
                     .subject = std::nullopt,
                     .message = std::move(text),
                     .timestamp = "2027-01-01T11:59:00.123Z",
                     .token = {},
                     .subscribe_url = {},
                     .signature_version = "2",
                     .signature = {},
                     .certificate_url =
                         "https://sns.eu-central-1.amazonaws.com/"
                         "SimpleNotificationService-0123456789abcdef.pem"};
  if (type != SnsType::notification) {
    message.token = "2336412f37fb687f5d51e6e241d09c805a5a57b30d712f79";
    message.subscribe_url = "https://sns.eu-central-1.amazonaws.com/?Action=ConfirmSubscription";
  }
  return message;
}

inline std::string write_sns(const SnsMessage& message) {
  Json json = Json::Object{
      {"Type", to_string(message.type)}, {"MessageId", message.message_id},
      {"TopicArn", message.topic_arn},   {"Message", message.message},
      {"Timestamp", message.timestamp},  {"SignatureVersion", message.signature_version},
      {"Signature", message.signature},  {"SigningCertURL", message.certificate_url}};
  if (message.subject) json.set("Subject", *message.subject);
  if (message.type != SnsType::notification) {
    json.set("Token", message.token);
    json.set("SubscribeURL", message.subscribe_url);
  }
  return json.write();
}

}  // namespace calinvite::test
