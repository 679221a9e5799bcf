"""Keyed hashes."""

import hashlib




class HMAC:
    def __init__(self, key, msg=None, digestmod=""):
        if not digestmod:
            raise TypeError("Missing required argument 'digestmod'.")
        make = digestmod if callable(digestmod) else lambda data=b"": hashlib.new(digestmod, data)
        self._make = make
        self.digest_size = len(make(b"").digest())
        self.block_size = 128 if self.digest_size > 32 else 64
        self.name = f"hmac-{make(b'').name}"
        if len(key) > self.block_size:
            key = make(key).digest()
        key = key + b"\0" * (self.block_size - len(key))
        self._outer = bytes(each ^ 0x5C for each in key)
        self._data = bytes(each ^ 0x36 for each in key)
        if msg is not None:
            self.update(msg)

    def update(self, msg):
        self._data += msg

    def digest(self):
        return self._make(self._outer + self._make(self._data).digest()).digest()

    def hexdigest(self):
        return self.digest().hex()

    def copy(self):
        made = HMAC(b"", digestmod=self._make)
        made._outer, made._data = self._outer, self._data
        return made


def new(key, msg=None, digestmod=""):
    return HMAC(key, msg, digestmod)


def digest(key, msg, digest):
    return HMAC(key, msg, digest).digest()


def compare_digest(a, b):
    return a == b
