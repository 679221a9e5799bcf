"""The parts of Flask-SQLAlchemy's `SQLAlchemy` that need an application: engines and sessions."""

import os

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.orm import scoped_session, sessionmaker

_engines = {}


def init_app(db, app):
    if "sqlalchemy" in app.extensions:
        raise RuntimeError("A 'SQLAlchemy' instance has already been registered on this Flask app. Import and use that instance instead.")
    app.extensions["sqlalchemy"] = db
    app.config.setdefault("SQLALCHEMY_ENGINE_OPTIONS", {})
    app.config.setdefault("SQLALCHEMY_ECHO", False)
    app.config.setdefault("SQLALCHEMY_RECORD_QUERIES", False)
    app.config.setdefault("SQLALCHEMY_TRACK_MODIFICATIONS", False)
    binds = app.config.setdefault("SQLALCHEMY_BINDS", {})
    uri = app.config.get("SQLALCHEMY_DATABASE_URI")
    options = {}
    for key, value in binds.items():
        options[key] = {"url": value} if isinstance(value, (str, sa.URL)) else dict(value)
    if uri is not None:
        base = dict(app.config["SQLALCHEMY_ENGINE_OPTIONS"])
        base["url"] = uri
        options[None] = base
    elif None not in options:
        raise RuntimeError("Either 'SQLALCHEMY_DATABASE_URI' or 'SQLALCHEMY_BINDS' must be set.")
    made = {}
    for key, each in options.items():
        each.setdefault("echo", app.config["SQLALCHEMY_ECHO"])
        url = sa.make_url(each.pop("url"))
        if url.drivername in ("sqlite", "sqlite+pysqlite") and url.database not in (None, "", ":memory:"):
            if not url.database.startswith("file:"):
                os.makedirs(app.instance_path, exist_ok=True)
                url = url.set(database=os.path.join(app.instance_path, url.database))
        made[key] = sa.create_engine(url, **each)
    _engines.setdefault(id(db), {})[id(app)] = made


def engines(db):
    app = current_app._get_current_object()
    if id(app) not in _engines.get(id(db), {}):
        raise RuntimeError("The current Flask app is not registered with this 'SQLAlchemy' instance. Did you forget to call 'init_app', or did you create multiple 'SQLAlchemy' instances?")
    return _engines[id(db)][id(app)]


def get_engine(db, bind_key=None):
    return engines(db)[bind_key]


def session(db):
    return scoped_session(sessionmaker(bind=engines(db).get(None)))


def for_binds(db, bind_key, operation):
    keys = list(db.metadatas) if bind_key == "__all__" else bind_key if isinstance(bind_key, list) else [bind_key]
    for key in keys:
        getattr(db.metadatas[key], operation)(bind=get_engine(db, key))
