"""What `os` and `os.path` have beyond the host's own functions."""

import os as _os


class os:
    class PathLike:
        def __class_getitem__(cls, item):
            return cls

    class DirEntry:
        def __init__(self, folder, name):
            self.name = name
            self.path = _os.path.join(folder, name)

        def is_dir(self, *, follow_symlinks=True):
            return _os.path.isdir(self.path)

        def is_file(self, *, follow_symlinks=True):
            return _os.path.isfile(self.path)

        def is_symlink(self):
            return False

        def __fspath__(self):
            return self.path

        def __repr__(self):
            return f"<DirEntry {self.name!r}>"

    error = OSError
    extsep = "."
    altsep = None
    F_OK, R_OK, W_OK, X_OK = 0, 4, 2, 1

    def unlink(path):
        _os.remove(path)

    def mkdir(path, mode=511):
        if _os.path.exists(path):
            raise FileExistsError(17, "File exists", _os.fspath(path))
        if not _os.path.isdir(_os.path.dirname(_os.path.abspath(path))):
            raise FileNotFoundError(2, "No such file or directory", _os.fspath(path))
        _os.makedirs(path)

    def rmdir(path):
        if _os.listdir(path):
            raise OSError(39, "Directory not empty", _os.fspath(path))
        _os._remove_directory(path)

    def rename(src, dst):
        if _os.path.isdir(src):
            _os.makedirs(dst, exist_ok=True)
            for name in _os.listdir(src):
                _os.rename(_os.path.join(src, name), _os.path.join(dst, name))
            _os._remove_directory(src)
            return
        with open(src, "rb") as file:
            data = file.read()
        with open(dst, "wb") as file:
            file.write(data)
        _os.remove(src)

    replace = rename

    def removedirs(name):
        _os.rmdir(name)

    class _Scan:
        def __init__(self, entries):
            self.entries = iter(entries)

        def __iter__(self):
            return self.entries

        def __next__(self):
            return next(self.entries)

        def __enter__(self):
            return self

        def __exit__(self, *exception):
            pass

        def close(self):
            pass

    def scandir(path="."):
        return _os._Scan([_os.DirEntry(_os.fspath(path), name) for name in _os.listdir(path)])

    def walk(top, topdown=True, onerror=None, followlinks=False):
        top = _os.fspath(top)
        try:
            names = _os.listdir(top)
        except OSError as error:
            if onerror is not None:
                onerror(error)
            return
        folders = [name for name in names if _os.path.isdir(_os.path.join(top, name))]
        files = [name for name in names if name not in folders]
        if topdown:
            yield top, folders, files
        for name in folders:
            yield from _os.walk(_os.path.join(top, name), topdown, onerror, followlinks)
        if not topdown:
            yield top, folders, files

    def access(path, mode):
        return _os.path.exists(path)

    def cpu_count():
        return 1

    def getlogin():
        return _os.environ.get("USER", "root")

    def getuid():
        return 0

    geteuid = getgid = getegid = getuid

    def getppid():
        return 1

    def unsetenv(key):
        _os.environ.pop(key, None)

    def fsencode(filename):
        return _os.fspath(filename).encode()

    def fsdecode(filename):
        return filename.decode() if isinstance(filename, bytes) else _os.fspath(filename)

    def chmod(path, mode, **options):
        pass

    def umask(mask):
        return 18

    def getcwdb():
        return _os.getcwd().encode()


class path:
    altsep = None
    curdir = "."
    pardir = ".."
    extsep = "."
    pathsep = ":"

    def getsize(filename):
        with open(filename, "rb") as file:
            return len(file.read())

    def commonprefix(m):
        if not m:
            return ""
        low, high = min(m), max(m)
        for at, character in enumerate(low):
            if character != high[at]:
                return low[:at]
        return low

    def commonpath(paths):
        paths = [_os.fspath(each) for each in paths]
        if not paths:
            raise ValueError("commonpath() arg is an empty sequence")
        absolute = {each.startswith("/") for each in paths}
        if len(absolute) > 1:
            raise ValueError("Can't mix absolute and relative paths")
        split = [[part for part in each.split("/") if part and part != "."] for each in paths]
        common = list(_os.path.commonprefix(split))
        return ("/" if True in absolute else "") + "/".join(common)

    def lexists(path):
        return _os.path.exists(path)

    def ismount(path):
        return path == "/"

    def normcase(s):
        return _os.fspath(s)

    def samefile(f1, f2):
        return _os.path.abspath(f1) == _os.path.abspath(f2)

    def splitdrive(p):
        return "", _os.fspath(p)
