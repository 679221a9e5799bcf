"""The classes of `json`."""

import json as _json


class JSONEncoder:
    item_separator = ", "
    key_separator = ": "

    def __init__(self, *, skipkeys=False, ensure_ascii=True, check_circular=True, allow_nan=True, sort_keys=False, indent=None, separators=None, default=None):
        self.skipkeys = skipkeys
        self.ensure_ascii = ensure_ascii
        self.check_circular = check_circular
        self.allow_nan = allow_nan
        self.sort_keys = sort_keys
        self.indent = indent
        if separators is not None:
            self.item_separator, self.key_separator = separators
        elif indent is not None:
            self.item_separator = ","
        if default is not None:
            self.default = default

    def default(self, o):
        raise TypeError(f"Object of type {o.__class__.__name__} is not JSON serializable")

    def encode(self, o):
        return _json.dumps(
            o, skipkeys=self.skipkeys, ensure_ascii=self.ensure_ascii, allow_nan=self.allow_nan, sort_keys=self.sort_keys,
            indent=self.indent, separators=(self.item_separator, self.key_separator), default=self.default,
        )

    def iterencode(self, o, _one_shot=False):
        yield self.encode(o)


class JSONDecoder:
    def __init__(self, *, object_hook=None, parse_float=None, parse_int=None, parse_constant=None, strict=True, object_pairs_hook=None):
        if parse_float or parse_int or parse_constant:
            raise NotImplementedError("json: parse_float, parse_int and parse_constant")
        self.object_hook = object_hook
        self.object_pairs_hook = object_pairs_hook
        self.strict = strict

    def _hooked(self, value):
        if isinstance(value, list):
            return [self._hooked(each) for each in value]
        if isinstance(value, dict):
            pairs = [(key, self._hooked(each)) for key, each in value.items()]
            if self.object_pairs_hook:
                return self.object_pairs_hook(pairs)
            return self.object_hook(dict(pairs)) if self.object_hook else dict(pairs)
        return value

    def decode(self, s):
        found = _json.loads(s)
        return self._hooked(found) if self.object_hook or self.object_pairs_hook else found

    def raw_decode(self, s, idx=0):
        for end in range(len(s), idx, -1):
            try:
                return self.decode(s[idx:end]), idx + len(s[idx:end].rstrip())
            except _json.JSONDecodeError as error:
                failure = error
        raise failure


def encode(cls, obj, options):
    return cls(**options).encode(obj)


def decode(cls, s, options):
    return (cls or JSONDecoder)(**options).decode(s)
