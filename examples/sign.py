# Signs a request to AWS (Signature Version 4), for an HTTP client of your own.
from datetime import datetime, timezone

import calinvite
from calinvite import AwsCredentials, AwsRequest, AwsSigner, SigningScope

# It keeps what of a key is the same all day.
signer = AwsSigner(
    AwsCredentials(
        access_key_id="AKIDEXAMPLE", secret_access_key="wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
    )
)
request = AwsRequest(
    path="/v2/email/outbound-emails",
    headers=[
        ("Host", "email.eu-central-1.amazonaws.com"),
        ("Content-Type", "application/json"),
    ],
    body=b'{"Content": {"Raw": {"Data": "..."}}}',
)
scope = SigningScope(
    region="eu-central-1",
    service="ses",
    time=datetime(2037, 3, 1, 12, 0, tzinfo=timezone.utc),  # in earnest the present
)
for name, value in signer.sign(request, scope).headers:
    print(f"{name}: {value}")

try:
    signer.sign(AwsRequest(body=request.body), scope)
except calinvite.InvalidArgumentError as error:
    print(f"without Host: {error.code.name.lower()}")

# It prints sign.out, as those in C and C++ do.
