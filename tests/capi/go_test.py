"""examples/go calls the C API by cgo."""
import language

language.need("go", "golang-go")
folder = language.BUILD / "examples/go"
language.run("go", "build", "-p", "1", "-o", folder / "invite", ".", cwd=language.EXAMPLES / "go", GOPROXY="off",
             GOCACHE=f"{folder}/cache", CGO_CFLAGS=f"-I{language.ROOT}/include", CGO_LDFLAGS=f"-L{language.BUILD}/capi")
language.check(folder / "invite", language.EXAMPLES / "match.ics")
