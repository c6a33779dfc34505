#!/usr/bin/env python3
"""Scores what a program read from the labelled messages: score.py HALF ANSWERS [--wrong]. ANSWERS: one JSON object per
message of the half, in its order, with the keys of `huiyin understand`. Prints a table; the last line is one JSON object.
`--wrong` names each message that was read wrongly; it is refused for the held-out half, which is looked at only to score."""
import json
import sys

import check

SLOTS = ("phone", "address", "name", "danger")


def same(slot, said, wanted):
    if said is None or wanted is None:
        return said is wanted
    if slot == "phone":
        return said == wanted
    if slot == "address":
        return check.house(said) == check.house(wanted)
    if slot == "name":
        return check.name_key(said) == check.name_key(wanted)
    return said == wanted or {said, wanted} == {"electric", "water_electric"}


def share(part, whole):
    return round(part / whole, 4) if whole else 1.0


def score(rows, answers):
    """The figures, and (slot, row, answer) for each that is wrong."""
    figures, wrong = {}, []
    for slot in SLOTS:
        hits = [same(slot, answer.get(slot), row.get(slot)) for row, answer in zip(rows, answers)]
        right = sum(hit and slot in row for hit, row in zip(hits, rows))
        figures[f"{slot}_p"] = share(right, sum(slot in answer for answer in answers))
        figures[f"{slot}_r"] = share(right, sum(slot in row for row in rows))
        wrong += [(slot, row, answer) for hit, row, answer in zip(hits, rows, answers) if not hit]
    for key in ("category", "intent", "urgent", "subcategory"):
        pairs = [(row, answer) for row, answer in zip(rows, answers) if key in row]
        hits = [row.get(key) == answer.get(key) for row, answer in pairs]
        figures[key] = share(sum(hits), len(hits))
        wrong += [(key, row, answer) for hit, (row, answer) in zip(hits, pairs) if not hit]
    return figures, wrong


def main():
    half, answers_file = sys.argv[1:3]
    rows = check.read(half)
    with open(answers_file, encoding="utf-8") as lines:
        answers = [json.loads(line) for line in lines]
    if len(rows) != len(answers):
        sys.exit(f"{answers_file}: {len(answers)} answers for {len(rows)} messages")
    figures, wrong = score(rows, answers)
    if "--wrong" in sys.argv:
        if half == "held-out":
            sys.exit("the held-out half is looked at only to score")
        for slot, row, answer in wrong:
            print(f"{slot}: {answer.get(slot)}, not {row.get(slot)}: {json.dumps(row['text'], ensure_ascii=False)}")
    print(f"{half}, {len(rows)} messages")
    for slot in SLOTS:
        print(f"  {slot:12} precision {figures[slot + '_p']:.4f}  recall {figures[slot + '_r']:.4f}")
    for key in ("category", "subcategory", "intent", "urgent"):
        print(f"  {key:12} accuracy  {figures[key]:.4f}")
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
