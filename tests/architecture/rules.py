"""The checks themselves: each takes source text or a folder and returns what breaks a rule, in words."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
SERVICES = ("membership", "meetings", "practices", "notifications")
SOURCES = [ROOT / "shared" / "shared", *(ROOT / "services" / name / name for name in SERVICES)]

ROOMS = {"__init__", "__main__", "app", "api", "schemas", "subscribers", "clock", "use_cases", "queries", "policy"}
ROOMS |= {
    "model",
    "projections",
    "migrations",
    "settings",
    "mail",
    "pages",
    "workers",
    "spool_page",
    "jobs",
    "planner",
}
FORBIDDEN_NAMES = {"manager", "helper", "helpers", "util", "utils", "common", "base", "data", "info"}

LONGEST_FILE = 300  # lines
LONGEST_FUNCTION = 25  # lines of body, without docstring
MAY_ASSIGN = ("model", "projections", "planner")  # the planner knows no entity


def modules(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*.py")) if "versions" not in path.parts)


def room_of(path: Path, service: Path) -> str:
    return path.relative_to(service).parts[0].removesuffix(".py")


def unknown_rooms(service: Path) -> list[str]:
    return sorted({room for path in modules(service) if (room := room_of(path, service)) not in ROOMS})


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
