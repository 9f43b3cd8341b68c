"""What each risk costs: conditional means, and shares of the variance of how many units are late."""

from __future__ import annotations

import numpy as np

from tandemplan.arrays import texts
from tandemplan.simulate.columns import Columns, estimate
from tandemplan.simulate.groups import Floats
from tandemplan.simulate.intervals import Estimate, chances, differences, means, student
from tandemplan.simulate.outcomes import Outcomes
from tandemplan.simulate.promises import on_time_share

PARTS = 20  # of the replications, left out one after another


def effect_columns(outcomes: Outcomes, days: int) -> Columns:
    """Return the table of effects on the share of all units late or undelivered: a row a risk, then start-up and the rest.

    Shares of variance: see `variance_shares`; those of risks are told first, start-up adds what its tasks tell beside them.
    """
    late = 1 - on_time_share(outcomes, np.ones(len(outcomes.demands), dtype=np.bool_))
    told = ~np.isnan(late)
    active = outcomes.active[told].astype(np.float64)
    ends = np.minimum(outcomes.task_end[told].astype(np.float64), days)
    rows = [_conditional(late[told], active[:, i] > 0) for i in range(len(outcomes.risks))]
    none = Estimate(*(np.full(2, np.nan),) * 3)
    beside = {
        "happens_chance": chances((outcomes.happened > 0).sum(axis=0), len(outcomes)),
        "happens": means(outcomes.happened),
        "active_days": means(outcomes.active),
        **{n: _together([r[i] for r in rows]) for i, n in enumerate(CONDITIONAL)},
    }
    columns: Columns = {
        "kind": texts([*["risk"] * len(rows), "startup", "rest"]),
        "name": texts([*outcomes.risks, "", ""]),
    }
    for name, told_of in beside.items():
        columns |= estimate(name, _together([told_of, none]))
    return columns | estimate("variance_share", variance_shares(late[told], active, ends))


CONDITIONAL = ("late_share_with", "late_share_without", "late_share_more")


def _conditional(late: Floats, struck: np.ndarray) -> tuple[Estimate, Estimate, Estimate]:
    """Return the mean outcome with a risk, without it, and the difference."""
    one, other = late[struck], late[~struck]
    return means(one).clipped(0, 1), means(other).clipped(0, 1), differences(one, other)


def _together(told: list[Estimate]) -> Estimate:
    """Return estimates of several things as one."""
    parts = ([np.atleast_1d(getattr(e, n)) for e in told] for n in ("value", "low", "high"))
    return Estimate(*(np.concatenate([*p, np.empty(0)]) for p in parts))


def variance_shares(outcome: Floats, risks: Floats, tasks: Floats) -> Estimate:
    """Return the share of an outcome's variance (replications) by each risk (replications x risks), by tasks together, and by the rest.

    Risks: the squared correlation-adjusted scores of the linear regression on the days that each is active (Zuber and Strimmer 2011:
    omega = P^(-1/2) r, whose squares add up to R^2, and are squared correlations where risks are independent). Tasks: what R^2
    grows by when the days on which they end join. R^2 is adjusted for the number of terms (Ezekiel 1930). The interval is that of the
    jackknife with 20 parts left out (Shao and Tu 1995, section 2.3). Without variance, or with fewer than 40 replications, all is nan.
    """
    count = risks.shape[1] + 2
    if len(outcome) < 2 * PARTS or not outcome.std() > 1e-12:
        return Estimate(*(np.full(count, np.nan),) * 3)
    data = np.column_stack([np.ones(len(outcome)), risks, tasks, outcome])
    data[:, 1:] -= data[:, 1:].mean(axis=0)
    part = np.arange(len(data)) % PARTS
    products = np.stack([d.T @ d for d in (data[part == k] for k in range(PARTS))])
    whole = products.sum(axis=0)
    value = _shares(whole, risks.shape[1])
    without = np.stack([_shares(whole - one, risks.shape[1]) for one in products])
    error = np.sqrt((PARTS - 1) / PARTS * ((without - without.mean(axis=0)) ** 2).sum(axis=0))
    half = student(PARTS - 1) * error
    return Estimate(value, np.maximum(value - half, 0.0), np.minimum(value + half, 1.0))


def _shares(products: Floats, risks: int) -> Floats:
    """Return the shares from the sums of products of 1, risks, tasks and outcome."""
    count, total = round(float(products[0, 0])), products[0, 1:]
    spread = products[1:, 1:] - np.outer(total, total) / count
    scale = np.sqrt(np.maximum(np.diag(spread), 0.0))
    varies = scale > 1e-9 * max(1.0, scale.max())
    linked = spread / np.where(varies, scale, 1.0) / np.where(varies, scale, 1.0)[:, None]
    linked[~varies] = 0.0
    linked[:, ~varies] = 0.0
    scores, by_risks = _scores(linked[:-1, :-1][:risks, :risks], linked[:risks, -1], count)
    _, by_all = _scores(linked[:-1, :-1], linked[:-1, -1], count)
    by_all = max(by_all, by_risks)
    return np.array([*scores, by_all - by_risks, 1 - by_all])


def _scores(between: Floats, with_outcome: Floats, count: int) -> tuple[Floats, float]:
    """Return the squared scores, scaled to the adjusted R^2, and that; directions without variance are left out."""
    if not len(between):
        return np.empty(0), 0.0
    values, vectors = np.linalg.eigh(between)
    there = values > 1e-8
    terms = int(there.sum())
    if count - terms - 1 <= 0:
        return np.full(len(between), np.nan), float("nan")
    root = (vectors[:, there] / np.sqrt(values[there])) @ vectors[:, there].T
    scores = (root @ with_outcome) ** 2
    total = float(min(scores.sum(), 1.0))
    adjusted = max(1 - (1 - total) * (count - 1) / (count - terms - 1), 0.0)
    return scores * (adjusted / total if total > 0 else 0.0), adjusted
