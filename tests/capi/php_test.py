"""examples/php calls the C API by FFI."""
import language

language.need("php", "php-cli")
language.check("php", language.EXAMPLES / "php/invite.php", language.EXAMPLES / "match.ics", language.HEADER)
