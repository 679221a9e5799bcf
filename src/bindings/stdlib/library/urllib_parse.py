"""URLs in parts."""

from collections import namedtuple

_SAFE = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-~"
_Split = namedtuple("SplitResult", "scheme netloc path query fragment")
_Parse = namedtuple("ParseResult", "scheme netloc path params query fragment")


class _Authority:
    @property
    def _login(self):
        return self.netloc.rpartition("@")[0]

    @property
    def _place(self):
        return self.netloc.rpartition("@")[2]

    @property
    def username(self):
        return self._login.partition(":")[0] or None

    @property
    def password(self):
        return self._login.partition(":")[2] or None

    @property
    def hostname(self):
        return self._place.partition(":")[0].lower() or None

    @property
    def port(self):
        port = self._place.partition(":")[2]
        return int(port) if port else None

    def geturl(self):
        return urlunsplit((self.scheme, self.netloc, self.path, self.query, self.fragment))


class SplitResult(_Authority, _Split):
    pass


class ParseResult(_Authority, _Parse):
    pass


def quote(string, safe="/", encoding=None, errors=None):
    data = string.encode("utf-8") if isinstance(string, str) else string
    kept = (_SAFE + safe).encode()
    return "".join(chr(byte) if byte in kept else f"%{byte:02X}" for byte in data)


def quote_plus(string, safe="", encoding=None, errors=None):
    return quote(string, safe + " ").replace(" ", "+")


def unquote(string, encoding="utf-8", errors="replace"):
    if "%" not in string:
        return string
    data = bytearray()
    index = 0
    raw = string.encode("utf-8")
    while index < len(raw):
        if raw[index] == 37 and index + 2 < len(raw) + 0 and _hex(raw[index + 1 : index + 3]) is not None:
            data.append(_hex(raw[index + 1 : index + 3]))
            index += 3
        else:
            data.append(raw[index])
            index += 1
    return bytes(data).decode("utf-8", "replace")


def _hex(digits):
    try:
        return int(digits.decode(), 16)
    except ValueError:
        return None


def unquote_plus(string):
    return unquote(string.replace("+", " "))


def urlencode(query, doseq=False, safe=""):
    pairs = query.items() if hasattr(query, "items") else query
    return "&".join(f"{quote_plus(str(name), safe)}={quote_plus(str(value), safe)}" for name, value in pairs)


def parse_qsl(qs, keep_blank_values=False):
    pairs = []
    for part in qs.split("&"):
        if part:
            name, _, value = part.partition("=")
            if value or keep_blank_values:
                pairs.append((unquote_plus(name), unquote_plus(value)))
    return pairs


def parse_qs(qs, keep_blank_values=False):
    found = {}
    for name, value in parse_qsl(qs, keep_blank_values):
        found.setdefault(name, []).append(value)
    return found


def urlsplit(url, scheme="", allow_fragments=True):
    url, _, fragment = url.partition("#")
    url, _, query = url.partition("?")
    head, colon, rest = url.partition(":")
    if colon and head and head[0].isalpha() and all(c.isalnum() or c in "+-." for c in head):
        scheme, url = head.lower(), rest
    netloc = ""
    if url.startswith("//"):
        netloc, slash, path = url[2:].partition("/")
        url = slash + path
    return SplitResult(scheme, netloc, url, query, fragment)


def urlparse(url, scheme="", allow_fragments=True):
    parts = urlsplit(url, scheme)
    path, _, params = parts.path.partition(";")
    return ParseResult(parts.scheme, parts.netloc, path, params, parts.query, parts.fragment)


def urlunsplit(parts):
    scheme, netloc, path, query, fragment = parts
    url = path
    if netloc or (scheme and path.startswith("//")):
        url = "//" + netloc + ("/" if path and not path.startswith("/") else "") + path
    if scheme:
        url = scheme + ":" + url
    if query:
        url += "?" + query
    if fragment:
        url += "#" + fragment
    return url


def urlunparse(parts):
    scheme, netloc, path, params, query, fragment = parts
    return urlunsplit((scheme, netloc, path + (";" + params if params else ""), query, fragment))


def urljoin(base, url):
    if "://" in url:
        return url
    parts = urlsplit(base)
    path = url if url.startswith("/") else parts.path.rpartition("/")[0] + "/" + url
    return urlunsplit((parts.scheme, parts.netloc, path, "", ""))
