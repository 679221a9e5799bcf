"""Python's text forms, put to CPython and to limbeck's interpreter: one Python file, run by both.

repr of every character, and of random strings, bytes and floats; random `%` templates, format specifications and
texts for int().

    text_formatting.py PROGRAM FIRST SEEDS
"""

import random
import struct
import subprocess
import sys
import tempfile
from pathlib import Path

CASES = 600
CHARACTERS = "ab'\"\\\n\r\t\0\x1b\x7f\x80\xa0\xad é\u0301\u0378\u200b\u2028\u3000\ue000\ufeff\U0001f600\U000e0001%{}"
NUMBERS = [
    0, 1, -1, 7, 255, -255, 65, 1000, 1234567, -1234567, 2**63, -(2**64), 2**64, 10**30, 0x10FFFF, 0x110000, True, False,
    0.0, -0.0, 0.5, 1.5, 2.5, -2.5, 0.1, 1e15, 1e16, 9999999999999998.0, 123456.789, 1e22, 1e23, 1e-4, 1e-5, 1e-7,
    5e-324, 1.7976931348623157e308, 99999.95, 999999.5, 0.00012345, 100.0, 1e100,
]  # fmt: skip
INTEGERS = [
    "12", " 12\n", "-1_000", "1__0", "_1", "1_", "+7", "+-7", "0x1f", "0X_1f", "0b101", "0o17", "017", "00", "0_0", "",
    " ", "-", "0x", "z", "Z9", "1.0", "\x1c5\x1f", "\xa05", "1e3", "99999999999999999999999", "- 1",
]  # fmt: skip


HEAD = """
def attempt(number, action):
    try:
        print(number, ascii(action()))
    except Exception as error:
        print(number, type(error).__name__, ascii(str(error)))


def characters(first, last):
    hidden = []
    for code in range(first, last):
        if not 0xD800 <= code <= 0xDFFF:
            c = chr(code)
            if c.isprintable() != (repr(c) == "'" + c + "'" or c in "\\\\'"):
                print("isprintable and repr differ at", code)
            if not c.isprintable():
                hidden.append(code)
    ranges = []
    for code in hidden:
        if ranges and ranges[-1][1] + 1 == code:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    print("characters", first, [tuple(pair) for pair in ranges])


inf = float("inf")
nan = float("nan")


"""

# All that is assigned in Unicode, a piece a seed, since limbeck stops a program that takes too long.
PIECES = [(first, first + 0x2000) for first in range(0, 0x32000, 0x2000)] + [(0xE0000, 0xE2000), (0x10E000, 0x110000)]


def text(draw, most=8):
    return "".join(draw.choice(CHARACTERS) for _ in range(draw.randint(0, most)))


def number(draw):
    kind = draw.random()
    if kind < 0.5:
        return repr(draw.choice(NUMBERS))
    if kind < 0.6:
        return draw.choice(["inf", "-inf", "nan"])
    if kind < 0.7:
        return repr(draw.randint(-(10**6), 10**6))
    if kind < 0.85:
        return repr(round(draw.uniform(-1000, 1000), draw.randint(0, 6)))
    bits = struct.unpack("<d", draw.randbytes(8))[0]
    return repr(bits) if bits == bits and abs(bits) != float("inf") else "nan"


def value(draw):
    kind = draw.random()
    if kind < 0.65:
        return number(draw)
    if kind < 0.9:
        return ascii(text(draw, 4))
    return draw.choice(["None", "[1, 'a']", "b'x'", "{'a': 1}", "(1,)"])


def conversion(draw, keyed):
    key = draw.choice(["(a)", "(b)", "(a(b))", "(missing)", "("]) if keyed and draw.random() < 0.9 else ""
    flags = "".join(draw.choice("-+ #0") for _ in range(draw.randint(0, 2)))
    width = draw.choice(["", "", "5", "12", "*"])
    precision = draw.choice(["", "", ".", ".0", ".3", ".20", ".*"])
    length = draw.choice(["", "", "", "", "l", "ll"])
    kind = draw.choice("ssrraddiuxXoeEfFgGccc%qé")
    return f"%{key}{flags}{width}{precision}{length}{kind}"


def template(draw, keyed):
    parts = [conversion(draw, keyed) if draw.random() < 0.6 else draw.choice(["a", "é", "%%"]) for _ in range(3)]
    return "".join(parts) + draw.choice(["", "", "", "", "%", "%5"])


def specification(draw):
    fill = draw.choice(["", "", "", "x", "é", "0"])
    align = draw.choice("<>^=") if fill or draw.random() < 0.4 else ""
    sign = draw.choice(["", "", "", "+", "-", " "])
    flags = draw.choice(["", "", "", "z", "#", "z#"]) + draw.choice(["", "", "0"])
    width = draw.choice(["", "", "5", "12", "30"])
    grouping = draw.choice(["", "", "", ",", "_", ",,", ",_"])
    precision = draw.choice(["", "", "", ".0", ".1", ".3", ".17", ".25", "."])
    kind = draw.choice(["", "", "", *"sdbcoxXneEfFgG%", "q", "é", "dd"])
    return fill + align + sign + flags + width + grouping + precision + kind


def case(draw):
    kind = draw.random()
    if kind < 0.1:
        return f"lambda: repr({ascii(text(draw))})"
    if kind < 0.15:
        return f"lambda: repr({draw.randbytes(draw.randint(0, 8))!r} + {ascii(draw.choice(chr(39) + chr(34)))}.encode())"
    if kind < 0.3:
        return f"lambda: repr({number(draw)})"
    if kind < 0.6:
        keyed = draw.random() < 0.3
        if keyed:
            right = f"{{'a': {value(draw)}, 'b': {value(draw)}, 'a(b)': 3}}"
        elif draw.random() < 0.3:
            right = value(draw)
        else:
            right = "(" + "".join(f"{value(draw)}, " for _ in range(draw.randint(0, 4))) + ")"
        return f"lambda: {ascii(template(draw, keyed))} % {right}"
    if kind < 0.9:
        return f"lambda: format({value(draw)}, {ascii(specification(draw))})"
    if kind < 0.95:
        return f"lambda: int({ascii(draw.choice(INTEGERS))}, {draw.choice([0, 2, 8, 10, 16, 36])})"
    return f"lambda: float({ascii(draw.choice([number(draw), *INTEGERS]))})"


def main():
    program, first, seeds = Path(sys.argv[1]).resolve(), int(sys.argv[2]), int(sys.argv[3])
    differences = count = 0
    for seed in range(first, first + seeds):
        draw = random.Random(seed)
        cases = [case(draw) for _ in range(CASES)]
        calls = "".join(f"attempt({n}, {one})\n" for n, one in enumerate(cases))
        # Some of the pieces with each seed, all of them with the first four.
        calls += "".join(f"characters{piece}\n" for piece in PIECES[seed % 4 :: 4])
        with tempfile.TemporaryDirectory() as folder:
            folder = Path(folder)
            (folder / "alembic/versions").mkdir(parents=True)
            (folder / "alembic.ini").write_text("[alembic]\nscript_location = alembic\n")
            env = folder / "alembic/env.py"
            env.write_text(HEAD + calls)
            expected = subprocess.run([sys.executable, "-W", "ignore", env], capture_output=True, text=True)
            answer = subprocess.run([program, "current"], cwd=folder, capture_output=True, text=True)
        expected, lines = expected.stdout.splitlines(), answer.stdout.splitlines()
        count += len(expected)
        if answer.returncode or len(lines) != len(expected) or not expected:
            differences += 1
            print(f"seed {seed}: status {answer.returncode}, {len(lines)} of {len(expected)} lines\n{answer.stderr}")
        for wanted, got in zip(expected, lines):
            if wanted != got:
                differences += 1
                name = wanted.split()[0]
                asked = cases[int(name)] if name.isdigit() else name
                print(f"seed {seed}: {asked}\n  CPython {wanted}\n  limbeck {got}")
    print(f"{count} answers, {differences} differences")
    sys.exit(differences > 0)


if __name__ == "__main__":
    main()
