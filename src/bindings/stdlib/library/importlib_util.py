"""`importlib.util`, `importlib.machinery` and `importlib.abc`: modules made from specifications."""

import sys

from _imports import find, list_folder, new_module, run_module


class Loader:
    def create_module(self, spec):
        return None

    def exec_module(self, module):
        raise ImportError


class MetaPathFinder:
    def invalidate_caches(self):
        pass


class PathEntryFinder(MetaPathFinder):
    pass


class SourceFileLoader(Loader):
    def __init__(self, fullname, path):
        self.name = fullname
        self.path = path

    def exec_module(self, module):
        run_module(module, self.path)

    def load_module(self, fullname=None):
        spec = spec_from_file_location(fullname or self.name, self.path)
        module = module_from_spec(spec)
        sys.modules[spec.name] = module
        spec.loader.exec_module(module)
        return module

    def get_filename(self, fullname=None):
        return self.path

    def get_source(self, fullname=None):
        with open(self.path) as file:
            return file.read()

    def is_package(self, fullname=None):
        return self.path.endswith("/__init__.py")


SourceLoader = ExecutionLoader = InspectLoader = FileLoader = SourcelessFileLoader = SourceFileLoader


class ModuleSpec:
    def __init__(self, name, loader, *, origin=None, loader_state=None, is_package=None):
        self.name = name
        self.loader = loader
        self.origin = origin
        self.loader_state = loader_state
        self.submodule_search_locations = [] if is_package else None
        self.has_location = origin is not None
        self.cached = None

    @property
    def parent(self):
        return self.name if self.submodule_search_locations is not None else self.name.rpartition(".")[0]

    def __repr__(self):
        return f"ModuleSpec(name={self.name!r}, loader={self.loader!r}, origin={self.origin!r})"


def spec_from_loader(name, loader, *, origin=None, is_package=None):
    return ModuleSpec(name, loader, origin=origin, is_package=is_package)


def spec_from_file_location(name, location=None, *, loader=None, submodule_search_locations=None):
    import os

    path = os.path.abspath(os.fspath(location))
    if loader is None:
        if not path.endswith((".py", ".pyc")):
            return None
        loader = SourceFileLoader(name, path)
    spec = ModuleSpec(name, loader, origin=path)
    spec.has_location = True
    spec.submodule_search_locations = submodule_search_locations
    if submodule_search_locations is None and path.endswith("/__init__.py"):
        spec.submodule_search_locations = [path.rpartition("/")[0]]
    return spec


def module_from_spec(spec):
    module = spec.loader.create_module(spec) if hasattr(spec.loader, "create_module") else None
    if module is None:
        places = spec.submodule_search_locations
        module = new_module(spec.name, spec.origin, places[0] if places else None)
    module.__spec__ = spec
    module.__loader__ = spec.loader
    return module


def find_spec(name, package=None):
    name = resolve_name(name, package)
    parent = name.rpartition(".")[0]
    if parent:
        __import__(parent)
    found = find(name)
    if found is None:
        return None
    path, folder = found
    if path is None:
        spec = ModuleSpec(name, None, origin=None if folder else "built-in", is_package=bool(folder))
        if folder:
            spec.submodule_search_locations.append(folder)
        return spec
    spec = ModuleSpec(name, SourceFileLoader(name, path), origin=path, is_package=bool(folder))
    if folder:
        spec.submodule_search_locations.append(folder)
    return spec


def resolve_name(name, package):
    if not name.startswith("."):
        return name
    if not package:
        raise ImportError(f"no package specified for {name!r} (required for relative module names)")
    level = len(name) - len(name.lstrip("."))
    base = package.rsplit(".", level - 1)[0]
    return f"{base}.{name[level:]}" if name[level:] else base


def source_hash(source_bytes):
    raise NotImplementedError


MAGIC_NUMBER = b"\xa7\r\r\n"
SOURCE_SUFFIXES = [".py"]
BYTECODE_SUFFIXES = [".pyc"]


def all_suffixes():
    return SOURCE_SUFFIXES + BYTECODE_SUFFIXES


class FileFinder(PathEntryFinder):
    def __init__(self, path, *loaders):
        self.path = path

    def find_spec(self, fullname, target=None):
        last = fullname.rpartition(".")[2]
        for folder, path in ((f"{self.path}/{last}", f"{self.path}/{last}/__init__.py"), (None, f"{self.path}/{last}.py")):
            import os

            if os.path.isfile(path):
                places = [folder] if folder else None
                return spec_from_file_location(fullname, path, submodule_search_locations=places)
        return None

    def find_module(self, fullname):
        spec = self.find_spec(fullname)
        return spec.loader if spec else None


class PathFinder:
    @classmethod
    def find_spec(cls, fullname, path=None, target=None):
        for place in sys.path if path is None else path:
            spec = FileFinder(place or ".").find_spec(fullname)
            if spec:
                return spec
        return None
