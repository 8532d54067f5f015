"""The checks themselves: each takes source text or a folder and returns what breaks a rule, in words."""

import ast
from collections.abc import Collection, Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
SERVICES = ("membership", "meetings", "practices", "notifications")
SOURCES = [
    ROOT / "shared" / "shared",
    ROOT / "console" / "console",
    *(ROOT / "services" / name / name for name in SERVICES),
]

FORBIDDEN_NAMES = {"manager", "helper", "helpers", "util", "utils", "common", "base", "data", "info"}

LONGEST_FILE = 300  # lines
LONGEST_FUNCTION = 25  # lines of body, without docstring
MAY_ASSIGN = ("model", "projections", "planner")  # the planner knows no entity


def modules(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*.py")) if "versions" not in path.parts)


def capabilities(service: Path) -> list[str]:
    """The folders of a service that are capabilities, by name."""
    return sorted(room.parent.name for room in service.glob("*/__init__.py"))


def capability_of(path: Path, service: Path) -> str | None:
    first = path.relative_to(service).parts[0]
    return first if first in capabilities(service) else None


def room_of(path: Path, service: Path) -> str:
    """`queries`, wherever it lies: in a capability, as a file or as a folder."""
    parts = path.relative_to(service).parts
    return parts[1 if capability_of(path, service) else 0].removesuffix(".py")


def behind_the_door(source: str, service: str, capability: str | None, others: Collection[str]) -> list[str]:
    """Imports from within other capabilities, past what their `__init__.py` hands on."""
    wanted = {f"{service}.{other}" for other in others if other != capability}
    return [
        f"line {line}: {module}" for line, module, _ in _imports(source) if any(_is_within(module, w) for w in wanted)
    ]


def _is_within(module: str, package: str) -> bool:
    return module.startswith(f"{package}.")


def taken_by_models(source: str, service: str) -> list[tuple[str, str]]:
    """Pairs of a capability and a name: what this module takes from other capabilities of its service."""
    return [
        (module.split(".")[1], name)
        for _, module, names in _imports(source)
        for name in names
        if module.startswith(f"{service}.") and module.count(".") == 1
    ]


def handed_on(capability: Path) -> dict[str, str]:
    """Each name in a capability's `__init__.py`, with the room that it comes from."""
    found = _imports((capability / "__init__.py").read_text())
    return {name: module.strip(".").split(".")[0] for _, module, names in found for name in names}


def _imports(source: str) -> Iterator[tuple[int, str, list[str]]]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom):
            yield node.lineno, "." * node.level + (node.module or ""), [alias.name for alias in node.names]
        elif isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name, []) for alias in node.names)


def forbidden_names(folder: Path) -> list[str]:
    return [str(path) for path in modules(folder) if FORBIDDEN_NAMES & set(path.stem.split("_"))]


def assigned_from_outside(source: str) -> list[str]:
    """`thing.attribute = value`, where thing is not self, cls or Flask's g: an entity changed outside its model."""
    targets = [target for node in ast.walk(ast.parse(source)) for target in _targets(node)]
    return [f"line {t.lineno}: {ast.unparse(t)}" for t in targets if isinstance(t, ast.Attribute) and _is_foreign(t)]


def _targets(node: ast.AST) -> list[ast.expr]:
    if isinstance(node, ast.Assign):
        return [part for target in node.targets for part in getattr(target, "elts", [target])]
    return [node.target] if isinstance(node, ast.AugAssign | ast.AnnAssign) else []


def _is_foreign(target: ast.Attribute) -> bool:
    return not (isinstance(target.value, ast.Name) and target.value.id in ("self", "cls", "g"))


def too_long(source: str) -> list[str]:
    """Functions whose body has outgrown one screenful's half, and files that should be packages."""
    long = [f"{f.name}: {_body_lines(f)} lines" for f in _functions(source) if _body_lines(f) > LONGEST_FUNCTION]
    lines = source.count("\n")
    return long + ([f"the file: {lines} lines"] if lines > LONGEST_FILE else [])


def _functions(source: str) -> list[ast.FunctionDef]:
    return [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef)]


def _body_lines(function: ast.FunctionDef) -> int:
    body = function.body[1:] if ast.get_docstring(function) else function.body
    return body[-1].end_lineno - body[0].lineno + 1 if body else 0


def undocumented(source: str) -> list[str]:
    """A module without its opening sentence."""
    return [] if ast.get_docstring(ast.parse(source)) else ["no opening sentence"]


def branching_routes(source: str) -> list[str]:
    """Routes load, call one use case, dump: no `try`, no `if`, no query."""
    return [
        f"{function.name}: {type(node).__name__.lower()}"
        for function in _functions(source)
        if any(_is_route(decorator) for decorator in function.decorator_list)
        for node in ast.walk(function)
        if isinstance(node, ast.Try | ast.If | ast.For | ast.While)
    ]


def _is_route(decorator: ast.expr) -> bool:
    called = decorator.func if isinstance(decorator, ast.Call) else decorator
    return isinstance(called, ast.Attribute) and called.attr in ("get", "post", "put", "patch", "delete")
