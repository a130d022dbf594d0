"""Distils the teacher encoder into the small one. Usage: python train.py --teacher DIR [--steps N] [--out DIR]

Two signals, mixed by --structure: the teacher's cosine between two sentences, and the cosine that their meaning
asks for (same operation, object, place), which makes paraphrases of one task fall together. Between task
sentences and plain English the teacher alone speaks. Seeded; one thread gives the same weights again.
"""
import argparse
import json
import os
import time

import numpy as np
import torch
from safetensors.torch import save_file
from tokenizers import Tokenizer

from model import CONFIG, TOKENIZER_CONFIG, Encoder, batch, dump, prune_vocabulary, tokenizer_json
from sentences import Maker, draw
from teacher import Teacher
from words import HELD_OUT, OBJECTS, RECEPTACLES

HERE = os.path.dirname(os.path.abspath(__file__))


def corpus(seed, bert_words):
    m = Maker(seed)
    return (draw(m.official, 7000) + draw(m.paraphrase, 9000) + draw(m.chore, 5000)
            + draw(lambda: m.general(bert_words), 7000))


def meaning(sentences, teacher):
    """Pairwise similarity that the meanings ask for, as a function of two index arrays."""
    ops = sorted({o for s in sentences for o in s.ops} | {'two', 'three', 'back', 'place'})
    features = np.zeros((len(sentences), len(ops)), np.float32)
    for i, s in enumerate(sentences):
        for o in s.ops + (('two',) if s.count == 2 else ('three',) if s.count > 2 else ()) + (('back',) if s.back else ()):
            features[i, ops.index(o)] = 1
        if not features[i].any(): features[i, ops.index('place')] = 1
    objects, places = list(OBJECTS), list(RECEPTACLES)
    def graded(names):  # 1 for the same word, else at most 0.5 by the teacher's opinion of the plain names
        e = teacher.embed(names)
        g = np.clip(e @ e.T, 0, 1) * 0.5
        np.fill_diagonal(g, 1)
        return g
    og, pg = graded([OBJECTS[o][0] for o in objects]), graded([RECEPTACLES[p][0] for p in places])
    o = np.array([objects.index(s.obj) if s.obj else 0 for s in sentences])
    p = np.array([places.index(s.rec) if s.rec else -1 for s in sentences])
    general = np.array([s.general for s in sentences])

    def similarity(i):
        f = features[i]
        both = f @ f.T
        either = f.sum(1)[:, None] + f.sum(1)[None] - both
        op = np.where(either > 0, both / np.maximum(either, 1), 0)
        place = np.where((p[i][:, None] < 0) & (p[i][None] < 0), 1.0, np.where((p[i][:, None] < 0) | (p[i][None] < 0), 0.0, pg[p[i]][:, p[i]]))
        s = 0.4 * op + 0.4 * og[o[i]][:, o[i]] + 0.2 * place
        return s.astype(np.float32), ~(general[i][:, None] | general[i][None])
    return similarity


def initial_words(vocabulary, teacher, dimension, std=0.3):
    """Word vectors to start from: the teacher's own, reduced by PCA; a compound starts as the mean of its parts."""
    table = teacher.model.embeddings.word_embeddings.weight.detach()
    names = {**OBJECTS, **RECEPTACLES}
    rows = []
    for t in vocabulary:
        text = names[t][0] if t in names else t
        known = teacher.tokenizer.get_vocab().get(t)
        ids = [known] if known is not None else teacher.tokenizer(text, add_special_tokens=False)['input_ids']
        rows.append(table[ids].mean(0) if ids else torch.zeros(table.shape[1]))
    x = torch.stack(rows)
    x = x - x.mean(0)
    _, _, v = torch.linalg.svd(x, full_matrices=False)
    y = x @ v[:dimension].T
    return y / y.std() * std


def main():
    a = argparse.ArgumentParser()
    a.add_argument('--teacher', required=True)
    a.add_argument('--steps', type=int, default=2500)
    a.add_argument('--batch', type=int, default=384)
    a.add_argument('--learning-rate', '--rate', dest='rate', type=float, default=2e-3)
    a.add_argument('--structure', type=float, default=0.5)
    a.add_argument('--vocabulary', type=int, default=6000)
    a.add_argument('--seed', type=int, default=1)
    a.add_argument('--threads', type=int, default=1)
    a.add_argument('--out', default=os.path.join(HERE, '.cache', 'weights'))
    a.add_argument('--cache', default=os.path.join(HERE, '.cache'))
    a = a.parse_args()
    torch.set_num_threads(a.threads)
    torch.manual_seed(a.seed)
    teacher = Teacher(a.teacher)
    bert = list(teacher.tokenizer.get_vocab().items())
    bert = [t for t, _ in sorted(bert, key=lambda x: x[1])]
    frequent = [t for t in bert if t.isascii() and t.isalpha() and len(t) > 2][:5000]
    sentences = corpus(a.seed, frequent)
    texts = [s.text for s in sentences]
    start = time.time()
    target = teacher.embed_cached(texts, a.cache)
    print(f'{len(texts)} sentences, teacher {time.time() - start:.0f} s', flush=True)
    similarity = meaning(sentences, teacher)

    # names held out for the evaluation may be in the vocabulary (by frequency), but never in a training sentence
    assert not any(f' {n} ' in f' {t} ' for t, s in zip(texts, sentences) if not s.general for ns in HELD_OUT.values() for n in ns)
    vocabulary = prune_vocabulary(bert, texts, a.vocabulary)
    os.makedirs(a.out, exist_ok=True)
    config = {**CONFIG, 'vocab_size': len(vocabulary)}
    dump(f'{a.out}/tokenizer.json', tokenizer_json(vocabulary))
    dump(f'{a.out}/tokenizer_config.json', TOKENIZER_CONFIG)
    dump(f'{a.out}/config.json', config)
    tokenizer = Tokenizer.from_file(f'{a.out}/tokenizer.json')
    encoded = [tokenizer.encode(t).ids for t in texts]
    assert max(map(len, encoded)) <= 64

    model = Encoder(config)
    with torch.no_grad(): model.word.weight.copy_(initial_words(vocabulary, teacher, config['hidden_size']))
    decay = [p for p in model.parameters() if p.dim() > 1]
    plain = [p for p in model.parameters() if p.dim() <= 1]
    opt = torch.optim.AdamW([{'params': decay, 'weight_decay': 0.01}, {'params': plain, 'weight_decay': 0}], lr=a.rate, betas=(0.9, 0.98))
    g = np.random.default_rng(a.seed)
    lengths, log = np.array([len(e) for e in encoded]), []
    start, eye = time.time(), None
    for step in range(a.steps):
        rate = a.rate * min(1, (step + 1) / 100) * (0.02 + 0.98 * 0.5 * (1 + np.cos(np.pi * step / a.steps)))
        for group in opt.param_groups: group['lr'] = rate
        i = np.sort(g.choice(len(texts), a.batch, replace=False))
        n = lengths[i].max()
        ids = torch.tensor([encoded[j] + [0] * (n - len(encoded[j])) for j in i])
        e = model.sentence(ids, (ids != 0).long())
        want = target[i] @ target[i].T
        s, structured = similarity(i)
        want = torch.from_numpy(np.where(structured, (1 - a.structure) * want + a.structure * s, want))
        got = e @ e.T
        if eye is None: eye = torch.eye(a.batch, dtype=torch.bool)
        square = ((got - want)[~eye] ** 2).mean()
        listwise = torch.nn.functional.kl_div(
            (got / 0.05).masked_fill(eye, -1e4).log_softmax(-1), (want / 0.05).masked_fill(eye, -1e4).log_softmax(-1),
            log_target=True, reduction='batchmean')
        loss = 10 * square + listwise
        opt.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        opt.step()
        if step % 100 == 0 or step == a.steps - 1:
            log.append({'step': step, 'square': round(square.item(), 5), 'listwise': round(listwise.item(), 4), 'seconds': round(time.time() - start, 1)})
            print(json.dumps(log[-1]), flush=True)
    save_file({k: v.contiguous() for k, v in model.state_dict().items()}, f'{a.out}/model.safetensors')
    dump(f'{a.out}/training.json', {'arguments': {k: v for k, v in vars(a).items() if k not in ('teacher', 'out', 'cache')}, 'sentences': len(texts),
                                    'parameters': sum(p.numel() for p in model.parameters()), 'log': log})


if __name__ == '__main__': main()
