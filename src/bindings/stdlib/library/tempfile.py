"""Files and folders that nobody else has."""

import os
import secrets
import shutil

tempdir = None
template = "tmp"


def gettempdir():
    return tempdir or os.environ.get("TMPDIR") or "/tmp"


def gettempprefix():
    return template


def _path(suffix, prefix, dir):
    folder = os.fspath(dir) if dir else gettempdir()
    return os.path.join(folder, (template if prefix is None else prefix) + secrets.token_hex(4) + (suffix or ""))


def mkdtemp(suffix=None, prefix=None, dir=None):
    path = _path(suffix, prefix, dir)
    os.makedirs(path)
    return path


def mktemp(suffix="", prefix=template, dir=None):
    return _path(suffix, prefix, dir)


class TemporaryDirectory:
    def __init__(self, suffix=None, prefix=None, dir=None, ignore_cleanup_errors=False):
        self.name = mkdtemp(suffix, prefix, dir)

    def __enter__(self):
        return self.name

    def __exit__(self, *exception):
        self.cleanup()

    def cleanup(self):
        shutil.rmtree(self.name, ignore_errors=True)


class _Named:
    def __init__(self, file, path, delete):
        self.file = file
        self.name = path
        self.delete = delete

    def __getattr__(self, name):
        return getattr(self.file, name)

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.close()

    def __iter__(self):
        return iter(self.file)

    def close(self):
        self.file.close()
        if self.delete and os.path.exists(self.name):
            os.remove(self.name)


def NamedTemporaryFile(mode="w+b", buffering=-1, encoding=None, newline=None, suffix=None, prefix=None, dir=None, delete=True, *, errors=None):
    path = _path(suffix, prefix, dir)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    return _Named(open(path, mode, encoding=encoding), path, delete)


def TemporaryFile(mode="w+b", buffering=-1, encoding=None, newline=None, suffix=None, prefix=None, dir=None, *, errors=None):
    return NamedTemporaryFile(mode, buffering, encoding, newline, suffix, prefix, dir)
