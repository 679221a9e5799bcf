"""What has no effect on a migration: `gc`, `atexit`, `signal`, `faulthandler`, `locale`, `threading`."""


class gc:
    def collect(generation=2):
        return 0

    def enable():
        pass

    def disable():
        pass

    def isenabled():
        return True

    def freeze():
        pass


class atexit:
    def register(func, *args, **kwargs):
        return func

    def unregister(func):
        pass


class signal:
    SIGINT, SIGTERM, SIGHUP, SIGALRM, SIGKILL = 2, 15, 1, 14, 9
    SIG_DFL, SIG_IGN = 0, 1

    def signal(signalnum, handler):
        return 0

    def getsignal(signalnum):
        return 0

    def alarm(seconds):
        return 0


class faulthandler:
    def enable(file=None, all_threads=True):
        pass

    def disable():
        pass


class locale:
    LC_CTYPE, LC_NUMERIC, LC_TIME, LC_COLLATE, LC_MONETARY, LC_MESSAGES, LC_ALL = range(7)
    Error = Exception

    def setlocale(category, locale=None):
        return locale or "C.UTF-8"

    def getlocale(category=0):
        return ("en_US", "UTF-8")

    def getdefaultlocale():
        return ("en_US", "UTF-8")

    def getpreferredencoding(do_setlocale=True):
        return "UTF-8"

    def getencoding():
        return "UTF-8"


class _Lock:
    def acquire(self, blocking=True, timeout=-1):
        return True

    def release(self):
        pass

    def locked(self):
        return False

    def __enter__(self):
        return True

    def __exit__(self, *exception):
        pass

    def notify(self, n=1):
        pass

    notify_all = notify

    def wait(self, timeout=None):
        return True


class threading:
    """One thread: another one runs to its end where it is started."""

    Lock = RLock = Condition = Semaphore = BoundedSemaphore = _Lock

    class local:
        pass

    class Event(_Lock):
        _set = False

        def set(self):
            self._set = True

        def clear(self):
            self._set = False

        def is_set(self):
            return self._set

    class Thread:
        def __init__(self, group=None, target=None, name=None, args=(), kwargs=None, *, daemon=None):
            self._target, self._args, self._kwargs = target, args, kwargs or {}
            self.name = name or "Thread-1"
            self.daemon = bool(daemon)
            self.ident = 1

        def run(self):
            if self._target:
                self._target(*self._args, **self._kwargs)

        def start(self):
            self.run()

        def join(self, timeout=None):
            pass

        def is_alive(self):
            return False

    def current_thread():
        thread = threading.Thread()
        thread.name = "MainThread"
        return thread

    def main_thread():
        return threading.current_thread()

    def get_ident():
        return 1

    def active_count():
        return 1


class weakref:
    """References that keep what they refer to."""

    class ref:
        def __init__(self, object, callback=None):
            self._object = object

        def __call__(self):
            return self._object

    WeakMethod = ref
    WeakKeyDictionary = WeakValueDictionary = dict
    WeakSet = set

    def proxy(object, callback=None):
        return object

    def finalize(object, func, *args, **kwargs):
        return func


class getpass:
    def getuser():
        import os

        return os.environ.get("LOGNAME") or os.environ.get("USER") or "root"

    def getpass(prompt="Password: ", stream=None):
        raise EOFError


class contextvars:
    class ContextVar:
        def __init__(self, name, **options):
            self.name = name
            self._options = options
            self._values = []

        def __class_getitem__(cls, item):
            return cls

        def get(self, *default):
            if self._values:
                return self._values[-1]
            if default:
                return default[0]
            if "default" in self._options:
                return self._options["default"]
            raise LookupError(self)

        def set(self, value):
            before = list(self._values)
            self._values = [value]
            return contextvars.Token(self, before)

        def reset(self, token):
            self._values = token._before

    class Token:
        MISSING = object()

        def __init__(self, var, before):
            self.var = var
            self._before = before

        @property
        def old_value(self):
            return self._before[-1] if self._before else contextvars.Token.MISSING

    class Context:
        def run(self, callable, *args, **kwargs):
            return callable(*args, **kwargs)

    def copy_context():
        return contextvars.Context()
