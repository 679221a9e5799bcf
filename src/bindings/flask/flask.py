"""`flask`: an application as far as migrations need one: its configuration, its extensions, its context."""

import json as _json
import logging
import os
import sys
import types

_contexts = []

_NO_APP = """Working outside of application context.

This typically means that you attempted to use functionality that needed
the current application. To solve this, set up an application context
with app.app_context(). See the documentation for more information."""

_NO_REQUEST = """Working outside of request context.

This typically means that you attempted to use functionality that needed
an active HTTP request. Consult the documentation on testing for
information about how to avoid this problem."""


class _Proxy:
    def __init__(self, find, message):
        object.__setattr__(self, "_find", find)
        object.__setattr__(self, "_message", message)

    def _get_current_object(self):
        found = self._find()
        if found is None:
            raise RuntimeError(self._message)
        return found

    def __getattr__(self, name):
        return getattr(self._get_current_object(), name)

    def __setattr__(self, name, value):
        setattr(self._get_current_object(), name, value)

    def __delattr__(self, name):
        delattr(self._get_current_object(), name)

    def __call__(self, *args, **kwargs):
        return self._get_current_object()(*args, **kwargs)

    def __bool__(self):
        return self._find() is not None

    def __contains__(self, item):
        return item in self._get_current_object()

    def __getitem__(self, key):
        return self._get_current_object()[key]

    def __eq__(self, other):
        return self._find() == other

    def __hash__(self):
        return hash(self._get_current_object())

    def __repr__(self):
        found = self._find()
        return "<LocalProxy unbound>" if found is None else repr(found)


class _Globals:
    def get(self, name, default=None):
        return self.__dict__.get(name, default)

    def pop(self, name, *default):
        return self.__dict__.pop(name, *default)

    def setdefault(self, name, default=None):
        return self.__dict__.setdefault(name, default)

    def __contains__(self, item):
        return item in self.__dict__

    def __iter__(self):
        return iter(self.__dict__)


class AppContext:
    def __init__(self, app):
        self.app = app
        self.g = _Globals()

    def push(self):
        _contexts.append(self)

    def pop(self, exc=None):
        _contexts.remove(self)
        for function in reversed(self.app.teardown_appcontext_funcs):
            function(exc)

    def __enter__(self):
        self.push()
        return self

    def __exit__(self, kind, value, traceback):
        self.pop(value)


current_app = _Proxy(lambda: _contexts[-1].app if _contexts else None, _NO_APP)
g = _Proxy(lambda: _contexts[-1].g if _contexts else None, _NO_APP)
request = _Proxy(lambda: None, _NO_REQUEST)
session = _Proxy(lambda: None, _NO_REQUEST)


def has_app_context():
    return bool(_contexts)


def has_request_context():
    return False


class Config(dict):
    def __init__(self, root_path, defaults=None):
        dict.__init__(self, defaults or {})
        self.root_path = root_path

    def from_envvar(self, variable_name, silent=False):
        path = os.environ.get(variable_name)
        if not path:
            if silent:
                return False
            raise RuntimeError(
                f"The environment variable {variable_name!r} is not set and as such configuration could not be loaded. "
                "Set this variable and make it point to a configuration file"
            )
        return self.from_pyfile(path, silent=silent)

    def from_pyfile(self, filename, silent=False):
        path = os.path.join(self.root_path, filename)
        module = types.ModuleType("config")
        module.__file__ = path
        try:
            with open(path) as file:
                exec(compile(file.read(), path, "exec"), module.__dict__)
        except OSError as e:
            if silent:
                return False
            e.strerror = f"Unable to load configuration file ({e.strerror})"
            raise
        self.from_object(module)
        return True

    def from_object(self, obj):
        if isinstance(obj, str):
            obj = _imported(obj)
        for key in dir(obj):
            if key.isupper():
                self[key] = getattr(obj, key)

    def from_mapping(self, mapping=None, **kwargs):
        for key, value in {**(mapping or {}), **kwargs}.items():
            if key.isupper():
                self[key] = value
        return True

    def from_file(self, filename, load, silent=False, text=True):
        path = os.path.join(self.root_path, filename)
        try:
            with open(path, "r" if text else "rb") as file:
                found = load(file)
        except OSError:
            if silent:
                return False
            raise
        return self.from_mapping(found)

    def from_prefixed_env(self, prefix="FLASK", *, loads=_json.loads):
        prefix += "_"
        for name in sorted(os.environ):
            if not name.startswith(prefix):
                continue
            value = os.environ[name]
            try:
                value = loads(value)
            except Exception:
                pass
            key = name[len(prefix) :]
            if "__" not in key:
                self[key] = value
                continue
            target = self
            *parts, last = key.split("__")
            for part in parts:
                target = target.setdefault(part, {})
            target[last] = value
        return True

    def get_namespace(self, namespace, lowercase=True, trim_namespace=True):
        found = {}
        for key, value in self.items():
            if key.startswith(namespace):
                key = key[len(namespace) :] if trim_namespace else key
                found[key.lower() if lowercase else key] = value
        return found

    def __repr__(self):
        return f"<Config {dict.__repr__(self)}>"


def _imported(text):
    from importlib import import_module

    try:
        return import_module(text)
    except ImportError:
        module, dot, name = text.rpartition(".")
        if not dot:
            raise
        return getattr(import_module(module), name)


class _Commands:
    """`app.cli`."""

    def __init__(self):
        self.commands = {}
        self.name = None

    def command(self, *args, **kwargs):
        def made(function):
            name = args[0] if args and isinstance(args[0], str) else getattr(function, "__name__", "command").replace("_", "-")
            self.commands[name] = function
            return function

        if args and callable(args[0]):
            function, args = args[0], ()
            return made(function)
        return made

    def group(self, *args, **kwargs):
        def made(function):
            return _Commands()

        return made(args[0]) if args and callable(args[0]) else made

    def add_command(self, cmd, name=None):
        self.commands[name or getattr(cmd, "name", "command")] = cmd


def _kept(*args, **kwargs):
    """A decorator that leaves the function as it is."""
    if len(args) == 1 and callable(args[0]) and not kwargs and not isinstance(args[0], type):
        return args[0]
    return lambda function: function


class _Scaffold:
    def _decorator(self, *args, **kwargs):
        return _kept(*args, **kwargs)

    route = get = post = put = delete = patch = errorhandler = before_request = after_request = teardown_request = _decorator
    context_processor = url_value_preprocessor = url_defaults = endpoint = template_filter = template_test = template_global = _decorator
    before_app_request = after_app_request = teardown_app_request = app_errorhandler = app_context_processor = _decorator
    app_template_filter = app_template_global = app_template_test = record = record_once = shell_context_processor = before_first_request = _decorator

    def add_url_rule(self, rule, endpoint=None, view_func=None, **options):
        pass

    def register_error_handler(self, code_or_exception, f):
        pass

    def add_template_filter(self, f, name=None):
        pass

    add_template_global = add_template_test = add_template_filter


class Blueprint(_Scaffold):
    def __init__(self, name, import_name, **options):
        self.name = name
        self.import_name = import_name
        self.url_prefix = options.get("url_prefix")
        self.cli = _Commands()
        self.cli_group = options.get("cli_group")

    def register_blueprint(self, blueprint, **options):
        pass


class Flask(_Scaffold):
    def __init__(self, import_name, static_url_path=None, static_folder="static", static_host=None, host_matching=False, subdomain_matching=False, template_folder="templates", instance_path=None, instance_relative_config=False, root_path=None):
        self.import_name = import_name
        self.root_path = root_path or _root_path(import_name)
        if instance_path is None:
            instance_path = self._instance_path()
        elif not os.path.isabs(instance_path):
            raise ValueError("If an instance path is provided it must be absolute. A relative path was given instead.")
        self.instance_path = instance_path
        self.static_folder = static_folder
        self.template_folder = template_folder
        self.static_url_path = static_url_path
        self.config = Config(
            instance_path if instance_relative_config else self.root_path,
            {"DEBUG": os.environ.get("FLASK_DEBUG", "0").lower() not in ("0", "", "false", "no"), "TESTING": False, "SECRET_KEY": None, "SERVER_NAME": None, "APPLICATION_ROOT": "/"},
        )
        self.extensions = {}
        self.blueprints = {}
        self.teardown_appcontext_funcs = []
        self.cli = _Commands()
        self.view_functions = {}
        self.json_encoder = None
        self.before_request_funcs = {}
        self.jinja_env = _Anything("flask.Flask.jinja_env")
        self.jinja_options = {}
        self.url_map = _Anything("flask.Flask.url_map")
        self.wsgi_app = None

    @property
    def name(self):
        if self.import_name == "__main__":
            return os.path.splitext(os.path.basename(sys.argv[0]))[0] or "__main__"
        return self.import_name

    @property
    def logger(self):
        return logging.getLogger(self.name)

    @property
    def debug(self):
        return self.config["DEBUG"]

    @debug.setter
    def debug(self, value):
        self.config["DEBUG"] = value

    @property
    def testing(self):
        return self.config["TESTING"]

    @testing.setter
    def testing(self, value):
        self.config["TESTING"] = value

    @property
    def secret_key(self):
        return self.config["SECRET_KEY"]

    @secret_key.setter
    def secret_key(self, value):
        self.config["SECRET_KEY"] = value

    def _instance_path(self):
        top = self.import_name.partition(".")[0]
        module = sys.modules.get(top)
        file = getattr(module, "__file__", None)
        folder = os.path.dirname(os.path.abspath(file)) if file else os.getcwd()
        if getattr(module, "__path__", None) is not None:
            folder = os.path.dirname(folder)
        return os.path.join(folder, "instance")

    def app_context(self):
        return AppContext(self)

    def test_request_context(self, *args, **kwargs):
        return AppContext(self)

    request_context = test_request_context

    def register_blueprint(self, blueprint, **options):
        self.blueprints[getattr(blueprint, "name", str(len(self.blueprints)))] = blueprint

    def teardown_appcontext(self, f):
        self.teardown_appcontext_funcs.append(f)
        return f

    def open_resource(self, resource, mode="rb"):
        return open(os.path.join(self.root_path, resource), mode)

    def open_instance_resource(self, resource, mode="rb"):
        return open(os.path.join(self.instance_path, resource), mode)

    def make_config(self, instance_relative=False):
        return self.config

    def run(self, host=None, port=None, debug=None, load_dotenv=True, **options):
        raise NotImplementedError("flask.Flask.run: no server runs here")

    def test_client(self, *args, **kwargs):
        raise NotImplementedError("flask.Flask.test_client: no request is answered here")

    def __repr__(self):
        return f"<Flask {self.name!r}>"


class _Anything:
    """What only templates and requests need."""

    def __init__(self, name):
        object.__setattr__(self, "_name", name)

    def __getattr__(self, name):
        return _Anything(f"{self._name}.{name}")

    def __setattr__(self, name, value):
        pass

    def __setitem__(self, key, value):
        pass

    def __getitem__(self, key):
        return _Anything(f"{self._name}[{key!r}]")

    def __call__(self, *args, **kwargs):
        return _Anything(f"{self._name}()")

    def update(self, *args, **kwargs):
        pass


def _root_path(import_name):
    module = sys.modules.get(import_name)
    file = getattr(module, "__file__", None)
    return os.path.dirname(os.path.abspath(file)) if file else os.getcwd()


def jsonify(*args, **kwargs):
    raise RuntimeError(_NO_APP) if not _contexts else NotImplementedError("flask.jsonify: no request is answered here")


def after_this_request(f):
    return f
