"""The student encoder: a small BERT (2 layers, width 128, projected to 64) over a pruned WordPiece vocabulary.

64 components keep a bank small and a search fast. The pooled sentence vector is the mean of the last hidden states over all tokens, normalised, as
sentence-transformers and the feature-extraction pipeline of transformers.js do it.
"""
import json
import re

import torch
from torch import nn
from torch.nn import functional as F

CONFIG = {'architectures': ['BertModel'], 'model_type': 'bert', 'hidden_size': 128, 'embedding_size': 64, 'num_hidden_layers': 2, 'num_attention_heads': 4,
          'intermediate_size': 256, 'hidden_act': 'relu', 'max_position_embeddings': 64, 'layer_norm_eps': 1e-5,
          'type_vocab_size': 1, 'pad_token_id': 0}
SPECIAL = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]']


def prune_vocabulary(bert_vocabulary, corpus, size):
    """The corpus' own words, single characters, common endings, then BERT's whole words (frequent first)."""
    words = sorted({w for text in corpus for w in re.findall(r"[a-z]+|[0-9]|[^\sa-z0-9]", text.lower())})
    letters = 'abcdefghijklmnopqrstuvwxyz0123456789'
    pieces = [c for c in letters] + ['##' + c for c in letters] + list('!"#$%&\'()*+,-./:;<=>?@[]_{}')
    endings = [t for t in bert_vocabulary if re.fullmatch(r'##[a-z]{2,4}', t)][:700]
    frequent = [t for t in bert_vocabulary if re.fullmatch(r'[a-z]{2,}', t)]
    vocabulary = dict.fromkeys(SPECIAL + pieces + words + endings)
    for word in frequent:
        if len(vocabulary) >= size: break
        vocabulary.setdefault(word)
    return list(vocabulary)


def tokenizer_json(vocabulary):
    """tokenizer.json of a lower-casing BERT WordPiece tokenizer."""
    token = lambda i, t: {'id': i, 'content': t, 'single_word': False, 'lstrip': False, 'rstrip': False, 'normalized': False, 'special': True}
    single = [{'SpecialToken': {'id': '[CLS]', 'type_id': 0}}, {'Sequence': {'id': 'A', 'type_id': 0}}, {'SpecialToken': {'id': '[SEP]', 'type_id': 0}}]
    pair = single + [{'Sequence': {'id': 'B', 'type_id': 0}}, {'SpecialToken': {'id': '[SEP]', 'type_id': 0}}]
    return {
        'version': '1.0', 'truncation': None, 'padding': None, 'added_tokens': [token(i, t) for i, t in enumerate(SPECIAL)],
        'normalizer': {'type': 'BertNormalizer', 'clean_text': True, 'handle_chinese_chars': True, 'strip_accents': None, 'lowercase': True},
        'pre_tokenizer': {'type': 'BertPreTokenizer'},
        'post_processor': {'type': 'TemplateProcessing', 'single': single, 'pair': pair,
                           'special_tokens': {'[CLS]': {'id': '[CLS]', 'ids': [2], 'tokens': ['[CLS]']}, '[SEP]': {'id': '[SEP]', 'ids': [3], 'tokens': ['[SEP]']}}},
        'decoder': {'type': 'WordPiece', 'prefix': '##', 'cleanup': True},
        'model': {'type': 'WordPiece', 'unk_token': '[UNK]', 'continuing_subword_prefix': '##', 'max_input_chars_per_word': 100,
                  'vocab': {t: i for i, t in enumerate(vocabulary)}},
    }


TOKENIZER_CONFIG = {'tokenizer_class': 'BertTokenizer', 'model_max_length': 64, 'do_lower_case': True, 'pad_token': '[PAD]', 'unk_token': '[UNK]',
                    'cls_token': '[CLS]', 'sep_token': '[SEP]', 'mask_token': '[MASK]', 'clean_up_tokenization_spaces': True}


class Layer(nn.Module):
    def __init__(self, c):
        super().__init__()
        h, self.heads = c['hidden_size'], c['num_attention_heads']
        self.qkv, self.out = nn.Linear(h, 3 * h), nn.Linear(h, h)
        self.up, self.down = nn.Linear(h, c['intermediate_size']), nn.Linear(c['intermediate_size'], h)
        self.norm1, self.norm2 = nn.LayerNorm(h, c['layer_norm_eps']), nn.LayerNorm(h, c['layer_norm_eps'])

    def forward(self, x, bias):
        b, t, h = x.shape
        q, k, v = (z.view(b, t, self.heads, -1).transpose(1, 2) for z in self.qkv(x).split(h, -1))
        a = F.scaled_dot_product_attention(q, k, v, attn_mask=bias).transpose(1, 2).reshape(b, t, h)
        x = self.norm1(x + self.out(a))
        return self.norm2(x + self.down(F.relu(self.up(x))))


class Encoder(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.word = nn.Embedding(c['vocab_size'], c['hidden_size'])
        self.position = nn.Embedding(c['max_position_embeddings'], c['hidden_size'])
        self.norm = nn.LayerNorm(c['hidden_size'], c['layer_norm_eps'])
        self.layers = nn.ModuleList(Layer(c) for _ in range(c['num_hidden_layers']))
        self.project = nn.Linear(c['hidden_size'], c['embedding_size'], bias=False)
        nn.init.normal_(self.position.weight, std=0.02)

    def forward(self, ids, mask):
        bias = ((1 - mask) * -1e9)[:, None, None, :].float()
        x = self.norm(self.word(ids) + self.position.weight[:ids.shape[1]])
        for layer in self.layers: x = layer(x, bias)
        return self.project(x)

    def sentence(self, ids, mask):
        m = mask[..., None].float()
        return F.normalize((self(ids, mask) * m).sum(1) / m.sum(1), dim=-1)


def batch(tokenizer, texts):
    """Padded ids and mask of some texts (the `tokenizers` library's Tokenizer)."""
    ids = [e.ids[:64] for e in tokenizer.encode_batch(texts)]
    n = max(map(len, ids))
    return (torch.tensor([i + [0] * (n - len(i)) for i in ids]), torch.tensor([[1] * len(i) + [0] * (n - len(i)) for i in ids]))


def dump(path, value):
    with open(path, 'w') as f: f.write(json.dumps(value, ensure_ascii=False, separators=(',', ':')) + '\n')
