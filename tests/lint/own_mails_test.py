"""What we compose ourselves breaks no rule: every sample of the composer is linted, and has no findings, hints
included."""

import json
import pathlib
import subprocess
import sys
import tempfile

BUILD = pathlib.Path(sys.argv[1])


def main():
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([BUILD / "tests/compose/compose_samples", f"{folder}/mails"], check=True, stdout=subprocess.DEVNULL)
        mails = sorted(pathlib.Path(folder, "mails").glob("*.eml"))
        done = subprocess.run([BUILD / "examples/cli/calinvite", "--json", "lint", *mails], capture_output=True, text=True)
    findings = [json.loads(line) for line in done.stdout.splitlines()]
    for one in findings[:50]:
        print("{file}:{line} [{field}] {severity} {rule} {what}".format(**one))
    print(f"{len(mails)} mails, {len(findings)} findings", done.stderr)
    return 0 if len(mails) > 50 and not findings and done.returncode == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
