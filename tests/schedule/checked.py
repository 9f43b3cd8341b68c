"""A schedule judged by definition, without a line of the code that made it."""

from __future__ import annotations


def faults(activities, schedule):
    """Return what is wrong with a schedule, as texts."""
    found = []
    n = len(activities)
    mode, start = schedule.mode.tolist(), schedule.start.tolist()
    end = [start[i] + int(activities.duration[mode[i]]) for i in range(n)]
    for i in range(n):
        if not activities.mode_start[i] <= mode[i] < activities.mode_start[i + 1]:
            found.append(f"activity {i} has mode {mode[i]}")
        if start[i] < 0:
            found.append(f"activity {i} starts at {start[i]}")
    for a, b, lag in zip(activities.before.tolist(), activities.after.tolist(), activities.lag.tolist(), strict=True):
        if start[b] < end[a] + lag:
            found.append(f"activity {b} starts at {start[b]}, {a} ends at {end[a]}")
    for r, capacity in enumerate(activities.capacity.tolist()):
        uses = []
        for i in range(n):
            run = slice(activities.needs.start[mode[i]], activities.needs.start[mode[i] + 1])
            for resource, amount in zip(activities.needs.item[run], activities.needs.value[run], strict=True):
                if resource == r:
                    uses.append((start[i], end[i], amount))
        if not activities.renewable[r]:
            if sum(u[2] for u in uses) > capacity:
                found.append(f"resource {r}: {sum(u[2] for u in uses)} of {capacity} in all")
            continue
        for moment in {u[0] for u in uses}:
            used = sum(amount for s, e, amount in uses if s <= moment < e)
            if used > capacity:
                found.append(f"resource {r}: {used} of {capacity} at {moment}")
    return found
