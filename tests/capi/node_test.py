"""examples/node calls the C API by koffi."""
import shutil
import sys

import language

language.need("node", "nodejs")
modules = language.BUILD / "examples/node"
if not (modules / "installed").exists():
    print(f"koffi is missing: scripts/npm.sh examples/node {modules}")
    sys.exit(77)
program = shutil.copy(language.EXAMPLES / "node/invite.mjs", modules)  # Node looks for modules beside it
language.check("node", program, language.EXAMPLES / "match.ics", language.HEADER)
