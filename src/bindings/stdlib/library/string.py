"""Characters and templates."""

import re

ascii_lowercase = "abcdefghijklmnopqrstuvwxyz"
ascii_uppercase = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
ascii_letters = ascii_lowercase + ascii_uppercase
digits = "0123456789"
hexdigits = "0123456789abcdefABCDEF"
octdigits = "01234567"
punctuation = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"
whitespace = " \t\n\r\x0b\x0c"
printable = digits + ascii_letters + punctuation + whitespace


def capwords(text, sep=None):
    return (sep or " ").join(word.capitalize() for word in text.split(sep))


class Template:
    def __init__(self, template):
        self.template = template

    def _filled(self, values, strict):
        def replaced(match):
            if match.group(0) == "$$":
                return "$"
            name = match.group(1) or match.group(2)
            if name not in values and not strict:
                return match.group(0)
            return str(values[name])

        return re.sub(r"\$\$|\$([_a-zA-Z][_a-zA-Z0-9]*)|\$\{([_a-zA-Z][_a-zA-Z0-9]*)\}", replaced, self.template)

    def substitute(self, mapping=(), /, **keywords):
        return self._filled({**dict(mapping), **keywords}, True)

    def safe_substitute(self, mapping=(), /, **keywords):
        return self._filled({**dict(mapping), **keywords}, False)
