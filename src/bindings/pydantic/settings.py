"""`pydantic_settings`: settings from variables, files and arguments."""

import json
import os
import typing
from collections import OrderedDict, abc, defaultdict, deque

from _pydantic_declarations import AliasChoices, AliasPath, PydanticUndefined, SecretStr
from _pydantic_models import config_of, initialize, keys_of
from dotenv import dotenv_values


class SettingsError(ValueError):
    __module__ = "pydantic_settings.exceptions"


def SettingsConfigDict(**values):
    return values


class NoDecode:
    pass


class ForceDecode:
    pass


class CliSuppress:
    def __class_getitem__(cls, item):
        return item


CliPositionalArg = CliSubCommand = CliImplicitFlag = CliExplicitFlag = CliUnknownArgs = CliSuppress


DotenvType = typing.Any


def _members(tp):
    origin = typing.get_origin(tp)
    if origin is typing.Annotated:
        return _members(typing.get_args(tp)[0])
    import types

    if origin is typing.Union or isinstance(tp, types.UnionType):
        return [found for each in typing.get_args(tp) for found in _members(each)]
    return [tp]


def _metadata(tp):
    return typing.get_args(tp)[1:] if typing.get_origin(tp) is typing.Annotated else ()


_COMPLEX = (list, dict, set, frozenset, tuple, deque, defaultdict, OrderedDict, abc.Sequence, abc.Mapping, abc.Set, abc.Iterable)


def _is_model(tp):
    return isinstance(tp, type) and (hasattr(tp, "model_fields") or hasattr(tp, "__dataclass_fields__"))


def _is_complex(tp):
    return any(_is_model(each) or (typing.get_origin(each) or each) in _COMPLEX for each in _members(tp))


def _is_union(tp):
    return len([each for each in _members(tp) if each is not None and each is not type(None)]) > 1


class PydanticBaseSettingsSource:
    def __init__(self, settings_cls):
        self.settings_cls = settings_cls
        self.config = config_of(settings_cls)
        self._current_state = {}
        self._settings_sources_data = {}

    @property
    def current_state(self):
        return self._current_state

    @property
    def settings_sources_data(self):
        return self._settings_sources_data

    def field_is_complex(self, field):
        return _is_complex(field.annotation)

    def decode_complex_value(self, field_name, field, value):
        return json.loads(value)

    def prepare_field_value(self, field_name, field, value, value_is_complex):
        if value is not None and (self.field_is_complex(field) or value_is_complex):
            return self.decode_complex_value(field_name, field, value)
        return value

    def __call__(self):
        data = {}
        for name, field in self.settings_cls.model_fields.items():
            value, key, is_complex = self.get_field_value(field, name)
            value = self.prepare_field_value(name, field, value, is_complex)
            if value is not None:
                data[key] = value
        return data


class InitSettingsSource(PydanticBaseSettingsSource):
    def __init__(self, settings_cls, init_kwargs, nested_model_default_partial_update=None):
        PydanticBaseSettingsSource.__init__(self, settings_cls)
        self.init_kwargs = init_kwargs

    def get_field_value(self, field, field_name):
        return None, "", False

    def __call__(self):
        return dict(self.init_kwargs)


class DefaultSettingsSource(InitSettingsSource):
    def __init__(self, settings_cls, nested_model_default_partial_update=None):
        InitSettingsSource.__init__(self, settings_cls, {})


class EnvSettingsSource(PydanticBaseSettingsSource):
    def __init__(self, settings_cls, case_sensitive=None, env_prefix=None, env_nested_delimiter=None, env_ignore_empty=None, env_parse_none_str=None, env_parse_enums=None, **options):
        PydanticBaseSettingsSource.__init__(self, settings_cls)
        config = self.config
        pick = lambda given, name: config.get(name) if given is None else given
        self.case_sensitive = bool(pick(case_sensitive, "case_sensitive"))
        self.env_prefix = pick(env_prefix, "env_prefix") or ""
        self.env_nested_delimiter = pick(env_nested_delimiter, "env_nested_delimiter")
        self.env_ignore_empty = bool(pick(env_ignore_empty, "env_ignore_empty"))
        self.env_parse_none_str = pick(env_parse_none_str, "env_parse_none_str")
        self.env_vars = self._load_env_vars()

    def _normal(self, name):
        return name if self.case_sensitive else name.lower()

    def _usable(self, values):
        found = {}
        for name, value in values.items():
            if self.env_ignore_empty and value == "":
                continue
            if self.env_parse_none_str is not None and value == self.env_parse_none_str:
                value = None
            found[self._normal(name)] = value
        return found

    def _load_env_vars(self):
        return self._usable(dict(os.environ))

    def _names(self, field, name):
        """The variables of a field, the key under which its value is handed on, whether it is complex."""
        keys, _ = keys_of(name, field, {})
        found = []
        for key in keys:
            if isinstance(key, AliasPath):
                found.append((key.path[0], self._normal(key.path[0]), True))
            elif keys == [name]:
                found.append((name, self._normal(self.env_prefix + name), _is_union(field.annotation) and _is_complex(field.annotation)))
            else:
                found.append((key, self._normal(key), _is_union(field.annotation) and _is_complex(field.annotation)))
        if keys != [name] and (self.config.get("populate_by_name") or self.config.get("validate_by_name")):
            found.append((name, self._normal(self.env_prefix + name), _is_union(field.annotation) and _is_complex(field.annotation)))
        return found

    def get_field_value(self, field, field_name):
        value = None
        for key, variable, is_complex in self._names(field, field_name):
            if variable in self.env_vars:
                value = self.env_vars[variable]
                break
            # Whoever looks over what a run asked for in vain hears of it.
            os.environ.get(variable if self.case_sensitive else variable.upper())
        return value, key, is_complex

    def _decodes(self, field):
        marks = [each if isinstance(each, type) else type(each) for each in _metadata(field.annotation)]
        if NoDecode in marks:
            return False
        return self.config.get("enable_decoding", True) is not False or ForceDecode in marks

    def prepare_field_value(self, field_name, field, value, value_is_complex):
        if _is_complex(field.annotation) or value_is_complex:
            nested = self._nested(field_name, field)
            if value is None:
                return nested or None
            if not self._decodes(field):
                return value
            try:
                value = json.loads(value)
            except ValueError:
                if not value_is_complex:
                    raise
            if isinstance(value, dict):
                return _merged(value, nested)
            return value
        return value

    def _nested(self, field_name, field):
        if not self.env_nested_delimiter:
            return {}
        result = {}
        delimiter = self.env_nested_delimiter
        prefixes = [variable + delimiter for _, variable, _ in self._names(field, field_name)]
        for name, value in self.env_vars.items():
            prefix = next((each for each in prefixes if name.startswith(self._normal(each))), None)
            if prefix is None:
                continue
            parts = name[len(prefix) :].split(self._normal(delimiter))
            target = result
            tp = field.annotation
            for part in parts[:-1]:
                spot = self._below(tp, part)
                part, tp = spot if spot else (part, None)
                target = target.setdefault(part, {})
                if not isinstance(target, dict):
                    break
            else:
                spot = self._below(tp, parts[-1])
                last, tp = spot if spot else (parts[-1], None)
                if tp is not None and _is_complex(tp) and isinstance(value, str):
                    try:
                        value = json.loads(value)
                    except ValueError:
                        pass
                if last not in target or not isinstance(value, dict):
                    target[last] = value
                elif isinstance(target[last], dict):
                    target[last] = _merged(value, target[last])
        return result

    def _below(self, tp, part):
        """The field of a model that a part of a variable's name means, and its type."""
        if tp is None:
            return None
        for each in _members(tp):
            if not _is_model(each):
                continue
            fields = getattr(each, "model_fields", None) or {}
            for name, field in fields.items():
                keys, _ = keys_of(name, field, {})
                for key in keys:
                    if isinstance(key, str) and self._normal(key) == part:
                        return key, field.annotation
        return None

    def __call__(self):
        data = {}
        for name, field in self.settings_cls.model_fields.items():
            try:
                value, key, is_complex = self.get_field_value(field, name)
            except Exception as e:
                raise SettingsError(f'error getting value for field "{name}" from source "{type(self).__name__}"') from e
            try:
                value = self.prepare_field_value(name, field, value, is_complex)
            except ValueError as e:
                raise SettingsError(f'error parsing value for field "{name}" from source "{type(self).__name__}"') from e
            if value is not None:
                data[key] = value
            elif self.env_parse_none_str is not None and any(variable in self.env_vars for _, variable, _ in self._names(field, name)):
                data[key] = None
        return data


class DotEnvSettingsSource(EnvSettingsSource):
    def __init__(self, settings_cls, env_file=..., env_file_encoding=None, case_sensitive=None, env_prefix=None, env_nested_delimiter=None, env_ignore_empty=None, env_parse_none_str=None, env_parse_enums=None, **options):
        config = config_of(settings_cls)
        self.env_file = config.get("env_file") if env_file is ... else env_file
        self.env_file_encoding = config.get("env_file_encoding") if env_file_encoding is None else env_file_encoding
        EnvSettingsSource.__init__(self, settings_cls, case_sensitive, env_prefix, env_nested_delimiter, env_ignore_empty, env_parse_none_str)

    def _load_env_vars(self):
        files = self.env_file
        if files is None:
            return {}
        if isinstance(files, (str, os.PathLike)) or hasattr(files, "__fspath__"):
            files = [files]
        found = {}
        for file in files:
            path = os.path.expanduser(os.fspath(file))
            if os.path.isfile(path):
                found.update(self._usable(dotenv_values(path, encoding=self.env_file_encoding or "utf8")))
        return found

    def __call__(self):
        data = EnvSettingsSource.__call__(self)
        if self.config.get("extra") == "ignore":
            return data
        fields = self.settings_cls.model_fields
        known = {variable for name, field in fields.items() for _, variable, _ in self._names(field, name)}
        prefix = self._normal(self.env_prefix)
        for name, value in self.env_vars.items():
            if value is None or name in known or name in data or not name.startswith(prefix):
                continue
            delimiter = self.env_nested_delimiter
            if delimiter and any(
                name.startswith(self._normal(variable + delimiter)) and _is_complex(field.annotation)
                for own, field in fields.items()
                for _, variable, _ in self._names(field, own)
            ):
                continue
            data[name[len(prefix) :] if prefix and self.config.get("extra") == "allow" else name] = value
        return data


class SecretsSettingsSource(EnvSettingsSource):
    def __init__(self, settings_cls, secrets_dir=None, **options):
        config = config_of(settings_cls)
        self.secrets_dir = config.get("secrets_dir") if secrets_dir is None else secrets_dir
        EnvSettingsSource.__init__(self, settings_cls)

    def _load_env_vars(self):
        found = {}
        folders = self.secrets_dir
        if folders is None:
            return found
        for folder in [folders] if isinstance(folders, (str, os.PathLike)) or hasattr(folders, "__fspath__") else folders:
            folder = os.fspath(folder)
            if os.path.isdir(folder):
                for name in os.listdir(folder):
                    path = os.path.join(folder, name)
                    if os.path.isfile(path):
                        with open(path) as file:
                            found[self._normal(name)] = file.read().strip()
        return found


class _FileSource(InitSettingsSource):
    _option = ""

    def __init__(self, settings_cls, file=None, *args, **options):
        config = config_of(settings_cls)
        file = config.get(self._option) if file is None else file
        data = {}
        for each in [] if file is None else [file] if isinstance(file, (str, os.PathLike)) or hasattr(file, "__fspath__") else file:
            if os.path.isfile(each):
                data.update(self._load(each))
        InitSettingsSource.__init__(self, settings_cls, data)


class JsonConfigSettingsSource(_FileSource):
    _option = "json_file"

    def _load(self, path):
        with open(path) as file:
            return json.load(file)


class TomlConfigSettingsSource(_FileSource):
    _option = "toml_file"

    def _load(self, path):
        import tomllib

        with open(path, "rb") as file:
            return tomllib.load(file)


class PyprojectTomlConfigSettingsSource(TomlConfigSettingsSource):
    _option = "pyproject_toml"

    def __init__(self, settings_cls, toml_file=None):
        config = config_of(settings_cls)
        self._header = config.get("pyproject_toml_table_header", ("tool", "pydantic-settings"))
        TomlConfigSettingsSource.__init__(self, settings_cls, toml_file or "pyproject.toml")

    def _load(self, path):
        data = TomlConfigSettingsSource._load(self, path)
        for part in self._header:
            data = data.get(part, {})
        return data


class YamlConfigSettingsSource(_FileSource):
    _option = "yaml_file"

    def _load(self, path):
        import yaml

        with open(path) as file:
            return yaml.safe_load(file) or {}


def _merged(under, over):
    """`deep_update`."""
    found = dict(under)
    for name, value in over.items():
        if name in found and isinstance(found[name], dict) and isinstance(value, dict):
            found[name] = _merged(found[name], value)
        else:
            found[name] = value
    return found


_PARAMETERS = (
    "_case_sensitive", "_env_prefix", "_env_file", "_env_file_encoding", "_env_ignore_empty", "_env_nested_delimiter",
    "_env_parse_none_str", "_secrets_dir",
)


def initialize_settings(self, values):
    cls = type(self)
    given = {name[1:]: values.pop(name) for name in list(values) if name in _PARAMETERS}
    for name in list(values):
        if name.startswith(("_cli_", "_nested_", "_env_parse_enums", "_env_nested_max_split")):
            values.pop(name)
    common = {name: given.get(name) for name in ("case_sensitive", "env_prefix", "env_nested_delimiter", "env_ignore_empty", "env_parse_none_str")}
    init = InitSettingsSource(cls, values)
    env = EnvSettingsSource(cls, **common)
    dotenv = DotEnvSettingsSource(cls, given.get("env_file", ...), given.get("env_file_encoding"), **common)
    secrets = SecretsSettingsSource(cls, given.get("secrets_dir"))
    sources = cls.settings_customise_sources(cls, init_settings=init, env_settings=env, dotenv_settings=dotenv, file_secret_settings=secrets)
    state = {}
    for source in sources:
        if isinstance(source, PydanticBaseSettingsSource):
            source._current_state = state
        state = _merged(source(), state)
    initialize(self, state)


class Methods:
    """The methods of `BaseSettings`."""

    def settings_customise_sources(cls, settings_cls, init_settings, env_settings, dotenv_settings, file_secret_settings):
        return init_settings, env_settings, dotenv_settings, file_secret_settings


def get_subcommand(model, is_required=True, cli_exit_on_error=None):
    return None
