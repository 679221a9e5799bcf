# The methods of bytes, and bytearray.
b = b" a1\xe9\x1c b "
print(b.strip(), b"xaxbx".strip(b"x"), b"xxa".lstrip(b"x"), b"  a".lstrip(), b"axx".rstrip(b"x"))
print(b.split(), b"a,b,,c".split(b","), b"a,b,c".split(b",", 1), b"a,b,c".rsplit(b",", 1), b"a b c".split(maxsplit=1))
print(b"a\nb\r\nc\x0bd\x85e".splitlines(), b"a\nb".splitlines(True), b"a\nb\n".splitlines(keepends=True))
print(b"abcabc".find(b"c"), b"abcabc".rfind(b"c"), b"abc".find(b"z"), b"abc".find(98), b"abcabc".index(b"c", 3), b"aXbX".count(b"X"), b"aab".count(97))
print(b"a=b=c".partition(b"="), b"a=b=c".rpartition(b"="), b"abc".partition(b"-"))
print(b"aXbXc".replace(b"X", b"--"), b"aXbXc".replace(b"X", b"", 1), b"ab".replace(b"", b"."))
print(b"abc".startswith((b"x", b"ab")), b"abc".endswith(b"c"), b"abc".startswith(b"b", 1), b"abc".removeprefix(b"a"), b"abc".removesuffix(b"c"))
print(b"ab".center(6, b"*"), b"ab".ljust(4), b"ab".rjust(4, b"."), b"-7".zfill(4), b"a\tb".expandtabs(4))
print(b"aB\xe9".upper(), b"aB\xc9".lower(), b"aB".swapcase(), b"hello world".title(), b"hELLO".capitalize())
print(b"12".isdigit(), b"\xb2".isdigit(), b"ab".isalpha(), b"\xe9".isalpha(), b" \x0b".isspace(), b"\x1c".isspace(), b"A1".isupper(), b"a".islower(), b"Ab".istitle(), b"a1".isalnum(), b"\x80".isascii())
print(b", ".join([b"a", bytearray(b"b")]), b"ab" * 2, b"a" in b"cab", 97 in b"cab")


def attempt(action):
    try:
        print(action())
    except Exception as error:
        print(type(error).__name__, error)


attempt(lambda: b"a".join(["x"]))
attempt(lambda: b"abc".index(b"z"))
attempt(lambda: b"abc".startswith("a"))
attempt(lambda: b"abc".find("a"))
attempt(lambda: b"abc".replace("a", b"b"))
attempt(lambda: b"abc".find(300))

a = bytearray(b"abc")
same = a
a += b"de"
a.append(102)
a.extend([103, 104])
a.insert(0, 95)
print(same, len(a), a[1], a[-1], a[1:3], type(a[1:3]).__name__, same is a)
a[0] = 65
a[1:3] = b"xyz"
del a[-1]
print(a, a.pop(), a.pop(0), a, list(a)[:3], 120 in a, b"yz" in a)
a.remove(121)
a.reverse()
print(a, a.decode(), bytes(a), a.hex(), a.upper(), a.copy() is a)
a.clear()
print(a, bool(a), bytearray(3), bytearray("é", "utf-8"), bytearray.fromhex("00ff"), bytearray([1, 2]) * 2)
print(bytearray(b"a") == b"a", b"a" == bytearray(b"a"), bytearray(b"a") < b"b", bytearray(b"a") + b"b", b"a" + bytearray(b"b"))
print(isinstance(bytearray(), bytes), isinstance(a, bytearray), bytearray(b"a b").split(), bytearray(b"a-b").partition(b"-"))
attempt(lambda: hash(bytearray()))
attempt(lambda: bytearray(b"a").append(256))
attempt(lambda: bytearray(b"a") + "x")
attempt(lambda: bytearray("x"))
attempt(lambda: bytearray(b"a")[5])
print("%s %r" % (bytearray(b"x"), bytearray(b"y")), sum(bytearray(b"ab")), sorted(bytearray(b"ba")), int.from_bytes(bytearray(b"\x01\x00"), "big"))
