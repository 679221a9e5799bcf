"""Arguments of a script."""

import sys

SUPPRESS = "==SUPPRESS=="
OPTIONAL, ZERO_OR_MORE, ONE_OR_MORE, PARSER, REMAINDER = "?", "*", "+", "A...", "..."


class ArgumentError(Exception):
    def __init__(self, argument, message):
        self.argument_name = argument and argument.shown()
        self.message = message

    def __str__(self):
        return f"argument {self.argument_name}: {self.message}" if self.argument_name else self.message


class ArgumentTypeError(Exception):
    pass


class Namespace:
    def __init__(self, **kwargs):
        for name in kwargs:
            setattr(self, name, kwargs[name])

    def __eq__(self, other):
        return isinstance(other, Namespace) and vars(self) == vars(other)

    def __contains__(self, key):
        return key in self.__dict__

    def __repr__(self):
        return "Namespace(" + ", ".join(f"{k}={v!r}" for k, v in self.__dict__.items()) + ")"


class HelpFormatter:
    pass


class RawDescriptionHelpFormatter(HelpFormatter):
    pass


class RawTextHelpFormatter(RawDescriptionHelpFormatter):
    pass


class ArgumentDefaultsHelpFormatter(HelpFormatter):
    pass


class FileType:
    def __init__(self, mode="r", bufsize=-1, encoding=None, errors=None):
        self._mode = mode

    def __call__(self, string):
        return open(string, self._mode)


class Action:
    def __init__(self, option_strings, dest, nargs=None, const=None, default=None, type=None, choices=None, required=False, help=None, metavar=None):
        self.option_strings = option_strings
        self.dest = dest
        self.nargs = nargs
        self.const = const
        self.default = default
        self.type = type
        self.choices = choices
        self.required = required
        self.help = help
        self.metavar = metavar

    def shown(self):
        return "/".join(self.option_strings) or self.metavar or self.dest

    def __call__(self, parser, namespace, values, option_string=None):
        setattr(namespace, self.dest, values)


class BooleanOptionalAction(Action):
    pass


class _Simple(Action):
    kind = "store"

    def __call__(self, parser, namespace, values, option_string=None):
        kind = self.kind
        if kind == "store":
            setattr(namespace, self.dest, values)
        elif kind in ("store_const", "store_true", "store_false"):
            setattr(namespace, self.dest, self.const)
        elif kind == "append":
            setattr(namespace, self.dest, list(getattr(namespace, self.dest, None) or []) + [values])
        elif kind == "append_const":
            setattr(namespace, self.dest, list(getattr(namespace, self.dest, None) or []) + [self.const])
        elif kind == "extend":
            setattr(namespace, self.dest, list(getattr(namespace, self.dest, None) or []) + list(values))
        elif kind == "count":
            setattr(namespace, self.dest, (getattr(namespace, self.dest, None) or 0) + 1)
        elif kind == "boolean":
            setattr(namespace, self.dest, not option_string.startswith("--no-"))
        elif kind == "version":
            print(self.version)
            parser.exit()
        elif kind == "help":
            parser.print_help()
            parser.exit()


class _Group:
    def __init__(self, parser, required=False, exclusive=False):
        self.parser = parser
        self.required = required
        self.members = [] if exclusive else None

    def add_argument(self, *names, **options):
        action = self.parser.add_argument(*names, **options)
        if self.members is not None:
            self.members.append(action)
        return action

    def add_mutually_exclusive_group(self, required=False):
        return self.parser.add_mutually_exclusive_group(required=required)


class _Commands(Action):
    def add_parser(self, name, *, help=None, aliases=(), **options):
        options.setdefault("prog", f"{self.parser.prog} {name}")
        parser = ArgumentParser(**options)
        for each in (name, *aliases):
            self.parsers[each] = parser
        return parser


class ArgumentParser:
    def __init__(self, prog=None, usage=None, description=None, epilog=None, parents=(), formatter_class=HelpFormatter, prefix_chars="-", fromfile_prefix_chars=None, argument_default=None, conflict_handler="error", add_help=True, allow_abbrev=True, exit_on_error=True):
        self.prog = prog or sys.argv[0].rpartition("/")[2]
        self.usage = usage
        self.description = description
        self.epilog = epilog
        self.argument_default = argument_default
        self.exit_on_error = exit_on_error
        self._actions = []
        self._defaults = {}
        self._exclusive = []
        self._commands = None
        if add_help:
            self.add_argument("-h", "--help", action="help", default=SUPPRESS, help="show this help message and exit")
        for parent in parents:
            self._actions += [each for each in parent._actions if "--help" not in each.option_strings]
            self._defaults.update(parent._defaults)

    def add_argument(self, *names, action="store", version=None, dest=None, **options):
        optional = bool(names) and names[0].startswith("-")
        if dest is None:
            if optional:
                long = [name for name in names if name.startswith("--")]
                dest = (long or list(names))[0].lstrip("-").replace("-", "_")
            else:
                dest = names[0] if names else None
        if isinstance(action, type):
            if action is BooleanOptionalAction:
                names = [each for name in names for each in ((name, "--no-" + name[2:]) if name.startswith("--") else (name,))]
                made = _Simple(names, dest, 0, None, options.pop("default", None), **options)
                made.kind = "boolean"
            else:
                made = action(list(names) if optional else [], dest, **options)
        else:
            if action in ("store_true", "store_false"):
                options.setdefault("const", action == "store_true")
                options.setdefault("default", action == "store_false")
            if action in ("store_true", "store_false", "store_const", "append_const", "count", "help", "version"):
                options["nargs"] = 0
            made = _Simple(list(names) if optional else [], dest, **options)
            made.kind = action
            made.version = version
        if "default" not in options and self.argument_default is not None:
            made.default = self.argument_default
        if not optional:
            made.required = made.nargs not in ("?", "*")
        self._actions.append(made)
        return made

    def add_argument_group(self, title=None, description=None, **options):
        return _Group(self)

    def add_mutually_exclusive_group(self, *, required=False):
        group = _Group(self, required, True)
        self._exclusive.append(group)
        return group

    def add_subparsers(self, *, dest=SUPPRESS, required=False, title=None, description=None, help=None, metavar=None, prog=None, parser_class=None, action=None):
        made = _Commands([], dest, "A...", required=required, help=help, metavar=metavar)
        made.parser = self
        made.parsers = {}
        self._commands = made
        self._actions.append(made)
        return made

    def set_defaults(self, **kwargs):
        self._defaults.update(kwargs)

    def get_default(self, dest):
        for action in self._actions:
            if action.dest == dest and action.default is not None:
                return action.default
        return self._defaults.get(dest)

    def parse_args(self, args=None, namespace=None):
        found, rest = self.parse_known_args(args, namespace)
        if rest:
            self.error("unrecognized arguments: %s" % " ".join(rest))
        return found

    def parse_known_args(self, args=None, namespace=None):
        args = list(sys.argv[1:] if args is None else args)
        namespace = Namespace() if namespace is None else namespace
        for action in self._actions:
            if action.dest not in (None, SUPPRESS) and action.default is not SUPPRESS and not hasattr(namespace, action.dest):
                setattr(namespace, action.dest, action.default)
        for name, value in self._defaults.items():
            if getattr(namespace, name, None) is None:
                setattr(namespace, name, value)
        try:
            return self._parse(args, namespace)
        except ArgumentError as e:
            if not self.exit_on_error:
                raise
            self.error(str(e))

    def _option(self, word):
        name, equals, value = word.partition("=")
        for action in self._actions:
            if word in action.option_strings:
                return action, word, None
        for action in self._actions:
            if name in action.option_strings:
                return action, name, value if equals else None
        if word.startswith("--"):
            near = [(a, s) for a in self._actions for s in a.option_strings if s.startswith(name)]
            if len(near) == 1:
                return near[0][0], near[0][1], value if equals else None
            if near:
                raise ArgumentError(None, f"ambiguous option: {name} could match {', '.join(s for _, s in near)}")
        elif len(word) > 2:
            for action in self._actions:
                if word[:2] in action.option_strings:
                    return action, word[:2], word[2:]
        return None

    def _parse(self, args, namespace):
        positional = [each for each in self._actions if not each.option_strings]
        seen, unknown, words, at = set(), [], [], 0
        plain = False
        while at < len(args):
            word = args[at]
            if word == "--" and not plain:
                plain = True
                at += 1
                continue
            if not plain and word.startswith("-") and word != "-" and not self._number(word):
                found = self._option(word)
                at += 1
                if found is None:
                    unknown.append(word)
                    continue
                action, name, value = found
                if action.nargs == 0 and value is not None and not name.startswith("--"):
                    args.insert(at, "-" + value)
                    value = None
                values, at = self._taken(action, value, args, at)
                seen.add(action)
                action(self, namespace, values, name)
                continue
            if self._commands is not None and len(words) == len(positional) - 1:
                words.append(word)
                self._fill(positional[:-1], words[:-1], namespace, seen)
                command = self._commands
                if word not in command.parsers:
                    raise ArgumentError(command, f"invalid choice: {word!r} (choose from {', '.join(map(repr, command.parsers))})")
                if command.dest is not SUPPRESS:
                    setattr(namespace, command.dest, word)
                seen.add(command)
                below = Namespace()
                below, rest = command.parsers[word].parse_known_args(args[at + 1 :], below)
                for key, value in vars(below).items():
                    setattr(namespace, key, value)
                unknown += rest
                words = []
                positional = []
                break
            words.append(word)
            at += 1
        unknown += self._fill([each for each in positional if each is not self._commands], words, namespace, seen)
        for group in self._exclusive:
            used = [each for each in group.members if each in seen]
            if len(used) > 1:
                raise ArgumentError(used[1], f"not allowed with argument {used[0].shown()}")
            if group.required and not used:
                raise ArgumentError(None, "one of the arguments %s is required" % " ".join(each.shown() for each in group.members))
        missing = [each.shown() for each in self._actions if each.required and each not in seen]
        if missing:
            raise ArgumentError(None, "the following arguments are required: %s" % ", ".join(missing))
        for action in self._actions:
            if action not in seen and isinstance(action.default, str) and action.dest and getattr(namespace, action.dest, None) is action.default:
                setattr(namespace, action.dest, self._value(action, action.default))
        return namespace, unknown

    @staticmethod
    def _number(word):
        try:
            float(word)
        except ValueError:
            return False
        return True

    def _taken(self, action, value, args, at):
        nargs = action.nargs
        if nargs == 0:
            if value is not None:
                raise ArgumentError(action, f"ignored explicit argument {value!r}")
            return [], at
        if value is not None:
            value = self._value(action, value)
            return (value if nargs in (None, "?") else [value]), at
        words = []
        limit = {None: 1, "?": 1}.get(nargs, nargs if isinstance(nargs, int) else len(args))
        while at < len(args) and len(words) < limit:
            if args[at].startswith("-") and args[at] != "-" and not self._number(args[at]) and nargs != REMAINDER:
                break
            words.append(args[at])
            at += 1
        if nargs is None and not words:
            raise ArgumentError(action, "expected one argument")
        if nargs == "+" and not words:
            raise ArgumentError(action, "expected at least one argument")
        if isinstance(nargs, int) and len(words) < nargs:
            raise ArgumentError(action, f"expected {nargs} argument{'s' if nargs != 1 else ''}")
        if nargs == "?":
            return (self._value(action, words[0]) if words else action.const), at
        values = [self._value(action, each) for each in words]
        return (values[0] if nargs is None else values), at

    def _fill(self, actions, words, namespace, seen):
        words = list(words)
        for index, action in enumerate(actions):
            if action in seen:
                continue
            later = sum(each.nargs if isinstance(each.nargs, int) else each.nargs in (None, "+") for each in actions[index + 1 :])
            room = len(words) - later
            nargs = action.nargs
            if nargs is None:
                take = 1
            elif isinstance(nargs, int):
                take = nargs
            elif nargs == "?":
                take = 1 if room > 0 else 0
            else:
                take = max(room, 0)
            if take > len(words) or (nargs == "+" and take == 0):
                continue
            values, words = [self._value(action, each) for each in words[:take]], words[take:]
            if not values and nargs in ("?", "*"):
                if nargs == "*" and action.default is None:
                    setattr(namespace, action.dest, [])
                continue
            seen.add(action)
            action(self, namespace, values[0] if nargs in (None, "?") else values)
        return words

    def _value(self, action, text):
        value = text
        if action.type is not None:
            try:
                value = action.type(text)
            except ArgumentTypeError as e:
                raise ArgumentError(action, str(e)) from None
            except (TypeError, ValueError):
                name = getattr(action.type, "__name__", repr(action.type))
                raise ArgumentError(action, f"invalid {name} value: {text!r}") from None
        if action.choices is not None and value not in action.choices:
            raise ArgumentError(action, f"invalid choice: {value!r} (choose from {', '.join(map(repr, action.choices))})")
        return value

    def format_usage(self):
        parts = []
        for action in self._actions:
            if action.option_strings:
                text = action.option_strings[0]
                if action.nargs != 0:
                    text += " " + (action.metavar or (action.dest or "").upper())
                parts.append(text if action.required else f"[{text}]")
        for action in self._actions:
            if not action.option_strings:
                if action is self._commands:
                    parts.append((action.metavar or "{" + ",".join(action.parsers) + "}") + " ...")
                else:
                    name = action.metavar or action.dest
                    parts.append({"?": f"[{name}]", "*": f"[{name} ...]", "+": f"{name} [{name} ...]"}.get(action.nargs, name))
        return f"usage: {self.usage or ' '.join([self.prog, *parts])}\n"

    def format_help(self):
        text = self.format_usage()
        if self.description:
            text += f"\n{self.description}\n"
        for title, wanted in (("positional arguments", False), ("options", True)):
            lines = []
            for action in self._actions:
                if bool(action.option_strings) != wanted:
                    continue
                head = ", ".join(action.option_strings) or action.metavar or action.dest or ""
                lines.append(f"  {head:<20}  {action.help or ''}".rstrip())
            if lines:
                text += f"\n{title}:\n" + "\n".join(lines) + "\n"
        if self.epilog:
            text += f"\n{self.epilog}\n"
        return text

    def print_usage(self, file=None):
        (file or sys.stdout).write(self.format_usage())

    def print_help(self, file=None):
        (file or sys.stdout).write(self.format_help())

    def exit(self, status=0, message=None):
        if message:
            sys.stderr.write(message)
        sys.exit(status)

    def error(self, message):
        self.print_usage(sys.stderr)
        self.exit(2, f"{self.prog}: error: {message}\n")
