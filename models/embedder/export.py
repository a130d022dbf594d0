"""Writes what ships: an ONNX file with plain operators and 8-bit weights, the tokenizer and a manifest.

Usage: python export.py [--weights DIR] [--out DIR]     needs the package onnx besides the training's
Every matrix is stored as signed bytes with one scale a row of it and multiplied out by Cast and Mul, which ONNX
Runtime folds away when it loads the file; so it computes in float32 and gives the same numbers everywhere. (The
operators made for quantised graphs round at run time, differently on each device.)
"""
import argparse
import hashlib
import json
import os
import shutil

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from safetensors.numpy import load_file
from tokenizers import Tokenizer

from model import Encoder, batch, dump

HERE = os.path.dirname(os.path.abspath(__file__))
NAME = 'duomem-embedder'
PROBES = ['put a clean mug in shelf.', 'Please leave the SALT shaker in the drawer!', 'three of a kind: forks on the dining table',
          'an unfathomable zyx 1234', 'W\u00e4rme den K\u00e4se \u7684', '']


def rounded(matrix, axis):
    """Bytes and scales of a matrix, the largest of each row (axis 1) or column (axis 0) at 127."""
    scale = np.maximum(np.abs(matrix).max(axis, keepdims=True), 1e-12).astype(np.float32) / 127
    return np.round(matrix / scale).astype(np.int8), scale


def probe_vectors(weights, config, tokenizer):
    """What torch makes of the rounded weights: what every runtime must come to, too."""
    plain = {k: np.multiply(*rounded(v, 1)) if v.ndim == 2 and k != 'position.weight' else v for k, v in weights.items()}
    model = Encoder(config)
    model.load_state_dict({k: torch.from_numpy(v.astype(np.float32)) for k, v in plain.items()})
    with torch.no_grad(): return [[round(x, 6) for x in model.sentence(*batch(tokenizer, [t]))[0].tolist()] for t in PROBES]


class Graph:
    def __init__(self, weights):
        self.weights, self.nodes, self.constants = weights, [], {}

    def op(self, kind, inputs, name=None, **attributes):
        name = name or f'n{len(self.nodes)}'
        self.nodes.append(helper.make_node(kind, inputs, [name], name=name, **attributes))
        return name

    def constant(self, name, value):
        self.constants.setdefault(name, numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def bytes_of(self, name, matrix, axis):
        """A matrix as bytes with a scale for each index of the other axis; the name of the multiplied-out one."""
        q, scale = rounded(matrix, axis)
        return self.op('Mul', [self.op('Cast', [self.constant(name + '.q', q)], to=TensorProto.FLOAT), self.constant(name + '.scale', scale)])

    def linear(self, x, name):
        w = self.weights[name + '.weight'].T
        y = self.op('MatMul', [x, self.bytes_of(name, w, 0)])
        return self.op('Add', [y, self.constant(name + '.bias', self.weights[name + '.bias'])]) if name + '.bias' in self.weights else y

    def normalise(self, x, name, epsilon):
        return self.op('LayerNormalization', [x, self.constant(name + '.weight', self.weights[name + '.weight']),
                                              self.constant(name + '.bias', self.weights[name + '.bias'])], axis=-1, epsilon=epsilon)


def build(weights, c):
    g = Graph(weights)
    heads, size = c['num_attention_heads'], c['hidden_size'] // c['num_attention_heads']
    ints = lambda name, *values: g.constant(name, np.array(values, np.int64))
    # Gather rows of bytes and their scales first, then multiply: the table itself stays in bytes.
    table, scale = rounded(weights['word.weight'], 1)
    rows = g.op('Gather', [g.constant('word.q', table), 'input_ids'])
    scales = g.op('Gather', [g.constant('word.scale', scale), 'input_ids'])
    x = g.op('Mul', [g.op('Cast', [rows], to=TensorProto.FLOAT), scales])
    length = g.op('Shape', ['input_ids'], start=1, end=2)
    position = g.op('Slice', [g.constant('position', weights['position.weight']), ints('zero', 0), length, ints('axis0', 0)])
    x = g.normalise(g.op('Add', [x, position]), 'norm', c['layer_norm_eps'])
    mask = g.op('Cast', [g.op('Unsqueeze', ['attention_mask', ints('axes12', 1, 2)])], to=TensorProto.FLOAT)
    one = g.constant('one', np.array(1, np.float32))
    bias = g.op('Mul', [g.op('Sub', [one, mask]), g.constant('far', np.array(-1e9, np.float32))])
    shape, back = ints('heads', 0, 0, heads, size), ints('merged', 0, 0, heads * size)
    root = g.constant('root', np.array(1 / np.sqrt(size), np.float32))
    for i in range(c['num_hidden_layers']):
        p = f'layers.{i}.'
        q, k, v = (g.op('Reshape', [part, shape]) for part in split(g, g.linear(x, p + 'qkv'), 3))
        q, v = g.op('Transpose', [q], perm=[0, 2, 1, 3]), g.op('Transpose', [v], perm=[0, 2, 1, 3])
        scores = g.op('Mul', [g.op('MatMul', [q, g.op('Transpose', [k], perm=[0, 2, 3, 1])]), root])
        shares = g.op('Softmax', [g.op('Add', [scores, bias])], axis=-1)
        a = g.op('Reshape', [g.op('Transpose', [g.op('MatMul', [shares, v])], perm=[0, 2, 1, 3]), back])
        x = g.normalise(g.op('Add', [x, g.linear(a, p + 'out')]), p + 'norm1', c['layer_norm_eps'])
        x = g.normalise(g.op('Add', [x, g.linear(g.op('Relu', [g.linear(x, p + 'up')]), p + 'down')]), p + 'norm2', c['layer_norm_eps'])
    g.op('Identity', [g.linear(x, 'project')], 'last_hidden_state')
    tokens = ['batch_size', 'sequence_length']
    graph = helper.make_graph(
        g.nodes, NAME, [helper.make_tensor_value_info(n, TensorProto.INT64, tokens) for n in ('input_ids', 'attention_mask')],
        [helper.make_tensor_value_info('last_hidden_state', TensorProto.FLOAT, tokens + [c['embedding_size']])], list(g.constants.values()))
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid('', 17)], producer_name=NAME, ir_version=8)
    onnx.checker.check_model(model)
    return model.SerializeToString(deterministic=True)


def split(g, x, n):
    names = [f'{x}.{i}' for i in range(n)]
    g.nodes.append(helper.make_node('Split', [x], names, name=f'{x}.split', axis=-1))
    return names


def main():
    a = argparse.ArgumentParser()
    a.add_argument('--weights', default=os.path.join(HERE, '.cache', 'weights'))
    a.add_argument('--out', default=os.path.join(HERE, 'artifact'))
    a = a.parse_args()
    config = json.load(open(f'{a.weights}/config.json'))
    os.makedirs(f'{a.out}/onnx', exist_ok=True)
    weights = load_file(f'{a.weights}/model.safetensors')
    content = build(weights, config)
    with open(f'{a.out}/onnx/model.onnx', 'wb') as f: f.write(content)
    for name in ('config.json', 'tokenizer.json', 'tokenizer_config.json', 'training.json'): shutil.copy(f'{a.weights}/{name}', f'{a.out}/{name}')
    digest = hashlib.sha256(content + open(f'{a.out}/tokenizer.json', 'rb').read()).hexdigest()
    dump(f'{a.out}/embedder.json', {'name': NAME, 'version': 1, 'hash': digest, 'dimension': config['embedding_size'], 'dtype': 'fp32', 'pooling': 'mean',
                                    'distilledFrom': 'sentence-transformers/all-MiniLM-L6-v2'})
    vectors = probe_vectors(weights, config, Tokenizer.from_file(f'{a.out}/tokenizer.json'))
    dump(f'{a.out}/selftest.json', {'texts': PROBES, 'vectors': vectors})
    print(json.dumps({'bytes': len(content), 'hash': digest}))


if __name__ == '__main__': main()
