"""
What the real engine is made to do: seeded walks over a game. A walk is a generator; it is sent the admissible
commands and yields the next command. The same seed and the same engine give the same walk.

Kinds (the golden transcripts' own words, and `detour`):
  walkthrough  the game's walkthrough, then some random commands after the win
  random       admissible commands, rare verbs preferred
  messy        about half of them malformed
  detour       the walkthrough's commands where they are admissible, random ones between them
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
