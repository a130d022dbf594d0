"""
A ReAct loop for ALFWorld, as its users write it: one environment, a prompt that grows by a thought or an action and an
observation at a time. What stands in for the language model reads the prompt alone, so that a text that differs in one
letter leads elsewhere.
"""
import random
import re


def react(env, observations, infos, steps):
    """Plays on from a reset: (action, observation, score, done, won) of each step, then the whole prompt."""
    seen = []
    prompt = "\n".join(observations[0].split("\n\n")[1:]) + "\n>"
    for _ in range(steps):
        action = reply(prompt).strip()
        if action.startswith("think:"):
            prompt += f" {action}\nOK.\n>"
            continue
        observations, scores, dones, infos = env.step([action])
        observation, won, done = observations[0], infos["won"][0], dones[0]
        seen.append((action, observation, scores[0], done, won))
        if observation.startswith("You arrive at loc "):
            observation = observation[observation.find(". ") + 2:]
        prompt += f" {action}\n{observation}\n>"
        if done:
            break
    return [*seen, prompt]


def reply(prompt):
    """A thought now and then; opens what is closed, takes what it sees, puts it down in the words of either dialect."""
    rng = random.Random(prompt)
    last = prompt.rstrip(">").rstrip().rsplit("\n", 1)[-1]
    place = (re.findall(r"> go to (.+)", prompt) or ["here"])[-1]
    things = re.findall(r"\ban? ([a-z]+ \d+)", last)
    taken = re.findall(r"> take (.+) from", prompt)
    if rng.random() < 0.15:
        return f"think: I am at {place}. Next I have to look further."
    if "is closed" in last:
        return f"open {place}"
    if taken and rng.random() < 0.4:
        return rng.choice([f"move {taken[-1]} to {place}", f"put {taken[-1]} in/on {place}", f"examine {taken[-1]}", "inventory"])
    if things and "you see" in last and place != "here" and rng.random() < 0.7:
        return f"take {rng.choice(things)} from {place}"
    places = re.findall(r"\ban? ([a-z]+ \d+)", prompt.split("\n", 1)[0])
    return f"go to {rng.choice(places)}" if places else "look"
