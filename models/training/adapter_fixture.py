"""Writes what src/weights is tested with beside a tiny model: an adapter of embedding, head and matrices whose ranks and
alphas differ by module, with the norms saved whole, and the SHA-256 of each tensor as peft merges it.

    python -m training.adapter_fixture ../src/weights/fixtures/tiny-qwen3
"""
import hashlib
import json
import sys
from pathlib import Path

import torch
from peft import LoraConfig, PeftModel, get_peft_model
from transformers import AutoModelForCausalLM

CONFIG = dict(
    r=4, lora_alpha=8, target_modules=["embed_tokens", "lm_head", "q_proj", "v_proj", "down_proj"], modules_to_save=["norm"],
    rank_pattern={r"^model\.layers\.1\.self_attn\.q_proj": 2, "lm_head": 3, "(down|up)_proj": 6, "q_proj": 5},
    alpha_pattern={r".*layers.\d+.self_attn.v_proj": 3, "embed_tokens": 5, "layers.0.mlp.down_proj": 7},
)


@torch.no_grad()
def main(folder: Path) -> None:
    torch.manual_seed(11)
    load = lambda: AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32)
    adapted = get_peft_model(load(), LoraConfig(**CONFIG))
    for p in adapted.parameters():
        if p.requires_grad:
            p.copy_(0.2 * torch.randn_like(p))
    out = folder / "adapter-parts"
    adapted.save_pretrained(out)
    (out / "README.md").unlink(missing_ok=True)
    merged = PeftModel.from_pretrained(load(), out).merge_and_unload().state_dict()
    digests = {name: hashlib.sha256(p.contiguous().numpy().tobytes()).hexdigest() for name, p in sorted(merged.items())}
    (out / "merged.json").write_text(json.dumps(digests, indent=1) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
