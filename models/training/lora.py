"""LoRA through peft on the query, key, value and output projections; the adapter's files are peft's own."""
from __future__ import annotations

import json
from pathlib import Path

import torch
from peft import LoraConfig, get_peft_model_state_dict, inject_adapter_in_model
from safetensors.torch import save_file

from .model import PocketModel

TARGETS = ["q_proj", "k_proj", "v_proj", "o_proj"]


def add_adapter(model: PocketModel, rank: int, seed: int) -> LoraConfig:
    """Adds a fresh adapter in place and freezes everything else. alpha = 2 r, as in the paper."""
    torch.manual_seed(seed)
    config = LoraConfig(r=rank, lora_alpha=2 * rank, lora_dropout=0.0, bias="none", target_modules=TARGETS, task_type="CAUSAL_LM")
    for p in model.parameters():
        p.requires_grad_(False)
    inject_adapter_in_model(config, model)
    return config


def save_adapter(model: PocketModel, config: LoraConfig, folder: Path, base: str) -> None:
    """adapter_model.safetensors and adapter_config.json, as peft's save_pretrained names them."""
    folder.mkdir(parents=True, exist_ok=True)
    state = get_peft_model_state_dict(model)
    renamed = {f"base_model.model.{name}": p.detach().cpu().contiguous() for name, p in state.items()}
    save_file(renamed, folder / "adapter_model.safetensors", metadata={"format": "pt"})
    (folder / "adapter_model.safetensors").chmod(0o644)
    plain = {k: sorted(v) if isinstance(v, set) else v for k, v in config.to_dict().items()}
    plain["base_model_name_or_path"] = base
    plain["inference_mode"] = True
    (folder / "adapter_config.json").write_text(json.dumps(plain, indent=1, default=str) + "\n")


def merged_model(model: PocketModel) -> PocketModel:
    """A copy without adapter: W + (alpha / r) B A."""
    plain = PocketModel(model.config)
    state: dict[str, torch.Tensor] = {}
    modules = dict(model.named_modules())
    for name in plain.state_dict():
        layer = modules.get(name.removesuffix(".weight"))
        if layer is not None and hasattr(layer, "lora_A"):
            delta = layer.get_delta_weight("default") if "default" in layer.lora_A else 0.0
            state[name] = (layer.base_layer.weight + delta).detach()
        else:
            state[name] = model.state_dict()[name].detach()
    plain.load_state_dict(state)
    return plain
