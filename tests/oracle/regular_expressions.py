"""Random patterns and texts, put to CPython's `re` and to limbeck's: one Python file, run by both.

    regular_expressions.py PROGRAM FIRST SEEDS
"""

import random
import subprocess
import sys
import tempfile
from pathlib import Path

ATOMS = [
    "a", "b", "c", ".", "\\d", "\\w", "\\s", "\\W", "\\b", "^", "$", "[abc]", "[^a]", "[a-c1]", "[\\w-]", "\\.",
    "é", "1", " ", "\\Z", "\\A", "(?i:B)", "\\B", "-", "_", "[]a]", "\\n", "\\x61", "\\u00e9",
]  # fmt: skip
ODD = [
    "(?>a+)", "(?(1)a|b)", "[", "(", "a{2", "{", "*", "(?P=x)", "a**", "(?z)", "\\q", "[z-a]", "a{3,1}", "(?P<a>", "+",
]  # fmt: skip
REPEATS = ["*", "+", "?", "*?", "+?", "??", "{2}", "{1,2}", "{,2}", "{0,}", "*+", "++", "{1,}?"]
FLAGS = ["0", "0", "0", "re.I", "re.M", "re.S", "re.X", "re.A", "re.I|re.M"]
CASES = 300

HEAD = """import re


def show(match):
    return None if match is None else (match.span(), match.groups(), sorted(match.groupdict().items()))


def case(number, pattern, text, flags):
    try:
        compiled = re.compile(pattern, flags)
        print(
            number, show(compiled.match(text)), show(compiled.search(text)), show(compiled.fullmatch(text)),
            compiled.findall(text), compiled.split(text), compiled.sub("<>", text),
            [match.span() for match in compiled.finditer(text)], compiled.groups,
        )
    except re.error as error:
        print(number, "error", error)
    except RecursionError:
        print(number, "recursion")


"""


def pattern(draw, depth=0):
    parts = []
    for _ in range(draw.randint(1, 4)):
        inner = lambda: pattern(draw, depth + 1)
        kind = draw.random()
        if kind < 0.55 or depth > 2:
            part = draw.choice(ATOMS)
        elif kind < 0.65:
            part = f"({inner()})"
        elif kind < 0.72:
            part = f"(?:{inner()})"
        elif kind < 0.77:
            part = f"(?P<n{draw.randint(0, 99)}>{inner()})"
        elif kind < 0.81:
            part = f"(?={inner()})"
        elif kind < 0.84:
            part = f"(?!{inner()})"
        elif kind < 0.87:
            part = f"(?<={draw.choice(['a', 'b', '.', 'ab', '[ab]c'])})"
        elif kind < 0.89:
            part = f"(?<!{draw.choice('ab')})"
        elif kind < 0.92:
            part = f"\\{draw.randint(1, 2)}"
        elif kind < 0.96:
            part = f"{inner()}|{inner()}"
        else:
            part = draw.choice(ODD)
        if draw.random() < 0.3:
            part += draw.choice(REPEATS)
        parts.append(part)
    return "".join(parts)


def text(draw):
    return "".join(draw.choice("aabbcc1 é_-.B\nA") for _ in range(draw.randint(0, 12)))


def main():
    program, first, seeds = Path(sys.argv[1]).resolve(), int(sys.argv[2]), int(sys.argv[3])
    differences = matched = 0
    for seed in range(first, first + seeds):
        draw = random.Random(seed)
        cases = [(pattern(draw), text(draw), draw.choice(FLAGS)) for _ in range(CASES)]
        calls = "".join(f"case({n}, {p!r}, {t!r}, {f})\n" for n, (p, t, f) in enumerate(cases))
        with tempfile.TemporaryDirectory() as folder:
            folder = Path(folder)
            (folder / "alembic/versions").mkdir(parents=True)
            (folder / "alembic.ini").write_text("[alembic]\nscript_location = alembic\n")
            env = folder / "alembic/env.py"
            env.write_text(HEAD + calls)
            expected = subprocess.run([sys.executable, "-W", "ignore", env], capture_output=True, text=True)
            answer = subprocess.run([program, "current"], cwd=folder, capture_output=True, text=True)
        if expected.returncode:
            sys.exit(f"seed {seed}: CPython itself fails\n{expected.stderr}")
        expected, lines = expected.stdout.splitlines(), answer.stdout.splitlines()
        if answer.returncode or len(lines) != len(expected):
            differences += 1
            print(f"seed {seed}: status {answer.returncode}, {len(lines)} of {len(expected)} lines\n{answer.stderr}")
        matched += sum(" error " not in line and "None None None" not in line for line in expected)
        for wanted, got in zip(expected, lines):
            if wanted != got:
                differences += 1
                print(f"seed {seed}: {cases[int(wanted.split()[0])]}\n  CPython {wanted}\n  limbeck {got}")
    print(f"{seeds * CASES} patterns, {matched} that match, {differences} differences")
    # Patterns that are all wrong or match nothing would compare nothing.
    sys.exit(differences > 0 or matched * 4 < seeds * CASES)


if __name__ == "__main__":
    main()
