"""`logging.config.dictConfig`."""

import logging
import logging.handlers
import os
import re
import sys
from importlib import import_module

_EXTERNAL = re.compile(r"^(?P<prefix>[a-z]+)://(?P<suffix>.*)$")


def resolve(text):
    """An object by its dotted name."""
    parts = text.split(".")
    name = parts.pop(0)
    found = import_module(name)
    for part in parts:
        name += "." + part
        try:
            found = getattr(found, part)
        except AttributeError:
            import_module(name)
            found = getattr(found, part)
    return found


class BaseConfigurator:
    def __init__(self, config):
        self.config = config

    def resolve(self, text):
        try:
            return resolve(text)
        except ImportError as e:
            raise ValueError("Cannot resolve %r: %s" % (text, e)) from e

    def convert(self, value):
        if isinstance(value, dict):
            return {key: self.convert(each) for key, each in value.items()}
        if isinstance(value, (list, tuple)):
            return type(value)([self.convert(each) for each in value])
        if isinstance(value, str):
            match = _EXTERNAL.match(value)
            if match:
                prefix, suffix = match.groups()
                if prefix == "ext":
                    return self.resolve(suffix)
                if prefix == "cfg":
                    return self._cfg(suffix)
        return value

    def _cfg(self, text):
        found = self.config
        for part in re.findall(r"[^.\[\]]+", text):
            found = found[int(part)] if part.isdigit() and not isinstance(found, dict) else found[part]
        return self.convert(found)

    def make(self, config):
        """What a factory under `()` makes."""
        config = dict(config)
        factory = config.pop("()")
        if not callable(factory):
            factory = self.resolve(factory)
        properties = config.pop(".", None)
        kwargs = {key: self.convert(config[key]) for key in config if key.isidentifier()}
        result = factory(**kwargs)
        for name, value in (properties or {}).items():
            setattr(result, name, value)
        return result


class DictConfigurator(BaseConfigurator):
    def configure(self):
        config = self.config
        if "version" not in config:
            raise ValueError("dictionary doesn't specify a version")
        if config["version"] != 1:
            raise ValueError("Unsupported version: %s" % config["version"])
        if config.get("incremental", False):
            return self._incremental()
        before = set(logging.root.manager.loggerDict)
        self.formatters = self._each("formatters", "formatter", self.formatter)
        self.filters = self._each("filters", "filter", self.filter)
        self.handlers = {}
        waiting = []
        handlers = config.get("handlers", {})
        for name in sorted(handlers):
            try:
                self._handler(name, handlers[name])
            except _Waits:
                waiting.append(name)
            except Exception as e:
                if "target not configured yet" in str(e.__cause__):
                    waiting.append(name)
                else:
                    raise ValueError("Unable to configure handler %r" % name) from e
        for name in waiting:
            try:
                self._handler(name, handlers[name])
            except Exception as e:
                raise ValueError("Unable to configure handler %r" % name) from e
        named = config.get("loggers", {})
        for name in named:
            try:
                logger = logging.getLogger(name)
                self._common(logger, named[name], False)
                logger.disabled = False
                propagate = named[name].get("propagate", None)
                if propagate is not None:
                    logger.propagate = propagate
            except Exception as e:
                raise ValueError("Unable to configure logger %r" % name) from e
        disable = config.get("disable_existing_loggers", True)
        for name in before:
            if name in named:
                continue
            logger = logging.getLogger(name)
            if any(name.startswith(each + ".") for each in named if each in before):
                logger.setLevel(logging.NOTSET)
                logger.handlers = []
                logger.propagate = True
            else:
                logger.disabled = disable
        root = config.get("root", None)
        if root:
            try:
                self._common(logging.getLogger(), root, False)
            except Exception as e:
                raise ValueError("Unable to configure root logger") from e

    def _incremental(self):
        config = self.config
        for name, each in config.get("handlers", {}).items():
            handler = logging.getHandlerByName(name)
            if handler is None:
                raise ValueError("No handler found with name %r" % name)
            if each.get("level", None):
                handler.setLevel(each["level"])
        for name, each in config.get("loggers", {}).items():
            logger = logging.getLogger(name)
            if each.get("level", None):
                logger.setLevel(each["level"])
            if each.get("propagate", None) is not None:
                logger.propagate = each["propagate"]
        root = config.get("root", None)
        if root and root.get("level", None):
            logging.getLogger().setLevel(root["level"])

    def _each(self, section, word, make):
        made = {}
        for name, each in self.config.get(section, {}).items():
            try:
                made[name] = make(each)
            except Exception as e:
                raise ValueError("Unable to configure %s %r" % (word, name)) from e
        return made

    def formatter(self, config):
        if "()" in config:
            if isinstance(config["()"], str):
                config = dict(config)
                for name in list(config):
                    if name == "fmt":
                        config["fmt"] = self.convert(config["fmt"])
            try:
                return self.make(config)
            except TypeError as e:
                if "'format'" not in str(e):
                    raise
                config = dict(config)
                config["fmt"] = config.pop("format")
                return self.make(config)
        kind = config.get("class", None)
        kind = self.resolve(kind) if kind else logging.Formatter
        arguments = (config.get("format", None), config.get("datefmt", None), config.get("style", "%"))
        kwargs = {}
        if "defaults" in config:
            kwargs["defaults"] = self.convert(config["defaults"])
        if "validate" in config:
            return kind(*arguments, config["validate"], **kwargs)
        return kind(*arguments, **kwargs)

    def filter(self, config):
        if "()" in config:
            return self.make(config)
        return logging.Filter(config.get("name", ""))

    def _handler(self, name, config):
        made = self.handler(dict(config))
        made.name = name
        self.handlers[name] = made

    def handler(self, config):
        formatter = config.pop("formatter", None)
        if formatter:
            try:
                formatter = self.formatters[formatter]
            except Exception as e:
                raise ValueError("Unable to set formatter %r" % formatter) from e
        level = config.pop("level", None)
        filters = config.pop("filters", None)
        if "()" in config:
            factory = config.pop("()")
            if not callable(factory):
                factory = self.resolve(factory)
        else:
            factory = config.pop("class")
            if not callable(factory):
                factory = self.resolve(factory)
            if issubclass(factory, logging.handlers.MemoryHandler) and "target" in config:
                try:
                    config["target"] = self.handlers[config["target"]]
                except KeyError as e:
                    raise _Waits() from e
        properties = config.pop(".", None)
        kwargs = {key: self.convert(config[key]) for key in config if key.isidentifier()}
        try:
            made = factory(**kwargs)
        except TypeError as e:
            if "'stream'" not in str(e):
                raise
            kwargs["strm"] = kwargs.pop("stream")
            made = factory(**kwargs)
        if formatter:
            made.setFormatter(formatter)
        if level is not None:
            made.setLevel(level)
        if filters:
            self._filters(made, filters)
        for key, value in (properties or {}).items():
            setattr(made, key, value)
        return made

    def _filters(self, owner, names):
        for each in names:
            try:
                if callable(each) or callable(getattr(each, "filter", None)):
                    found = each
                else:
                    found = self.filters[each]
                owner.addFilter(found)
            except Exception as e:
                raise ValueError("Unable to add filter %r" % each) from e

    def _common(self, logger, config, incremental):
        level = config.get("level", None)
        if level is not None:
            logger.setLevel(level)
        for handler in logger.handlers[:]:
            logger.removeHandler(handler)
        for name in config.get("handlers", None) or ():
            try:
                logger.addHandler(self.handlers[name])
            except Exception as e:
                raise ValueError("Unable to add handler %r" % name) from e
        if config.get("filters", None):
            self._filters(logger, config["filters"])


class _Waits(Exception):
    pass


dictConfigClass = DictConfigurator


def dictConfig(config):
    dictConfigClass(config).configure()


def file_classes(parser, disable_existing_loggers):
    """`fileConfig` of a file that names classes that are not logging's own streams and files."""
    names = lambda section: [each.strip() for each in parser[section]["keys"].split(",") if each.strip()]
    space = dict(logging=logging, handlers=logging.handlers, sys=sys, os=os)

    def found(text):
        place, name = logging, text
        if text.startswith("handlers."):
            place, name = logging.handlers, text[9:]
        return getattr(place, name, None) or resolve(text)

    formatters = {}
    for name in names("formatters"):
        section = parser["formatter_" + name]
        kind = section.get("class")
        kind = resolve(kind) if kind else logging.Formatter
        formatters[name] = kind(
            section.get("format", raw=True, fallback=None),
            section.get("datefmt", raw=True, fallback=None),
            section.get("style", raw=True, fallback="%"),
        )
    handlers = {}
    waiting = {}
    for name in names("handlers"):
        section = parser["handler_" + name]
        kind = found(section["class"])
        args = eval(section.get("args", "()"), space)
        kwargs = eval(section.get("kwargs", "{}"), space)
        made = kind(*args, **kwargs)
        made.name = name
        if section.get("level", ""):
            made.setLevel(section["level"])
        if section.get("formatter", ""):
            made.setFormatter(formatters[section["formatter"]])
        if issubclass(kind, logging.handlers.MemoryHandler) and section.get("target", ""):
            waiting[made] = section["target"]
        handlers[name] = made
    for made, target in waiting.items():
        made.setTarget(handlers[target])
    loggers = [each.strip() for each in parser["loggers"]["keys"].split(",")]
    loggers.remove("root")

    def fill(logger, section):
        if "level" in section:
            logger.setLevel(section["level"])
        for handler in logger.handlers[:]:
            logger.removeHandler(handler)
        for each in section["handlers"].split(","):
            if each.strip():
                logger.addHandler(handlers[each.strip()])

    before = set(logging.root.manager.loggerDict)
    fill(logging.root, parser["logger_root"])
    configured = []
    for name in loggers:
        section = parser["logger_" + name]
        name = section["qualname"]
        configured.append(name)
        logger = logging.getLogger(name)
        fill(logger, section)
        logger.propagate = section.getint("propagate", fallback=1)
        logger.disabled = 0
    for name in before:
        if name in configured:
            continue
        logger = logging.getLogger(name)
        if any(name.startswith(each + ".") for each in configured if each in before):
            logger.setLevel(logging.NOTSET)
            logger.handlers = []
            logger.propagate = True
        else:
            logger.disabled = disable_existing_loggers
