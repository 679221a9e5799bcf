"""`flask_migrate`: Alembic's commands for a Flask application."""

import argparse
import logging
import os
import sys

from alembic import command
from alembic.config import Config as AlembicConfig
from alembic.util import CommandError
from flask import current_app, g

alembic_version = (1, 20, 1)
log = logging.getLogger(__name__)


class _MigrateConfig:
    def __init__(self, migrate, db, **kwargs):
        self.migrate = migrate
        self.db = db
        self.directory = migrate.directory
        self.configure_args = kwargs

    @property
    def metadata(self):
        return self.db.metadata


class Config(AlembicConfig):
    def __init__(self, *args, **kwargs):
        self.template_directory = kwargs.pop("template_directory", None)
        super().__init__(*args, **kwargs)


class Migrate:
    def __init__(self, app=None, db=None, directory="migrations", command="db", compare_type=True, render_as_batch=True, **kwargs):
        self.configure_callbacks = []
        self.db = db
        self.command = command
        self.directory = str(directory)
        self.alembic_ctx_kwargs = {**kwargs, "compare_type": compare_type, "render_as_batch": render_as_batch}
        if app is not None and db is not None:
            self.init_app(app, db, directory)

    def init_app(self, app, db=None, directory=None, command=None, compare_type=None, render_as_batch=None, **kwargs):
        self.db = db or self.db
        self.command = command or self.command
        self.directory = str(directory or self.directory)
        self.alembic_ctx_kwargs.update(kwargs)
        if compare_type is not None:
            self.alembic_ctx_kwargs["compare_type"] = compare_type
        if render_as_batch is not None:
            self.alembic_ctx_kwargs["render_as_batch"] = render_as_batch
        app.extensions["migrate"] = _MigrateConfig(self, self.db, **self.alembic_ctx_kwargs)

    def configure(self, f):
        self.configure_callbacks.append(f)
        return f

    def call_configure_callbacks(self, config):
        for function in self.configure_callbacks:
            config = function(config)
        return config

    def get_config(self, directory=None, x_arg=None, opts=None):
        directory = str(self.directory if directory is None else directory)
        config = Config(os.path.join(directory, "alembic.ini"))
        config.set_main_option("script_location", directory)
        options = config.cmd_opts or argparse.Namespace()
        for name in opts or ():
            setattr(options, name, True)
        x_arg = (list(x_arg) if isinstance(x_arg, (list, tuple)) else [x_arg]) if x_arg is not None else []
        options.x = [*x_arg, *getattr(g, "x_arg", [])] or None
        config.cmd_opts = options
        return self.call_configure_callbacks(config)


def catch_errors(f):
    def wrapped(*args, **kwargs):
        try:
            f(*args, **kwargs)
        except (CommandError, RuntimeError) as exc:
            log.error(f"Error: {exc}")
            sys.exit(1)

    wrapped.__name__ = f.__name__
    return wrapped


def _config(directory, x_arg=None, opts=None):
    if directory is None:
        directory = current_app.extensions["migrate"].directory
    return current_app.extensions["migrate"].migrate.get_config(str(directory), x_arg=x_arg, opts=opts)


@catch_errors
def list_templates():
    raise NotImplementedError("flask_migrate.list_templates")


@catch_errors
def init(directory=None, multidb=False, template=None, package=False):
    raise NotImplementedError("flask_migrate.init: its templates are not here; alembic init makes a project")


@catch_errors
def revision(directory=None, message=None, autogenerate=False, sql=False, head="head", splice=False, branch_label=None, version_path=None, rev_id=None):
    opts = ["autogenerate"] if autogenerate else None
    command.revision(_config(directory, opts=opts), message, autogenerate=autogenerate, sql=sql, head=head, splice=splice, branch_label=branch_label, version_path=version_path, rev_id=rev_id)


@catch_errors
def migrate(directory=None, message=None, sql=False, head="head", splice=False, branch_label=None, version_path=None, rev_id=None, x_arg=None):
    config = _config(directory, x_arg=x_arg, opts=["autogenerate"])
    command.revision(config, message, autogenerate=True, sql=sql, head=head, splice=splice, branch_label=branch_label, version_path=version_path, rev_id=rev_id)


@catch_errors
def edit(directory=None, revision="current"):
    command.edit(_config(directory), revision)


@catch_errors
def merge(directory=None, revisions="", message=None, branch_label=None, rev_id=None):
    command.merge(_config(directory), revisions, message=message, branch_label=branch_label, rev_id=rev_id)


@catch_errors
def upgrade(directory=None, revision="head", sql=False, tag=None, x_arg=None):
    command.upgrade(_config(directory, x_arg=x_arg), revision, sql=sql, tag=tag)


@catch_errors
def downgrade(directory=None, revision="-1", sql=False, tag=None, x_arg=None):
    config = _config(directory, x_arg=x_arg)
    if sql and revision == "-1":
        revision = "head:-1"
    command.downgrade(config, revision, sql=sql, tag=tag)


@catch_errors
def show(directory=None, revision="head"):
    command.show(_config(directory), revision)


@catch_errors
def history(directory=None, rev_range=None, verbose=False, indicate_current=False):
    command.history(_config(directory), rev_range, verbose=verbose, indicate_current=indicate_current)


@catch_errors
def heads(directory=None, verbose=False, resolve_dependencies=False):
    command.heads(_config(directory), verbose=verbose, resolve_dependencies=resolve_dependencies)


@catch_errors
def branches(directory=None, verbose=False):
    command.branches(_config(directory), verbose=verbose)


@catch_errors
def current(directory=None, verbose=False):
    command.current(_config(directory), verbose=verbose)


@catch_errors
def stamp(directory=None, revision="head", sql=False, tag=None, purge=False):
    command.stamp(_config(directory), revision, sql=sql, tag=tag, purge=purge)


@catch_errors
def check(directory=None):
    command.check(_config(directory))


_OPTIONS = {
    "directory": ("-d", "--directory"), "message": ("-m", "--message"), "rev_range": ("-r", "--rev-range"), "head": ("--head",),
    "branch_label": ("--branch-label",), "version_path": ("--version-path",), "rev_id": ("--rev-id",), "tag": ("--tag",),
    "template": ("-t", "--template"),
}
_FLAGS = {
    "sql": ("--sql",), "splice": ("--splice",), "autogenerate": ("--autogenerate",), "verbose": ("-v", "--verbose"),
    "indicate_current": ("-i", "--indicate-current"), "resolve_dependencies": ("--resolve-dependencies",), "purge": ("--purge",),
    "multidb": ("--multidb",), "package": ("--package",),
}
_COMMANDS = {
    "init": ("directory multidb template package", None), "revision": ("directory message autogenerate sql head splice branch_label version_path rev_id", None),
    "migrate": ("directory message sql head splice branch_label version_path rev_id x_arg", None), "edit": ("directory", "head"),
    "merge": ("directory message branch_label rev_id", ()), "upgrade": ("directory sql tag x_arg", "head"),
    "downgrade": ("directory sql tag x_arg", "-1"), "show": ("directory", "head"),
    "history": ("directory rev_range verbose indicate_current", None), "heads": ("directory verbose resolve_dependencies", None),
    "branches": ("directory verbose", None), "current": ("directory verbose", None), "stamp": ("directory sql tag purge", "head"),
    "check": ("directory", None), "list-templates": ("", None),
}


def _command(words):
    """`flask db WORDS`."""
    common = argparse.ArgumentParser(prog="flask db")
    common.add_argument("-d", "--directory")
    common.add_argument("-x", "--x-arg", action="append")
    below = common.add_subparsers(dest="command", required=True)
    for name, (options, revision) in _COMMANDS.items():
        parser = below.add_parser(name)
        for option in options.split():
            if option in _FLAGS:
                parser.add_argument(*_FLAGS[option], dest=option, action="store_true")
            elif option == "x_arg":
                parser.add_argument("-x", "--x-arg", dest="x_arg", action="append")
            else:
                parser.add_argument(*_OPTIONS[option], dest=option)
        if revision == ():
            parser.add_argument("revisions", nargs="*")
        elif revision is not None:
            parser.add_argument("revision", nargs="?", default=revision)
    given = vars(common.parse_args(words))
    name = given.pop("command")
    x_arg = given.pop("x_arg", None)
    accepts = _COMMANDS[name][0].split()
    if x_arg and "x_arg" in accepts:
        given["x_arg"] = x_arg
    elif x_arg:
        g.x_arg = x_arg
    if given.get("head", "") is None:
        del given["head"]
    globals()[name.replace("-", "_")](**given)
