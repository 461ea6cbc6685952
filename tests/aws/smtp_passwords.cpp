// Reads "SECRET REGION" lines and writes the SMTP password of each, for smtp_password_test.py.
#include <iostream>
#include <string>

#include "calinvite/aws.hpp"

int main() {
  for (std::string secret, region; std::cin >> secret >> region;) {
    std::cout << calinvite::ses_smtp_password(secret, region) << '\n';
  }
}
