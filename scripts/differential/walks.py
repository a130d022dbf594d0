"""
What the real engine is made to do: seeded walks over a game. A walk is a generator; it is sent the admissible
commands and yields the next command. The same seed and the same engine give the same walk.

Kinds (the golden transcripts' own words, and `detour`):
  walkthrough  the game's walkthrough, then some random commands after the win
  random       admissible commands, rare verbs preferred
  messy        about half of them malformed
  detour       the walkthrough's commands where they are admissible, random ones between them
  errands      fetches what it has seen, carries it to where things are cleaned, heated, cooled or sliced, examines it,
               puts it down elsewhere: what random commands hardly ever come to
"""

# How often a verb is chosen when it is admissible; the command among its commands then is any.
VERB_WEIGHTS = {
    "go": 3, "look": 1, "inventory": 1, "examine": 2, "help": 0.2, "open": 3, "close": 1.5,
    "take": 4, "move": 3, "put": 3, "clean": 4, "heat": 4, "cool": 4, "slice": 6, "use": 3,
}

# Python's strip() takes these off (JavaScript's trim() treats some otherwise), so the command stays admissible ...
STRIPPED = [" ", "\t", "\n", "\r", "\x0b", "\x0c", "\x1c", "\x1d", "\x1e", "\x1f", "\x85", "\xa0", "\u1680", "\u2000",
            "\u2003", "\u200a", "\u2028", "\u2029", "\u202f", "\u205f", "\u3000"]
# ... and these it leaves.
KEPT = ["\ufeff", "\u200b", "\u180e", "\u2060", "\x00", "\x08", "\x7f", "\xad", "."]

# Words that a program could mistake for something of its own, and words of the domain with nothing to act on.
STRANGE = ["", " ", "\n", "toString", "__proto__", "constructor", "null", "undefined", "0", "-1", "[]", "{}", "go", "go to",
           "take", "help me", "look around", "LOOK", "inventory 1", "examine", "use", "open", "north", "quit", "restart",
           "wait", "*", ".*", "%s", "\\n", "\u00e9", "e\u0301", "\U0001f600", "go to " * 200, "#intro#", "{r.name}",
           "[r.name]", "go to {r.name}", "take all", "drop all", "xyzzy", "put", "move", "I", "p", "look;look", "look\nlook"]


def walk(kind, rng, walkthrough, length):
    """The walk of a kind; `length` is the number of commands (random, messy, detour) or of those after the win."""
    if kind == "walkthrough":
        return _walkthrough(rng, walkthrough, length // 3)
    if kind == "messy":
        return _messy(rng, length)
    if kind == "errands":
        return _errands(rng, length + length // 2)
    if kind == "detour":
        return _detour(rng, walkthrough, length)
    return _random(rng, length)


def _choose(rng, admissible):
    by_verb = {}
    for command in admissible:
        by_verb.setdefault(command.split(" ", 1)[0], []).append(command)
    verbs = sorted(by_verb)
    verb = rng.choices(verbs, [VERB_WEIGHTS.get(verb, 2) for verb in verbs])[0]
    return rng.choice(by_verb[verb])


def _random(rng, length):
    admissible = yield None
    for _ in range(length):
        admissible = yield _choose(rng, admissible)


def _walkthrough(rng, walkthrough, extra):
    admissible = yield None
    for command in walkthrough:
        admissible = yield command
    for _ in range(extra):
        admissible = yield _choose(rng, admissible)


def _detour(rng, walkthrough, length):
    admissible = yield None
    at = 0
    for _ in range(length):
        if at < len(walkthrough) and walkthrough[at] in admissible and rng.random() < 0.6:
            command = walkthrough[at]
            at += 1
        else:
            command = _choose(rng, admissible)
        admissible = yield command


RARE = ("clean", "heat", "cool", "slice", "use")
SLICEABLE = ("apple", "bread", "egg", "lettuce", "potato", "tomato")
APPLIANCES = ("sinkbasin", "bathtubbasin", "fridge", "microwave")


def _errands(rng, length):
    admissible = yield None
    seen = {}  # thing: receptacle that it can be taken from
    visited = set()
    planned = []
    for _ in range(length):
        for command in admissible:
            if command.startswith("take "):
                thing, place = command[len("take "):].split(" from ")
                seen[thing] = place
        while planned and planned[0] not in admissible:
            planned.pop(0)
        if not planned:
            planned = _next_errand(rng, admissible, seen, visited)
        command = planned.pop(0) if planned and planned[0] in admissible else _choose(rng, admissible)
        if command.startswith("go to "):
            visited.add(command[len("go to "):])
        if command.startswith("take "):
            seen.pop(command[len("take "):].split(" from ")[0], None)
        admissible = yield command


def _next_errand(rng, admissible, seen, visited):
    """Commands to try one after the other; those that turn out not to be admissible are left out."""
    places = [command[len("go to "):] for command in admissible if command.startswith("go to ")]
    put_down = [command for command in admissible if command.startswith(("move ", "put "))]
    held = put_down[0].split(" ", 1)[1].replace(" in/on ", " to ").split(" to ")[0] if put_down else None
    rare = [command for command in admissible if command.startswith(RARE)]
    if rare and rng.random() < 0.6:
        command = rng.choice(rare)
        verb, thing = command.split(" with ")[0].split(" ", 1)
        if verb == "slice" and put_down:
            # Only what the hand holds can be examined, and now it holds the knife.
            return [command, rng.choice(put_down), f"take {thing} from {seen.get(thing)}", f"examine {thing}"]
        return [command, f"examine {thing}"]
    if held is None and seen and rng.random() < (0.3 if len(visited) < 10 else 0.8):
        knives = [thing for thing in sorted(seen) if "knife" in thing]
        thing = rng.choice(knives if knives and rng.random() < 0.4 else sorted(seen))
        place = seen[thing]
        return [f"go to {place}", f"open {place}", f"take {thing} from {place}", f"examine {thing}"]
    if not places:
        return []
    appliances = [place for place in places if place.startswith(APPLIANCES)]
    food = sorted({place for thing, place in seen.items() if thing.startswith(SLICEABLE) and place in places})
    look = ["look"] if rng.random() < 0.3 else []
    kind = rng.random()
    if held and "knife" in held and food and kind < 0.8:
        return [f"go to {rng.choice(food)}"]
    if held and appliances and kind < 0.6:
        place = rng.choice(appliances)
        verb = {"fridge": "cool", "microwave": "heat"}.get(place.split(" ")[0], "clean")
        return [f"go to {place}", f"{verb} {held} with {place}", f"examine {held}"]
    place = rng.choice([place for place in places if place not in visited] or places)
    return [f"go to {place}", f"open {place}", f"move {held} to {place}", f"put {held} in/on {place}"] + look


def _messy(rng, length):
    admissible = yield None
    seen = []
    for _ in range(length):
        seen.extend(command for command in admissible if rng.random() < 0.05)
        command = _choose(rng, admissible)
        if rng.random() < 0.5:
            command = _malform(rng, command, seen)
        admissible = yield command


def _malform(rng, command, seen):
    """A command that is nearly right, was right elsewhere, or never was; a few stay right (see STRIPPED)."""
    words = command.split(" ")
    way = rng.randrange(11)
    if way == 0:
        return rng.choice(STRANGE)
    if way == 1:
        return rng.choice([command.upper(), command.capitalize(), command.title()])
    if way == 2:
        at = rng.randrange(len(words))
        return " ".join(words[:at] + ["", words[at]] + words[at + 1:])
    if way == 3:
        return "".join(rng.choice(STRIPPED) for _ in range(2)) + command + rng.choice(STRIPPED)
    if way == 4:
        return rng.choice([command + rng.choice(KEPT), rng.choice(KEPT) + command])
    if way == 5:
        at = rng.randrange(len(words))
        return " ".join(words[:at] + words[at + 1:])
    if way == 6:
        return " ".join(str(rng.randrange(0, 40)) if word.isdigit() else word for word in words)
    if way == 7:
        other = {"move": "put", "put": "move", "to": "in/on", "in/on": "to", "from": "with", "with": "from"}
        return " ".join(other.get(word, word) for word in words)
    if way == 8:
        return " ".join(words[:1] + rng.sample(words[1:], len(words) - 1))
    if way == 9 and command:
        at = rng.randrange(len(command))
        return command[:at] + command[at + 1:]
    return rng.choice(seen) if seen else command + " 1"
