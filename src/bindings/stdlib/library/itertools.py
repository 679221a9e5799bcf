"""Iterators: what migrations and models use of Python's itertools."""


class chain:
    def __init__(self, *iterables):
        self._iterator = _chained(iterables)

    def __iter__(self):
        return self

    def __next__(self):
        return next(self._iterator)

    @classmethod
    def from_iterable(cls, iterables):
        made = cls()
        made._iterator = _chained(iterables)
        return made


def _chained(iterables):
    for iterable in iterables:
        yield from iterable


def count(start=0, step=1):
    while True:
        yield start
        start += step


def cycle(iterable):
    items = list(iterable)
    while items:
        yield from items


def repeat(object, times=None):
    if times is None:
        while True:
            yield object
    for _ in range(times):
        yield object


def islice(iterable, *bounds):
    bounds = slice(*bounds)
    start, stop, step = bounds.start or 0, bounds.stop, bounds.step or 1
    wanted = start
    if stop is not None and wanted >= stop:
        return
    for index, item in enumerate(iterable):
        if index == wanted:
            yield item
            wanted += step
        if stop is not None and (index + 1 >= stop or wanted >= stop):
            return


def accumulate(iterable, func=None, *, initial=None):
    iterator = iter(iterable)
    if initial is None:
        try:
            total = next(iterator)
        except StopIteration:
            return
    else:
        total = initial
    yield total
    for item in iterator:
        total = total + item if func is None else func(total, item)
        yield total


def product(*iterables, repeat=1):
    pools = [tuple(pool) for pool in iterables] * repeat
    results = [()]
    for pool in pools:
        results = [result + (item,) for result in results for item in pool]
    return iter(results)


def combinations(iterable, r):
    pool = tuple(iterable)

    def choose(start, count):
        if count == 0:
            yield ()
            return
        for index in range(start, len(pool) - count + 1):
            for rest in choose(index + 1, count - 1):
                yield (pool[index],) + rest

    return choose(0, r)


def combinations_with_replacement(iterable, r):
    pool = tuple(iterable)

    def choose(start, count):
        if count == 0:
            yield ()
            return
        for index in range(start, len(pool)):
            for rest in choose(index, count - 1):
                yield (pool[index],) + rest

    return choose(0, r)


def permutations(iterable, r=None):
    pool = tuple(iterable)

    def choose(left, count):
        if count == 0:
            yield ()
            return
        for at, index in enumerate(left):
            for rest in choose(left[:at] + left[at + 1 :], count - 1):
                yield (pool[index],) + rest

    return choose(tuple(range(len(pool))), len(pool) if r is None else r)


def groupby(iterable, key=None):
    group, last, begun = [], None, False
    for item in iterable:
        value = item if key is None else key(item)
        if begun and value == last:
            group.append(item)
            continue
        if begun:
            yield last, iter(group)
        group, last, begun = [item], value, True
    if begun:
        yield last, iter(group)


def takewhile(predicate, iterable):
    for item in iterable:
        if not predicate(item):
            return
        yield item


def dropwhile(predicate, iterable):
    dropping = True
    for item in iterable:
        if dropping and predicate(item):
            continue
        dropping = False
        yield item


def filterfalse(predicate, iterable):
    for item in iterable:
        if not (item if predicate is None else predicate(item)):
            yield item


def compress(data, selectors):
    return (item for item, wanted in zip(data, selectors) if wanted)


def starmap(function, iterable):
    for arguments in iterable:
        yield function(*arguments)


def pairwise(iterable):
    iterator = iter(iterable)
    try:
        last = next(iterator)
    except StopIteration:
        return
    for item in iterator:
        yield last, item
        last = item


def zip_longest(*iterables, fillvalue=None):
    lists = [list(iterable) for iterable in iterables]
    for index in range(max((len(items) for items in lists), default=0)):
        yield tuple(items[index] if index < len(items) else fillvalue for items in lists)


def tee(iterable, n=2):
    items = list(iterable)
    return tuple(iter(items) for _ in range(n))


def batched(iterable, n):
    batch = []
    for item in iterable:
        batch.append(item)
        if len(batch) == n:
            yield tuple(batch)
            batch = []
    if batch:
        yield tuple(batch)
