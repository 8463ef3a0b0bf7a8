"""Work a bill out again from nothing but the steps of its explanation. Shares no code with the evaluator."""


class Broken(AssertionError):
    """A step does not follow from the steps before it."""


def must(true, what):
    if not true:
        raise Broken(what)


def half_up(numerator, denominator):
    return (2 * numerator + denominator) // (2 * denominator)


def replay_year(explained):
    """Return the row of each bill of a person-year from its steps, in replay order; accumulators must chain."""
    sums = {}
    return [replay_bill(steps, sums) for steps in explained]


def replay_bill(steps, sums):
    """Return in scope, deductible, payments by layer and own payment as the steps give them."""
    first, second, *layers, last = steps
    must([first["kind"], second["kind"], last["kind"]] == ["in_scope", "counted", "own_payment"], "order")
    total, out = first["inputs"]["total_fen"], first["inputs"]["out_of_scope_fen"]
    in_scope = total - out
    must(first["result_fen"] == in_scope, "in scope")
    must(bool(layers) == second["counted"], "layers pay where the bill counts")
    moves, left, deductible, payments, waiting = second["inputs"]["moves"], in_scope, 0, {}, 0
    for step in layers:
        must(step["inputs"]["left_fen"] == left, "what is left")
        if step["kind"] == "deductible":
            waiting = min(step["inputs"]["deductible_fen"], left)
            must(step["result_fen"] == waiting, "deductible")
            deductible += waiting
            continue
        paid = pay(step, left - waiting, left, moves, sums)
        payments[step["layer"]] = paid
        left, waiting = left - paid, 0
    own = total - sum(payments.values())
    must(last["inputs"]["payments_fen"] == payments and last["inputs"]["total_fen"] == total, "payments")
    must(
        last["inputs"]["in_scope_own_fen"] == left and last["inputs"]["out_of_scope_fen"] == out, "own parts"
    )
    must(last["result_fen"] == own == left + out, "own payment")
    return {"in_scope": in_scope, "deductible": deductible, "payments": payments, "own": own}


def pay(step, base, entered, moves, sums):
    must(step["inputs"]["base_fen"] == base, "base")
    before = move(step, entered, moves, sums)
    if step["kind"] == "no_clause":
        must(step["result_fen"] == 0 and not step["considered"] and step["clause"] is None, "nothing paid")
        return 0
    part = base
    if step["kind"] != "rate":
        stacked = step["inputs"]["stacked_before_fen"]
        must(stacked in (0, before), "stacks on the accumulator or on nothing")
        over = stacked + base - step["inputs"]["threshold_fen"]
        part = 0 if over <= 0 else base if step["kind"] == "rate_of_whole" else min(base, over)
        must(step["inputs"]["part_fen"] == part, "part")
    rate = step["rate_bp"]
    if "rate_from" in step:
        made = step["rate_from"]
        raised = made["base_bp"] + made["adds_bp"] + half_up(made["base_bp"] * made["raises_by_bp"], 10_000)
        must(rate == min(raised, made["most_bp"]), "rate")
    must(step["rounding"] == {"mode": "half_up", "exact_fen_x10000": part * rate}, "before rounding")
    paid = half_up(part * rate, 10_000)
    must(step["result_fen"] == paid, "result")
    take(step, paid)
    return paid


def move(step, entered, moves, sums):
    """Check that every accumulator goes on from the bill before; return what entered this layer before."""
    own = {f"paid_{step['layer']}": step["result_fen"]}
    before = 0
    for each in step["accumulators"]:
        moved = own.get(each["name"], entered)
        if each["name"] not in own:
            before = each["before_fen"]
        must(each["before_fen"] == sums.get(each["name"], 0), "accumulator goes on")
        must(each["after_fen"] == each["before_fen"] + (moved if moves else 0), "accumulator moves")
        sums[each["name"]] = each["after_fen"]
    return before


def take(step, paid):
    """Check that the clause is the first of those that pay most, the numbers rising."""
    considered = step["considered"]
    numbers = [int(each["clause"][1:]) for each in considered]
    must(numbers == sorted(numbers), "clauses by number")
    best = next(
        each for each in considered if each["result_fen"] == max(it["result_fen"] for it in considered)
    )
    must(
        (best["clause"], best["result_fen"], best["rate_bp"]) == (step["clause"], paid, step["rate_bp"]),
        "best",
    )
