"""Warnings, shown as Python's default filters would."""

from _warnings import warn


class catch_warnings:
    def __init__(self, *, record=False, module=None, action=None, category=Warning, **options):
        self.record = record

    def __enter__(self):
        return [] if self.record else None

    def __exit__(self, *exception):
        return None


def filterwarnings(action, *arguments, **options):
    pass


def simplefilter(action, *arguments, **options):
    pass


def resetwarnings():
    pass
