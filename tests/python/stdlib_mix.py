import dataclasses, functools, itertools, collections, contextlib, operator, json, datetime, uuid, re, textwrap, string, copy, decimal, math, os, types, hashlib, base64, urllib.parse, logging, io, inspect, typing, enum, random, time, warnings, traceback, pathlib, secrets, abc, sys
from dataclasses import dataclass, field, asdict, replace
@dataclass
class P:
    x: int
    y: int = 2
    tags: list = field(default_factory=list)
    def total(self): return self.x + self.y
p = P(1)
print(p, p == P(1), p.total(), asdict(p), replace(p, x=5), dataclasses.fields(p)[0].name)
@dataclass(frozen=True, order=True)
class F:
    a: int
    b: str = "z"
print(F(1) < F(2), hash(F(1)) == hash(F(1)), F(1))
try: F(1).a = 3
except dataclasses.FrozenInstanceError as e: print(type(e).__name__, e)
try: P()
except TypeError as e: print(e)
@functools.lru_cache(maxsize=None)
def fibo(n): return n if n < 2 else fibo(n - 1) + fibo(n - 2)
print(fibo(30), functools.reduce(lambda a, b: a * b, [1, 2, 3, 4]), functools.partial(int, base=2)("101"))
class CP:
    @functools.cached_property
    def v(self):
        print("computed")
        return 5
c = CP(); print(c.v, c.v)
@functools.total_ordering
class TO:
    def __init__(self, v): self.v = v
    def __eq__(self, o): return self.v == o.v
    def __lt__(self, o): return self.v < o.v
print(TO(1) <= TO(2), TO(3) > TO(2))
print(list(itertools.chain([1], [2, 3])), list(itertools.chain.from_iterable([[1], [2]])), list(itertools.product("ab", [1, 2])), list(itertools.permutations([1, 2, 3], 2))[:3], list(itertools.combinations("abc", 2)), list(itertools.zip_longest([1], [2, 3])), list(itertools.accumulate([1, 2, 3])), [(k, list(g)) for k, g in itertools.groupby("aabb")], list(itertools.takewhile(lambda x: x < 3, [1, 2, 3])), list(itertools.repeat(1, 2)), list(itertools.starmap(pow, [(2, 3)])))
dd = collections.defaultdict(list); dd["a"].append(1); print(dd, dict(dd))
print(collections.Counter("aabbb").most_common(1), collections.OrderedDict(a=1), collections.deque([1, 2], maxlen=2))
NT = collections.namedtuple("NT", "x y"); n = NT(1, y=2); print(n, n.x, n._asdict(), n[0], n == (1, 2), NT._fields)
with contextlib.suppress(KeyError): {}["a"]
@contextlib.contextmanager
def cm():
    print("in")
    try: yield 5
    except ValueError as e: print("swallow", e)
    finally: print("out")
with cm() as v:
    print(v)
    raise ValueError("boo")
with contextlib.ExitStack() as st:
    st.enter_context(contextlib.nullcontext(1)); st.callback(print, "cb")
print(operator.itemgetter(1)([1, 2]), operator.attrgetter("x")(p), operator.add(1, 2))
print(json.dumps({"a": [1, 2.5, None, True, "é\n"], "b": {"c": 1}}), json.dumps([1, {"x": 2}], indent=2), json.dumps({"b": 1, "a": 2}, sort_keys=True, separators=(",", ":")), json.loads('{"a": [1, 2.0, null, true, "x\\u00e9"]}'))
try: json.loads("{bad")
except json.JSONDecodeError as e: print(e)
d = datetime.datetime(2024, 2, 29, 13, 5, 6, 789)
print(d, d.isoformat(), repr(d), d.date(), d + datetime.timedelta(days=1, hours=2), d.strftime("%Y-%m-%d %H:%M:%S %j %a %b"), datetime.datetime.fromisoformat("2024-01-02T03:04:05+00:00"), (datetime.date(2024, 3, 1) - datetime.date(2024, 2, 1)).days, datetime.datetime.strptime("2020-01-02", "%Y-%m-%d"), datetime.timedelta(seconds=3661), datetime.timezone.utc, d.replace(tzinfo=datetime.timezone.utc).isoformat(), d < d + datetime.timedelta(1), datetime.datetime(2024, 1, 1, tzinfo=datetime.timezone.utc).timestamp())
u = uuid.UUID("12345678-1234-5678-1234-567812345678"); print(u, u.hex, repr(u), u == uuid.UUID(u.hex), len(str(uuid.uuid4())), uuid.uuid5(uuid.NAMESPACE_DNS, "a"))
print(re.sub(r"(\w+)@(\w+)", r"\2 at \1", "me@home"), re.match(r"(?P<y>\d{4})-(\d\d)", "2024-05").groupdict(), re.findall(r"\d+", "a1b22"), re.split(r"[,;]\s*", "a, b;c"), bool(re.search("^x", "ax")), re.compile("A", re.I).sub("b", "aA"), re.escape("a.b"), re.fullmatch("a+", "aaa").group(0), [m.span() for m in re.finditer("a", "aba")], re.sub("a", lambda m: m.group().upper(), "banana"))
print(textwrap.dedent("""
    a
      b
    """), repr(textwrap.indent("a\nb", "> ")), textwrap.wrap("the quick brown fox", 10), string.ascii_lowercase[:3], string.Template("$a b").substitute(a=1))
l = [1, [2]]; l2 = copy.deepcopy(l); l2[1].append(3); print(l, l2, copy.copy(l) == l)
D = decimal.Decimal; print(D("1.10") + D("2.2"), D("1") / D("3"), D("1.005").quantize(D("0.01")), str(D("10")), D("1.0") == 1, repr(D("0.5")))
print(math.floor(2.5), math.ceil(2.1), math.sqrt(16), math.pi, math.gcd(12, 8), math.inf, math.isnan(math.nan), math.log(8, 2))
print(os.path.join("a", "b"), os.path.basename("/x/y.py"), os.path.dirname("/x/y"), os.path.splitext("a.tar.gz"), os.path.exists("nope"), os.getenv("NOPE", "d"), os.environ.get("NOPE2"), os.sep, os.path.normpath("a/../b"))
print(hashlib.sha256(b"a").hexdigest()[:10], hashlib.md5(b"a").hexdigest(), base64.b64encode(b"ab"), base64.urlsafe_b64decode("YWI="), urllib.parse.urlparse("http://u:p@h:1/p?q=1#f").port, urllib.parse.quote("a b/é"), urllib.parse.parse_qs("a=1&b=2"))
print(types.SimpleNamespace(a=1), inspect.isclass(P), io.StringIO("a\nb").readlines(), pathlib.Path("/a/b.txt").suffix, pathlib.Path("a") / "b", pathlib.PurePosixPath("/x/y").parent)
log = logging.getLogger("x.y"); print(log.name, logging.INFO, logging.getLevelName(30))
try: 1 / 0
except ZeroDivisionError: print(traceback.format_exc().splitlines()[-1])
random.seed(1); print(0 <= random.random() < 1, random.choice([1]) == 1, len(secrets.token_hex(4)), time.time() > 0, sys.version_info >= (3, 8), sys.version_info.major)
with warnings.catch_warnings():
    warnings.simplefilter("ignore"); warnings.warn("x")
