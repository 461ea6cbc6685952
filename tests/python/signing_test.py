"""Requests and link tokens are signed as others sign them."""

import json
import re
from datetime import datetime, timedelta, timezone

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

import calinvite
from calinvite import (
    AwsCredentials,
    AwsRequest,
    AwsSigner,
    InvalidArgumentError,
    KeyRing,
    LinkToken,
    SigningScope,
    TokenKey,
    TokenPurpose,
)
from conftest import NOW, ROOT

KEYS = AwsCredentials(
    access_key_id="AKIDEXAMPLE",
    secret_access_key="wJalrXUtnFEMI",
    session_token="a/session+token==",
)
HOST = "email.eu-central-1.amazonaws.com"


def test_a_request_is_signed_as_botocore_signs_it():
    request = AwsRequest(
        path="/v2/email/outbound-emails",
        headers=[("Host", HOST), ("Content-Type", "application/json")],
        body=b'{"Content": {"Raw": {"Data": "\xc3\xa4"}}}',
    )

    signed = AwsSigner(KEYS).sign(request, SigningScope(region="eu-central-1", time=NOW))

    ours = dict(signed.headers)
    assert ours["X-Amz-Date"] == "20270301T120000Z"
    theirs = AWSRequest(
        "POST", f"https://{HOST}{request.path}", headers=dict(request.headers), data=request.body
    )
    theirs.context["timestamp"] = ours["X-Amz-Date"]
    theirs.headers["X-Amz-Date"] = ours["X-Amz-Date"]
    theirs.headers["X-Amz-Security-Token"] = KEYS.session_token
    signer = SigV4Auth(
        Credentials(KEYS.access_key_id, KEYS.secret_access_key, KEYS.session_token),
        "ses",
        "eu-central-1",
    )
    signature = signer.signature(
        signer.string_to_sign(theirs, signer.canonical_request(theirs)), theirs
    )
    assert ours["Authorization"].endswith("Signature=" + signature)
    assert len(request.headers) == 2, "the request given stays unsigned"
    assert signed.body == request.body


def test_a_request_without_a_host_is_not_signed():
    with pytest.raises(InvalidArgumentError):
        AwsSigner(KEYS).sign(AwsRequest(), SigningScope(region="eu-central-1", time=NOW))
    with pytest.raises(InvalidArgumentError, match="naive"):
        AwsSigner(KEYS).sign(
            AwsRequest(headers=[("Host", HOST)]),
            SigningScope(region="eu-central-1", time=datetime(2027, 3, 1)),
        )


def vectors():
    page = (ROOT / "docs/token-format.md").read_text()
    return [json.loads(block) for block in re.findall(r"```json\n(.*?)```", page, re.S)]


@pytest.mark.parametrize("vector", vectors()[0])
def test_link_tokens_are_those_of_the_document(vector):
    ring = KeyRing([TokenKey(vector["key_id"], bytes.fromhex(vector["secret"]))])
    expires = datetime.fromtimestamp(vector["expires"], timezone.utc)
    token = LinkToken(TokenPurpose(vector["purpose"]), bytes.fromhex(vector["row"]), expires)

    text = calinvite.mint_link_token(token, ring)

    assert text == vector["token"]
    before = expires - timedelta(seconds=1)
    assert calinvite.verify_link_token(text, token.purpose, ring, now=before) == token
    with pytest.raises(calinvite.UnauthenticatedError):
        calinvite.verify_link_token(text, token.purpose, ring, now=expires)
    ring.add(TokenKey(77, bytes(32)))
    assert calinvite.mint_link_token(token, ring) != text
    assert calinvite.verify_link_token(text, token.purpose, ring, now=before) == token


@pytest.mark.parametrize("vector", vectors()[1], ids=lambda vector: vector["why"])
def test_other_tokens_are_refused(vector):
    ring = KeyRing([TokenKey(1, bytes(range(32)))])

    with pytest.raises(calinvite.UnauthenticatedError):
        calinvite.verify_link_token(
            vector["token"],
            TokenPurpose.RSVP,
            ring,
            now=datetime.fromtimestamp(1798761599, timezone.utc),
        )


def test_a_key_or_row_of_another_length_is_refused():
    token = LinkToken(TokenPurpose.RSVP, bytes(16), NOW)
    for wrong in (
        lambda: KeyRing([TokenKey(1, b"short")]),
        lambda: calinvite.mint_link_token(token, KeyRing()),
        lambda: calinvite.mint_link_token(
            LinkToken(TokenPurpose.RSVP, b"", NOW), KeyRing([TokenKey(1, bytes(32))])
        ),
    ):
        with pytest.raises(InvalidArgumentError):
            wrong()
