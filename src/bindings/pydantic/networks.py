"""`pydantic.networks`: URLs."""

import re
from urllib.parse import quote, unquote

_PATTERN = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*):(?P<slashes>//)?(?P<rest>.*)", re.DOTALL)
_PORTS = {"http": 80, "https": 443, "ws": 80, "wss": 443, "ftp": 21}


class UrlError(Exception):
    """Why a text is not such a URL: the type of the error, its text, and what the text is about."""

    def __init__(self, kind, message, **context):
        self.kind, self.message, self.context = kind, message, context


def _host_of(text):
    user = password = None
    if "@" in text:
        login, _, text = text.rpartition("@")
        user, colon, password = login.partition(":")
        password = password if colon else None
    match = re.fullmatch(r"(?P<host>\[[^\]]*\]|[^:]*)(?::(?P<port>\d*))?", text)
    if match is None:
        raise UrlError("url_parsing", "Input should be a valid URL, invalid port number", error="invalid port number")
    port = match["port"]
    return {"username": user or None, "password": password or None, "host": match["host"] or None, "port": int(port) if port else None}


class _BaseUrl:
    __module__ = "pydantic.networks"
    _schemes = None
    _host_required = None
    _max_length = None
    _defaults = {}
    _several = False

    def __init__(self, url):
        self._read(str(url))

    def _read(self, text):
        text = text.strip()
        if not text:
            raise UrlError("url_parsing", "Input should be a valid URL, input is empty", error="input is empty")
        if self._max_length and len(text) > self._max_length:
            raise UrlError("url_too_long", f"URL should have at most {self._max_length} characters", max_length=self._max_length)
        match = _PATTERN.fullmatch(text)
        if match is None:
            raise UrlError("url_parsing", "Input should be a valid URL, relative URL without a base", error="relative URL without a base")
        self.scheme = match["scheme"].lower()
        if self._schemes and self.scheme not in self._schemes:
            names = [f"'{name}'" for name in self._schemes]
            shown = names[0] if len(names) == 1 else ", ".join(names[:-1]) + " or " + names[-1]
            raise UrlError("url_scheme", f"URL scheme should be {shown}", expected_schemes=shown)
        rest, hash_, fragment = match["rest"].partition("#")
        rest, mark, query = rest.partition("?")
        self.fragment = fragment if hash_ else None
        self.query = query if mark else None
        self._hosts = [{"username": None, "password": None, "host": None, "port": None}]
        if match["slashes"]:
            place, slash, path = rest.partition("/")
            self.path = slash + path if slash else None
            parts = place.split(",") if self._several else [place]
            self._hosts = [_host_of(part) for part in parts]
        else:
            self.path = rest or None
        host = self._hosts[0]
        for name, value in self._defaults.items():
            if name == "path":
                if self.path in (None, "", "/"):
                    self.path = value
            elif host[name] is None:
                host[name] = value
        if self.scheme in _PORTS:
            if not host["host"]:
                raise UrlError("url_parsing", "Input should be a valid URL, empty host", error="empty host")
            host["host"] = host["host"].lower()
            self.path = self.path or "/"
        elif self._host_required and not host["host"]:
            raise UrlError("url_parsing", "Input should be a valid URL, empty host", error="empty host")

    def _host_text(self, host):
        text = ""
        if host["username"] is not None or host["password"] is not None:
            text = host["username"] or ""
            if host["password"] is not None:
                text += ":" + host["password"]
            text += "@"
        text += host["host"] or ""
        if host["port"] is not None and _PORTS.get(self.scheme) != host["port"]:
            text += f":{host['port']}"
        return text

    def _text(self):
        text = self.scheme + "://" + ",".join(self._host_text(host) for host in self._hosts) + (self.path or "")
        if not any(self._hosts[0].values()) and not (self.path or "").startswith("/"):
            text = self.scheme + ":" + (self.path or "")
        if self.query is not None:
            text += "?" + self.query
        if self.fragment is not None:
            text += "#" + self.fragment
        return text

    @property
    def username(self):
        return self._hosts[0]["username"]

    @property
    def password(self):
        return self._hosts[0]["password"]

    @property
    def host(self):
        return self._hosts[0]["host"]

    @property
    def port(self):
        port = self._hosts[0]["port"]
        return _PORTS.get(self.scheme) if port is None else port

    def unicode_host(self):
        return self.host

    def hosts(self):
        return [dict(host) for host in self._hosts]

    def query_params(self):
        pairs = [part.partition("=") for part in (self.query or "").split("&") if part]
        return [(unquote(name), unquote(value)) for name, _, value in pairs]

    def unicode_string(self):
        return self._text()

    def encoded_string(self):
        return self._text()

    def __str__(self):
        return self._text()

    def __repr__(self):
        return f"{type(self).__name__}({self._text()!r})"

    def __eq__(self, other):
        return type(self) is type(other) and self._text() == other._text()

    def __lt__(self, other):
        return self._text() < other._text()

    def __hash__(self):
        return hash(self._text())

    def __len__(self):
        return len(self._text())

    @classmethod
    def build(cls, *, scheme, username=None, password=None, host=None, port=None, path=None, query=None, fragment=None, hosts=None):
        text = scheme + "://"
        if hosts is None:
            hosts = [{"username": username, "password": password, "host": host, "port": port}]
        parts = []
        for each in hosts:
            part = ""
            if each.get("username") or each.get("password"):
                part = quote(each.get("username") or "", safe="!$&'()*+,;=-._~")
                if each.get("password"):
                    part += ":" + quote(each["password"], safe="!$&'()*+,;=-._~")
                part += "@"
            part += each.get("host") or ""
            if each.get("port") is not None:
                part += f":{each['port']}"
            parts.append(part)
        text += ",".join(parts)
        if path:
            text += "/" + path
        if query:
            text += "?" + query
        if fragment:
            text += "#" + fragment
        return cls(text)


class AnyUrl(_BaseUrl):
    __module__ = "pydantic.networks"


class _BaseMultiHostUrl(_BaseUrl):
    __module__ = "pydantic.networks"
    _several = True


def _kind(name, schemes=None, base=_BaseUrl, host_required=None, max_length=None, **defaults):
    return type(
        name,
        (base,),
        {
            "__module__": "pydantic.networks",
            "_schemes": schemes,
            "_host_required": host_required,
            "_max_length": max_length,
            "_defaults": defaults,
        },
    )


AnyHttpUrl = _kind("AnyHttpUrl", ["http", "https"], AnyUrl)
HttpUrl = _kind("HttpUrl", ["http", "https"], AnyUrl, max_length=2083)
AnyWebsocketUrl = _kind("AnyWebsocketUrl", ["ws", "wss"], AnyUrl)
WebsocketUrl = _kind("WebsocketUrl", ["ws", "wss"], AnyUrl, max_length=2083)
FileUrl = _kind("FileUrl", ["file"], AnyUrl)
FtpUrl = _kind("FtpUrl", ["ftp"], AnyUrl)
PostgresDsn = _kind(
    "PostgresDsn",
    ["postgres", "postgresql", "postgresql+asyncpg", "postgresql+pg8000", "postgresql+psycopg", "postgresql+psycopg2", "postgresql+psycopg2cffi", "postgresql+py-postgresql", "postgresql+pygresql"],
    _BaseMultiHostUrl,
    host_required=True,
)
CockroachDsn = _kind("CockroachDsn", ["cockroachdb", "cockroachdb+psycopg2", "cockroachdb+asyncpg"], AnyUrl, host_required=True)
AmqpDsn = _kind("AmqpDsn", ["amqp", "amqps"], AnyUrl)
RedisDsn = _kind("RedisDsn", ["redis", "rediss"], host="localhost", port=6379, path="/0", host_required=True)
MongoDsn = _kind("MongoDsn", ["mongodb", "mongodb+srv"], _BaseMultiHostUrl, port=27017)
KafkaDsn = _kind("KafkaDsn", ["kafka"], host="localhost", port=9092)
NatsDsn = _kind("NatsDsn", ["nats", "tls", "ws", "wss"], _BaseMultiHostUrl, host="localhost", port=4222)
MySQLDsn = _kind("MySQLDsn", ["mysql", "mysql+mysqlconnector", "mysql+aiomysql", "mysql+asyncmy", "mysql+mysqldb", "mysql+pymysql", "mysql+cymysql", "mysql+pyodbc"], AnyUrl, port=3306, host_required=True)
MariaDBDsn = _kind("MariaDBDsn", ["mariadb", "mariadb+mariadbconnector", "mariadb+pymysql"], AnyUrl, port=3306, host_required=True)
ClickHouseDsn = _kind("ClickHouseDsn", ["clickhouse+native", "clickhouse+asynch", "clickhouse+http", "clickhouse", "clickhouses", "clickhousedb"], AnyUrl, host="localhost", port=9000)
SnowflakeDsn = _kind("SnowflakeDsn", ["snowflake"], AnyUrl, host_required=True)


class EmailStr(str):
    __module__ = "pydantic.networks"


class NameEmail(str):
    __module__ = "pydantic.networks"


class UrlConstraints:
    def __init__(self, max_length=None, allowed_schemes=None, host_required=None, default_host=None, default_port=None, default_path=None, preserve_empty_path=None):
        self.max_length = max_length
        self.allowed_schemes = allowed_schemes
        self.host_required = host_required
        self.default_host = default_host
        self.default_port = default_port
        self.default_path = default_path
