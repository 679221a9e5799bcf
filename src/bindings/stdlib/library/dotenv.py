"""`python-dotenv`: variables from a file."""

import os
import re
import sys

_BINDING = re.compile(
    r"""(?:export[^\S\r\n]+)?(?P<key>'[^']+'|[^=\#\s]+)[^\S\r\n]*(?P<rest>=[^\S\r\n]*(?P<value>"""
    r"""'(?:\\'|[^'])*'|"(?:\\"|[^"])*"|[^\r\n]*))?(?P<after>[^\r\n]*)""",
)
_VARIABLE = re.compile(r"\$\{(?P<name>[^\}:]*)(?::-(?P<default>[^\}]*))?\}")
_ESCAPES = {"\\\\": "\\", "\\'": "'", '\\"': '"', "\\a": "\a", "\\b": "\b", "\\f": "\f", "\\n": "\n", "\\r": "\r", "\\t": "\t", "\\v": "\v"}


def _warn(number):
    import logging

    logging.getLogger("dotenv.main").warning("python-dotenv could not parse statement starting at line %s", number)


def _bindings(text):
    at = 0
    while at < len(text):
        rest = text[at:]
        space = re.match(r"\s*", rest).end()
        at += space
        if at >= len(text):
            return
        number = text.count("\n", 0, at) + 1
        if text[at] == "#":
            at = text.find("\n", at)
            if at < 0:
                return
            continue
        match = _BINDING.match(text, at)
        if match is None or not _ends(match):
            _warn(number)
            at = text.find("\n", at)
            if at < 0:
                return
            continue
        at = match.end()
        key = match["key"].strip("'")
        value = match["value"]
        if value is not None:
            if value[:1] == "'":
                value = value[1:-1].replace("\\\\", "\\").replace("\\'", "'")
            elif value[:1] == '"':
                value = re.sub(r"\\[\\'\"abfnrtv]", lambda m: _ESCAPES[m.group(0)], value[1:-1])
            else:
                value = re.sub(r"\s+#.*", "", value).rstrip()
                if value.startswith("#"):
                    value = ""
        yield key, value


def _ends(match):
    value = match["value"]
    after = match["after"].strip()
    if after and not after.startswith("#"):
        return False
    if value and value[0] in "'\"":
        return len(value) > 1 and value[-1] == value[0]
    return True


def _resolved(pairs, override):
    values = {}
    for name, value in pairs:
        if value is not None:
            env = {**os.environ, **values} if override else {**values, **os.environ}

            def replaced(match):
                default = match["default"]
                found = env.get(match["name"], default if default is not None else "")
                return "" if found is None else found

            value = _VARIABLE.sub(replaced, value)
        values[name] = value
    return values


def find_dotenv(filename=".env", raise_error_if_not_found=False, usecwd=False):
    if usecwd:
        folder = os.getcwd()
    else:
        from _imports import caller_file

        folder = os.path.dirname(os.path.abspath(caller_file() or os.getcwd() + "/x"))
    before = None
    while folder != before:
        path = os.path.join(folder, filename)
        if os.path.isfile(path):
            return path
        before, folder = folder, os.path.dirname(folder)
    if raise_error_if_not_found:
        raise IOError("File not found")
    return ""


def _text(dotenv_path, stream, encoding):
    if dotenv_path is None and stream is None:
        dotenv_path = find_dotenv()
    if stream is not None:
        return stream.read()
    if dotenv_path and os.path.isfile(dotenv_path):
        with open(dotenv_path, encoding=encoding) as file:
            return file.read()
    return ""


def dotenv_values(dotenv_path=None, stream=None, verbose=False, interpolate=True, encoding="utf-8"):
    pairs = list(_bindings(_text(dotenv_path, stream, encoding)))
    return _resolved(pairs, True) if interpolate else dict(pairs)


def load_dotenv(dotenv_path=None, stream=None, verbose=False, override=False, interpolate=True, encoding="utf-8"):
    if os.environ.get("PYTHON_DOTENV_DISABLED", "").lower() in ("1", "true", "t", "yes", "y"):
        return False
    pairs = list(_bindings(_text(dotenv_path, stream, encoding)))
    values = _resolved(pairs, override) if interpolate else dict(pairs)
    for name, value in values.items():
        if value is not None and (override or name not in os.environ):
            os.environ[name] = value
    return bool(values)


def get_key(dotenv_path, key_to_get, encoding="utf-8"):
    return dotenv_values(dotenv_path, encoding=encoding).get(key_to_get)


def set_key(dotenv_path, key_to_set, value_to_set, quote_mode="always", export=False, encoding="utf-8"):
    quote = quote_mode == "always" or (quote_mode == "auto" and not value_to_set.isalnum())
    shown = "'{}'".format(value_to_set.replace("'", "\\'")) if quote else value_to_set
    line = f"{'export ' if export else ''}{key_to_set}={shown}\n"
    lines = []
    if os.path.isfile(dotenv_path):
        with open(dotenv_path, encoding=encoding) as file:
            lines = file.read().splitlines(keepends=True)
    for at, old in enumerate(lines):
        if next((key for key, _ in _bindings(old)), None) == key_to_set:
            lines[at] = line
            break
    else:
        if lines and not lines[-1].endswith("\n"):
            lines[-1] += "\n"
        lines.append(line)
    with open(dotenv_path, "w", encoding=encoding) as file:
        file.write("".join(lines))
    return True, key_to_set, value_to_set


def unset_key(dotenv_path, key_to_unset, quote_mode="always", encoding="utf-8"):
    with open(dotenv_path, encoding=encoding) as file:
        lines = file.read().splitlines(keepends=True)
    kept = [line for line in lines if next((key for key, _ in _bindings(line)), None) != key_to_unset]
    with open(dotenv_path, "w", encoding=encoding) as file:
        file.write("".join(kept))
    return len(kept) < len(lines) or None, key_to_unset
