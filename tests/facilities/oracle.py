"""The slow, obvious check of boundaries: one facility, one month, one area at a time.

It shares no code with `facilities.boundaries` and `facilities.covering`: unknown divisions are played
through as scenarios, and coverage grows pair by pair until nothing is added.
"""

from datetime import date
from fractions import Fraction
from itertools import product

MILLION = 1_000_000
FOREVER = date(9999, 1, 1)


class Oracle:
    """`areas` are Life, `passages` Passage; `stays` of one facility are Stay, in order."""

    def __init__(self, areas, passages):
        self.areas = {area.id: area for area in areas}
        self.passages = list(passages)
        edges = [date(1, 1, 1), *sorted({p.date for p in passages}), FOREVER]
        self.epochs = [(edges[i], edges[i + 1]) for i in range(len(edges) - 1)]

    def valid(self, area, epoch):
        life = self.areas[area]
        return life.valid_from < epoch[1] and (life.valid_to or FOREVER) > epoch[0]

    def valid_in_month(self, area, month):
        life = self.areas[area]
        return life.valid_from <= month < (life.valid_to or FOREVER)

    def share(self, stays, month, area):
        """Millionths of the month's figures in the area; None unknown; 0 none."""
        stay = next((s for s in stays if s.start <= month < (s.end or FOREVER)), None)
        own = next(n for n, epoch in enumerate(self.epochs) if epoch[0] <= month < epoch[1])
        candidates = [n for n, epoch in enumerate(self.epochs) if self.valid(area, epoch)]
        if stay is None or not candidates:
            return 0
        epoch = self.epochs[min(candidates, key=lambda n: abs(n - own))]
        results = []
        for scenario in self.scenarios(stays, stay, epoch):
            inside = {c: w for c, w in scenario.items() if self.lies_in(c, area)}
            results.append((sum(inside.values()), len(inside) == len(scenario)))
        if not results or not any(weight for weight, _all in results):
            return 0
        if all(complete and weight > Fraction(99_999, 100_000) for weight, complete in results):
            return MILLION
        if len({weight for weight, _all in results}) > 1:
            return None
        return round(results[0][0] * MILLION)

    def lies_in(self, area, above):
        while area is not None:
            if area == above:
                return True
            area = self.areas[area].parent
        return False

    def scenarios(self, stays, stay, epoch):
        """Every way the figures may be distributed over areas of the epoch: {area: weight}."""
        if self.valid(stay.area, epoch):
            return [{stay.area: Fraction(1)}]
        later = self.areas[stay.area].valid_from < epoch[0]
        there = [
            s.area
            for s in stays
            if self.valid(s.area, epoch) and s.start < epoch[1] and (s.end or FOREVER) > epoch[0]
        ]
        if there and later and self.undivided(stays, stay.area, lambda a: self.valid(a, epoch)):
            return [{there[0]: Fraction(1)}]
        if there and not later and not stay.consolidated:
            birth = self.areas[stay.area].valid_from
            if self.undivided(stays, there[-1], lambda a: (self.areas[a].valid_to or FOREVER) > birth):
                return [{there[-1]: Fraction(1)}]
        if later:
            area = stay.area
            while not self.valid(area, epoch) and self.step(stays, area) is not None:
                area = self.step(stays, area)
            return self.forward(area, epoch)
        return [{area: Fraction(1)} for area in self.reach_back(stay.area, epoch)]

    def undivided(self, stays, area, arrived):
        while not arrived(area):
            area = self.step(stays, area)
            if area is None:
                return False
        return True

    def step(self, stays, area):
        """Where all that the facility reports of the area goes: its one successor, or the part it served alone."""
        ways = [p for p in self.passages if p.predecessor == area]
        if len(ways) == 1 and ways[0].share == MILLION:
            return ways[0].successor
        for before, after in zip(stays, stays[1:], strict=False):
            if after.carries and after.area in {p.successor for p in ways}:
                held = {before.area}
                while len(held) < len(
                    held := held
                    | {p.successor for p in self.passages if p.predecessor in held and self.goes_whole(p)}
                ):
                    pass
                if area in held:
                    return after.area
        return None

    def goes_whole(self, passage):
        others = [p for p in self.passages if p.predecessor == passage.predecessor]
        return len(others) == 1 and passage.share == MILLION

    def forward(self, area, epoch):
        if self.valid(area, epoch):
            return [{area: Fraction(1)}]
        ways = [p for p in self.passages if p.predecessor == area]
        parts = []
        rest = Fraction(1)
        for way in (p for p in ways if p.share is not None):
            weight = Fraction(way.share, MILLION)
            rest -= weight
            parts.append(
                [
                    {a: w * weight for a, w in scenario.items()}
                    for scenario in self.forward(way.successor, epoch)
                ]
            )
        reached = {a for p in ways if p.share is None for a in self.reach(p.successor, epoch)}
        if reached and rest > 0:
            parts.append([{a: rest} for a in reached])
        return [self.added(combination) for combination in product(*parts)] if parts else []

    def added(self, scenarios):
        total = {}
        for scenario in scenarios:
            for area, weight in scenario.items():
                total[area] = total.get(area, 0) + weight
        return total

    def reach(self, area, epoch):
        """Areas of the epoch that hold any of the area."""
        return {a for scenario in self.forward(area, epoch) for a in scenario}

    def reach_back(self, area, epoch):
        if self.valid(area, epoch):
            return {area}
        origins = [p.predecessor for p in self.passages if p.successor == area]
        return {
            a
            for origin in origins
            for a in (
                self.reach(origin, epoch)
                if self.areas[origin].valid_from < epoch[0] and not self.valid(origin, epoch)
                else self.reach_back(origin, epoch)
            )
        }

    def covered_pairs(self, countries):
        """Every (area, covered), grown until nothing is added."""
        ends = {}
        for area in self.areas:
            end, step = FOREVER, area
            while step is not None:
                end = min(end, self.areas[step].valid_to or FOREVER)
                step = self.areas[step].parent
            ends[area] = end
        pairs = {(a, a) for a in self.areas} | {(c, a) for c in countries for a in self.areas}
        while True:
            more = {
                (x, o)
                for x in self.areas
                for o in self.areas
                if (x, o) not in pairs and self.adds(x, o, pairs, ends)
            }
            if not more:
                return pairs
            pairs |= more

    def adds(self, x, o, pairs, ends):
        if (x, self.areas[o].parent) in pairs:
            return True
        if ends[x] <= ends[o]:
            return False
        ways = [p for p in self.passages if p.predecessor == o]
        complete = any(p.share is None for p in ways) or sum(p.share for p in ways) >= MILLION - len(ways)
        if ways and complete and all((x, p.successor) in pairs for p in ways):
            return True
        last = [a for a in self.areas if self.areas[a].parent == o and ends[a] == ends[o]]
        return bool(last) and all((x, a) in pairs for a in last)
