"""The teacher encoder: all-MiniLM-L6-v2 from a folder with its weights. Used in training and measuring, never shipped."""
import hashlib
import os

import numpy as np
import torch
from transformers import AutoModel, AutoTokenizer


class Teacher:
    def __init__(self, folder):
        self.tokenizer = AutoTokenizer.from_pretrained(folder)
        self.model = AutoModel.from_pretrained(folder).eval()

    @torch.no_grad()
    def embed(self, texts, size=128):
        """Normalised mean-pooled vectors, float32 [n, 384]; sorted by length inside to waste little padding."""
        order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
        out = np.zeros((len(texts), 384), np.float32)
        for at in range(0, len(order), size):
            some = order[at:at + size]
            t = self.tokenizer([texts[i] for i in some], padding=True, truncation=True, max_length=64, return_tensors='pt')
            h, m = self.model(**t).last_hidden_state, t['attention_mask'][..., None].float()
            out[some] = torch.nn.functional.normalize((h * m).sum(1) / m.sum(1), dim=-1).numpy()
        return out

    def embed_cached(self, texts, folder):
        """The same, kept in a file named after the texts."""
        os.makedirs(folder, exist_ok=True)
        path = os.path.join(folder, hashlib.sha256('\n'.join(texts).encode()).hexdigest()[:16] + '.npy')
        if not os.path.exists(path): np.save(path, self.embed(texts))
        return np.load(path)
