"""Writes the known answers that src/weights is tested with: a tiny Qwen3 or Llama with its own head and a LoRA adapter,
saved by transformers and peft, and their logits.

    python -m training.tiny_fixture qwen3 ../src/weights/fixtures/tiny-qwen3
    python -m training.tiny_fixture llama ../src/weights/fixtures/tiny-llama
"""
import json
import sys
from pathlib import Path

import torch
from peft import LoraConfig, get_peft_model
from transformers import AutoConfig, AutoModelForCausalLM


@torch.no_grad()
def main(architecture: str, folder: Path) -> None:
    torch.manual_seed(7)
    config = AutoConfig.for_model(
        architecture, vocab_size=48, hidden_size=32, intermediate_size=40, num_hidden_layers=2, num_attention_heads=4,
        num_key_value_heads=2, head_dim=8, max_position_embeddings=256, rms_norm_eps=1e-6, tie_word_embeddings=False,
        eos_token_id=2, bos_token_id=None, pad_token_id=0, rope_parameters={"rope_type": "default", "rope_theta": 500.0},
    )
    model = AutoModelForCausalLM.from_config(config).eval()
    for name, p in model.named_parameters():
        p.copy_(1 + 0.3 * torch.randn_like(p) if p.dim() == 1 else 0.4 * torch.randn_like(p))
    prompt = torch.randint(0, 48, (1, 80))
    model.save_pretrained(folder)
    logits = model(prompt).logits[0, -1]
    adapted = get_peft_model(model, LoraConfig(r=4, lora_alpha=8, target_modules=["q_proj", "k_proj", "v_proj", "o_proj"]))
    for name, p in adapted.named_parameters():
        if "lora_B" in name:
            p.copy_(0.2 * torch.randn_like(p))
    adapted.save_pretrained(folder / "adapter")
    (folder / "adapter" / "README.md").unlink(missing_ok=True)
    merged = adapted.eval()(prompt).logits[0, -1]
    answers = {"prompt": prompt[0].tolist(), "logits": logits.tolist(), "adapted": merged.tolist()}
    (folder / "answers.json").write_text(json.dumps(answers) + "\n")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
