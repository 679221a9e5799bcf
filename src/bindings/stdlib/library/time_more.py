"""`time` as tuples."""

import time as _time
from collections import namedtuple
from datetime import datetime, timedelta

daylight = 0
tzname = ("UTC", "UTC")
altzone = 0
CLOCK_MONOTONIC = 1
CLOCK_REALTIME = 0


class struct_time(namedtuple("struct_time", "tm_year tm_mon tm_mday tm_hour tm_min tm_sec tm_wday tm_yday tm_isdst")):
    def __repr__(self):
        return "time." + super().__repr__()


def _made(moment):
    return struct_time(
        moment.year, moment.month, moment.day, moment.hour, moment.minute, moment.second,
        moment.weekday(), (moment.date() - moment.date().replace(month=1, day=1)).days + 1, 0,
    )


def gmtime(secs=None):
    return _made(datetime(1970, 1, 1) + timedelta(seconds=int(_time.time() if secs is None else secs)))


def localtime(secs=None):
    return gmtime((_time.time() if secs is None else secs) + _time._local_offset())


def mktime(t):
    return float((datetime(*t[:6]) - datetime(1970, 1, 1)).total_seconds() - _time._local_offset())


def strptime(string, format="%a %b %d %H:%M:%S %Y"):
    return _made(datetime.strptime(string, format))


def asctime(t=None):
    return _time.strftime("%a %b %e %H:%M:%S %Y", t or localtime())


def ctime(secs=None):
    return asctime(localtime(secs))


def thread_time():
    return _time.process_time()


def tzset():
    pass


def get_clock_info(name):
    raise NotImplementedError(name)


def clock_gettime(clk_id):
    return _time.time()
