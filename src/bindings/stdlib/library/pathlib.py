"""Paths as objects, over the files that the host gives."""

import os


class PurePath:
    def __init__(self, *parts):
        self._path = os.path.normpath(os.path.join(*[os.fspath(part) for part in parts])) if parts else "."

    def __fspath__(self):
        return self._path

    def __str__(self):
        return self._path

    def __repr__(self):
        return f"{'PosixPath' if isinstance(self, Path) else 'PurePosixPath'}({self._path!r})"

    def __truediv__(self, other):
        return type(self)(self._path, other)

    def __rtruediv__(self, other):
        return type(self)(other, self._path)

    def __eq__(self, other):
        return isinstance(other, PurePath) and self._path == other._path

    def __lt__(self, other):
        return self._path < other._path

    def __hash__(self):
        return hash(self._path)

    def joinpath(self, *parts):
        return type(self)(self._path, *parts)

    @property
    def name(self):
        return os.path.basename(self._path)

    @property
    def stem(self):
        return os.path.splitext(self.name)[0]

    @property
    def suffix(self):
        return os.path.splitext(self.name)[1]

    @property
    def parent(self):
        return type(self)(os.path.dirname(self._path) or ".")

    @property
    def parents(self):
        found, path = [], self
        while path.parent != path:
            path = path.parent
            found.append(path)
        return found

    @property
    def parts(self):
        head = ("/",) if self._path.startswith("/") else ()
        return head + tuple(part for part in self._path.split("/") if part)

    def as_posix(self):
        return self._path

    def is_absolute(self):
        return self._path.startswith("/")

    def with_name(self, name):
        return type(self)(os.path.dirname(self._path), name)

    def with_suffix(self, suffix):
        return type(self)(os.path.splitext(self._path)[0] + suffix)

    def relative_to(self, other):
        base = os.fspath(other).rstrip("/") + "/"
        if self._path + "/" == base:
            return type(self)()
        if not self._path.startswith(base):
            raise ValueError(f"{self._path!r} is not in the subpath of {os.fspath(other)!r}")
        return type(self)(self._path[len(base) :])


class Path(PurePath):
    @classmethod
    def cwd(cls):
        return cls(os.getcwd())

    def exists(self):
        return os.path.exists(self._path)

    def is_file(self):
        return os.path.isfile(self._path)

    def is_dir(self):
        return os.path.isdir(self._path)

    def resolve(self, strict=False):
        return type(self)(os.path.abspath(self._path))

    absolute = resolve

    def expanduser(self):
        return self

    def iterdir(self):
        return (self / name for name in os.listdir(self._path))

    def open(self, mode="r", *args, **keywords):
        return open(self._path, mode, *args, **keywords)

    def read_text(self, encoding=None, errors=None):
        with self.open() as file:
            return file.read()

    def read_bytes(self):
        with self.open("rb") as file:
            return file.read()

    def write_text(self, data, encoding=None, errors=None):
        with self.open("w") as file:
            return file.write(data)

    def mkdir(self, mode=511, parents=False, exist_ok=False):
        os.makedirs(self._path, exist_ok=exist_ok)

    def unlink(self, missing_ok=False):
        if not (missing_ok and not self.exists()):
            os.remove(self._path)


PurePosixPath = PurePath
PosixPath = Path
