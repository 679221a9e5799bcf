"""Names against patterns with `*`, `?` and `[…]`."""

import re


def translate(pat):
    at, size, parts = 0, len(pat), []
    while at < size:
        c = pat[at]
        at += 1
        if c == "*":
            if not parts or parts[-1] != ".*":
                parts.append(".*")
        elif c == "?":
            parts.append(".")
        elif c == "[":
            end = at
            if end < size and pat[end] == "!":
                end += 1
            if end < size and pat[end] == "]":
                end += 1
            while end < size and pat[end] != "]":
                end += 1
            if end >= size:
                parts.append("\\[")
            else:
                inside = pat[at:end].replace("\\", "\\\\")
                at = end + 1
                if inside[0] == "!":
                    inside = "^" + inside[1:]
                elif inside[0] in "^[":
                    inside = "\\" + inside
                parts.append(f"[{inside}]")
        else:
            parts.append(re.escape(c))
    return "(?s:" + "".join(parts) + r")\Z"


def fnmatchcase(name, pat):
    return re.match(translate(pat), name) is not None


def fnmatch(name, pat):
    return fnmatchcase(name, pat)


def filter(names, pat):
    return [name for name in names if fnmatchcase(name, pat)]
