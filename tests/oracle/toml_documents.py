"""Random TOML documents, right and wrong, put to CPython's `tomllib` and to limbeck as pyproject.toml.

    toml_documents.py PROGRAM FIRST SEEDS
"""

import random
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

VALUES = [
    "1", '"a"', "'b'", "true", "false", "[1, 2]", '["x",\n "y", ]', '{a = 1, b = "c"}', "1.5", "-3", "+7", "1_000",
    "0xff", "0o17", "0b11", "1e3", "inf", "-nan", "1979-05-27", "07:32:00", "1979-05-27T07:32:00Z",
    "1979-05-27 07:32:00.5+01:00", '"""a\nb"""', "'''\nq'''", '"\\u00e9\\n"', '"\\x"', "[", "{", '"abc', "01", "1__0",
    "_1", "tru", '"a\nb"', "{a=1,}", "[1 2]", ".5", "1.", '"\\ud800"', "", "1979-13-01", "'a\nb'", '"""a\\\n   b"""',
    "{a.b = 1}", '"\t"', '"\x01"', "2020-02-30", "25:00:00",
]  # fmt: skip
KEYS = ["a", "b", '"q k"', "'l'", "a.b", "c.d.e", "1", "a-b", "_x", "é", "", "a b", '"é"', "a..b", "[x"]
HEADERS = [
    "[t]", "[t.u]", "[[arr]]", "[arr.x]", "[a]", "[tool.x]", "[ t . v ]", "[]", "[t", "[[t]]", "[[arr]", "# c",
    "[tool.alembic.more]",
]  # fmt: skip
HEAD = '[tool.alembic]\nscript_location = "alembic"\n'


def document(draw):
    lines = []
    for _ in range(draw.randint(1, 6)):
        if draw.random() < 0.25:
            lines.append(draw.choice(HEADERS))
        else:
            key, equals, value = draw.choice(KEYS), draw.choice([" = ", "=", " =", "\t= ", " "]), draw.choice(VALUES)
            lines.append(key + equals + value + draw.choice(["", "", " # c", " x", "\r"]))
    return HEAD + "\n".join(lines) + draw.choice(["\n", "", " "])


def main():
    program, first, seeds = Path(sys.argv[1]).resolve(), int(sys.argv[2]), int(sys.argv[3])
    differences = right = 0
    for seed in range(first, first + seeds):
        text = document(random.Random(seed))
        try:
            tomllib.loads(text)
            wanted = None
            right += 1
        except tomllib.TOMLDecodeError as error:
            wanted = str(error)
        with tempfile.TemporaryDirectory() as folder:
            folder = Path(folder)
            (folder / "alembic/versions").mkdir(parents=True)
            (folder / "pyproject.toml").write_bytes(text.encode())
            answer = subprocess.run([program, "heads"], cwd=folder, capture_output=True, text=True)
        last = (answer.stderr.strip().splitlines() or [""])[-1]
        got = last.split("TOMLDecodeError: ", 1)[-1] if answer.returncode else None
        if wanted != got:
            differences += 1
            print(f"seed {seed}: {text!r}\n  tomllib {wanted}\n  limbeck {got}")
    print(f"{seeds} documents, {right} right ones, {differences} differences")
    # Documents that are all wrong would compare messages only.
    sys.exit(differences > 0 or right * 20 < seeds)


if __name__ == "__main__":
    main()
