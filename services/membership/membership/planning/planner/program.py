"""A linear or mixed whole-number program for HiGHS: columns and rows in blocks, one thread, and a limit in time."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from threading import Event, Thread

import highspy
import numpy as np
from numpy.typing import ArrayLike

from .problem import Array

Start = tuple[Array, Array]
OFTEN = 0.1  # seconds between two questions whether to stop
LONGEST_RUN = 60.0  # seconds, for all runs of a held program; its `stop` knows better
GAP = 1e-6  # relative: within that, a division counts as proved


@dataclass(frozen=True)
class Answer:
    """`values` is None when nothing was found in time; `bound`: nothing is cheaper than that, infinite if there is
    nothing at all; `is_proved`: best."""

    values: Array | None
    cost: float
    bound: float
    is_proved: bool

    @property
    def found(self) -> Array:
        """The values, of what always has an answer."""
        if self.values is None:
            raise ValueError("nothing was found in time")
        return self.values


@dataclass
class Program:
    """Columns have a price and whole or broken values; rows say from where to where a weighted sum may go."""

    prices: list[Array] = field(default_factory=list)
    most: list[Array] = field(default_factory=list)
    whole: list[Array] = field(default_factory=list)
    entries: list[tuple[Array, Array, Array]] = field(default_factory=list)
    lower: list[Array] = field(default_factory=list)
    upper: list[Array] = field(default_factory=list)
    columns: int = 0
    rows: int = 0

    def add_columns(self, prices: Array, *, most: Array | float = 1.0, is_whole: bool = True) -> Array:
        """Their places. Values begin at 0."""
        prices = np.asarray(prices, dtype=float).ravel()
        self.prices.append(prices)
        self.most.append(np.broadcast_to(np.asarray(most, dtype=float), len(prices)))
        self.whole.append(np.full(len(prices), is_whole))
        self.columns += len(prices)
        return np.arange(self.columns - len(prices), self.columns)

    def add_rows(
        self, count: int, rows: Array, columns: Array, factors: Array | float, lower: ArrayLike, upper: ArrayLike
    ) -> None:
        """`rows` are counted from 0 within this block; one entry for each of `columns`."""
        factors = np.broadcast_to(np.asarray(factors, dtype=float), np.shape(columns))
        self.entries.append((np.asarray(rows) + self.rows, np.asarray(columns), factors))
        self.lower.append(np.broadcast_to(np.asarray(lower, dtype=float), count))
        self.upper.append(np.broadcast_to(np.asarray(upper, dtype=float), count))
        self.rows += count

    def solve(
        self,
        seconds: float,
        *,
        start: Start | None = None,
        stop: Callable[[], bool] | None = None,
        as_broken: bool = False,
    ) -> Answer:
        """`start`: places and values of columns to begin with. `stop` is asked again and again meanwhile; what was
        found until then is the answer. `as_broken`: no column must be whole."""
        solver = _quiet_solver(seconds)
        solver.passModel(self.model(as_broken))
        if start is not None and not as_broken:
            places, values = start
            solver.setSolution(len(places), places.astype(np.int32), values)
        _run_watched(solver, stop or _never)
        return _answer(solver)

    def model(self, as_broken: bool) -> highspy.HighsLp:
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = self.columns, self.rows
        model.col_cost_ = np.concatenate(self.prices)
        model.col_lower_, model.col_upper_ = np.zeros(self.columns), np.concatenate(self.most)
        model.row_lower_, model.row_upper_ = np.concatenate(self.lower), np.concatenate(self.upper)
        if not as_broken:
            kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
            model.integrality_ = [kinds[is_whole] for is_whole in np.concatenate(self.whole).astype(int)]
        rows, columns, factors = (np.concatenate([entry[part] for entry in self.entries]) for part in range(3))
        by_row = np.argsort(rows, kind="stable")
        model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        model.a_matrix_.start_ = np.searchsorted(rows[by_row], np.arange(self.rows + 1)).astype(np.int32)
        model.a_matrix_.index_, model.a_matrix_.value_ = columns[by_row].astype(np.int32), factors[by_row]
        return model


class Held:
    """A program with broken values whose prices change between runs: each begins where the last one ended."""

    def __init__(self, program: Program, stop: Callable[[], bool]) -> None:
        self._solver = _quiet_solver(LONGEST_RUN)
        self._solver.passModel(program.model(as_broken=True))
        _ask_often(self._solver, stop)

    def run(self, columns: Array, prices: Array) -> Answer:
        self._solver.changeColsCost(len(columns), columns.astype(np.int32), prices)
        self._solver.run()
        return _answer(self._solver)


def _quiet_solver(seconds: float) -> highspy.Highs:
    solver = highspy.Highs()
    options = {"output_flag": False, "threads": 1, "time_limit": max(seconds, 0.01), "mip_rel_gap": GAP}
    for name, value in options.items():
        solver.setOptionValue(name, value)
    return solver


def _run_watched(solver: highspy.Highs, stop: Callable[[], bool]) -> None:
    """In a thread of its own: a program of this size is silent for seconds before it is first searched."""
    halt = Event()
    _ask_often(solver, halt.is_set)
    runner = Thread(target=solver.run, daemon=True)
    runner.start()
    try:
        while runner.is_alive():
            runner.join(OFTEN)
            if stop():
                halt.set()
    finally:
        halt.set()
        runner.join()


def _never() -> bool:
    return False


def _ask_often(solver: highspy.Highs, stop: Callable[[], bool]) -> None:
    asked = partial(_interrupt, stop)
    for moment in (solver.cbMipInterrupt, solver.cbSimplexInterrupt, solver.cbIpmInterrupt):
        moment += asked


def _interrupt(stop: Callable[[], bool], event) -> None:
    if stop():
        event.interrupt()


def _answer(solver: highspy.Highs) -> Answer:
    found, status = solver.getInfo(), solver.getModelStatus()
    has_values = found.primal_solution_status == highspy.kSolutionStatusFeasible
    values = np.array(solver.getSolution().col_value) if has_values else None
    bound = np.inf if status == highspy.HighsModelStatus.kInfeasible else found.mip_dual_bound
    return Answer(values, found.objective_function_value, bound, status == highspy.HighsModelStatus.kOptimal)
