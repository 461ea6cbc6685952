"""The SMTP passwords of SES, derived here with Python's hmac, are those that calinvite derives."""
import base64
import hmac
import json
import pathlib
import random
import subprocess
import sys

REGIONS = ['us-east-1', 'eu-central-1', 'ap-southeast-2', 'cn-north-1', 'us-gov-west-1']
ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'


def password(secret, region):
    key = ('AWS4' + secret).encode()
    for step in ('11111111', region, 'ses', 'aws4_request', 'SendRawEmail'):
        key = hmac.digest(key, step.encode(), 'sha256')
    return base64.b64encode(b'\x04' + key).decode()


def main(build):
    generator = random.Random(20270328)
    pairs = [(''.join(generator.choices(ALPHABET, k=40)), region)
             for _ in range(100) for region in REGIONS]
    expected = [password(*pair) for pair in pairs]
    given = pathlib.Path(__file__).parents[2] / '../shared/aws/golden/smtp-password-vectors.json'
    if given.exists():
        for vector in json.loads(given.read_text())['vectors']:
            pairs.append((vector['secret_access_key'], vector['region']))
            expected.append(vector['smtp_password'])
    else:
        print('skipped: no vectors at', given)
    text = ''.join(f'{secret} {region}\n' for secret, region in pairs)
    program = pathlib.Path(build) / 'tests/aws/smtp_passwords'
    derived = subprocess.run([program], input=text, check=True, capture_output=True, text=True,
                             timeout=60).stdout.splitlines()
    assert derived == expected, [each for each in zip(pairs, derived, expected) if each[1] != each[2]]
    print(len(derived), 'passwords derived alike')


main(sys.argv[1])
