"""`flask.cli`: finding the application, and its commands."""

import os
import sys
import traceback
from importlib import import_module

import flask


class NoAppException(Exception):
    pass


_NOT_FOUND = (
    "Could not locate a Flask application. Use the 'flask --app' option, 'FLASK_APP' environment variable, "
    "or a 'wsgi.py' or 'app.py' file in the current directory."
)


def find_best_app(module):
    for name in ("app", "application"):
        found = getattr(module, name, None)
        if isinstance(found, flask.Flask):
            return found
    matches = [each for each in vars(module).values() if isinstance(each, flask.Flask)]
    if len(matches) == 1:
        return matches[0]
    if matches:
        raise NoAppException(
            f"Detected multiple Flask applications in module '{module.__name__}'. Use '{module.__name__}:name' to specify the correct one."
        )
    for name in ("create_app", "make_app"):
        factory = getattr(module, name, None)
        if callable(factory):
            found = factory()
            if isinstance(found, flask.Flask):
                return found
    raise NoAppException(
        f"Failed to find Flask application or factory in module '{module.__name__}'. Use '{module.__name__}:name' to specify one."
    )


def find_app_by_string(module, app_name):
    name, paren, arguments = app_name.strip().partition("(")
    found = getattr(module, name, None)
    if found is None:
        raise NoAppException(f"Failed to find attribute {name!r} in {module.__name__!r}.")
    if paren:
        found = eval(app_name.strip(), {name: found})
    elif callable(found) and not isinstance(found, flask.Flask):
        found = found()
    if isinstance(found, flask.Flask):
        return found
    raise NoAppException(f"A valid Flask application was not obtained from '{module.__name__}:{app_name}'.")


def prepare_import(path):
    path = os.path.abspath(path)
    if path.endswith(".py"):
        path = path[:-3]
    if os.path.basename(path) == "__init__":
        path = os.path.dirname(path)
    parts = []
    while True:
        path, name = os.path.split(path)
        parts.append(name)
        if not os.path.exists(os.path.join(path, "__init__.py")):
            break
    if path not in sys.path:
        sys.path.insert(0, path)
    return ".".join(reversed(parts))


def locate_app(module_name, app_name, raise_if_not_found=True):
    try:
        import_module(module_name)
    except ImportError as e:
        if getattr(e, "name", None) == module_name or str(e) == f"No module named '{module_name}'":
            if raise_if_not_found:
                raise NoAppException(f"Could not import {module_name!r}.") from None
            return None
        raise NoAppException(f"While importing {module_name!r}, an ImportError was raised:\n\n{traceback.format_exc()}") from None
    module = sys.modules[module_name]
    return find_best_app(module) if app_name is None else find_app_by_string(module, app_name)


class ScriptInfo:
    def __init__(self, app_import_path=None, create_app=None, set_debug_flag=True, load_dotenv_defaults=True):
        self.app_import_path = app_import_path
        self.create_app = create_app
        self.data = {}

    def load_app(self):
        if self.create_app is not None:
            return self.create_app()
        if self.app_import_path:
            path, colon, name = self.app_import_path.partition(":")
            # A drive letter is not a module.
            return locate_app(prepare_import(path), name if colon else None)
        for path in ("wsgi.py", "app.py"):
            app = locate_app(prepare_import(path), None, raise_if_not_found=False)
            if app is not None:
                return app
        raise NoAppException(_NOT_FOUND)


def with_appcontext(f):
    def wrapped(*args, **kwargs):
        if flask.has_app_context():
            return f(*args, **kwargs)
        with ScriptInfo(os.environ.get("FLASK_APP")).load_app().app_context():
            return f(*args, **kwargs)

    wrapped.__name__ = getattr(f, "__name__", "wrapped")
    return wrapped


AppGroup = FlaskGroup = flask._Commands


def load_dotenv(path=None, load_defaults=True):
    import dotenv

    if path is not None:
        return dotenv.load_dotenv(path, encoding="utf-8")
    values = {}
    for name in (".flaskenv", ".env"):
        found = dotenv.find_dotenv(name, usecwd=True)
        if found:
            values.update(dotenv.dotenv_values(found, encoding="utf-8"))
    for name, value in values.items():
        if name not in os.environ and value is not None:
            os.environ[name] = value
    return bool(values)


def main(words):
    """`flask WORDS`."""
    words = list(words)
    path = None
    env_file = None
    while words and words[0].startswith("-"):
        word = words.pop(0)
        name, equals, value = word.partition("=")
        if name in ("-A", "--app"):
            path = value if equals else words.pop(0)
        elif name in ("-e", "--env-file"):
            env_file = value if equals else words.pop(0)
        elif name in ("--debug", "--no-debug"):
            os.environ["FLASK_DEBUG"] = "1" if name == "--debug" else "0"
        elif name == "--version":
            print("Python 3.11.7\nFlask 3.1.3\nWerkzeug 3.1.9")
            return
        else:
            _usage(f"No such option: {name}")
    if os.environ.get("FLASK_SKIP_DOTENV", "").lower() not in ("1", "true"):
        load_dotenv(env_file)
    os.environ["FLASK_RUN_FROM_CLI"] = "true"
    if path:
        os.environ["FLASK_APP"] = path
    if not words:
        _usage("Missing command.")
    name, rest = words[0], words[1:]
    try:
        app = ScriptInfo(path or os.environ.get("FLASK_APP")).load_app()
    except NoAppException as e:
        sys.stderr.write(f"Error: {e}\n\n")
        _usage(f"No such command '{name}'.")
    migrate = app.extensions.get("migrate")
    if migrate is not None and name == migrate.migrate.command:
        import flask_migrate

        with app.app_context():
            return flask_migrate._command(rest)
    function = app.cli.commands.get(name)
    if function is None:
        if name in ("run", "shell", "routes"):
            raise NotImplementedError(f"flask {name}: no server and no shell run here")
        _usage(f"No such command '{name}'.")
    if rest:
        raise NotImplementedError(f"the arguments of flask {name}")
    with app.app_context():
        function()


def _usage(message):
    sys.stderr.write(f"Usage: flask [OPTIONS] COMMAND [ARGS]...\nTry 'flask --help' for help.\n\nError: {message}\n")
    sys.exit(2)
