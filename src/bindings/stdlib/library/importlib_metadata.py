"""What is installed, as far as it is known: the packages that Limbeck follows, and the project itself."""

import os

_VERSIONS = {
    "alembic": "1.20.1",
    "sqlalchemy": "2.1.9",
    "sqlmodel": "0.0.50",
    "mako": "1.4.3",
    "markupsafe": "3.0.4",
    "pydantic": "2.14.3",
    "pydantic-core": "2.50.4",
    "pydantic-settings": "2.16.3",
    "python-dotenv": "1.2.4",
    "flask": "3.1.3",
    "flask-sqlalchemy": "3.1.1",
    "flask-migrate": "4.1.0",
    "typing-extensions": "4.16.0",
}


class PackageNotFoundError(ModuleNotFoundError):
    def __str__(self):
        return f"No package metadata was found for {self.args[0] if self.args else ''}"


def _project():
    if not os.path.isfile("pyproject.toml"):
        return {}
    import tomllib

    with open("pyproject.toml", "rb") as file:
        whole = tomllib.load(file)
    return whole.get("project") or whole.get("tool", {}).get("poetry") or {}


def _normal(name):
    return name.lower().replace("_", "-").replace(".", "-")


def version(distribution_name):
    if not distribution_name:
        raise ValueError("A distribution name is required.")
    known = _VERSIONS.get(_normal(distribution_name))
    if known is None:
        project = _project()
        if _normal(project.get("name", "")) != _normal(distribution_name) or "version" not in project:
            raise PackageNotFoundError(distribution_name)
        known = project["version"]
    return known


def metadata(distribution_name):
    return {"Name": distribution_name, "Version": version(distribution_name)}


class EntryPoints(tuple):
    def select(self, **params):
        return self

    @property
    def names(self):
        return set()

    @property
    def groups(self):
        return set()


def entry_points(**params):
    return EntryPoints()


def packages_distributions():
    return {}


def requires(distribution_name):
    version(distribution_name)
    return None


class Distribution:
    def __init__(self, name):
        self.name = name
        self.version = version(name)
        self.metadata = metadata(name)


def distribution(distribution_name):
    return Distribution(distribution_name)


def distributions(**kwargs):
    return iter([Distribution(name) for name in _VERSIONS])
