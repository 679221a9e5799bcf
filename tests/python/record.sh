#!/bin/sh
# Records what CPython 3.11 ($PYTHON, by default python3.11) prints for each case; with --check,
# compares instead.
cd "$(dirname "$0")" || exit 1
python=${PYTHON:-python3.11}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/pack"
printf 'from .inner import value\nfrom . import other\n' > "$work/pack/__init__.py"
printf 'value = 42\n' > "$work/pack/inner.py"
printf "from .inner import value as renamed\n__all__ = ['renamed']\n" > "$work/pack/other.py"
printf 'x = 1\n_hidden = 2\n' > "$work/plain.py"
status=0
for case in *.py; do
  name=${case%.py}
  cp "$case" "$work/$case"
  # Run as the module __main__ under its bare name, so that tracebacks have no folder.
  (cd "$work" && PYTHONHASHSEED=0 PYTHONDONTWRITEBYTECODE=1 "$python" "$case" > "$name.out" 2> "$name.err"; sed "s|$work/||" "$name.err" >> "$name.out")
  if [ "$1" = --check ]; then
    cmp -s "$work/$name.out" "$name.out" || { echo "$name differs"; diff "$work/$name.out" "$name.out" | head -5; status=1; }
  else
    cp "$work/$name.out" "$name.out"
  fi
done
exit $status
