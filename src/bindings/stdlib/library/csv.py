"""Rows of comma-separated values."""

QUOTE_MINIMAL, QUOTE_ALL, QUOTE_NONNUMERIC, QUOTE_NONE = 0, 1, 2, 3


class Error(Exception):
    pass


class Dialect:
    delimiter = ","
    quotechar = '"'
    doublequote = True
    escapechar = None
    lineterminator = "\r\n"
    quoting = QUOTE_MINIMAL
    skipinitialspace = False
    strict = False


class excel(Dialect):
    pass


class excel_tab(excel):
    delimiter = "\t"


class unix_dialect(Dialect):
    quoting = QUOTE_ALL
    lineterminator = "\n"


_dialects = {"excel": excel, "excel-tab": excel_tab, "unix": unix_dialect}
_OPTIONS = ("delimiter", "quotechar", "doublequote", "escapechar", "lineterminator", "quoting", "skipinitialspace", "strict")


def register_dialect(name, dialect=None, **fmtparams):
    _dialects[name] = _made(dialect or excel, fmtparams)


def unregister_dialect(name):
    if name not in _dialects:
        raise Error("unknown dialect")
    del _dialects[name]


def get_dialect(name):
    if name not in _dialects:
        raise Error("unknown dialect")
    return _dialects[name]


def list_dialects():
    return list(_dialects)


def field_size_limit(new_limit=131072):
    return 131072


def _made(dialect, options):
    if isinstance(dialect, str):
        dialect = get_dialect(dialect)
    made = Dialect()
    for name in _OPTIONS:
        setattr(made, name, options.pop(name, getattr(dialect, name)))
    if options:
        raise TypeError(f"{next(iter(options))!r} is an invalid keyword argument for this function")
    if not isinstance(made.delimiter, str) or len(made.delimiter) != 1:
        raise TypeError('"delimiter" must be a 1-character string')
    return made


class reader:
    def __init__(self, csvfile, dialect="excel", **fmtparams):
        self.dialect = _made(dialect, fmtparams)
        self.line_num = 0
        self._lines = iter(csvfile)

    def __iter__(self):
        return self

    def __next__(self):
        d = self.dialect
        row, field, state, numeric = [], "", "start", False
        while True:
            try:
                line = next(self._lines)
            except StopIteration:
                if state == "quoted":
                    if d.strict:
                        raise Error("unexpected end of data") from None
                    row.append(field)
                    return row
                raise
            if not isinstance(line, str):
                raise Error(f"iterator should return strings, not {type(line).__name__} (the file should be opened in text mode)")
            self.line_num += 1
            at, size = 0, len(line)
            while at < size:
                c = line[at]
                at += 1
                if state == "quoted":
                    if d.escapechar and c == d.escapechar:
                        if at < size:
                            field += line[at]
                            at += 1
                    elif c == d.quotechar:
                        if d.doublequote and at < size and line[at] == d.quotechar:
                            field += c
                            at += 1
                        else:
                            state = "after"
                    else:
                        field += c
                elif c in "\r\n":
                    break
                elif c == d.delimiter:
                    row.append(self._value(field, numeric))
                    field, state, numeric = "", "start", False
                elif state == "start" and d.skipinitialspace and c == " ":
                    pass
                elif state == "start" and d.quoting != QUOTE_NONE and c == d.quotechar:
                    state = "quoted"
                elif d.escapechar and c == d.escapechar:
                    state = "plain"
                    if at < size:
                        field += line[at]
                        at += 1
                elif state == "after" and d.strict:
                    raise Error(f"'{d.delimiter}' expected after '{d.quotechar}'")
                else:
                    if state == "start":
                        numeric = d.quoting == QUOTE_NONNUMERIC
                    state = "plain"
                    field += c
            if state == "quoted":
                continue
            if not row and not field and state == "start":
                return row
            row.append(self._value(field, numeric))
            return row

    @staticmethod
    def _value(field, numeric):
        return float(field) if numeric else field


class writer:
    def __init__(self, csvfile, dialect="excel", **fmtparams):
        self.dialect = _made(dialect, fmtparams)
        self._write = csvfile.write

    def writerow(self, row):
        d = self.dialect
        fields = []
        row = list(row)
        for value in row:
            number = isinstance(value, (int, float))
            text = "" if value is None else repr(value) if isinstance(value, float) else str(value)
            special = any(c in text for c in (d.delimiter, d.quotechar or "", "\r", "\n") if c)
            quoted = (
                d.quoting == QUOTE_ALL
                or (d.quoting == QUOTE_NONNUMERIC and not number)
                or (d.quoting == QUOTE_MINIMAL and (special or (len(row) == 1 and text == "")))
            )
            if quoted:
                if d.doublequote:
                    text = text.replace(d.quotechar, d.quotechar * 2)
                elif d.escapechar:
                    text = text.replace(d.quotechar, d.escapechar + d.quotechar)
                elif d.quotechar in text:
                    raise Error("need to escape, but no escapechar set")
                text = d.quotechar + text + d.quotechar
            elif d.quoting == QUOTE_NONE and special:
                if not d.escapechar:
                    raise Error("need to escape, but no escapechar set")
                for c in (d.escapechar, d.delimiter, d.quotechar, "\r", "\n"):
                    if c:
                        text = text.replace(c, d.escapechar + c)
            fields.append(text)
        return self._write(d.delimiter.join(fields) + d.lineterminator)

    def writerows(self, rows):
        for row in rows:
            self.writerow(row)


class DictReader:
    def __init__(self, f, fieldnames=None, restkey=None, restval=None, dialect="excel", *args, **kwds):
        self._fieldnames = fieldnames
        self.restkey = restkey
        self.restval = restval
        self.reader = reader(f, dialect, *args, **kwds)
        self.dialect = dialect
        self.line_num = 0

    def __iter__(self):
        return self

    @property
    def fieldnames(self):
        if self._fieldnames is None:
            try:
                self._fieldnames = next(self.reader)
            except StopIteration:
                pass
        self.line_num = self.reader.line_num
        return self._fieldnames

    @fieldnames.setter
    def fieldnames(self, value):
        self._fieldnames = value

    def __next__(self):
        names = self.fieldnames
        row = next(self.reader)
        while row == []:
            row = next(self.reader)
        self.line_num = self.reader.line_num
        found = dict(zip(names, row))
        if len(names) < len(row):
            found[self.restkey] = row[len(names) :]
        for name in names[len(row) :]:
            found[name] = self.restval
        return found


class DictWriter:
    def __init__(self, f, fieldnames, restval="", extrasaction="raise", dialect="excel", *args, **kwds):
        self.fieldnames = fieldnames
        self.restval = restval
        self.extrasaction = extrasaction
        self.writer = writer(f, dialect, *args, **kwds)

    def writeheader(self):
        return self.writerow(dict(zip(self.fieldnames, self.fieldnames)))

    def _row(self, rowdict):
        if self.extrasaction == "raise":
            wrong = [key for key in rowdict if key not in self.fieldnames]
            if wrong:
                raise ValueError("dict contains fields not in fieldnames: " + ", ".join(repr(x) for x in wrong))
        return [rowdict.get(key, self.restval) for key in self.fieldnames]

    def writerow(self, rowdict):
        return self.writer.writerow(self._row(rowdict))

    def writerows(self, rowdicts):
        return self.writer.writerows([self._row(each) for each in rowdicts])
