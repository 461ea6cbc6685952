"""The Python of docs/token-format.md makes and judges the test vectors that stand there."""
import json
import pathlib
import re

page = (pathlib.Path(__file__).parents[2] / "docs/token-format.md").read_text()
(code,) = re.findall(r"```python\n(.*?)```", page, re.S)
accepted, refused = [json.loads(block) for block in re.findall(r"```json\n(.*?)```", page, re.S)]
names = {}
exec(code, names)
mint, verify = names["mint"], names["verify"]

for vector in accepted:
    secret, row = bytes.fromhex(vector["secret"]), bytes.fromhex(vector["row"])
    key_id, purpose, expires = vector["key_id"], vector["purpose"], vector["expires"]
    assert mint(secret, key_id, purpose, expires, row) == vector["token"], vector
    assert verify(vector["token"], purpose, {key_id: secret}, expires - 1) == row, vector
    assert verify(vector["token"], purpose, {key_id: secret}, expires) is None, vector
    assert verify(vector["token"], purpose, {}, expires - 1) is None, vector

keys = {1: bytes.fromhex(accepted[0]["secret"])}
assert verify(accepted[1]["token"], 1, keys, 1798761599) is not None
for vector in refused:
    assert verify(vector["token"], 1, keys, 1798761599) is None, vector
print(len(accepted), "vectors made,", len(refused), "refused")
