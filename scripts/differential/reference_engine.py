"""
The real ALFWorld text engine (packages alfworld and textworld), one episode at a time.

The wrappers are the ones that alfworld itself puts around a game (alfred_tw_env.py: AlfredDemangler without shuffling,
AlfredInfos, then textworld's Filter), without the batch layer, so that acting goes on after a win.

Plain, the engine plays some 16 steps a second. Nearly all of that is parsing the same few texts, grounding the same
problem and copying the same names again and again. `cached=True` remembers the results of these pure functions
(textgen's and logic's parsers, fast_downward.pddl2sas), hands out names (EntityInfo, Variable, Placeholder) without
copying them, since nothing writes to them once a game is loaded, and changes nothing else.
"""
import copy

import textworld
import textworld.envs.pddl.textgen as textgen
import textworld.logic
from alfworld.agents.environment.alfred_tw_env import AlfredDemangler, AlfredInfos
from textworld.envs.pddl import logic as pddl_logic
from textworld.envs.wrappers import Filter, GenericEnvironment
from textworld.generator.game import EntityInfo


class ReferenceEngine:
    """Plays game files; one at a time, since the planner's library holds one state."""

    def __init__(self, cached):
        if cached:
            remember_pure_functions()
        infos = textworld.EnvInfos(won=True, admissible_commands=True, extras=["gamefile"])
        generic = GenericEnvironment(infos)
        self._env = Filter(AlfredInfos(AlfredDemangler(generic, shuffle=False)))

    def load(self, path):
        self._env.load(path)

    def plan(self):
        """Commands that win the loaded game, found by the engine's own planner (seconds; half a minute at times)."""
        self._env.reset()
        inner = self._env.unwrapped
        return inner._pddl_state.replan(inner._entity_infos)

    def reset(self):
        """Starts an episode: (intro, won, admissible commands)."""
        observation, infos = self._env.reset()
        return observation, infos["won"], infos["admissible_commands"]

    def step(self, command):
        """One command: (observation, won, done, admissible commands)."""
        observation, _score, done, infos = self._env.step(command)
        return observation, infos["won"], done, infos["admissible_commands"]


def remember_pure_functions():
    """What `cached=True` means; it holds for every environment of this process."""
    for name in (EntityInfo, textworld.logic.Variable, textworld.logic.Placeholder):
        name.__deepcopy__ = lambda self, memo: self
    parse_text = textgen._parse_and_convert
    texts = {}

    def parse_text_once(text, **options):
        # The caller writes contexts into the symbols it gets, so everyone gets their own.
        key = (text, tuple(sorted(options.items())))
        if key not in texts:
            texts[key] = parse_text(text, **options)
        return copy.deepcopy(texts[key])

    parse_logic = pddl_logic._parse_and_convert
    logics = {}

    def parse_logic_once(text, **options):
        # GameLogic copies the rules out of the grammar; actions are only read.
        key = (text, tuple(sorted(options.items())))
        if key not in logics:
            logics.clear()
            logics[key] = parse_logic(text, **options)
        return logics[key]

    parse_query = textworld.logic.Rule.parse_conjunctive_query
    queries = {}

    def parse_query_once(expression):
        # A Rule is immutable.
        if expression not in queries:
            queries[expression] = parse_query(expression)
        return queries[expression]

    ground = pddl_logic.fast_downward.pddl2sas
    grounded = {}

    def ground_once(domain, problem, verbose=False, optimize=False):
        # Two entries a game (the state asks for a plain and an optimised translation); other games are forgotten.
        key = (domain, problem, verbose, optimize)
        if key not in grounded:
            if len(grounded) >= 2:
                grounded.clear()
            grounded[key] = ground(domain, problem, verbose=verbose, optimize=optimize)
        return grounded[key]

    textgen._parse_and_convert = parse_text_once
    pddl_logic._parse_and_convert = parse_logic_once
    textworld.logic.Rule.parse_conjunctive_query = staticmethod(parse_query_once)
    pddl_logic.fast_downward.pddl2sas = ground_once
