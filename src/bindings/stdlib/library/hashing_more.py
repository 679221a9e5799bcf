"""What `hashlib`, `base64`, `binascii` and `secrets` have beyond the native functions."""

import base64 as _base64
import hashlib as _hashlib
import os as _os


class hashlib:
    algorithms_guaranteed = {"md5", "sha1", "sha224", "sha256", "sha384", "sha512"}
    algorithms_available = algorithms_guaranteed

    def new(name, data=b"", **kwargs):
        made = getattr(_hashlib, name.lower().replace("-", ""), None)
        if made is None or name.lower().replace("-", "") not in hashlib.algorithms_guaranteed:
            raise ValueError(f"unsupported hash type {name}")
        return made(data)

    def pbkdf2_hmac(hash_name, password, salt, iterations, dklen=None):
        import hmac

        size = len(_hashlib.new(hash_name).digest())
        dklen = size if dklen is None else dklen
        found, number = b"", 1
        while len(found) < dklen:
            last = hmac.new(password, salt + number.to_bytes(4, "big"), hash_name).digest()
            whole = int.from_bytes(last, "big")
            for _ in range(iterations - 1):
                last = hmac.new(password, last, hash_name).digest()
                whole ^= int.from_bytes(last, "big")
            found += whole.to_bytes(size, "big")
            number += 1
        return found[:dklen]

    def file_digest(fileobj, digest, /):
        made = _hashlib.new(digest) if isinstance(digest, str) else digest()
        made.update(fileobj.read())
        return made


_B32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"


def _bytes(s):
    return s.encode("ascii") if isinstance(s, str) else bytes(s)


class base64:
    def b32encode(s):
        s = _bytes(s)
        bits = "".join(f"{each:08b}" for each in s)
        bits += "0" * (-len(bits) % 5)
        text = "".join(_B32[int(bits[at : at + 5], 2)] for at in range(0, len(bits), 5))
        return (text + "=" * (-len(text) % 8)).encode()

    def b32decode(s, casefold=False, map01=None):
        text = _bytes(s).decode().rstrip("=")
        text = text.upper() if casefold else text
        bits = "".join(f"{_B32.index(each):05b}" for each in text)
        return bytes(int(bits[at : at + 8], 2) for at in range(0, len(bits) - len(bits) % 8, 8))

    def b16encode(s):
        return _bytes(s).hex().upper().encode()

    def b16decode(s, casefold=False):
        return bytes.fromhex(_bytes(s).decode())

    def encodebytes(s):
        lines = [_base64.b64encode(s[at : at + 57]) + b"\n" for at in range(0, len(s), 57)]
        return b"".join(lines)

    def decodebytes(s):
        return _base64.b64decode(b"".join(s.split()))

    def b85encode(b, pad=False):
        letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~"
        missing = -len(b) % 4
        data = b + b"\0" * missing
        text = ""
        for at in range(0, len(data), 4):
            number = int.from_bytes(data[at : at + 4], "big")
            text += "".join(letters[number // 85**power % 85] for power in (4, 3, 2, 1, 0))
        return (text[: len(text) - missing] if missing and not pad else text).encode()


class secrets:
    DEFAULT_ENTROPY = 32

    def compare_digest(a, b):
        return a == b

    def randbelow(exclusive_upper_bound):
        from random import SystemRandom

        return SystemRandom().randrange(exclusive_upper_bound)

    def randbits(k):
        from random import SystemRandom

        return SystemRandom().getrandbits(k)

    def choice(seq):
        return seq[secrets.randbelow(len(seq))]
