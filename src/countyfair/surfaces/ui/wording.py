"""Templates compiled for one language: what never varies within it is worked out while compiling.

A page says a hundred sentences, names dozens of addresses and signs, and calls components with nothing but
constants. Looked up and drawn at every rendering, that is most of a page's cost; compiled in, it is text.
What depends on the request is left as it stands.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from functools import cache, lru_cache
from keyword import iskeyword
from types import SimpleNamespace
from typing import Any

from django.utils.translation import ngettext
from jinja2 import Environment, nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.visitor import NodeTransformer
from markupsafe import Markup, escape

from countyfair.surfaces.ui.translation import Speaking

#: Names that templates give to a sentence and to the components.
SENTENCES = frozenset({"_", "gettext"})
COUNTED = "ngettext"
COMPONENTS = "ui"
#: A component whose result its arguments do not tell: each form has an id of its own.
NEVER_THE_SAME = frozenset({"form"})

_needs_escape = re.compile(r"[&<>'\"]").search


def worded(
    base: Environment,
    *,
    language: str,
    tag: str,
    sentence: Callable[[str], Markup],
    constants: Mapping[str, Callable[..., object]],
    components: Callable[[Environment], object],
    written_in: Collection[str],
) -> Environment:
    """An environment like `base` whose templates are compiled for one language.

    Args:
        language: as Django names it.
        tag: as HTML names it; what `page.lang` is.
        sentence: the text of a sentence in this language, before values are put in.
        constants: functions by name that give the same for the same arguments, within the language.
        components: makes what templates call `ui`.
        written_in: templates of the components; in them no component is worked out, for one may call another.
    """
    made = base.overlay(bytecode_cache=None)
    made.globals = {**base.globals, COMPONENTS: components(made)}
    #: Reached by compiled templates without looking for a name.
    made.extend(
        known=SimpleNamespace(**constants),
        components=made.globals[COMPONENTS],
        text_of=text_of,
        put=put,
        counted=lru_cache(4096)(counted),
        imported=cache(lambda name: made.get_template(name).module),
    )

    class InThisLanguage(Worded):
        def visit(self, node: nodes.Node, *args: Any, **kwargs: Any) -> Any:
            if not isinstance(node, nodes.Template):
                return super().visit(node, *args, **kwargs)
            self.components = drawn = None if self.name in written_in else made.globals[COMPONENTS]
            with Speaking(language):
                worked_out = Constants(made, tag, sentence, constants, drawn).visit(node)
                return super().visit(worked_out, *args, **kwargs)

    made.code_generator_class = InThisLanguage
    return made


def text_of(value: object) -> str:
    """A value as text of a page, escaped unless it is markup. Most strings stay themselves."""
    if type(value) is Markup or (type(value) is str and not _needs_escape(value)):
        return value
    return str(value) if type(value) is int else escape(value)


def put(sentence: str, values: Mapping[str, object]) -> Markup:
    """A sentence of ours with values in it, which are escaped as `text_of` does."""
    return Markup(str.__mod__(sentence, {name: text_of(value) for name, value in values.items()}))  # noqa: S704  (escaped)


def counted(one: str, many: str, number: int) -> Markup:
    """A sentence about a number of things, with the number in it; in the language of the page."""
    return put(ngettext(one, many, number), {"num": number})


class Worded(CodeGenerator):
    """Writes the code of a template whose constants were worked out; calls and looks without a detour."""

    #: The macros of this template by name: what each takes.
    macros: Mapping[str, tuple[str, ...] | None] = {}
    #: The components, where this template is not one in which they are written.
    components: object | None = None

    def visit(self, node: nodes.Node, *args: Any, **kwargs: Any) -> Any:
        """Write the code of a node."""
        if isinstance(node, nodes.Template):
            self.macros = {macro.name: _taken(macro) for macro in node.find_all(nodes.Macro)}
        if isinstance(node, nodes.Call) and self._goes_straight(node):
            return self._straight(node, *args)
        if isinstance(node, nodes.Getattr) and not _is_name(node.node, "self"):
            return self._attribute(node, *args)
        return super().visit(node, *args, **kwargs)

    def writeline(self, x: str, node: nodes.Node | None = None, extra: int = 0) -> None:
        """Join what a block or a parent yields: else every layout above hands on each piece."""
        handed_on = x.removeprefix("yield from ")
        super().writeline(x if handed_on == x else f"yield concat({handed_on})", node, extra)

    def _goes_straight(self, call: nodes.Call) -> bool:
        if call.dyn_args is not None or call.dyn_kwargs is not None:
            return False
        if any(iskeyword(each.key) for each in call.kwargs):
            return False
        callee = call.node
        return isinstance(callee, nodes.EnvironmentAttribute) or (
            isinstance(callee, nodes.Name) and callee.name in self.macros
        )

    def _attribute(self, node: nodes.Getattr, frame: Frame) -> None:
        """Ask Python itself for what is named with a dot: of ours, only `self` gives items by that name."""
        self.write("getattr(")
        self.visit(node.node, frame)
        self.write(f", {node.attr!r})")

    def _straight(self, call: nodes.Call, frame: Frame) -> None:
        """Call without Jinja's `context.call`, and a macro that is given what it takes by its function."""
        takes = self._takes(call.node)
        named = {each.key: each.value for each in call.kwargs}
        if takes is None or len(call.args) > len(takes) or not named.keys() <= set(takes[len(call.args) :]):
            self.visit(call.node, frame)
            self._arguments((*call.args, *call.kwargs), frame)
            return
        self.write("Markup(")
        self.visit(call.node, frame)
        self.write("._func")
        self._arguments((*call.args, *(named.get(name) for name in takes[len(call.args) :])), frame)
        self.write(")")

    def _arguments(self, values: Iterable[nodes.Node | None], frame: Frame) -> None:
        """Values in brackets; for None what tells a macro to take its default."""
        self.write("(")
        for value in values:
            if value is None:
                self.write("missing")
            else:
                self.visit(value, frame)
            self.write(", ")
        self.write(")")

    def _takes(self, callee: nodes.Node) -> tuple[str, ...] | None:
        """The names of what a macro takes, where it is known and takes nothing else."""
        if isinstance(callee, nodes.Name):
            return self.macros.get(callee.name)
        if self.components is None or not isinstance(callee, nodes.EnvironmentAttribute):
            return None
        owner, _, name = callee.name.partition(".")
        if owner != "components":
            return None
        macro = getattr(self.components, name)
        return None if macro.caller or macro.catch_kwargs or macro.catch_varargs else macro.arguments

    def _import_common(self, node: nodes.Import | nodes.FromImport, frame: Frame) -> None:
        if node.with_context or not isinstance(node.template, nodes.Const):
            super()._import_common(node, frame)
        else:
            self.write(f"environment.imported({node.template.value!r})")

    def _output_child_pre(self, *_: object) -> None:
        self.write("environment.text_of(")


def _taken(macro: nodes.Macro) -> tuple[str, ...] | None:
    """The names of what a macro takes; None where it also takes what it does not name."""
    used = {name.name for name in macro.find_all(nodes.Name)}
    return None if used & {"caller", "kwargs", "varargs"} else tuple(each.name for each in macro.args)


class Constants(NodeTransformer):
    """Puts constants for sentences, for functions of constants, and for components of constants."""

    def __init__(
        self,
        environment: Environment,
        tag: str,
        sentence: Callable[[str], Markup],
        functions: Mapping[str, Callable[..., object]],
        components: object | None,
    ) -> None:
        self.environment, self.tag, self.sentence = environment, tag, sentence
        self.functions, self.components = functions, components

    def visit(self, node: nodes.Node, *args: Any, **kwargs: Any) -> Any:
        """The node, or what stands for it."""
        if isinstance(node, nodes.CallBlock):
            return self._with_caller(node)
        self.generic_visit(node)
        if isinstance(node, nodes.Call):
            return self._called(node)
        if isinstance(node, nodes.Getattr) and node.attr == "lang" and _is_name(node.node, "page"):
            return self._constant(self.tag, node)
        return node

    def _with_caller(self, block: nodes.CallBlock) -> nodes.Node:
        """A call that brings a body stays a call."""
        block.call.args = [self.visit(each) for each in block.call.args]
        block.call.kwargs = [self.visit(each) for each in block.call.kwargs]
        block.body = [self.visit(each) for each in block.body]
        self._straight(block.call)
        return block

    def _called(self, call: nodes.Call) -> nodes.Node:
        callee = call.node
        if isinstance(callee, nodes.Name) and callee.name in SENTENCES:
            return self._said(call)
        if isinstance(callee, nodes.Name) and callee.name == COUNTED and not call.kwargs:
            call.node = nodes.EnvironmentAttribute("counted", lineno=call.lineno)
            return call
        if isinstance(callee, nodes.Name) and callee.name in self.functions:
            return self._worked_out(call, self.functions[callee.name])
        if (
            isinstance(callee, nodes.Getattr)
            and _is_name(callee.node, COMPONENTS)
            and self.components is not None
            and callee.attr not in NEVER_THE_SAME
        ):
            return self._worked_out(call, getattr(self.components, callee.attr))
        return self._straight(call)

    def _said(self, call: nodes.Call) -> nodes.Node:
        """The sentence is constant; values are put in when they are known."""
        try:
            text = self.sentence(call.args[0].as_const())
        except nodes.Impossible:
            return call
        if not call.kwargs:
            return self._constant(text % {}, call)
        values = [nodes.Pair(nodes.Const(each.key), each.value, lineno=call.lineno) for each in call.kwargs]
        arguments = [nodes.Const(text), nodes.Dict(values, lineno=call.lineno)]
        said = nodes.Call(nodes.EnvironmentAttribute("put"), arguments, [], None, None, lineno=call.lineno)
        return said.set_environment(self.environment)

    def _worked_out(self, call: nodes.Call, function: Callable[..., object]) -> nodes.Node:
        if call.dyn_args is not None or call.dyn_kwargs is not None:
            return self._straight(call)
        try:
            values = [each.as_const() for each in call.args]
            named = {each.key: each.value.as_const() for each in call.kwargs}
        except nodes.Impossible:
            return self._straight(call)
        return self._constant(function(*values, **named), call)

    def _straight(self, call: nodes.Call) -> nodes.Node:
        """Name what is called by its place in the environment, where it is one of ours."""
        callee = call.node
        if (
            call.dyn_args is not None
            or call.dyn_kwargs is not None
            or any(iskeyword(each.key) for each in call.kwargs)
        ):
            return call
        if isinstance(callee, nodes.Name) and callee.name in self.functions:
            call.node = nodes.EnvironmentAttribute(f"known.{callee.name}", lineno=call.lineno)
        elif isinstance(callee, nodes.Getattr) and _is_name(callee.node, COMPONENTS):
            call.node = nodes.EnvironmentAttribute(f"components.{callee.attr}", lineno=call.lineno)
        return call

    def _constant(self, value: object, node: nodes.Node) -> nodes.Node:
        plain = Markup(value) if hasattr(value, "__html__") else value  # noqa: S704  (markup it was)
        return nodes.Const(plain, lineno=node.lineno, environment=self.environment)


def _is_name(node: nodes.Node, name: str) -> bool:
    return isinstance(node, nodes.Name) and node.name == name
