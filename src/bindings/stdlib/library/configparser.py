"""Ini files."""

import os
import re

DEFAULTSECT = "DEFAULT"
MAX_INTERPOLATION_DEPTH = 10
_MISSING = object()


class Error(Exception):
    def __init__(self, msg=""):
        self.message = msg
        Exception.__init__(self, msg)

    def __repr__(self):
        return self.message

    __str__ = __repr__


class NoSectionError(Error):
    def __init__(self, section):
        Error.__init__(self, "No section: %r" % (section,))
        self.section = section


class DuplicateSectionError(Error):
    def __init__(self, section, source=None, lineno=None):
        if source is not None:
            text = f"While reading from {source!r}"
            text += f" [line {lineno:2d}]" if lineno is not None else ""
            text += f": section {section!r} already exists"
        else:
            text = f"Section {section!r} already exists"
        Error.__init__(self, text)
        self.section = section


class DuplicateOptionError(Error):
    def __init__(self, section, option, source=None, lineno=None):
        if source is not None:
            text = f"While reading from {source!r}"
            text += f" [line {lineno:2d}]" if lineno is not None else ""
            text += f": option {option!r} in section {section!r} already exists"
        else:
            text = f"Option {option!r} in section {section!r} already exists"
        Error.__init__(self, text)


class NoOptionError(Error):
    def __init__(self, option, section):
        Error.__init__(self, "No option %r in section: %r" % (option, section))
        self.option = option
        self.section = section


class InterpolationError(Error):
    def __init__(self, option, section, msg):
        Error.__init__(self, msg)
        self.option = option
        self.section = section


class InterpolationMissingOptionError(InterpolationError):
    def __init__(self, option, section, rawval, reference):
        text = (
            f"Bad value substitution: option {option!r} in section {section!r} contains an interpolation key "
            f"{reference!r} which is not a valid option name. Raw value: {rawval!r}"
        )
        InterpolationError.__init__(self, option, section, text)
        self.reference = reference


class InterpolationSyntaxError(InterpolationError):
    pass


class InterpolationDepthError(InterpolationError):
    pass


class ParsingError(Error):
    def __init__(self, source=None, filename=None):
        Error.__init__(self, "Source contains parsing errors: %r" % (source or filename))
        self.source = source
        self.errors = []

    def append(self, lineno, line):
        self.errors.append((lineno, line))
        self.message += "\n\t[line %2d]: %s" % (lineno, line)
        self.args = (self.message,)


class MissingSectionHeaderError(ParsingError):
    def __init__(self, filename, lineno, line):
        Error.__init__(self, "File contains no section headers.\nfile: %r, line: %d\n%r" % (filename, lineno, line))


class Interpolation:
    def before_get(self, parser, section, option, value, defaults):
        return value

    def before_set(self, parser, section, option, value):
        return value


class BasicInterpolation(Interpolation):
    def before_get(self, parser, section, option, value, defaults):
        return self._filled(parser, option, value, section, defaults, 1, value)

    def before_set(self, parser, section, option, value):
        rest = re.sub(r"%\(([^)]+)\)s", "", value.replace("%%", ""))
        if "%" in rest:
            raise ValueError("invalid interpolation syntax in %r at position %d" % (value, rest.find("%")))
        return value

    def _filled(self, parser, option, value, section, defaults, depth, raw):
        if depth > MAX_INTERPOLATION_DEPTH:
            raise InterpolationDepthError(option, section, f"Recursion limit exceeded in value substitution: option {option!r} in section {section!r} contains an interpolation key which cannot be substituted in {MAX_INTERPOLATION_DEPTH} steps. Raw value: {raw!r}")
        done = ""
        while value:
            at = value.find("%")
            if at < 0:
                return done + value
            done += value[:at]
            value = value[at:]
            if value[1:2] == "%":
                done += "%"
                value = value[2:]
            elif value[1:2] == "(":
                match = re.match(r"%\(([^)]+)\)s", value)
                if match is None:
                    raise InterpolationSyntaxError(option, section, "bad interpolation variable reference %r" % value)
                name = parser.optionxform(match.group(1))
                value = value[match.end() :]
                if name not in defaults:
                    raise InterpolationMissingOptionError(option, section, raw, name)
                found = defaults[name]
                done += self._filled(parser, option, found, section, defaults, depth + 1, raw) if "%" in found else found
            else:
                raise InterpolationSyntaxError(option, section, "'%%' must be followed by '%%' or '(', found: %r" % (value,))
        return done


class ExtendedInterpolation(Interpolation):
    def before_get(self, parser, section, option, value, defaults):
        def replaced(match):
            if match.group(0) == "$$":
                return "$"
            parts = match.group(1).split(":")
            try:
                if len(parts) == 1:
                    found = defaults[parser.optionxform(parts[0])]
                else:
                    found = parser.get(parts[0], parser.optionxform(parts[1]), raw=True)
            except (KeyError, NoSectionError, NoOptionError):
                raise InterpolationMissingOptionError(option, section, value, ":".join(parts)) from None
            return self.before_get(parser, section, option, found, defaults)

        return re.sub(r"\$\$|\$\{([^}]+)\}", replaced, value)


class RawConfigParser:
    BOOLEAN_STATES = {"1": True, "yes": True, "true": True, "on": True, "0": False, "no": False, "false": False, "off": False}
    _DEFAULT_INTERPOLATION = Interpolation()

    def __init__(self, defaults=None, dict_type=dict, allow_no_value=False, *, delimiters=("=", ":"), comment_prefixes=("#", ";"), inline_comment_prefixes=None, strict=True, empty_lines_in_values=True, default_section=DEFAULTSECT, interpolation=_MISSING, converters=None):
        self._sections = {}
        self._defaults = {}
        self.default_section = default_section
        self._allow_no_value = allow_no_value
        self._delimiters = tuple(delimiters)
        self._comments = tuple(comment_prefixes or ())
        self._inline = tuple(inline_comment_prefixes or ())
        self._strict = strict
        self._empty_lines = empty_lines_in_values
        self._interpolation = self._DEFAULT_INTERPOLATION if interpolation is _MISSING else interpolation or Interpolation()
        self.converters = converters or {}
        for name, convert in self.converters.items():
            setattr(self, "get" + name, lambda section, option, *, convert=convert, **kw: self._converted(section, option, convert, **kw))
        for key, value in (defaults or {}).items():
            self._defaults[self.optionxform(key)] = value

    def optionxform(self, optionstr):
        return optionstr.lower()

    def defaults(self):
        return self._defaults

    def sections(self):
        return list(self._sections)

    def add_section(self, section):
        if section == self.default_section:
            raise ValueError("Invalid section name: %r" % section)
        if section in self._sections:
            raise DuplicateSectionError(section)
        self._sections[section] = {}

    def has_section(self, section):
        return section in self._sections

    def options(self, section):
        if section not in self._sections:
            raise NoSectionError(section)
        return list({**self._sections[section], **self._defaults})

    def read(self, filenames, encoding=None):
        if isinstance(filenames, (str, bytes)) or hasattr(filenames, "__fspath__"):
            filenames = [filenames]
        done = []
        for name in filenames:
            try:
                with open(name, encoding=encoding) as file:
                    self._read(file, os.fspath(name))
            except OSError:
                continue
            done.append(os.fspath(name))
        return done

    def read_file(self, f, source=None):
        self._read(f, source or getattr(f, "name", "<???>"))

    def read_string(self, string, source="<string>"):
        self._read(string.splitlines(keepends=True), source)

    def read_dict(self, dictionary, source="<dict>"):
        for section, options in dictionary.items():
            if section != self.default_section and section not in self._sections:
                self._sections[section] = {}
            for key, value in options.items():
                self._section(section)[self.optionxform(str(key))] = value if value is None else str(value)

    def _section(self, name):
        return self._defaults if name == self.default_section else self._sections[name]

    def _read(self, lines, source):
        seen, current, name, option, indent, error = set(), None, None, None, 0, None
        for number, line in enumerate(lines, 1):
            whole = line
            for prefix in self._inline:
                at = line.find(prefix)
                while at >= 0:
                    if at == 0 or line[at - 1].isspace():
                        line = line[:at]
                        break
                    at = line.find(prefix, at + 1)
            comment = line.strip().startswith(self._comments) if self._comments else False
            value = "" if comment else line.strip()
            if not value:
                if self._empty_lines:
                    if not comment and current is not None and option and current[option] is not None:
                        current[option].append("")
                else:
                    indent = len(line)
                continue
            first = len(line) - len(line.lstrip())
            if current is not None and option and first > indent:
                if current[option] is None:
                    current[option] = []
                current[option].append(value)
                continue
            indent = first
            header = re.match(r"\[(?P<header>.+)\]", value)
            if header:
                name = header["header"]
                if name in self._sections:
                    if self._strict and name in seen:
                        raise DuplicateSectionError(name, source, number)
                    current = self._sections[name]
                elif name == self.default_section:
                    current = self._defaults
                else:
                    current = self._sections[name] = {}
                seen.add(name)
                option = None
                continue
            if current is None:
                raise MissingSectionHeaderError(source, number, whole)
            places = [value.find(d) for d in self._delimiters if d in value]
            if places:
                at = min(places)
                size = max(len(d) for d in self._delimiters if value.startswith(d, at))
                key, text = value[:at].rstrip(), value[at + size :].strip()
            elif self._allow_no_value:
                key, text = value, None
            else:
                key, text = "", None
            if not key:
                error = error or ParsingError(source)
                error.append(number, repr(whole))
                option = None
                continue
            option = self.optionxform(key)
            if self._strict and (name, option) in seen:
                raise DuplicateOptionError(name, option, source, number)
            seen.add((name, option))
            current[option] = None if text is None else [text]
        if error:
            raise error
        for options in [self._defaults, *self._sections.values()]:
            for key, value in options.items():
                if isinstance(value, list):
                    options[key] = "\n".join(value).rstrip()

    def _values(self, section, vars):
        own = {}
        if section in self._sections:
            own = self._sections[section]
        elif section != self.default_section:
            raise NoSectionError(section)
        given = {self.optionxform(key): value if value is None else str(value) for key, value in (vars or {}).items()}
        return {**self._defaults, **own, **given}

    def get(self, section, option, *, raw=False, vars=None, fallback=_MISSING):
        try:
            values = self._values(section, vars)
        except NoSectionError:
            if fallback is _MISSING:
                raise
            return fallback
        option = self.optionxform(option)
        if option not in values:
            if fallback is _MISSING:
                raise NoOptionError(option, section)
            return fallback
        value = values[option]
        if raw or value is None:
            return value
        return self._interpolation.before_get(self, section, option, value, values)

    def _converted(self, section, option, convert, *, fallback=_MISSING, **kwargs):
        try:
            return convert(self.get(section, option, **kwargs))
        except (NoSectionError, NoOptionError):
            if fallback is _MISSING:
                raise
            return fallback

    def getint(self, section, option, *, raw=False, vars=None, fallback=_MISSING):
        return self._converted(section, option, int, raw=raw, vars=vars, fallback=fallback)

    def getfloat(self, section, option, *, raw=False, vars=None, fallback=_MISSING):
        return self._converted(section, option, float, raw=raw, vars=vars, fallback=fallback)

    def _boolean(self, value):
        if value.lower() not in self.BOOLEAN_STATES:
            raise ValueError("Not a boolean: %s" % value)
        return self.BOOLEAN_STATES[value.lower()]

    def getboolean(self, section, option, *, raw=False, vars=None, fallback=_MISSING):
        return self._converted(section, option, self._boolean, raw=raw, vars=vars, fallback=fallback)

    def items(self, section=_MISSING, raw=False, vars=None):
        if section is _MISSING:
            return [(name, self[name]) for name in [self.default_section, *self._sections]]
        values = self._values(section, vars)
        names = [name for name in values if not vars or name not in vars or name in self._values(section, None)]
        if raw:
            return [(name, values[name]) for name in names]
        return [(name, self._interpolation.before_get(self, section, name, values[name], values) if values[name] is not None else None) for name in names]

    def has_option(self, section, option):
        if not section or section == self.default_section:
            return self.optionxform(option) in self._defaults
        if section not in self._sections:
            return False
        option = self.optionxform(option)
        return option in self._sections[section] or option in self._defaults

    def set(self, section, option, value=None):
        if value:
            value = self._interpolation.before_set(self, section, option, value)
        if not section or section == self.default_section:
            options = self._defaults
        elif section in self._sections:
            options = self._sections[section]
        else:
            raise NoSectionError(section)
        options[self.optionxform(option)] = value

    def write(self, fp, space_around_delimiters=True):
        d = f" {self._delimiters[0]} " if space_around_delimiters else self._delimiters[0]
        for name in [self.default_section, *self._sections]:
            options = self._section(name)
            if name == self.default_section and not options:
                continue
            fp.write(f"[{name}]\n")
            for key, value in options.items():
                text = "" if value is None and self._allow_no_value else d + str(value).replace("\n", "\n\t")
                fp.write(f"{key}{text}\n")
            fp.write("\n")

    def remove_option(self, section, option):
        if section != self.default_section and section not in self._sections:
            raise NoSectionError(section)
        return self._section(section).pop(self.optionxform(option), _MISSING) is not _MISSING

    def remove_section(self, section):
        return self._sections.pop(section, _MISSING) is not _MISSING

    def __getitem__(self, key):
        if key != self.default_section and key not in self._sections:
            raise KeyError(key)
        return SectionProxy(self, key)

    def __setitem__(self, key, value):
        if key == self.default_section:
            self._defaults.clear()
        elif key in self._sections:
            self._sections[key].clear()
        self.read_dict({key: value})

    def __delitem__(self, key):
        if key not in self._sections:
            raise KeyError(key)
        del self._sections[key]

    def __contains__(self, key):
        return key == self.default_section or key in self._sections

    def __len__(self):
        return len(self._sections) + 1

    def __iter__(self):
        return iter([self.default_section, *self._sections])

    def keys(self):
        return [self.default_section, *self._sections]

    def values(self):
        return [self[name] for name in self]


class ConfigParser(RawConfigParser):
    _DEFAULT_INTERPOLATION = BasicInterpolation()

    def set(self, section, option, value=None):
        if not isinstance(option, str):
            raise TypeError("option keys must be strings")
        if not isinstance(value, str) and not (value is None and self._allow_no_value):
            raise TypeError("option values must be strings")
        RawConfigParser.set(self, section, option, value)

    def add_section(self, section):
        if not isinstance(section, str):
            raise TypeError("section names must be strings")
        RawConfigParser.add_section(self, section)


SafeConfigParser = ConfigParser


class SectionProxy:
    def __init__(self, parser, name):
        self._parser = parser
        self._name = name

    @property
    def parser(self):
        return self._parser

    @property
    def name(self):
        return self._name

    def __repr__(self):
        return f"<Section: {self._name}>"

    def _options(self):
        if self._name == self._parser.default_section:
            return list(self._parser.defaults())
        return self._parser.options(self._name)

    def __getitem__(self, key):
        if not self._parser.has_option(self._name, key):
            raise KeyError(key)
        return self._parser.get(self._name, key)

    def __setitem__(self, key, value):
        self._parser.set(self._name, key, value)

    def __delitem__(self, key):
        if not self._parser.remove_option(self._name, key):
            raise KeyError(key)

    def __contains__(self, key):
        return self._parser.has_option(self._name, key)

    def __len__(self):
        return len(self._options())

    def __iter__(self):
        return iter(self._options())

    def keys(self):
        return self._options()

    def items(self):
        return [(key, self[key]) for key in self._options()]

    def values(self):
        return [self[key] for key in self._options()]

    def get(self, option, fallback=None, *, raw=False, vars=None):
        return self._parser.get(self._name, option, raw=raw, vars=vars, fallback=fallback)

    def getint(self, option, fallback=None, **kw):
        return self._parser.getint(self._name, option, fallback=fallback, **kw)

    def getfloat(self, option, fallback=None, **kw):
        return self._parser.getfloat(self._name, option, fallback=fallback, **kw)

    def getboolean(self, option, fallback=None, **kw):
        return self._parser.getboolean(self._name, option, fallback=fallback, **kw)
