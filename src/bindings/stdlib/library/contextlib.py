"""Context managers: what migrations use of Python's contextlib."""


class _Generated:
    def __init__(self, function, args, keywords):
        self.generator = function(*args, **keywords)
        self._again = lambda: _Generated(function, args, keywords)

    def __call__(self, function):
        def inner(*args, **keywords):
            with self._again():
                return function(*args, **keywords)

        return inner

    def __enter__(self):
        try:
            return next(self.generator)
        except StopIteration:
            raise RuntimeError("generator didn't yield") from None

    def __exit__(self, kind, value, traceback):
        if kind is None:
            try:
                next(self.generator)
            except StopIteration:
                return False
            raise RuntimeError("generator didn't stop")
        try:
            self.generator.throw(value)
        except StopIteration:
            return True
        except BaseException as error:
            if error is value:
                return False
            raise
        raise RuntimeError("generator didn't stop after throw()")

    async def __aenter__(self):
        return self.__enter__()

    async def __aexit__(self, kind, value, traceback):
        return self.__exit__(kind, value, traceback)


def contextmanager(function):
    def made(*args, **keywords):
        return _Generated(function, args, keywords)

    made.__name__ = function.__name__
    made.__doc__ = function.__doc__
    made.__wrapped__ = function
    return made


asynccontextmanager = contextmanager


class suppress:
    def __init__(self, *exceptions):
        self._exceptions = exceptions

    def __enter__(self):
        return None

    def __exit__(self, kind, value, traceback):
        return kind is not None and issubclass(kind, self._exceptions)


class nullcontext:
    def __init__(self, enter_result=None):
        self.enter_result = enter_result

    def __enter__(self):
        return self.enter_result

    def __exit__(self, *exception):
        return None


class closing:
    def __init__(self, thing):
        self.thing = thing

    def __enter__(self):
        return self.thing

    def __exit__(self, *exception):
        self.thing.close()


class redirect_stdout:
    _stream = "stdout"

    def __init__(self, new_target):
        self._new_target = new_target
        self._old_targets = []

    def __enter__(self):
        import sys

        self._old_targets.append(getattr(sys, self._stream))
        setattr(sys, self._stream, self._new_target)
        return self._new_target

    def __exit__(self, *exception):
        import sys

        setattr(sys, self._stream, self._old_targets.pop())


class redirect_stderr(redirect_stdout):
    _stream = "stderr"


class chdir:
    def __init__(self, path):
        raise NotImplementedError("contextlib.chdir: the current folder can't be changed")


class aclosing:
    def __init__(self, thing):
        self.thing = thing

    async def __aenter__(self):
        return self.thing

    async def __aexit__(self, *exception):
        await self.thing.aclose()


class AbstractAsyncContextManager:
    async def __aenter__(self):
        return self

    async def __aexit__(self, kind, value, traceback):
        return None


class AbstractContextManager:
    def __class_getitem__(cls, item):
        return cls

    def __enter__(self):
        return self

    def __exit__(self, kind, value, traceback):
        return None


class AsyncContextDecorator:
    pass


class ContextDecorator:
    def __call__(self, function):
        def inner(*args, **keywords):
            with self:
                return function(*args, **keywords)

        return inner


class ExitStack:
    def __init__(self):
        self._exits = []

    def enter_context(self, manager):
        value = manager.__enter__()
        self._exits.append(manager.__exit__)
        return value

    def push(self, exit):
        self._exits.append(getattr(exit, "__exit__", exit))
        return exit

    def callback(self, function, /, *args, **keywords):
        self._exits.append(lambda *exception: function(*args, **keywords) and None)
        return function

    def close(self):
        self.__exit__(None, None, None)

    def __enter__(self):
        return self

    def __exit__(self, kind, value, traceback):
        swallowed = False
        pending = value
        while self._exits:
            exit = self._exits.pop()
            try:
                if exit(type(pending) if pending is not None else None, pending, None):
                    swallowed, pending = True, None
            except BaseException as error:
                pending, swallowed = error, False
        if pending is not None and pending is not value:
            raise pending
        return swallowed

    def pop_all(self):
        moved = type(self)()
        moved._exits = self._exits
        self._exits = []
        return moved


class AsyncExitStack(ExitStack):
    async def enter_async_context(self, manager):
        value = await manager.__aenter__()
        self._exits.append(lambda *exception: _finished(manager.__aexit__(*exception)))
        return value

    def push_async_callback(self, function, /, *args, **keywords):
        self._exits.append(lambda *exception: _finished(function(*args, **keywords)) and None)
        return function

    def push_async_exit(self, exit):
        leave = getattr(exit, "__aexit__", exit)
        self._exits.append(lambda *exception: _finished(leave(*exception)))
        return exit

    async def aclose(self):
        self.__exit__(None, None, None)

    async def __aenter__(self):
        return self

    async def __aexit__(self, *exception):
        return self.__exit__(*exception)


def _finished(coroutine):
    import asyncio

    return asyncio.run(coroutine)
