"""AWS's own Python client signs what calinvite signed, and finds the same signatures.

Also holds the bodies of SendEmail against botocore's model of SES v2."""
import base64
import importlib.util
import json
import pathlib
import re
import subprocess
import sys

import botocore.loaders
import botocore.model
import botocore.validate
from botocore.auth import S3SigV4Auth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.compat import HTTPHeaders
from botocore.credentials import Credentials

COUNT, SEED = 3000, 20270328
AUTHORIZATION = re.compile(
    r"AWS4-HMAC-SHA256 Credential=([^/]+)/(\d{8})/([^/]+)/([^/]+)/aws4_request, "
    r"SignedHeaders=([^,]+), Signature=([0-9a-f]{64})")
NEVER_SIGNED = {"authorization", "user-agent", "x-amzn-trace-id"}


def values(sample, name):
    return [value for key, value in sample["headers"] if key.lower() == name]


def botocore_signature(sample, body, region, service, signed):
    base = S3SigV4Auth if service == "s3" else SigV4Auth

    class Exact(base):
        def headers_to_sign(self, request):
            headers = HTTPHeaders()
            for name in signed:
                for value in values(sample, name):
                    headers[name] = value
            return headers

    keys = Credentials(sample["access_key_id"], sample["secret_access_key"])
    signer = Exact(keys, service, region)
    url = "https://" + values(sample, "host")[0] + sample["target"]
    request = AWSRequest(method=sample["method"], url=url, data=body)
    for value in values(sample, "x-amz-content-sha256"):
        request.headers["X-Amz-Content-SHA256"] = value
    request.context["timestamp"] = values(sample, "x-amz-date")[0]
    canonical = signer.canonical_request(request)
    return signer.signature(signer.string_to_sign(request, canonical), request), canonical


def check_signature(sample, body):
    match = AUTHORIZATION.fullmatch(values(sample, "authorization")[0])
    assert match, sample
    key, day, region, service, signed, signature = match.groups()
    names = {name.lower() for name, _ in sample["headers"]} - NEVER_SIGNED
    assert signed.split(";") == sorted(names), sample
    assert (key, service) == (sample["access_key_id"], sample["service"]), sample
    assert values(sample, "x-amz-date")[0].startswith(day), sample
    expected, canonical = botocore_signature(sample, body, region, service, signed.split(";"))
    assert signature == expected, canonical


def check_body(body, shape):
    parameters = json.loads(body)
    data = base64.b64decode(parameters["Content"]["Raw"]["Data"], validate=True)
    parameters["Content"]["Raw"]["Data"] = data
    report = botocore.validate.ParamValidator().validate(parameters, shape)
    assert not report.has_errors(), report.generate_report()


def independent_verifier(root):
    path = root / "../shared/aws/golden/sigv4_verify.py"
    if not path.exists():
        print("skipped: no corpus at", path)
        return None
    spec = importlib.util.spec_from_file_location("sigv4_verify", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.recompute


def main(build):
    program = pathlib.Path(build) / "tests/aws/sign_samples"
    lines = subprocess.run([program, str(COUNT), str(SEED)], check=True, capture_output=True,
                           text=True, timeout=120).stdout.splitlines()
    assert len(lines) == COUNT
    model = botocore.loaders.Loader().load_service_model("sesv2", "service-2")
    shape = botocore.model.ServiceModel(model).operation_model("SendEmail").input_shape
    recompute = independent_verifier(pathlib.Path(__file__).parents[2])
    sends = 0
    for line in lines:
        sample = json.loads(line)
        body = base64.b64decode(sample["body"])
        check_signature(sample, body)
        if sample["target"] == "/v2/email/outbound-emails":
            check_body(body, shape)
            sends += 1
        if recompute:
            keys = {sample["access_key_id"]: sample["secret_access_key"]}
            verdict = recompute(sample["method"], sample["target"], sample["headers"], body, keys)
            assert verdict["ok"] and not verdict["unsigned_but_should_be"], verdict
    assert sends > COUNT // 4
    print(COUNT, "requests signed alike,", sends, "of them SendEmail")


main(sys.argv[1])
