"""Top 10 of the small encoder, of its teacher and of word overlap, over the distinct sentences of the training games.

Usage: python evaluate.py --teacher DIR --tasks FILE [--weights DIR] [--write FILE]
FILE: one JSON a line, {"split", "task"}; train is searched, valid_seen asks (as it stands, and in held-out
paraphrases of the same tasks). --write keeps queries and the teacher's rankings, so that the comparison can be
repeated where the teacher isn't.
"""
import argparse
import json
import math
import os
import re
from collections import Counter

import numpy as np
import torch
from safetensors.torch import load_file
from tokenizers import Tokenizer

from model import Encoder, batch
from sentences import Maker
from teacher import Teacher

HERE = os.path.dirname(os.path.abspath(__file__))
TYPES = {'simple': 'pick_and_place_simple', 'clean': 'pick_clean_then_place_in_recep', 'heat': 'pick_heat_then_place_in_recep',
         'cool': 'pick_cool_then_place_in_recep', 'two': 'pick_two_obj_and_place', 'look': 'look_at_obj_in_light'}
STATES = {'clean': 'clean', 'hot': 'heat', 'cool': 'cool', 'heat': 'heat'}
PATTERNS = [(r'(?:look at|examine the) (?P<o>\w+) (?:under|with) the (?P<r>\w+)\.', 'look'), (r'(?:put|find) two (?P<o>\w+) (?:in|and put them in) (?P<r>\w+)\.', 'two'),
            (r'put a (?P<s>clean|hot|cool) (?P<o>\w+) in (?P<r>\w+)\.', None), (r'(?P<s>clean|heat|cool) some (?P<o>\w+) and put it in (?P<r>\w+)\.', None),
            (r'put (?:a|some) (?P<o>\w+) (?:in|on) (?P<r>\w+)\.', 'simple')]


def read(task):
    """(kind, object, receptacle) of an official sentence."""
    for pattern, kind in PATTERNS:
        m = re.fullmatch(pattern, task)
        if m: return kind or STATES[m['s']], m['o'], m['r']
    raise ValueError(task)


def tfidf(bank, queries):
    words = lambda s: re.findall(r'[a-z]+|\d+', s.lower())
    df = Counter(w for d in bank for w in set(words(d)))
    def vector(s):
        v = {w: n * math.log(1 + len(bank) / df.get(w, 1)) for w, n in Counter(words(s)).items()}
        z = math.sqrt(sum(x * x for x in v.values())) or 1
        return {w: x / z for w, x in v.items()}
    vs = [vector(d) for d in bank]
    return np.array([[sum(x * v.get(w, 0) for w, x in q.items()) for v in vs] for q in map(vector, queries)])


def student(folder, texts):
    config = json.load(open(f'{folder}/config.json'))
    model = Encoder(config)
    model.load_state_dict(load_file(f'{folder}/model.safetensors'))
    tokenizer = Tokenizer.from_file(f'{folder}/tokenizer.json')
    with torch.no_grad(): return np.concatenate([model.sentence(*batch(tokenizer, texts[i:i + 256])).numpy() for i in range(0, len(texts), 256)])


def top(scores, k=10): return np.argsort(-np.round(scores, 6), axis=1, kind='stable')[:, :k]


def figures(ranking, truth, bank, queries):
    share = lambda f: float(np.mean([[f(bank[j], q) for j in row] for row, q in zip(ranking, queries)]))
    return {'agreement': float(np.mean([len(set(a) & set(b)) / len(b) for a, b in zip(ranking, truth)])),
            'type': share(lambda d, q: d[0] == q[0]), 'object': share(lambda d, q: d[1] == q[1]), 'both': share(lambda d, q: d[:2] == q[:2]),
            'first': float(np.mean([bank[row[0]][:2] == q[:2] for row, q in zip(ranking, queries)]))}


def main():
    a = argparse.ArgumentParser()
    a.add_argument('--teacher', required=True)
    a.add_argument('--tasks', required=True)
    a.add_argument('--weights', nargs='*', default=[os.path.join(HERE, '.cache', 'weights')])
    a.add_argument('--cache', default=os.path.join(HERE, '.cache'))
    a.add_argument('--write')
    a = a.parse_args()
    torch.set_num_threads(1)
    rows = [json.loads(line) for line in open(a.tasks)]
    bank = list(dict.fromkeys(r['task'] for r in rows if r['split'] == 'train'))
    asked = list(dict.fromkeys(r['task'] for r in rows if r['split'] == 'valid_seen'))
    held = Maker(20260629, held=True)
    paraphrases = [(held.paraphrase(*read(t)).text, read(t)) for t in dict.fromkeys(asked) for _ in range(2)]
    sets = {'official': [(t, read(t)) for t in asked], 'paraphrase': list(dict(paraphrases).items())}
    meanings = [read(t) for t in bank]
    teacher = Teacher(a.teacher)
    reference = teacher.embed_cached(bank, a.cache)
    meaning = lambda text, w: {'text': text, 'taskType': TYPES[w[0]], 'object': w[1]}
    stored = {'bank': [meaning(t, m) for t, m in zip(bank, meanings)], 'queries': []}
    for name, pairs in sets.items():
        texts, want = [p[0] for p in pairs], [p[1] for p in pairs]
        truth = top(teacher.embed_cached(texts, a.cache) @ reference.T)
        ceiling = [np.array([sum(m[:2] == q[:2] for m in meanings) for q in want]).clip(max=10).mean() / 10]
        print(name, len(texts), 'queries, ceiling of both', round(float(ceiling[0]), 3))
        systems = {'teacher': truth, 'tf-idf': top(tfidf(bank, texts))}
        for folder in a.weights: systems[os.path.basename(folder)] = top(student(folder, texts) @ student(folder, bank).T)
        for system, ranking in systems.items(): print(' ', system, {k: round(v, 3) for k, v in figures(ranking, truth, meanings, want).items()})
        stored['queries'] += [{'set': name, **meaning(t, w), 'teacher': r.tolist()} for t, w, r in zip(texts, want, truth)]
    if a.write:
        with open(a.write, 'w') as f: f.write(json.dumps(stored, separators=(',', ':')) + '\n')


if __name__ == '__main__': main()
