"""The platform, as a Linux machine that runs Python 3.11."""

from collections import namedtuple

uname_result = namedtuple("uname_result", "system node release version machine")


def uname():
    return uname_result("Linux", "localhost", "", "", "x86_64")


def system():
    return "Linux"


def node():
    return "localhost"


def machine():
    return "x86_64"


def processor():
    return ""


def release():
    return ""


def version():
    return ""


def platform(aliased=False, terse=False):
    return "Linux"


def architecture(executable="", bits="", linkage=""):
    return ("64bit", "ELF")


def python_version():
    return "3.11.7"


def python_version_tuple():
    return tuple(python_version().split("."))


def python_implementation():
    return "CPython"
