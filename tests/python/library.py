"""Random numbers of a seed, json's classes, subclasses of built-in values, dispatch by annotation."""
import bisect, csv, configparser, dataclasses, datetime, decimal, functools, glob, heapq, hmac, inspect, io, json, os, random, string, types, uuid, warnings
class Enc(json.JSONEncoder):
    def default(self, o):
        if isinstance(o, datetime.date): return o.isoformat()
        if isinstance(o, set): return sorted(o)
        return super().default(o)
print(json.dumps({"d": datetime.date(2024,1,2), "s": {3,1}}, cls=Enc), json.dumps([1,{"a":2}], cls=Enc, indent=2, sort_keys=True))
try: json.dumps(object(), cls=Enc)
except TypeError as e: print(e)
print(Enc().encode({1: "x"}), ''.join(Enc().iterencode([1])), json.JSONDecoder().decode('{"a":1}'), json.JSONDecoder().raw_decode('1 x'))
class D(decimal.Decimal):
    def twice(self): return self*2
d = D("1.5"); print(d, d.twice(), type(d).__name__, d+1, isinstance(d, decimal.Decimal), repr(d))
class U(uuid.UUID):
    def short(self): return self.hex[:4]
u = U("12345678123456781234567812345678"); print(u, u.short(), type(u).__name__, u == uuid.UUID(u.hex), repr(u))
class DT(datetime.datetime):
    def q(self): return self.year
x = DT(2024,1,2,3); print(x, x.q(), type(x).__name__, x + datetime.timedelta(days=1), repr(x), x.isoformat(), DT.fromisoformat("2024-01-01"), DT.strptime('2024', '%Y').q())
class Dt(datetime.date): pass
print(Dt(2024,1,2), Dt.fromisoformat('2024-01-05').day)
class SI(io.StringIO):
    def write(self, s): return super().write(s.upper())
s = SI(); s.write("abc"); print("x", file=s); print(repr(s.getvalue()))
random.seed(42); print(random.random(), random.randint(1,10), random.choice("abc"), random.choices([1,2,3], weights=[1,0,5], k=4), random.sample(range(10),3), random.uniform(1,2), random.gauss(0,1)); l=[1,2,3,4]; random.shuffle(l); print(l, random.randrange(0,100,5), random.getrandbits(8)); r=random.Random(7); print(r.random(), r.randint(1,100)); random.seed("abc"); print(random.random())
print(string.Formatter().format("{0}-{a[x]}", 1, a={"x":2}), string.Template("$a ${b}").substitute(a=1,b=2))
@functools.singledispatch
def f(x): return "obj"
@f.register
def _(x: int): return "int"
@f.register(str)
def _(x): return "str"
@f.register
def _(x: list | tuple): return "seq"
print(f(1), f("a"), f([1]), f(1.5), f.registry.keys() is not None, f.dispatch(bool)(True))
print(dataclasses.make_dataclass("Q", [("a", int), ("b", str, "z")])(1))
heap = [5, 1, 4]
heapq.heapify(heap)
heapq.heappush(heap, 0)
print(heap, heapq.heappop(heap), bisect.bisect([1, 2, 2, 3], 2), hmac.new(b"k", b"m", "sha256").hexdigest()[:8])
print(inspect.signature(lambda a, /, b=1, *c, d, **e: None))


def typed(a: int, b: "str" = "x") -> bool:
    return True


print(inspect.signature(typed), inspect.getfullargspec(typed).defaults, list(inspect.signature(typed).bind(1, b="q").arguments))
parser = configparser.ConfigParser()
parser.read_string("[a]\nx = 1\ny = %(x)s/2\n  more\n[b]\nz: yes\n")
print(parser.sections(), parser["a"]["y"], parser.getboolean("b", "z"), parser.has_option("a", "q"), dict(parser["a"]))
try:
    parser.get("a", "nope")
except configparser.NoOptionError as e:
    print(e)
rows = list(csv.reader(io.StringIO('a,"b ""q""",c\n1,"x\ny",\n')))
out = io.StringIO()
csv.writer(out).writerows(rows)
print(rows, repr(out.getvalue()))
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    warnings.warn("first", DeprecationWarning)
    warnings.warn("second")
print([(w.category.__name__, str(w.message)) for w in caught])
with warnings.catch_warnings():
    warnings.simplefilter("error")
    try:
        warnings.warn("raised", UserWarning)
    except UserWarning as e:
        print("raised:", e)
warnings.filterwarnings("ignore", message="qu.*")
warnings.warn("quiet")
module = types.ModuleType("made")
exec("x = 1", module.__dict__)
print(module.x, module.__name__, types.MethodType(lambda self, y: self + y, 1)(2))
