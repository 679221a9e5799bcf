"""alembic.autogenerate.rewriter: rewrites the operations of a generated migration."""


class Rewriter:
    def __init__(self):
        self._functions = {}
        self._chained = ()

    def chain(self, other):
        chained = self.__class__.__new__(self.__class__)
        chained.__dict__.update(self.__dict__)
        chained._chained = self._chained + (other,)
        return chained

    def rewrites(self, operator):
        def decorate(function):
            if operator in self._functions:
                raise ValueError(
                    f"Can not set dispatch function for object {operator!r}: key already exists. "
                    "To replace existing function, use replace=True."
                )
            self._functions[operator] = function
            return function

        return decorate

    def __call__(self, context, revision, directives):
        self.process_revision_directives(context, revision, directives)
        for following in self._chained:
            following(context, revision, directives)

    def process_revision_directives(self, context, revision, directives):
        self._visit_list(context, revision, directives)

    def _function_for(self, directive):
        for cls in type(directive).__mro__:
            if cls in self._functions:
                return self._functions[cls]
        return None

    def _rewrite(self, context, revision, directive):
        function = self._function_for(directive)
        done = getattr(directive, "_mutations", ())
        if function is None or any(rewriter is self for rewriter in done):
            return [directive]
        result = function(context, revision, directive)
        if result is None:
            result = []
        elif not isinstance(result, (list, tuple)):
            result = [result]
        for rewritten in result:
            rewritten._mutations = tuple(getattr(rewritten, "_mutations", ())) + (self,)
        return list(result)

    def _visit(self, context, revision, directive):
        rewritten = self._rewrite(context, revision, directive)
        for each in rewritten:
            if hasattr(each, "upgrade_ops_list"):
                each.upgrade_ops = self._visit_bodies(
                    context, revision, each.upgrade_ops_list, "UpgradeOps"
                )
                each.downgrade_ops = self._visit_bodies(
                    context, revision, each.downgrade_ops_list, "DowngradeOps"
                )
            elif hasattr(each, "ops"):
                self._visit_list(context, revision, each.ops)
        return rewritten

    def _visit_bodies(self, context, revision, bodies, name):
        visited = []
        for body in bodies:
            result = self._visit(context, revision, body)
            if len(result) != 1:
                raise ValueError(f"Can only return single object for {name} traverse")
            visited.append(result[0])
        return visited

    def _visit_list(self, context, revision, directives):
        visited = []
        for directive in directives:
            visited.extend(self._visit(context, revision, directive))
        directives[:] = visited
