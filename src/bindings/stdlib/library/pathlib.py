"""Paths as objects, over the files that the host gives."""

import fnmatch
import os


class PurePath:
    def __init__(self, *parts):
        if not parts:
            self._path = "."
            return
        joined = os.path.join(*[os.fspath(part) for part in parts])
        kept = [part for part in joined.split("/") if part and part != "."]
        self._path = ("/" if joined.startswith("/") else "") + "/".join(kept) or "."

    def __fspath__(self):
        return self._path

    def __str__(self):
        return self._path

    def __repr__(self):
        return f"{'PosixPath' if isinstance(self, Path) else 'PurePosixPath'}({self._path!r})"

    def __bytes__(self):
        return self._path.encode()

    def __truediv__(self, other):
        return type(self)(self._path, other)

    def __rtruediv__(self, other):
        return type(self)(other, self._path)

    def __eq__(self, other):
        return isinstance(other, PurePath) and self._path == other._path

    def __lt__(self, other):
        return self.parts < other.parts

    def __le__(self, other):
        return self.parts <= other.parts

    def __gt__(self, other):
        return self.parts > other.parts

    def __ge__(self, other):
        return self.parts >= other.parts

    def __hash__(self):
        return hash(self._path)

    def joinpath(self, *parts):
        return type(self)(self._path, *parts)

    @property
    def name(self):
        name = os.path.basename(self._path)
        return "" if name == "." else name

    @property
    def stem(self):
        return os.path.splitext(self.name)[0]

    @property
    def suffix(self):
        return os.path.splitext(self.name)[1]

    @property
    def suffixes(self):
        name = self.name
        if name.endswith("."):
            return []
        return ["." + part for part in name.lstrip(".").split(".")[1:]]

    @property
    def parent(self):
        return type(self)(os.path.dirname(self._path) or ".")

    @property
    def parents(self):
        found, path = [], self
        while path.parent != path:
            path = path.parent
            found.append(path)
        return tuple(found)

    @property
    def parts(self):
        head = ("/",) if self._path.startswith("/") else ()
        return head + tuple(part for part in self._path.split("/") if part and part != ".")

    @property
    def anchor(self):
        return "/" if self._path.startswith("/") else ""

    root = anchor
    drive = ""

    def as_posix(self):
        return self._path

    def as_uri(self):
        if not self.is_absolute():
            raise ValueError("relative path can't be expressed as a file URI")
        from urllib.parse import quote

        return "file://" + quote(self._path)

    def is_absolute(self):
        return self._path.startswith("/")

    def is_relative_to(self, *other):
        try:
            self.relative_to(*other)
        except ValueError:
            return False
        return True

    def is_reserved(self):
        return False

    def match(self, path_pattern):
        wanted = PurePath(path_pattern).parts
        own = self.parts
        if len(wanted) > len(own) or (path_pattern.startswith("/") and len(wanted) != len(own)):
            return False
        return all(fnmatch.fnmatchcase(a, b) for a, b in zip(reversed(own), reversed(wanted)))

    def with_name(self, name):
        if not self.name:
            raise ValueError(f"{self!r} has an empty name")
        return type(self)(os.path.dirname(self._path), name)

    def with_stem(self, stem):
        return self.with_name(stem + self.suffix)

    def with_suffix(self, suffix):
        if suffix and not suffix.startswith("."):
            raise ValueError(f"Invalid suffix {suffix!r}")
        return self.with_name(self.stem + suffix)

    def relative_to(self, *other):
        base = type(self)(*other)
        wanted, own = base.parts, self.parts
        if own[: len(wanted)] != wanted:
            raise ValueError(f"{str(self)!r} is not in the subpath of {str(base)!r} OR one path is relative and the other is absolute.")
        return type(self)(*own[len(wanted) :])


class Path(PurePath):
    @classmethod
    def cwd(cls):
        return cls(os.getcwd())

    @classmethod
    def home(cls):
        return cls(os.path.expanduser("~"))

    def exists(self):
        return os.path.exists(self._path)

    def is_file(self):
        return os.path.isfile(self._path)

    def is_dir(self):
        return os.path.isdir(self._path)

    def is_symlink(self):
        return False

    is_mount = is_socket = is_fifo = is_block_device = is_char_device = is_symlink

    def resolve(self, strict=False):
        if strict and not self.exists():
            raise FileNotFoundError(2, "No such file or directory", self._path)
        return type(self)(os.path.abspath(self._path))

    def absolute(self):
        return type(self)(os.getcwd(), self._path)

    def expanduser(self):
        return type(self)(os.path.expanduser(self._path))

    def samefile(self, other_path):
        return os.path.samefile(self, other_path)

    def iterdir(self):
        return (self / name for name in os.listdir(self._path))

    def _tree(self):
        yield self
        for name in os.listdir(self._path):
            path = self / name
            if path.is_dir():
                yield from path._tree()

    def _matching(self, parts):
        first, rest = parts[0], parts[1:]
        if first == "**":
            if not rest:
                yield from self._tree()
                return
            seen = set()
            for folder in self._tree():
                for found in folder._matching(rest):
                    if found not in seen:
                        seen.add(found)
                        yield found
            return
        if not self.is_dir():
            return
        if any(c in first for c in "*?["):
            names = [name for name in os.listdir(self._path) if fnmatch.fnmatchcase(name, first)]
        else:
            names = [first] if (self / first).exists() else []
        for name in names:
            if rest:
                yield from (self / name)._matching(rest)
            else:
                yield self / name

    def glob(self, pattern):
        if not pattern:
            raise ValueError(f"Unacceptable pattern: {pattern!r}")
        if pattern.startswith("/"):
            raise NotImplementedError("Non-relative patterns are unsupported")
        return self._matching([part for part in pattern.split("/") if part])

    def rglob(self, pattern):
        return self._matching(["**", *[part for part in pattern.split("/") if part]])

    def open(self, mode="r", buffering=-1, encoding=None, errors=None, newline=None):
        return open(self._path, mode, buffering, encoding, errors, newline)

    def read_text(self, encoding=None, errors=None):
        with self.open(encoding=encoding, errors=errors) as file:
            return file.read()

    def read_bytes(self):
        with self.open("rb") as file:
            return file.read()

    def write_text(self, data, encoding=None, errors=None, newline=None):
        if not isinstance(data, str):
            raise TypeError(f"data must be str, not {type(data).__name__}")
        with self.open("w", encoding=encoding, errors=errors, newline=newline) as file:
            return file.write(data)

    def write_bytes(self, data):
        with self.open("wb") as file:
            return file.write(data)

    def touch(self, mode=438, exist_ok=True):
        if self.exists():
            if not exist_ok:
                raise FileExistsError(17, "File exists", self._path)
            return
        self.open("w").close()

    def mkdir(self, mode=511, parents=False, exist_ok=False):
        if self.exists():
            if not exist_ok or not self.is_dir():
                raise FileExistsError(17, "File exists", self._path)
            return
        if not parents and not self.absolute().parent.is_dir():
            raise FileNotFoundError(2, "No such file or directory", self._path)
        os.makedirs(self._path, exist_ok=True)

    def unlink(self, missing_ok=False):
        if not (missing_ok and not self.exists()):
            os.remove(self._path)

    def rmdir(self):
        os.rmdir(self._path)

    def rename(self, target):
        os.rename(self._path, target)
        return type(self)(target)

    def replace(self, target):
        return self.rename(target)

    def chmod(self, mode, *, follow_symlinks=True):
        pass

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        pass


PurePosixPath = PurePath
PosixPath = Path


class PureWindowsPath(PurePath):
    def __init__(self, *parts):
        raise NotImplementedError("cannot instantiate 'PureWindowsPath' here")


WindowsPath = PureWindowsPath
